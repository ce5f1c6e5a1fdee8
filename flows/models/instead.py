"""Instead: who here could answer for agents whose own connection cannot be used here."""

from __future__ import annotations

from collections.abc import Iterator

from flows.document.advice import Advice
from flows.document.edits import ChangeNode, Group
from flows.document.model import AgentNode, Flow
from flows.errors import ConnectionsError
from flows.models.connections import Connection, Connections, status
from flows.plan.wording import advice, listed, titled

_MOST_NAMED = 3


def find_instead(flow: Flow, connections: Connections) -> Iterator[Advice]:
    """Offer to let a connection that can be used answer for all whose own cannot, if one can.

    Flows come from other machines and programs, with the models and the keys they have there.
    """
    lacking = [
        node
        for node in flow.nodes
        if isinstance(node, AgentNode) and not _answers(connections, node.model)
    ]
    other = _usable(connections)
    if not lacking or other is None:
        return
    model = None if other == connections.default() else other.name
    problem = advice(
        "other_connection",
        f'{_named(lacking)} cannot answer here. Let "{other.name}" answer instead; Undo brings '
        "back the model that was set.",
        *(node.id for node in lacking),
    )
    edits = tuple(ChangeNode(id=node.id, changes={"model": model}) for node in lacking)
    yield Advice(problem, fix=f"Use {other.name}", edit=Group(edits=edits))


def _answers(connections: Connections, model: str | None) -> bool:
    try:
        connection = connections.resolve(model).connection
    except ConnectionsError:
        return False
    return status(connection, connections.environ).usable


def _usable(connections: Connections) -> Connection | None:
    """Return the default connection where it can be used, else the first with a model that can."""
    ready = [
        each
        for each in connections.all
        if each.default_model is not None and status(each, connections.environ).usable
    ]
    default = connections.default()
    return default if default in ready else next(iter(ready), None)


def _named(nodes: list[AgentNode]) -> str:
    if len(nodes) > _MOST_NAMED:
        return f"{len(nodes)} agents"
    return listed([titled(node) for node in nodes])
