"""Pace: the first change at once, those that follow soon after it together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 0.03
"""Changes closer together than this are told as one."""


class Pace:
    """Calls `tell` on the loop it is used on, seldom enough for a browser, soon enough for eyes."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._told_at = -EVERY_S
        self._timer: asyncio.TimerHandle | None = None

    def change(self) -> None:
        """Note that there is something to tell. All that comes in the same moment goes together."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            wait_s = max(0.0, self._told_at + EVERY_S - loop.time())
            self._timer = loop.call_later(wait_s, self.flush)

    def flush(self) -> None:
        """Tell now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._told_at = asyncio.get_running_loop().time()
        self._tell()
