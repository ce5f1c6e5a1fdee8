"""Placeholder names: what a node's template may name where the node stands."""

from __future__ import annotations

from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.graph import ancestors_of, parents_in_order, steps_of

_MOST = 12


def names_for(flow: Flow, node_id: NodeId) -> tuple[str, ...]:
    """Return what may stand between the braces, the nearest to hand first; twelve at most."""
    inputs = [f"inputs.{node.id}" for node in flow.inputs]
    upstream = ancestors_of(flow).get(node_id, frozenset())
    outputs = [f"nodes.{node.id}.output" for node in steps_of(flow) if node.id in upstream]
    names = ["parents"] if parents_in_order(flow).get(node_id) else []
    return (*names, *(["input"] if len(inputs) == 1 else inputs), *outputs)[:_MOST]


def sent_without_prompt(flow: Flow, node_id: NodeId) -> str:
    """Say what an empty template stands for."""
    parents = [flow.node(each).name for each in parents_in_order(flow).get(node_id, ())]
    match parents:
        case []:
            return "the input"
        case [only]:
            return f"what {only} gave"
        case [*others, last]:
            return f"a block each from {', '.join(others)} and {last}"
        case _:
            return "what its parents gave"
