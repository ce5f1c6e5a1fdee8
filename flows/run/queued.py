"""Queued: the steps whose needs are met and which have not begun, until a turn is theirs."""

from __future__ import annotations

from collections.abc import Collection

from flows.ids import NodeKey
from flows.run.turns import Turn, Turns
from flows.run.work import Work


class Queued:
    """Keeps the queued work of one run. What no limit concerns needs no turn: it may start."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._startable: dict[NodeKey, Work] = {}
        self._in_line: dict[NodeKey, Work] = {}

    def join(self, work: Work) -> None:
        """Take in a piece of work, behind all that waits for the same slots."""
        slots = self._turns.stages[work.step.stage]
        if slots.is_unlimited:
            self._startable[work.key] = work
        else:
            self._in_line[work.key] = work
            self._turns.join_line(work.key, slots)

    def take_startable(self) -> Collection[Work]:
        """Let go of all that needs no turn, for it to start."""
        startable, self._startable = self._startable, {}
        return startable.values()

    def take_turn(self, turn: Turn) -> Work:
        """Let go of the work whose turn it is, with the slots it now has, for it to start."""
        work = self._in_line.pop(turn.key)
        work.slots = turn.slots
        return work

    def leave(self, key: NodeKey) -> Work | None:
        """Take a step out before it has begun; None if it is not queued."""
        work = self._startable.pop(key, None) or self._in_line.pop(key, None)
        if work is not None:
            self._turns.leave(key)
        return work

    def leave_all(self) -> list[Work]:
        """Take everybody out, first what needs no turn."""
        keys = [*self._startable, *self._in_line]
        return [work for key in keys if (work := self.leave(key)) is not None]
