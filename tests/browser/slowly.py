"""Slowly: a call as a busy machine makes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def slowly(call: Callable[..., Any], *, by_s: float) -> Callable[..., Any]:
    """Return the call as one that takes so much longer."""

    def late(*args: Any, **words: Any) -> Any:
        time.sleep(by_s)
        return call(*args, **words)

    return late
