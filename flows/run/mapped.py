"""Mapped: a for_each while it runs: which items are still to come and what the others gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flows.document.model import AgentNode
from flows.document.placeholders import (
    Placeholder,
    Values,
    as_text,
    parse_template,
    value_of,
)
from flows.document.policy import OnFailure
from flows.errors import TemplateError
from flows.ids import item_key
from flows.plan.plan import Step
from flows.plan.wording import titled
from flows.run.board import unwritable
from flows.run.turns import Slots
from flows.run.work import Work
from flows.trace.events import Json, NodeCancelled, NodeEnd, NodeFailed, NodeFinished, NodeSkipped


@dataclass(slots=True, eq=False)
class Mapped:
    """The container of a for_each's items. An item is made when its turn has come, not before.

    `at_work`: the indexes of the items that run. `verdict`: how the container will end, where that
    is known before its last item has ended.
    """

    work: Work
    agent: AgentNode
    items: Sequence[Json]
    values: Values
    on_failure: OnFailure
    slots: Slots
    step: Step = field(init=False)
    at_work: set[int] = field(default_factory=set)
    verdict: NodeEnd | None = None
    _pieces: tuple[str | Placeholder, ...] = ()
    _next: int = 0
    _gave: dict[int, Json] = field(default_factory=dict)
    _error: str = ""
    _warnings: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.step = self.work.step
        self._pieces = parse_template(self.step.prompt)

    @property
    def has_more(self) -> bool:
        """Whether items are still to come."""
        return self.verdict is None and self._next < len(self.items)

    def reuse(self, index: int, end: NodeFinished) -> None:
        """Take an item as it ended in an earlier run, before any item works."""
        self._keep(index, end)
        self._skip_reused()

    def begin_item(self) -> Work:
        """Take the next item to work."""
        index = self._next
        self._next += 1
        self._skip_reused()
        self.at_work.add(index)
        return Work(self.step, item_key(self.step.id, index), index=index, slots=self.slots)

    def message(self, work: Work) -> str:
        """Write an item's message. Raises NodeError when a placeholder leads nowhere."""
        index = work.index or 0
        item = self.items[index]
        if not self.step.prompt:
            return as_text(item)
        values = replace(self.values, item=item, index=index)
        try:
            return "".join(
                piece if isinstance(piece, str) else as_text(value_of(piece, values))
                for piece in self._pieces
            )
        except TemplateError as error:
            raise unwritable(self.step, error) from error

    def take(self, work: Work, end: NodeEnd) -> None:
        """Keep what an item gave. A failed one fails the container, unless that is collected."""
        index = work.index or 0
        self.at_work.discard(index)
        match end:
            case NodeFinished():
                self._keep(index, end)
            case NodeFailed(error=error):
                self._error = self._error or error
                if self.on_failure != "collect":
                    said = f"An item of {titled(self.step.node)} failed: {error}"
                    self.stop(NodeFailed(self.work.key, said))
            case NodeCancelled() | NodeSkipped():
                pass

    def stop(self, verdict: NodeEnd) -> None:
        """Let no more items come; the container ends as said, the first verdict counts."""
        self.verdict = self.verdict or verdict

    def ends_of_items(self, reason: str) -> list[NodeCancelled]:
        """Say how the items at work end when they are stopped."""
        return [NodeCancelled(item_key(self.step.id, each), reason) for each in self.at_work]

    def _skip_reused(self) -> None:
        while self._next in self._gave:
            self._next += 1

    def end(self) -> NodeEnd:
        """Say how the container ends, once it is over: a list in item order, or a failure."""
        if self.verdict is not None:
            return self.verdict
        if self._error and not self._gave:
            said = f"None of the {len(self.items)} items of {titled(self.step.node)} succeeded"
            return NodeFailed(self.work.key, f"{said}: {self._error}")
        gave = [self._gave[index] for index in sorted(self._gave)]
        return NodeFinished(self.work.key, gave, warning=self._warning())

    def _keep(self, index: int, end: NodeFinished) -> None:
        self._gave[index] = end.output
        if end.warning:
            self._warnings[index] = end.warning

    def _warning(self) -> str:
        """Say which items gave something with a flaw, in the words of the first of them."""
        if not self._warnings:
            return ""
        first, *others = sorted(self._warnings)
        who = f"{len(others) + 1} of {len(self.items)} items" if others else f"item {first + 1}"
        return f"{who}: {self._warnings[first]}"
