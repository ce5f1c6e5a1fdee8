"""Waiting for a state that sets no event, from a thread beside it."""

import threading
import time
from collections.abc import Callable

WAIT_S = 10.0


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return when it is so; fail when it is not within `WAIT_S`."""
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be so"
        threading.Event().wait(0.005)
