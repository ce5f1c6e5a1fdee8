"""Board: what the inputs and the steps have given so far, and the messages made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.document.placeholders import (
    ParentOutput,
    Values,
    as_text,
    blocks,
    default_message,
    render,
)
from flows.errors import NodeError, TemplateError
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.plan.wording import titled
from flows.trace.events import Json


class Board:
    """Holds the values of one run. What several children read of their parents is written once.

    `outputs`: what the steps have given so far; whoever hears of an end puts it here.
    """

    def __init__(self, plan: Plan, inputs: Mapping[NodeId, Json]) -> None:
        self._names = plan.names
        self._inputs = inputs
        self.outputs: dict[NodeId, Json] = {}
        self._blocks: dict[NodeId, str] = {}
        self._joined: dict[tuple[NodeId, ...], str] = {}

    def outputs_of(self, nodes: Sequence[NodeId]) -> dict[str, Json]:
        """Return what those of the steps gave that gave something."""
        return {node: self.outputs[node] for node in nodes if node in self.outputs}

    def message(self, step: Step, arrived: Sequence[NodeId]) -> str:
        """Write the message a step is given. Raises NodeError when a placeholder leads nowhere."""
        if not step.prompt:
            given = self._given(step.parents[0]) if len(step.parents) == 1 else None
            return given if type(given) is str else self._default(step, arrived)
        try:
            return render(step.prompt, self.values(step, arrived))
        except TemplateError as error:
            raise unwritable(step, error) from error

    def names(self, nodes: Sequence[NodeId]) -> list[str]:
        """Return what people call them."""
        return [self._names[node] for node in nodes]

    def parents(self, step: Step, arrived: Sequence[NodeId]) -> list[Json]:
        """Return what the parents gave that arrived, in edge order."""
        return [self._given(parent) for parent in self._came(step, arrived)]

    def values(self, step: Step, arrived: Sequence[NodeId]) -> Values:
        """Gather what a step's templates are filled with; parents in edge order."""
        parents = [
            ParentOutput(self._names[parent], self._given(parent))
            for parent in self._came(step, arrived)
        ]
        return Values(inputs=self._inputs, outputs=self.outputs, parents=parents)

    def _default(self, step: Step, arrived: Sequence[NodeId]) -> str:
        """Do what `default_message` does, without writing what several children read for each."""
        came = step.parents
        if len(arrived) != len(step.work_parents):
            came = self._came(step, arrived)
        if len(came) == 1:
            return as_text(self._given(came[0]))
        if not came:
            return default_message(Values(inputs=self._inputs))
        return self._joined.get(came) or self._join(came)

    def _came(self, step: Step, arrived: Sequence[NodeId]) -> tuple[NodeId, ...]:
        if len(arrived) == len(step.work_parents):
            return step.parents
        there = {*arrived, *self._inputs}
        return tuple(parent for parent in step.parents if parent in there)

    def _given(self, node: NodeId) -> Json:
        return self.outputs[node] if node in self.outputs else self._inputs[node]

    def _join(self, came: tuple[NodeId, ...]) -> str:
        written = self._blocks
        joined = "\n\n".join([written.get(node) or self._block(node) for node in came])
        self._joined[came] = joined
        return joined

    def _block(self, node: NodeId) -> str:
        block = blocks([ParentOutput(self._names[node], self._given(node))])
        self._blocks[node] = block
        return block


def unwritable(step: Step, error: TemplateError) -> NodeError:
    """Say that a step's message cannot be written."""
    title = titled(step.node)
    return NodeError(f"The message of {title} cannot be written: {error} Correct its prompt.")
