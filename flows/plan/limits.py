"""Limit: what lets only so many calls of a flow work at once, in the words for who waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.document.model import AgentNode, Flow, Node, RouterNode
from flows.ids import NodeId


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` of the calls of these `nodes`, their items too, work at once; `says`: whose it is."""

    says: str
    most: int
    nodes: tuple[NodeId, ...]


def limits_of(flow: Flow, stages: Sequence[Sequence[NodeId]]) -> Iterator[Limit]:
    """Yield the limits of the flow itself; those of connections are waited for at each call."""
    calls = {node.id for node in flow.nodes if _calls(node)}
    run = flow.run
    if run.max_concurrency is not None:
        every = tuple(node for stage in stages for node in stage if node in calls)
        yield Limit(_says("the run", run.max_concurrency), run.max_concurrency, every)
    for number, stage in enumerate(stages, start=1):
        most = next((run.stages[key].max_concurrency for key in stage if key in run.stages), None)
        if most is not None:
            inside = tuple(node for node in stage if node in calls)
            yield Limit(_says(f"stage {number}", most), most, inside)
    for node in flow.nodes:
        each = node.for_each if isinstance(node, AgentNode) else None
        if each is not None and each.max_concurrency is not None:
            most = each.max_concurrency
            yield Limit(f"the step takes its items {most} at a time", most, (node.id,))


def _calls(node: Node) -> bool:
    """Whether the node's own work counts under limits: joins and rules do not."""
    return isinstance(node, AgentNode) or (isinstance(node, RouterNode) and node.ask is not None)


def _says(whose: str, most: int) -> str:
    return f"{whose} takes {most} at a time"
