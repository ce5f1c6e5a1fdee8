"""Renaming: a node called by another id wherever its flow names it."""

from __future__ import annotations

from flows.document.model import AgentNode, ApprovalNode, Flow, JoinNode, Node
from flows.document.placeholders import rename_node
from flows.ids import NodeId


def rename_in(flow: Flow, old: NodeId, new: NodeId) -> Flow:
    """Call a node by another id in links, places, stages and templates; `new` must be free."""

    def called(key: NodeId) -> NodeId:
        return new if key == old else key

    edges = tuple(
        edge.model_copy(update={"source": called(edge.source), "target": called(edge.target)})
        for edge in flow.edges
    )
    stages = {called(key): policy for key, policy in flow.run.stages.items()}
    return flow.model_copy(
        update={
            "nodes": tuple(_renamed(node, old, new) for node in flow.nodes),
            "edges": edges,
            "layout": {called(key): place for key, place in flow.layout.items()},
            "run": flow.run.model_copy(update={"stages": stages}),
        }
    )


def is_written_in(flow: Flow, node_id: NodeId) -> bool:
    """Whether a template of the flow names the node, so that a person reads its id."""
    other = NodeId(f"{node_id}_")
    return any(_renamed(node, node_id, other) != node for node in flow.nodes if node.id != node_id)


def _renamed(node: Node, old: NodeId, new: NodeId) -> Node:
    """Return the node as it names the one that is called by another id; it may be that one."""
    changes: dict[str, object] = {"id": new} if node.id == old else {}
    if isinstance(node, AgentNode | JoinNode | ApprovalNode):
        changes["prompt"] = rename_node(node.prompt, old, new)
    if isinstance(node, AgentNode) and node.for_each and isinstance(node.for_each.items, str):
        items = rename_node(node.for_each.items, old, new)
        changes["for_each"] = node.for_each.model_copy(update={"items": items})
    return node.model_copy(update=changes)
