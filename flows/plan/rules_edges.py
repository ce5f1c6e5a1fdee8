"""Rules on edges: what may be linked to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.document.edits import edge_key
from flows.document.model import AgentNode, Edge, Flow, Node, RouterNode
from flows.document.problem import Problem
from flows.ids import NodeId
from flows.plan.wording import called, did_you_mean, error, titled


def unknown_ends(flow: Flow) -> Iterator[Problem]:
    """An edge links two nodes that are there."""
    known = [node.id for node in flow.nodes]
    for edge in flow.edges:
        for end in (edge.source, edge.target):
            if end not in known:
                hint = did_you_mean(end, known)
                message = (
                    f'The edge "{edge.source}" → "{edge.target}" names "{end}", which is no node.'
                    f"{hint} Correct the id, or remove the edge."
                )
                yield error(
                    "unknown_node",
                    message,
                    *(each for each in (edge.source, edge.target) if each in known),
                )


def self_links(flow: Flow) -> Iterator[Problem]:
    """An edge leads from one node to another."""
    for edge in flow.edges:
        if edge.source == edge.target:
            message = f"{called(flow, edge.source)} is linked to itself. Remove that edge."
            yield error("self_link", message, edge.source)


def duplicate_edges(flow: Flow) -> Iterator[Problem]:
    """Two nodes are linked once a kind and branch."""
    for key, count in Counter(edge_key(edge) for edge in flow.edges).items():
        if count > 1:
            source, target = NodeId(key[0]), NodeId(key[1])
            link = f"{called(flow, source)} → {called(flow, target)}"
            message = f"The edge {link} is there {count} times. Keep one."
            yield error("duplicate_edge", message, source, target)


def edges_into_inputs(flow: Flow) -> Iterator[Problem]:
    """An input is given from outside."""
    inputs = {node.id for node in flow.inputs}
    for edge in flow.edges:
        if edge.target in inputs and edge.source != edge.target:
            message = (
                f"{called(flow, edge.target)} is an input, so nothing can lead to it. "
                f"Remove the edge from {called(flow, edge.source)}."
            )
            yield error("edge_into_input", message, edge.target)


def attachments(flow: Flow) -> Iterator[Problem]:
    """A handoff and a tool link one agent to another."""
    for edge, source, target in _linked(flow):
        ends = (source, target)
        if edge.kind != "data" and not all(isinstance(end, AgentNode) for end in ends):
            message = (
                f"The {edge.kind} edge {called(flow, edge.source)} → {called(flow, edge.target)} "
                "must link two agents. Make it a data edge, or link agents."
            )
            yield error("attachment", message, edge.source, edge.target)


def branches(flow: Flow) -> Iterator[Problem]:
    """Edges of a router say their branch, other edges have none."""
    for edge, source, target in _linked(flow):
        link = f"{titled(source)} → {titled(target)}"
        if isinstance(source, RouterNode) and edge.kind == "data" and edge.branch is None:
            message = f"The edge {link} leaves a router without a branch. Say which branch it is."
            yield error("edge_without_branch", message, edge.source, edge.target)
        elif not isinstance(source, RouterNode) and edge.branch is not None:
            message = (
                f'The edge {link} has the branch "{edge.branch}", but starts at no router. '
                "Remove the branch."
            )
            yield error("branch_without_router", message, edge.source, edge.target)


def _linked(flow: Flow) -> Iterator[tuple[Edge, Node, Node]]:
    known: dict[NodeId, Node] = {node.id: node for node in flow.nodes}
    for edge in flow.edges:
        if edge.source in known and edge.target in known:
            yield edge, known[edge.source], known[edge.target]


RULES = (
    unknown_ends,
    self_links,
    duplicate_edges,
    edges_into_inputs,
    attachments,
    branches,
)
