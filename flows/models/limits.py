"""Limiter: how many requests of a connection are open at once, and how many begin in a minute."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from flows.models.connections import Connection

MINUTE_S: Final = 60.0


class Turn:
    """One request's place in line, and its slot once it has come."""

    __slots__ = ("begun_at", "come", "loop", "timer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.come = loop.create_future()
        self.begun_at = 0.0
        self.timer: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Let the one who waits go on; on its own loop."""
        if not self.come.done():
            self.come.set_result(None)


class Limiter:
    """Hands out turns, first come, first served, to all event loops of this process.

    `at_once`: turns that are out at the same moment; `per_minute`: turns that begin in any 60 s;
    None: any number. `now`: a clock in seconds that never runs backwards.
    """

    def __init__(
        self,
        *,
        at_once: int | None,
        per_minute: int | None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._per_minute, self._now = at_once, per_minute, now
        self._lock = threading.Lock()
        self._line: deque[Turn] = deque()
        self._out: set[Turn] = set()
        self._begun: deque[float] = deque()

    async def take(self) -> Turn:
        """Wait for a turn; give it back at the end. One who is cancelled leaves the line."""
        turn = Turn(asyncio.get_running_loop())
        with self._lock:
            self._line.append(turn)
        self._let_in()
        try:
            await turn.come
        except asyncio.CancelledError:
            self._leave(turn)
            raise
        finally:
            if turn.timer is not None:
                turn.timer.cancel()
        return turn

    def give_back(self, turn: Turn) -> None:
        """End a turn, so that the next in line can go."""
        with self._lock:
            self._out.discard(turn)
        self._let_in()

    def _leave(self, turn: Turn) -> None:
        """Forget one who sent nothing, whether its turn had just come or not."""
        with self._lock:
            if turn in self._out:
                self._begun.remove(turn.begun_at)
            else:
                self._line.remove(turn)
        self.give_back(turn)

    def _let_in(self) -> None:
        with self._lock:
            while self._line and self._has_room():
                head, pause_s = self._line[0], self._pause_s()
                is_there = self._tell(head, pause_s)
                if is_there and pause_s > 0:
                    return
                self._line.popleft()
                if is_there:
                    head.begun_at = self._now()
                    self._begun.append(head.begun_at)
                    self._out.add(head)

    def _has_room(self) -> bool:
        if self._at_once is None or len(self._out) < self._at_once:
            return True
        # a loop that is closed can give nothing back any more
        self._out = {turn for turn in self._out if not turn.loop.is_closed()}
        return len(self._out) < self._at_once

    def _pause_s(self) -> float:
        """Return the seconds until one more may begin in this minute."""
        ago = self._now() - MINUTE_S
        while self._begun and self._begun[0] <= ago:
            self._begun.popleft()
        if self._per_minute is None or len(self._begun) < self._per_minute:
            return 0.0
        return self._begun[0] - ago

    def _tell(self, turn: Turn, pause_s: float) -> bool:
        """Wake the one in front, or have it look again later; say whether its loop still lives."""
        try:
            if pause_s > 0:
                turn.loop.call_soon_threadsafe(self._look_again, turn, pause_s)
            else:
                turn.loop.call_soon_threadsafe(turn.wake)
        except RuntimeError:  # its loop is closed
            return False
        return True

    def _look_again(self, turn: Turn, pause_s: float) -> None:
        if turn.timer is not None:
            turn.timer.cancel()
        if not turn.come.done():
            turn.timer = turn.loop.call_later(pause_s, self._let_in)


_LIMITERS: dict[tuple[str, str | None, int | None, int | None], Limiter] = {}


def limiter_of(connection: Connection) -> Limiter | None:
    """Return the one limiter of a connection in this process; None where it has no limits."""
    at_once, per_minute = connection.max_concurrency, connection.requests_per_minute
    if at_once is None and per_minute is None:
        return None
    key = (connection.name, connection.base_url, at_once, per_minute)
    return _LIMITERS.setdefault(key, Limiter(at_once=at_once, per_minute=per_minute))
