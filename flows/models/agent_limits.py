"""Limit: how many calls at once the connection of each agent lets through."""

from __future__ import annotations

from functools import cache, partial

from flows.document.model import AgentNode, Flow
from flows.errors import ConnectionsError
from flows.ids import NodeId
from flows.models.connections import Connections


def limits_of(
    flow: Flow, connections: Connections, *, default: str | None = None
) -> dict[NodeId, int]:
    """Map agents to their connection's max_concurrency; those without a limit are left out.

    `default`: what stands for a model of null, as connection/model; None: the connections' own.
    """
    limits: dict[NodeId, int] = {}
    limit_of = cache(partial(_limit, connections))  # many agents, few models
    for node in flow.nodes:
        most = limit_of(node.model or default) if isinstance(node, AgentNode) else None
        if most is not None:
            limits[node.id] = most
    return limits


def _limit(connections: Connections, model: str | None) -> int | None:
    try:
        return connections.resolve(model).connection.max_concurrency
    except ConnectionsError:  # one of the problems says so
        return None
