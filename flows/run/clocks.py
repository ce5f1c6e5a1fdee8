"""Clock: how long a piece of work may still take. One timer of the loop serves all clocks.

A timer a task would cost more than the scheduler: most work ends long before its time is up.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


class Timed(Protocol):
    """What may take so long. `left_s`: seconds it still has, as of its last start; None: any.

    `deadline`: when it rings, on the loop's clock; None while its clock stands.
    """

    left_s: float | None
    deadline: float | None

    def ring(self) -> None:
        """Its time is up."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock among those of a run, for who stops it now and then."""

    clocks: Clocks
    timed: Timed

    def start(self) -> None:
        """Let it run, from where it was stopped; nothing once the work is over."""
        self.clocks.start(self.timed)

    def stop(self) -> None:
        """Let it stand; it never rings then."""
        self.clocks.stop(self.timed)


class Clocks:
    """Keeps the clocks of a run, on its loop.

    `all_timed`: all whose clocks may run, kept by whoever begins and ends them. They are looked at
    when one rings, and only then: a heap would cost every start and every end.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, all_timed: Mapping[str, Timed]) -> None:
        self._loop, self._time, self._all = loop, loop.time, all_timed
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = math.inf

    def start(self, timed: Timed) -> None:
        """Let its clock run, if its time is limited."""
        left_s = timed.left_s
        if left_s is not None:
            timed.deadline = when = self._time() + left_s
            if when < self._rings_at:
                self._arm(when)

    def stop(self, timed: Timed) -> None:
        """Let its clock stand."""
        if timed.deadline is not None:
            timed.left_s = max(timed.deadline - self._time(), 0.0)
            timed.deadline = None

    def close(self) -> None:
        """Let no clock ring any more."""
        self._disarm()

    def _arm(self, when: float) -> None:
        self._disarm()
        self._timer, self._rings_at = self._loop.call_at(when, self._ring), when

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._rings_at = None, math.inf

    def _ring(self) -> None:
        until = self._rings_at
        self._disarm()
        for when, timed in sorted(self._running(), key=_deadline):
            if when <= until and timed.deadline == when:  # another's end may have stopped it
                timed.deadline = None
                timed.ring()
        soonest = min((when for when, _ in self._running()), default=math.inf)
        if soonest < self._rings_at:
            self._arm(soonest)

    def _running(self) -> Iterator[tuple[float, Timed]]:
        for timed in self._all.values():
            if timed.deadline is not None:
                yield timed.deadline, timed


def _deadline(running: tuple[float, Timed]) -> float:
    return running[0]
