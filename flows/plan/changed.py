"""Changed: the nodes whose result in a run no longer belongs to the flow as it is now."""

from __future__ import annotations

from collections import defaultdict

from flows.document.model import Edge, Flow
from flows.ids import NodeId


def changed_nodes(ran: Flow, now: Flow) -> tuple[NodeId, ...]:
    """Return the nodes of `now` that differ from what ran, and all that stand behind them."""
    before, after = _parts(ran), _parts(now)
    found = {node for node, part in after.items() if before.get(node) != part}
    open_nodes = list(found)
    children = _children(now)
    while open_nodes:
        fresh = children[open_nodes.pop()] - found
        found |= fresh
        open_nodes.extend(fresh)
    return tuple(node.id for node in now.nodes if node.id in found)


def _parts(flow: Flow) -> dict[NodeId, tuple[object, tuple[Edge, ...]]]:
    """Map each node to what its result depends on: itself and the edges into it, in order.

    How it is called and pictured is not among it.
    """
    edges: dict[NodeId, list[Edge]] = defaultdict(list)
    for edge in flow.edges:
        edges[edge.target].append(edge)
    plain = {"name": "", "icon": None}
    return {n.id: (n.model_copy(update=plain), tuple(edges[n.id])) for n in flow.nodes}


def _children(flow: Flow) -> dict[NodeId, set[NodeId]]:
    children: dict[NodeId, set[NodeId]] = defaultdict(set)
    for edge in flow.edges:
        children[edge.source].add(edge.target)
    return children
