"""Loading: seconds of imports, done beside the loop, so that Ctrl-C need not wait for them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable


class Loading:
    """Imports in a thread of its own, which nobody has to wait for."""

    def __init__(self, load: Callable[[], None]) -> None:
        self._load = load
        self._thread: threading.Thread | None = None

    async def wait(self) -> None:
        """Load, and wait until it is done. Raises what the load raised."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def tell(error: BaseException | None) -> None:
            if not done.done():
                done.set_result(error)

        def work() -> None:
            error: BaseException | None = None
            try:
                self._load()
            except Exception as raised:  # noqa: BLE001 - whoever waits gets it
                error = raised
            with contextlib.suppress(RuntimeError):  # the loop may be gone by now
                loop.call_soon_threadsafe(tell, error)

        self._thread = threading.Thread(target=work, name="loading", daemon=True)
        self._thread.start()
        error = await done
        if error is not None:
            raise error

    def leave(self, code: int) -> None:
        """End the process at once if it is still loading: an import cannot be broken off."""
        if self._thread is not None and self._thread.is_alive():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
