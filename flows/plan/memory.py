"""Memory: what was worked out of a flow, kept for the next who asks of the same one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from flows.document.model import Flow

_MOST: Final = 8
"""How many flows are remembered; the library keeps as many of them as they were read."""

Found = TypeVar("Found")


def remembered(work: Callable[[Flow], Found]) -> Callable[[Flow], Found]:
    """Let `work` be done once for a flow: a page asks the same of it many times between two edits.

    A flow never changes, so the very same one has the same answer; equal ones are not looked for,
    as comparing them costs what is to be saved. The answer is shared: nobody may change it.
    """
    known: tuple[tuple[Flow, Found], ...] = ()

    @wraps(work)
    def answer(flow: Flow) -> Found:
        nonlocal known  # replaced whole, as threads read it at the same time
        for each, found in known:
            if each is flow:
                return found
        fresh = work(flow)
        known = ((flow, fresh), *known[: _MOST - 1])
        return fresh

    return answer
