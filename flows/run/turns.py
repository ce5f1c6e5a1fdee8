"""Turn: whose turn it is under the limits of the run, a stage and a for_each; first come first.

A piece of work takes all its slots together or none, so that nobody keeps a slot waiting for
another. Items of a for_each have a line of their own in which only the next one stands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.ids import NodeKey


class Slots:
    """How many may work at once, in here and in all around it. `free` None: any number."""

    __slots__ = ("_limits", "free", "is_unlimited", "line")

    def __init__(self, free: int | None, *, around: Slots | None) -> None:
        self.free = free or 0
        outer = () if around is None else around._limits  # noqa: SLF001 - of its own class
        self._limits: tuple[Slots, ...] = outer if free is None else (self, *outer)
        self.is_unlimited = not self._limits
        self.line: deque[Turn] = deque()

    def is_free(self) -> bool:
        """Say whether one more may work."""
        for slots in self._limits:  # noqa: SIM110 - a generator costs more than the question
            if slots.free < 1:
                return False
        return True

    def take(self) -> None:
        """Take a slot, here and all around."""
        for slots in self._limits:
            slots.free -= 1

    def give_back(self) -> None:
        """Free what was taken."""
        for slots in self._limits:
            slots.free += 1


@dataclass(slots=True, eq=False)
class Turn:
    """A place in a line: who stands there, since when, for which slots."""

    key: NodeKey
    ticket: int
    slots: Slots
    is_given_up: bool = field(default=False)


class Turns:
    """Hands out turns. `run`: how many at once; `stages`: the same for each stage; None: any.

    `stages`: the slots that work of each stage takes. `waiting`: who waits.
    """

    def __init__(self, *, run: int | None, stages: Sequence[int | None]) -> None:
        self._run = Slots(run, around=None)
        self.stages = [
            self._run if limit is None else Slots(limit, around=self._run) for limit in stages
        ]
        self._lines = list(dict.fromkeys([self._run, *self.stages]))
        self.waiting: dict[NodeKey, Turn] = {}
        self._tickets = 0

    def open_line(self, stage: int, *, limit: int | None) -> Slots:
        """Make slots, and a line, inside a stage's. `close_line` when they are needed no more."""
        slots = Slots(limit, around=self.stages[stage])
        self._lines.append(slots)
        return slots

    def close_line(self, slots: Slots) -> None:
        """Forget a line that `open_line` made."""
        self._lines.remove(slots)

    def join_line(self, key: NodeKey, slots: Slots) -> None:
        """Wait for a turn, behind all who wait for the same slots."""
        self._tickets += 1
        turn = Turn(key, self._tickets, slots)
        self.waiting[key] = turn
        slots.line.append(turn)

    def keep_place(self, turn: Turn) -> None:
        """Wait for another turn, in the place where this one was had."""
        self.waiting[turn.key] = turn
        turn.slots.line.appendleft(turn)

    def leave(self, key: NodeKey) -> bool:
        """Give up waiting; say whether it waited."""
        turn = self.waiting.pop(key, None)
        if turn is None:
            return False
        turn.is_given_up = True
        return True

    def next(self) -> Turn | None:
        """Give the turn, and its slots, to the first who can take all it needs; None: nobody."""
        first: Turn | None = None
        for slots in self._lines:
            line = slots.line
            while line and line[0].is_given_up:
                line.popleft()
            if line and (first is None or line[0].ticket < first.ticket) and slots.is_free():
                first = line[0]
        if first is not None:
            first.slots.line.popleft()
            del self.waiting[first.key]
            first.slots.take()
        return first
