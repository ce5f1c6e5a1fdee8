"""Pace: the first change at once, those that follow soon after it together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 0.016
"""Changes closer together than this, a frame of a screen, are told as one."""


class Pace:
    """Calls `tell` on the loop it is used on, seldom enough for a browser, soon enough for eyes."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._told_at = -EVERY_S
        self._timer: asyncio.TimerHandle | None = None

    def change(self) -> None:
        """Note that there is something to tell: at once, not after what else the loop has to do."""
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait_s = self._told_at + EVERY_S - loop.time()
        if wait_s <= 0.0:
            self.flush()
        else:
            self._timer = loop.call_later(wait_s, self.flush)

    def flush(self) -> None:
        """Tell now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._told_at = asyncio.get_running_loop().time()
        self._tell()
