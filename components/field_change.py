"""FieldChange: what was typed into one field of the inspector, and the edit it means."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from components.policy_fields import stage_key, stage_policy
from components.router_change import change_router
from flows.document.edits import (
    ChangeFlow,
    ChangeId,
    ChangeNode,
    ChangeRun,
    Edit,
    Group,
    SetStage,
    apply_edit,
)
from flows.document.model import AgentNode, Flow, Node, RouterNode
from flows.document.naming import readable_id
from flows.document.placeholders import NodeOutput, placeholders, rename_node
from flows.document.policy import StagePolicy
from flows.errors import EditRefused
from flows.ids import NodeId

OF_FLOW = "~flow"
"""The owner of the flow's own fields; no node can be called so."""

OF_RUN = "~run"
"""The owner of the run policy's fields."""

SEVERAL = ","
"""Joins the ids of several nodes to one owner; no id has it."""

DIFFERS = "~differs"
"""The choice that stands where several nodes differ; choosing it changes nothing."""

INSERTED = "-insert"
"""Ends the name of a field whose text had a placeholder put in by the menu."""

UNNAMED = "Untitled flow"

SETTINGS = frozenset({"temperature", "max_tokens"})
"""Fields of the SDK's ModelSettings that have a field of their own."""

_COMMON = frozenset({"name", "icon", "timeout_s", "on_error", "fallback", "needs", "first"})
_BAD = json.JSONDecodeError


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field and its new value. `owner`: a node's id, several joined, OF_FLOW or OF_RUN."""

    owner: str
    name: str
    value: JsonValue


def edit_of(flow: Flow, change: FieldChange, *, ran: Container[NodeId] = ()) -> Edit:
    """Return the edit of the flow as it is now. Raises EditRefused when the node is gone.

    `ran`: nodes that keep their id, as results are known by it.
    """
    if change.owner == OF_FLOW:
        return _change_flow(change.name, str(change.value))
    if change.owner == OF_RUN:
        return ChangeRun(changes={change.name: change.value})
    nodes = [NodeId(each) for each in change.owner.split(SEVERAL)]
    if len(nodes) > 1:
        return _change_several(flow, nodes, change)
    if change.name.endswith(INSERTED):
        return _insert(flow, nodes[0], change, ran=ran)
    return _change_node(flow, nodes[0], change.name, change.value)


def _insert(flow: Flow, node: NodeId, change: FieldChange, *, ran: Container[NodeId]) -> Edit:
    """Put a placeholder in; the node it names gets an id that reads like its name, once."""
    text = str(change.value)
    edits: list[Edit] = []
    named = {each.node for each in placeholders(text) if isinstance(each, NodeOutput)}
    for source in (each for each in flow.nodes if each.id in named and each.id not in ran):
        readable = readable_id(flow, source)
        if readable != source.id:
            text = rename_node(text, source.id, readable)
            edits.append(ChangeId(id=source.id, to=readable))
            flow = apply_edit(flow, edits[-1])
    edits.append(_change_node(flow, node, change.name.removesuffix(INSERTED), text))
    return Group(edits=tuple(edits))


def _change_several(flow: Flow, nodes: Sequence[NodeId], change: FieldChange) -> Edit:
    """Return one edit, so that it is one step to undo."""
    if change.value == DIFFERS:
        return Group(edits=())
    edits = (_change_node(flow, node, change.name, change.value) for node in nodes)
    return Group(edits=tuple(edits))


def _change_flow(name: str, text: str) -> Edit:
    if name == "name":
        return ChangeFlow(name=text.strip() or UNNAMED)
    return ChangeFlow(description=text)


def _change_node(flow: Flow, node_id: NodeId, name: str, value: JsonValue) -> Edit:
    try:
        node = flow.node(node_id)
    except KeyError as error:
        raise EditRefused(f'There is no node "{node_id}" any more.') from error
    if name.startswith("stage-"):
        return _set_stage(flow, node_id, name.removeprefix("stage-"), value)
    if isinstance(node, RouterNode) and name not in _COMMON:
        return change_router(flow, node, name, value)
    if isinstance(node, AgentNode):
        changes = _agent_changes(node, name, value)
        if changes is not None:
            return ChangeNode(id=node_id, changes=changes)
    return ChangeNode(id=node_id, changes=_changes(node, name, value))


def _set_stage(flow: Flow, node: NodeId, name: str, value: JsonValue) -> Edit:
    policy = stage_policy(flow, node).model_copy(update={name: value or None})
    kept = None if policy == StagePolicy() else policy
    return SetStage(node=stage_key(flow, node), policy=kept)


def _agent_changes(node: AgentNode, name: str, value: JsonValue) -> dict[str, JsonValue] | None:
    """Return what changes of an agent's own fields, None for any other field."""
    if name in SETTINGS:
        kept = {key: each for key, each in node.model_settings.items() if key != name}
        return {"model_settings": kept if value is None else {**kept, name: value}}
    if name == "for_each":
        return {"for_each": {"items": "{{ input }}"} if value else None}
    if name == "output_schema":
        return {"output_schema": _schema(str(value or ""))}
    if name != "items" and not name.startswith("items-"):
        return None
    each = node.for_each.model_dump(mode="json") if node.for_each else {"items": ""}
    match name:
        case "items":
            return {"for_each": {**each, "items": _items(str(value or ""))}}
        case "items-max_items":
            return {"for_each": {**each, "max_items": value or 1000}}
        case _:
            return {"for_each": {**each, name.removeprefix("items-"): value or None}}


def _schema(text: str) -> JsonValue:
    if not text.strip():
        return None
    schema = _json(text, what="The schema")
    if not isinstance(schema, dict):
        raise EditRefused('The schema is not a JSON object, such as {"type": "object"}.')
    return schema


def _items(text: str) -> JsonValue:
    """Read a list written in the flow itself; anything else is a template."""
    return _json(text, what="The list") if text.strip().startswith("[") else text


def _json(text: str, *, what: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" Line {error.lineno}: {error.msg}." if isinstance(error, _BAD) else ""
        raise EditRefused(f"{what} is not JSON yet, so it is not kept.{place}") from error
    return value


def _on_error(name: str, value: JsonValue) -> JsonValue:
    if name == "on_error":
        return {"fallback": ""} if value == "fallback" else "fail"
    return {"fallback": str(value or "")}


def _changes(node: Node, name: str, value: JsonValue) -> dict[str, JsonValue]:
    match name:
        case "needs":
            return {"needs": {"first": 2} if value == "first" else value}
        case "first":
            return {"needs": {"first": 1 if value is None else value}}
        case "choices":
            lines = (line.strip() for line in str(value).splitlines())
            return {"choices": list(dict.fromkeys(line for line in lines if line))}
        case "on_error" | "fallback":
            return {"on_error": _on_error(name, value)}
        case "retries":
            return {"retries": 0 if value is None else value}
        case "name":
            return {"name": str(value).strip() or node.id}
        case "icon" | "model":
            return {name: str(value or "").strip() or None}
        case _:
            return {name: value}
