"""Loop: what runs go on: uvloop's where it is installed, asyncio's own elsewhere."""

from __future__ import annotations

import asyncio
import time


def new_loop() -> asyncio.AbstractEventLoop:
    """Make a loop; its time is exact, its timers to the millisecond. uvloop is imported here."""
    try:
        import uvloop
    except ImportError:  # Windows has none
        return asyncio.new_event_loop()

    class RunLoop(uvloop.Loop):
        """Tells the time as asyncio's own loop does; uvloop's would stamp whole milliseconds."""

        time = staticmethod(time.monotonic)

    return RunLoop()
