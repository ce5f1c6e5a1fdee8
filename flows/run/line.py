"""Line: the records of a run that nobody has read yet; who finds it empty sleeps until more come.

A run of quick steps has something new in every turn of the loop. Reading after each turn would
cost more than the steps, so what comes soon after the last was read is read together.
"""

from __future__ import annotations

import asyncio
from typing import Final

from flows.trace.events import Record

EVERY_S: Final = 0.001
"""Records closer together than this are read together."""


class Line:
    """Stands between one who adds records and one who takes them, on the running loop.

    `records`: those nobody has taken. Whoever adds the first of them calls `wake_soon`.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Future[None] = self._loop.create_future()  # half of what an Event costs
        self._taken_at = -EVERY_S
        self.records: list[Record] = []

    def take(self) -> list[Record]:
        """Take all there are."""
        taken = list(self.records)
        self.records.clear()
        self._taken_at = self._loop.time()
        return taken

    async def wait(self) -> None:
        """Sleep until somebody wakes who takes."""
        self._news = self._loop.create_future()
        await self._news

    def wake(self, _: object = None) -> None:
        """Wake who takes."""
        if not self._news.done():
            self._news.set_result(None)

    def wake_soon(self) -> None:
        """Wake who takes a turn later: what starts now has begun before anybody reads it did."""
        wait_s = self._taken_at + EVERY_S - self._loop.time()
        if wait_s > 0.0:
            self._loop.call_later(wait_s, self.wake)
        else:
            self._loop.call_soon(self.wake)
