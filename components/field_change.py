"""FieldChange: what was typed into one field of the inspector, and the edit it means."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from flows.document.edits import ChangeFlow, ChangeNode, ChangeRun, Edit
from flows.document.model import AgentNode, Flow, Node
from flows.errors import EditRefused
from flows.ids import NodeId

OF_FLOW = "~flow"
"""The owner of the flow's own fields; no node can be called so."""

OF_RUN = "~run"
"""The owner of the run policy's fields."""

UNNAMED = "Untitled flow"

SETTINGS = frozenset({"temperature", "max_tokens"})
"""Fields of the SDK's ModelSettings that have a field of their own."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field and its new value. `owner`: a node's id, OF_FLOW or OF_RUN."""

    owner: str
    name: str
    value: JsonValue


def edit_of(flow: Flow, change: FieldChange) -> Edit:
    """Return the edit of the flow as it is now. Raises EditRefused when the node is gone."""
    if change.owner == OF_FLOW:
        return _change_flow(change.name, str(change.value))
    if change.owner == OF_RUN:
        return ChangeRun(changes={change.name: change.value})
    return _change_node(flow, NodeId(change.owner), change.name, change.value)


def _change_flow(name: str, text: str) -> Edit:
    if name == "name":
        return ChangeFlow(name=text.strip() or UNNAMED)
    return ChangeFlow(description=text)


def _change_node(flow: Flow, node_id: NodeId, name: str, value: JsonValue) -> Edit:
    try:
        node = flow.node(node_id)
    except KeyError as error:
        raise EditRefused(f'There is no node "{node_id}" any more.') from error
    if name in SETTINGS and isinstance(node, AgentNode):
        kept = {key: each for key, each in node.model_settings.items() if key != name}
        settings = kept if value is None else {**kept, name: value}
        return ChangeNode(id=node_id, changes={"model_settings": settings})
    return ChangeNode(id=node_id, changes=_changes(node, name, value))


def _changes(node: Node, name: str, value: JsonValue) -> dict[str, JsonValue]:
    match name:
        case "needs":
            return {"needs": {"first": 2} if value == "first" else value}
        case "first":
            return {"needs": {"first": 1 if value is None else value}}
        case "choices":
            lines = (line.strip() for line in str(value).splitlines())
            return {"choices": list(dict.fromkeys(line for line in lines if line))}
        case "retries":
            return {"retries": 0 if value is None else value}
        case "name":
            return {"name": str(value).strip() or node.id}
        case "icon" | "model":
            return {name: str(value or "").strip() or None}
        case _:
            return {name: value}
