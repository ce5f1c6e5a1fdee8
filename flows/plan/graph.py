"""Graph: the steps of a flow and the data edges between them, ordered by networkx.

A step is a node that works in a run: no input (inputs are values) and no agent that is attached
(reached only by `handoff` or `tool` edges). Works on any flow, also one full of mistakes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import cache

import networkx as nx

from flows.document.model import Edge, Flow, InputNode, Node
from flows.ids import NodeId
from flows.plan.memory import remembered


def steps_of(flow: Flow) -> tuple[Node, ...]:
    """Return the nodes that work in a run, in document order."""
    attached = attached_agents(flow)
    return tuple(
        node for node in flow.nodes if not isinstance(node, InputNode) and node.id not in attached
    )


def attached_agents(flow: Flow) -> frozenset[NodeId]:
    """Return the agents that another agent reaches by handoff or as a tool, and no data edge."""
    reached = {edge.target for edge in flow.edges if edge.kind != "data"}
    fed = {edge.target for edge in flow.edges if edge.kind == "data"}
    return frozenset(reached - fed)


def data_edges(flow: Flow) -> Iterator[Edge]:
    """Yield the data edges between two different known nodes, in drawn order."""
    known = {node.id for node in flow.nodes}
    for edge in flow.edges:
        if (
            edge.kind == "data"
            and edge.source != edge.target
            and {edge.source, edge.target} <= known
        ):
            yield edge


def branches_from(flow: Flow, router: NodeId) -> tuple[str, ...]:
    """Return the branches drawn from a router, in edge order."""
    drawn = (edge.branch for edge in flow.edges if edge.source == router)
    return tuple(dict.fromkeys(branch for branch in drawn if branch is not None))


@remembered
def stages_of(flow: Flow) -> tuple[tuple[NodeId, ...], ...]:
    """Group the steps so that each comes after all it depends on; within a stage, document order.

    The nodes on a cycle, and those behind it, are left out.
    """
    graph = _step_graph(flow)
    place = {node.id: number for number, node in enumerate(flow.nodes)}
    stages: list[tuple[NodeId, ...]] = []
    with contextlib.suppress(nx.NetworkXUnfeasible):  # a cycle: the stages before it stand
        for generation in nx.topological_generations(graph):
            stages.append(tuple(sorted(generation, key=place.__getitem__)))  # noqa: PERF401
    return tuple(stages)


def find_cycle(flow: Flow) -> tuple[NodeId, ...]:
    """Return one cycle of data edges in its own order, first node not repeated; () if none."""
    try:
        return tuple(edge[0] for edge in nx.find_cycle(_data_graph(flow)))
    except nx.NetworkXNoCycle:
        return ()


def find_cycles(flow: Flow) -> tuple[tuple[NodeId, ...], ...]:
    """Return one cycle of every tangle of data edges, each in its own order."""
    graph = _data_graph(flow)
    tangles = (part for part in nx.strongly_connected_components(graph) if len(part) > 1)
    return tuple(tuple(edge[0] for edge in nx.find_cycle(graph.subgraph(part))) for part in tangles)


def ancestors_of(flow: Flow) -> dict[NodeId, frozenset[NodeId]]:
    """Map every node to the nodes from which data edges lead to it, over any number of steps."""
    graph = _data_graph(flow)
    return {node: frozenset(nx.ancestors(graph, node)) for node in graph}


def ancestors_in(flow: Flow) -> Callable[[NodeId], frozenset[NodeId]]:
    """Return what gives a node's ancestors, for where only those of a few are asked for."""
    graph = _data_graph(flow)
    return cache(lambda node: frozenset(nx.ancestors(graph, node)))


def parents_in_order(flow: Flow) -> dict[NodeId, tuple[NodeId, ...]]:
    """Map each step to the steps that lead to it, in edge order; parents before children."""
    order = [node for stage in stages_of(flow) for node in stage]
    parents: dict[NodeId, dict[NodeId, None]] = {node: {} for node in order}
    for edge in data_edges(flow):
        if edge.source in parents and edge.target in parents:
            parents[edge.target][edge.source] = None
    return {node: tuple(each) for node, each in parents.items()}


def _data_graph(flow: Flow) -> nx.DiGraph[NodeId]:
    graph: nx.DiGraph[NodeId] = nx.DiGraph()
    graph.add_nodes_from(node.id for node in flow.nodes)
    graph.add_edges_from((edge.source, edge.target) for edge in data_edges(flow))
    return graph


def _step_graph(flow: Flow) -> nx.DiGraph[NodeId]:
    steps = {node.id for node in steps_of(flow)}
    graph = _data_graph(flow)
    graph.remove_nodes_from([node for node in list(graph) if node not in steps])
    return graph
