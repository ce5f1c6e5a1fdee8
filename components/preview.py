"""Preview: the message an agent would be sent, made of the last run and the present inputs."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from flows.document.model import AgentNode, Flow
from flows.document.placeholders import ParentOutput, Values, default_message, render
from flows.errors import TemplateError
from flows.ids import NodeId
from flows.plan.graph import parents_in_order

_AN_ITEM = "⟨each item of the list⟩"


def preview_of(
    flow: Flow,
    node: AgentNode,
    *,
    inputs: Mapping[NodeId, str],
    outputs: Mapping[NodeId, JsonValue],
) -> str:
    """Write the message; where a value is not there yet, it says whose in ⟨ ⟩.

    `inputs`: what was typed, else the example is used; `outputs`: what steps gave in the last run.
    Raises TemplateError when a placeholder leads to nothing.
    """
    given: dict[NodeId, JsonValue] = {
        each.id: inputs.get(each.id, "") or each.example for each in flow.inputs
    }
    gave = {each.id: outputs.get(each.id, _not_yet(each.name)) for each in flow.nodes}
    parents = [
        ParentOutput(flow.node(parent).name, given.get(parent, gave[parent]))
        for parent in parents_in_order(flow).get(node.id, ())
    ]
    mapped = node.for_each is not None
    values = Values(given, gave, parents, _AN_ITEM if mapped else None, 0 if mapped else None)
    if node.prompt:
        return render(node.prompt, values)
    return _AN_ITEM if mapped else default_message(values)


def said_of(
    flow: Flow,
    node: AgentNode,
    *,
    inputs: Mapping[NodeId, str],
    outputs: Mapping[NodeId, JsonValue],
) -> str:
    """Write the message, or the sentence that says why it cannot be written."""
    try:
        return preview_of(flow, node, inputs=inputs, outputs=outputs)
    except TemplateError as error:
        return f"It cannot be written yet. {error}"


def _not_yet(name: str) -> str:
    return f"⟨what {name} gives: it has not run yet⟩"
