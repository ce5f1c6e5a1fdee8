"""Ctrl-C: the wish to stop a run, kept until the run can hear it."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

PATIENCE_S: Final = 3.0
"""How long a run has to stop by itself; who presses again after that is let out at once."""


class CtrlC:
    """Whether Ctrl-C was pressed. The first press asks; further ones soon after ask the same."""

    def __init__(self) -> None:
        self._pressed_at: float | None = None
        self._hearing: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    async def wait(self) -> None:
        """Wait for the first press, which may have been long ago."""
        event = asyncio.Event()
        self._hearing = asyncio.get_running_loop(), event
        if self._pressed_at is None:
            await event.wait()

    def press(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a press, as a signal handler. Raises KeyboardInterrupt when patience is over."""
        now = time.monotonic()
        if self._pressed_at is None:
            self._pressed_at = now
        elif now - self._pressed_at > PATIENCE_S:
            raise KeyboardInterrupt
        if self._hearing is not None:
            loop, event = self._hearing
            loop.call_soon_threadsafe(event.set)


@contextmanager
def listen_for_ctrl_c() -> Iterator[CtrlC]:
    """Let Ctrl-C ask to stop instead of breaking in anywhere."""
    ctrl_c = CtrlC()
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield ctrl_c
        return
    before = signal.signal(signal.SIGINT, ctrl_c.press)
    try:
        yield ctrl_c
    finally:
        signal.signal(signal.SIGINT, before)
