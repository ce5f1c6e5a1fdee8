"""Removal: taking nodes away so that a stage keeps its policy and a chain stays one."""

from __future__ import annotations

from collections.abc import Iterable

from flows.document.edits import AddEdge, Edit, Group, RemoveNodes, edge_key
from flows.document.model import Edge, Flow
from flows.ids import NodeId
from flows.plan.graph import stages_of


def removal_of(flow: Flow, ids: Iterable[NodeId]) -> Edit:
    """Make the edit that removes these nodes.

    Their stage policies go to a stage sibling. Where a node had one parent and one child, these are
    linked in its place; the link keeps the branch of the parent's.
    """
    gone = tuple(dict.fromkeys(ids))
    heirs: dict[NodeId, NodeId] = {}
    for stage in stages_of(flow):
        left = [node for node in stage if node not in gone]
        keys = [node for node in stage if node in gone and node in flow.run.stages]
        if left and keys and left[0] not in flow.run.stages:
            heirs[keys[0]] = left[0]
    bridges = tuple(AddEdge(edge=edge) for edge in _bridges(flow, gone))
    return Group(edits=(RemoveNodes(ids=gone, heirs=heirs), *bridges))


def _bridges(flow: Flow, gone: Iterable[NodeId]) -> list[Edge]:
    """Return the links that close the gaps, node after node: a chain that goes leaves one link."""
    edges = list(flow.edges)
    for node in gone:
        into = [edge for edge in edges if edge.target == node and edge.kind == "data"]
        out = [edge for edge in edges if edge.source == node and edge.kind == "data"]
        edges = [edge for edge in edges if node not in {edge.source, edge.target}]
        if len(into) == len(out) == 1:
            bridge = into[0].model_copy(update={"target": out[0].target})
            if _may_stand(bridge, edges):
                edges.append(bridge)
    known = set(map(edge_key, flow.edges))
    return [edge for edge in edges if edge_key(edge) not in known]


def _may_stand(edge: Edge, edges: Iterable[Edge]) -> bool:
    return edge.source != edge.target and edge_key(edge) not in map(edge_key, edges)
