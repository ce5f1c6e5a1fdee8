"""Handler: what each type of node does with what its parents gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from flows.document.model import AgentNode, ApprovalNode, InputNode, JoinNode, Node, RouterNode
from flows.document.placeholders import ParentOutput, Values, default_message, render
from flows.errors import NodeError, TemplateError
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.plan.wording import titled
from flows.trace.events import Json

Outputs: TypeAlias = Mapping[NodeId, Json]


def values_for(
    plan: Plan, step: Step, *, inputs: Outputs, outputs: Outputs, arrived: Iterable[NodeId]
) -> Values:
    """Gather what the step's templates are filled with; parents in edge order."""
    came = {parent: outputs[parent] for parent in arrived}
    parents = [
        ParentOutput(plan.names[parent], given[parent])
        for parent in step.parents
        if parent in (given := came if parent in came else inputs)
    ]
    return Values(inputs=inputs, outputs=outputs, parents=parents)


def message_for(node: Node, values: Values) -> str:
    """Write the message a node is given. Raises NodeError when a placeholder leads nowhere."""
    template = "" if isinstance(node, InputNode | RouterNode) else node.prompt
    try:
        return render(template, values) if template.strip() else default_message(values)
    except TemplateError as error:
        message = f"The message of {titled(node)} cannot be written: {error} Correct its prompt."
        raise NodeError(message) from error


def fold_join(node: JoinNode, values: Values) -> Json:
    """Fold what the parents gave: a list, or the filled template. Raises NodeError."""
    if node.as_ == "list":
        return [parent.output for parent in values.parents]
    return message_for(node, values)


def works_alone(node: Node) -> bool:
    """Say whether a node calls on nobody: it holds no slot and ends the moment it starts."""
    match node:
        case JoinNode():
            return True
        case AgentNode() | InputNode() | RouterNode() | ApprovalNode():
            return False
