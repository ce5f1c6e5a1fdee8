"""Naming: an id that nobody chose gives way to one that reads like the node's name."""

from __future__ import annotations

import re

from flows.document.model import Flow, InputNode, Node
from flows.ids import NodeId, node_id_from_name


def was_chosen(node: Node) -> bool:
    """Whether a person can know the node's id: it is not one the canvas gave, as `agent_2`."""
    return re.fullmatch(rf"{node.type}(_\d+)?", node.id) is None


def readable_id(flow: Flow, node: Node) -> NodeId:
    """Return the id a node would have by its name, or its own where that was chosen.

    An agent placed on the canvas is `agent_2` before anybody named it. What an input is called is
    kept: what was typed into it is known by its id.
    """
    if isinstance(node, InputNode) or was_chosen(node):
        return node.id
    return id_by_name(flow, node)


def id_by_name(flow: Flow, node: Node) -> NodeId:
    """Return the free id that reads like the node's name; its own where no name can be read so."""
    readable = re.search("[A-Za-z]", node.name)
    taken = {each.id for each in flow.nodes if each.id != node.id}
    return node_id_from_name(node.name, taken=taken) if readable else node.id
