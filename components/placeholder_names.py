"""Placeholder names: what a node's template may name where the node stands."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import assert_never

from components.text import plain
from flows.document.edits import ChangeId
from flows.document.model import AgentNode, Flow, InputNode, Node
from flows.document.naming import id_by_name, readable_id
from flows.document.placeholders import InputValue, NodeOutput, placeholders, rename_node
from flows.document.policy import FirstOf
from flows.document.renaming import is_written_in
from flows.ids import NodeId, node_id_from_name
from flows.plan.graph import ancestors_in, parents_in_order, steps_of
from flows.plan.wording import listed

_MOST = 12
_WORDS = {"parents": "All that leads here", "item": "The item", "index": "Its number, from 0"}


def names_for(flow: Flow, node_id: NodeId) -> tuple[str, ...]:
    """Return what may stand between the braces, the nearest to hand first; twelve at most."""
    inputs = [f"inputs.{node.id}" for node in flow.inputs]
    upstream = ancestors_in(flow)(node_id)
    outputs = [f"nodes.{node.id}.output" for node in steps_of(flow) if node.id in upstream]
    names = ["parents"] if parents_in_order(flow).get(node_id) else []
    return (*names, *(["input"] if len(inputs) == 1 else inputs), *outputs)[:_MOST]


def offered(
    flow: Flow, node_id: NodeId, *, ran: Callable[[], Container[NodeId]], item: bool = True
) -> dict[str, str]:
    """Map each placeholder to how it is offered: by its node's name, then as it will be written.

    `item`: those that name the item of a `for_each`, too. `ran` reads which nodes keep their id.
    """
    node = flow.node(node_id)
    mapped = item and isinstance(node, AgentNode) and node.for_each is not None
    names = [*(("item", "index") if mapped else ()), *names_for(flow, node_id)]
    shown = {f"{{{{ {name} }}}}": _said(flow, name) for name in names}
    return {
        text: f"{said} :small[:gray[{plain(_written(flow, text, ran))}]]"
        for text, said in shown.items()
    }


def _said(flow: Flow, name: str) -> str:
    named = {str(each.id): each.name for each in flow.nodes}
    match name.split("."):
        case ["inputs", node]:
            return plain(named[node])
        case ["nodes", node, _]:
            return f"What {plain(named[node])} gave"
        case ["input"]:
            return plain(flow.inputs[0].name)
        case _:
            return _WORDS[name]


def _written(flow: Flow, text: str, ran: Callable[[], Container[NodeId]]) -> str:
    """Return a placeholder as it will be written: an id that nobody chose gives way then."""
    (placeholder,) = placeholders(text)
    if not isinstance(placeholder, NodeOutput):
        return text
    node = flow.node(placeholder.node)
    readable = readable_id(flow, node)
    is_kept = readable == node.id or node.id in ran()
    return text if is_kept else rename_node(text, node.id, readable)


def named_in(flow: Flow, template: str) -> str:
    """Say whose id each id of the template is, where a node is not called as its id."""
    named = {node.id: node.name for node in flow.nodes}
    found = (
        each.node for each in placeholders(template) if isinstance(each, InputValue | NodeOutput)
    )
    ids = dict.fromkeys(node for node in found if node is not None and node in named)
    return " · ".join(
        f"{plain(node)} is {plain(named[node])}"
        for node in ids
        if node_id_from_name(named[node], taken=()) != node
    )


def id_offer(flow: Flow, node: Node) -> ChangeId | None:
    """Return the edit that calls a node as its name reads, where messages name it otherwise."""
    if isinstance(node, InputNode) or not is_written_in(flow, node.id):
        return None
    readable = id_by_name(flow, node)
    return None if readable == node.id else ChangeId(id=node.id, to=readable)


def missing_link(flow: Flow, node_id: NodeId) -> str:
    """Say how outputs come to be offered, for a node among others that nothing leads to yet."""
    alone = len(steps_of(flow)) == 1
    if alone or any(edge.target == node_id for edge in flow.edges):
        return ""
    return "Link another agent to this one to insert what it gives."


def sent_without_prompt(flow: Flow, node_id: NodeId) -> str:
    """Say what an empty template stands for."""
    node = flow.node(node_id)
    if isinstance(node, AgentNode) and node.for_each is not None:
        return "the item"
    parents = [flow.node(each).name for each in parents_in_order(flow).get(node_id, ())]
    match parents, node.needs:
        case [], _:
            return "the input"
        case [only], _:
            return f"what {only} gave"
        case several, "all":
            return f"what {listed(several)} gave, each under its name"
        case several, "any":
            return f"what the first of {listed(several)} gave"
        case several, FirstOf(first=first):
            return f"what the first {first} of {listed(several)} gave, each under its name"
        case _:
            assert_never(node.needs)
