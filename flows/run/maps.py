"""Maps: the for_eaches that run: their items start as turns are free, and end under their node."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flows.document.model import AgentNode
from flows.document.placeholders import Values
from flows.document.policy import ForEach, OnFailure
from flows.errors import NodeError
from flows.ids import NodeKey, item_key
from flows.run.crew import Crew
from flows.run.executor import Emit
from flows.run.items import items_of
from flows.run.mapped import Mapped
from flows.run.turns import Turn, Turns
from flows.run.work import Work, failure
from flows.trace.events import NodeEnd, NodeFailed, NodeFinished, NodeQueued, NodeStarted

Tell = Callable[[Work, NodeEnd], None]


class Maps:
    """Keeps the containers of one run. `tell` hears how containers and unstartable items end.

    `reused`: how items ended in an earlier run that are not run again. `at_work`: the containers
    that run, for others to read.
    """

    def __init__(
        self,
        *,
        turns: Turns,
        crew: Crew,
        emit: Emit,
        tell: Tell,
        reused: Mapping[NodeKey, NodeFinished],
    ) -> None:
        self._turns, self._crew, self._emit, self._tell = turns, crew, emit, tell
        self._reused = reused
        self.at_work: dict[NodeKey, Mapped] = {}

    def open(self, work: Work, each: ForEach, *, values: Values, on_failure: OnFailure) -> None:
        """Start a container: it holds no slot, its items do. `on_failure`: its stage's."""
        agent = work.step.node
        assert isinstance(agent, AgentNode)
        try:
            items = items_of(agent, each, values)
        except NodeError as error:  # what a node's on_error says holds for its items
            self._emit(NodeStarted(work.key))
            self._tell(work, NodeFailed(work.key, str(error)))
            return
        self._emit(NodeStarted(work.key, items=len(items)))
        slots = self._turns.open_line(work.step.stage, limit=each.max_concurrency)
        policy = each.on_failure or on_failure
        mapped = Mapped(work, agent, items, values=values, on_failure=policy, slots=slots)
        self.at_work[work.key] = mapped
        if self._reused:
            self._reuse_items(mapped)
        self._turns.join_line(work.key, slots)
        self._close_if_over(mapped)

    def take_turn(self, turn: Turn) -> bool:
        """Start the next item of the container whose turn it is; False if it is no container."""
        mapped = self.at_work.get(turn.key)
        if mapped is None:
            return False
        self._begin_item(mapped)
        if mapped.has_more:
            self._turns.keep_place(turn)
        return True

    def end_item(self, work: Work, end: NodeEnd) -> NodeEnd | None:
        """Take in how an item ended; return how its container will end, if that is known now."""
        mapped = self.at_work[NodeKey(work.step.id)]
        mapped.take(work, end)
        if isinstance(end, NodeFailed) and mapped.on_failure == "cancel":
            self._stop_items(mapped, reason=f'"{work.key}" failed')
        self._close_if_over(mapped)
        return mapped.verdict

    def stop(self, key: NodeKey, verdict: NodeEnd, *, reason: str) -> bool:
        """Stop a container, to end as said, and its items; say whether it ran."""
        mapped = self.at_work.get(key)
        if mapped is None:
            return False
        mapped.stop(verdict)
        self._stop_items(mapped, reason=reason)
        self._close_if_over(mapped)
        return True

    def _reuse_items(self, mapped: Mapped) -> None:
        for index in range(len(mapped.items)):
            end = self._reused.get(item_key(mapped.step.id, index))
            if end is not None:
                self._emit(NodeQueued(end.node))
                self._emit(end)
                mapped.reuse(index, end)

    def _begin_item(self, mapped: Mapped) -> None:
        work = mapped.begin_item()
        self._emit(NodeQueued(work.key))
        try:
            work.message = mapped.message(work)
        except NodeError as error:
            self._tell(work, failure(work.step, work.key, str(error)))
            return
        self._emit(NodeStarted(work.key, work.message))
        self._crew.begin(work, mapped.agent)

    def _stop_items(self, mapped: Mapped, *, reason: str) -> None:
        for end in mapped.ends_of_items(reason):
            self._crew.stop(end.node, end)

    def _close_if_over(self, mapped: Mapped) -> None:
        if mapped.has_more:
            return
        self._turns.leave(mapped.work.key)
        if not mapped.at_work:
            del self.at_work[mapped.work.key]
            self._turns.close_line(mapped.slots)
            self._tell(mapped.work, mapped.end())
