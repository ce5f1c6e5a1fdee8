"""Turn: whose turn it is under the limits of the run and of each stage; first come, first served.

A step takes all its slots together or none, so that no stage waits on a slot it cannot use.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from flows.ids import NodeKey


class Turns:
    """Hands out turns. `run`: how many at once; `stages`: the same for each stage; None: any."""

    def __init__(self, *, run: int | None, stages: Sequence[int | None]) -> None:
        self._run_free = run
        self._stage_free = list(stages)
        self._lines: dict[int, deque[tuple[int, NodeKey]]] = {}
        self._waiting: set[NodeKey] = set()
        self._held: dict[NodeKey, int] = {}
        self._tickets = 0

    def join_line(self, key: NodeKey, *, stage: int) -> None:
        """Wait for a turn, behind all who wait for the same slots."""
        self._tickets += 1
        self._waiting.add(key)
        line = stage if self._stage_free[stage] is not None else -1
        self._lines.setdefault(line, deque()).append((self._tickets, key))
        self._held[key] = stage

    def leave(self, key: NodeKey) -> bool:
        """Give up waiting; say whether it waited."""
        if key not in self._waiting:
            return False
        self._waiting.discard(key)
        del self._held[key]
        return True

    def waiting(self) -> tuple[NodeKey, ...]:
        """Return who waits, in the order of their coming."""
        tickets = sorted(ticket for line in self._lines.values() for ticket in line)
        return tuple(key for _, key in tickets if key in self._waiting)

    def next(self) -> NodeKey | None:
        """Give the turn to the first who can take all slots it needs, or return None."""
        if self._run_free is not None and self._run_free < 1:
            return None
        heads = [line[0] + (number,) for number in self._lines if (line := self._head(number))]
        if not heads:
            return None
        _, key, number = min(heads)
        self._lines[number].popleft()
        self._waiting.discard(key)
        self._take(self._held[key], -1)
        return key

    def give_back(self, key: NodeKey) -> None:
        """Free the slots of one who had a turn; nothing for one who had none."""
        stage = self._held.pop(key, None)
        if stage is not None:
            self._take(stage, 1)

    def _head(self, number: int) -> deque[tuple[int, NodeKey]] | None:
        """Return the line if its first can go, the ones who left taken out."""
        line = self._lines[number]
        while line and line[0][1] not in self._waiting:
            line.popleft()
        free = self._stage_free[number] if number >= 0 else None
        return line if line and (free is None or free > 0) else None

    def _take(self, stage: int, change: int) -> None:
        if self._run_free is not None:
            self._run_free += change
        free = self._stage_free[stage]
        if free is not None:
            self._stage_free[stage] = free + change
