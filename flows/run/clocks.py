"""Clock: how long a piece of work may still take. One timer of the loop serves all clocks.

A timer a task would cost more than the scheduler: most work ends long before its time is up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from heapq import heapify, heappop, heappush

import msgspec

_SWEEP_FROM = 256


class Clock(msgspec.Struct, eq=False):
    """The time one piece of work has left, kept by the clocks of its run; then it rings."""

    clocks: Clocks
    left_s: float
    ring: Callable[[], None]
    deadline: float | None = None
    is_over: bool = False

    def start(self) -> None:
        """Let it run, from where it was stopped; nothing once the work is over."""
        if not self.is_over:
            self.clocks.start(self)

    def stop(self) -> None:
        """Let it stand; it never rings then."""
        self.clocks.stop(self)

    def end(self) -> None:
        """Stop it for good."""
        self.is_over = True
        self.ring = _nothing  # whose clock it was can be forgotten now
        if self.deadline is not None:
            self.deadline = None
            self.clocks.let_go()


class Clocks:
    """Keeps the clocks of a run, on its loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._time = loop, loop.time
        self._heap: list[tuple[float, int, Clock]] = []
        self._count = 0
        self._running = 0
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = 0.0

    def start(self, clock: Clock) -> None:
        """Let a clock run."""
        clock.deadline = when = self._time() + clock.left_s
        self._count += 1
        self._running += 1
        heappush(self._heap, (when, self._count, clock))
        if self._timer is None or when < self._rings_at:
            self._arm(when)

    def stop(self, clock: Clock) -> None:
        """Let a clock stand."""
        if clock.deadline is None:
            return
        clock.left_s = max(clock.deadline - self._time(), 0.0)
        clock.deadline = None
        self.let_go()

    def let_go(self) -> None:
        """Take in that one clock fewer runs."""
        self._running -= 1
        if len(self._heap) > _SWEEP_FROM + 2 * self._running:
            self._sweep()

    def close(self) -> None:
        """Let no clock ring any more."""
        self._heap.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._rings_at = self._loop.call_at(when, self._ring, when), when

    def _ring(self, until: float) -> None:
        self._timer = None
        while self._heap and self._heap[0][0] <= until:
            when, _, clock = heappop(self._heap)
            if clock.deadline == when:
                clock.deadline = None
                self._running -= 1
                clock.ring()
        while self._heap and self._heap[0][2].deadline != self._heap[0][0]:
            heappop(self._heap)
        if self._heap and self._timer is None:
            self._arm(self._heap[0][0])

    def _sweep(self) -> None:
        """Let go of stopped clocks, so that what they would ring for can be forgotten."""
        self._heap = [entry for entry in self._heap if entry[2].deadline == entry[0]]
        heapify(self._heap)


def _nothing() -> None: ...
