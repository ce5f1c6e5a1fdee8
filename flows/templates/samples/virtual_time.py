"""Virtual time: an event loop whose clock jumps to the next timer, so that seconds cost nothing."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class HangError(AssertionError):
    """Nothing is left to happen, and the work is not done."""


class _JumpingSelector(selectors.SelectSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise HangError("nothing is left to happen, and the work is not done")
        self.now += max(timeout, 0.0)
        return []


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run_in_virtual_time(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end on a clock that starts at 0. Raises HangError where real time would hang."""
    with asyncio.Runner(loop_factory=_VirtualLoop) as runner:
        return runner.run(work)
