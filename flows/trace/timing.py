"""Timing: what a run's records say about time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.ids import NodeId, NodeKey, node_of
from flows.trace.fold import NodeTrace, RunTrace


@dataclass(frozen=True, slots=True)
class Timing:
    """The sums of a run, in seconds.

    `wall_s`: from its first record to its last. `sequential_s`: the busy times added up, containers
    of a `for_each` left out. `critical_path_s`: the longest chain of actual durations, and
    `critical_path` its nodes. `overlap`: sequential / wall; no speed-up, for calls that share a
    processor slow each other down.
    """

    wall_s: float
    sequential_s: float
    critical_path_s: float
    critical_path: tuple[NodeId, ...]
    overlap: float


def measure(trace: RunTrace, *, now: float | None = None) -> Timing:
    """Take a run's sums. `now`: seconds since the epoch, for a run that is still going."""
    end = trace.ended_at if trace.ended_at is not None else now
    at = last_moment(trace) if end is None else end
    wall = max(at - trace.started_at, 0.0)
    sequential = sum(node.busy_s(at) for node in worked(trace))
    chain_s, chain = _longest_chain(trace, at)
    return Timing(
        wall_s=wall,
        sequential_s=sequential,
        critical_path_s=chain_s,
        critical_path=chain,
        overlap=sequential / wall if wall > 0 else 0.0,
    )


def worked(trace: RunTrace) -> tuple[NodeTrace, ...]:
    """Return the nodes and items that did work of their own: containers of items are left out."""
    containers = {NodeKey(node_of(key)) for key in trace.nodes if "[" in key}
    return tuple(node for key, node in trace.nodes.items() if key not in containers)


def last_moment(trace: RunTrace) -> float:
    """Return the last time any event of the trace speaks of, in seconds since the epoch."""
    times = (
        at
        for node in trace.nodes.values()
        for at in (node.queued_at, node.started_at, node.ended_at)
        if at is not None
    )
    return max(times, default=trace.started_at)


def _longest_chain(trace: RunTrace, at: float) -> tuple[float, tuple[NodeId, ...]]:
    """Find the longest path by dynamic programming over the topological order.

    A parent that ended after its child began (it lost a race) is not in the chain.
    """
    best: dict[NodeId, tuple[float, NodeId | None]] = {}
    for node, parents in trace.parents.items():
        waited = (each for each in parents if _came_before(trace, each, node))
        before = max(((best[each][0], each) for each in waited), default=(0.0, None))
        best[node] = (before[0] + _busy(trace.nodes, node, at), before[1])
    if not best:
        return 0.0, ()
    last: NodeId | None = max(best, key=lambda node: best[node][0])
    length = best[last][0] if last is not None else 0.0
    chain: list[NodeId] = []
    while last is not None:
        chain.append(last)
        last = best[last][1]
    return length, tuple(reversed(chain))


def _came_before(trace: RunTrace, parent: NodeId, child: NodeId) -> bool:
    before, after = trace.nodes.get(NodeKey(parent)), trace.nodes.get(NodeKey(child))
    if before is None or before.ended_at is None or after is None or after.started_at is None:
        return False
    return before.ended_at <= after.started_at


def _busy(nodes: Mapping[NodeKey, NodeTrace], node: NodeId, at: float) -> float:
    trace = nodes.get(NodeKey(node))
    return trace.busy_s(at) if trace else 0.0
