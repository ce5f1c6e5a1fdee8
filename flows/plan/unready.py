"""Unready: what the format can say and this version does not run, and a flow without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from flows.document.advice import Advice
from flows.document.edits import ChangeNode, Edit, Group, RemoveEdges
from flows.document.model import AgentNode, ApprovalNode, Flow, Node
from flows.ids import NodeId
from flows.plan.graph import attached_agents
from flows.plan.removal import removal_of
from flows.plan.wording import advice

_EMPTY: Mapping[str, bool | list[JsonValue]] = {
    "tools": [],
    "mcp": [],
    "guardrails": [],
    "session": False,
}


def unready_fields(node: Node) -> tuple[str, ...]:
    """Return the fields of a node that are set and do not run."""
    if not isinstance(node, AgentNode):
        return ()
    return tuple(name for name in _EMPTY if getattr(node, name))


def going_without(flow: Flow) -> Iterator[Advice]:
    """Offer to take out all that does not run, where there is something of it.

    Agents that are only handed over to, or called, go too: without their links they would be steps.
    """
    without = [
        ChangeNode(id=node.id, changes={name: _EMPTY[name] for name in fields})
        for node in flow.nodes
        if (fields := unready_fields(node))
    ]
    links = tuple(edge for edge in flow.edges if edge.kind != "data")
    attached = attached_agents(flow)
    gone = [each.id for each in flow.nodes if isinstance(each, ApprovalNode) or each.id in attached]
    edits: list[Edit] = [each for each in without if each.id not in gone]
    edits += [RemoveEdges(edges=links)] if links else []
    edits += [removal_of(flow, gone)] if gone else []
    if not edits:
        return
    problem = advice(
        "not_yet",
        "Without what this version of Fanfold does not run, the rest of the flow can run. "
        "Undo brings it back.",
        *_concerned(without, gone),
    )
    yield Advice(problem, fix="Take it out", edit=Group(edits=tuple(edits)))


def _concerned(without: list[ChangeNode], gone: list[NodeId]) -> tuple[NodeId, ...]:
    return tuple(dict.fromkeys((*(each.id for each in without), *gone)))
