"""Crowd: ends of items that came in one turn of the loop, handed on a few a turn.

What is started in a turn begins in the next one. Were all ends heard at once, the first of the next
items would begin only after the last end was heard, and all would end at one moment again: items of
equal length would stay in step, and what is done for each would be waited for by all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from flows.run.work import Work
from flows.trace.events import NodeEnd

TOGETHER: Final = 2
"""How many ends are handed on in one turn of the loop."""


class Crowd:
    """Keeps ends that came in a crowd, in their order. `hand_on` is given each when it is due."""

    def __init__(self, hand_on: Callable[[Work, NodeEnd], None]) -> None:
        self._hand_on = hand_on
        self._call_soon = asyncio.get_running_loop().call_soon
        self._waiting: deque[tuple[Work, NodeEnd]] = deque()
        self._heard = 0

    def __bool__(self) -> bool:
        """Whether any wait."""
        return bool(self._waiting)

    def take(self, work: Work, end: NodeEnd) -> None:
        """Hand an end on, now or in one of the next turns."""
        self._heard += 1
        if self._heard == 1:
            self._call_soon(self._turn)
        if self._heard > TOGETHER:
            self._waiting.append((work, end))
        else:
            self._hand_on(work, end)

    def _turn(self) -> None:
        """Begin a new turn with those that wait."""
        self._heard = 0
        for _ in range(min(TOGETHER, len(self._waiting))):
            self.take(*self._waiting.popleft())
