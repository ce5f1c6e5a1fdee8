"""Timing: what a run's records say about time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.ids import NodeId, NodeKey, item_index, node_of
from flows.trace.events import Json
from flows.trace.fold import NodeTrace, Retry, RunTrace


@dataclass(frozen=True, slots=True)
class Timing:
    """The sums of a run, in seconds. What was reused from an earlier run counts in none of them.

    `wall_s`: from its first record to its last. `sequential_s`: the busy times added up, containers
    of a `for_each` left out. `critical_path_s`: the longest chain of actual durations, and
    `critical_path` its nodes; what was cancelled held nobody up and is in none, unless the whole
    run was cancelled. `overlap`: sequential / wall; no speed-up, for calls that share a
    processor slow each other down. `barrier_s` and `limit_s`: how much longer the run took because
    each stage waited for the one before, and because limits made work wait, as far as records can
    say: the same busy times are laid out without the one and without the other. `retry_s`: what
    went into failed attempts and the waits after them, added up; a part of `sequential_s`.
    `loading_s`: how long the embedded model was being loaded; a part of `wall_s` and of no node.
    """

    wall_s: float
    sequential_s: float
    critical_path_s: float
    critical_path: tuple[NodeId, ...]
    overlap: float
    barrier_s: float
    limit_s: float
    retry_s: float
    loading_s: float


def measure(trace: RunTrace, *, now: float | None = None) -> Timing:
    """Take a run's sums. `now`: seconds since the epoch, for a run that is still going."""
    end = trace.ended_at if trace.ended_at is not None else now
    at = last_moment(trace) if end is None else end
    wall = max(at - trace.started_at, 0.0)
    sequential = sum(node.busy_s(at) for node in worked(trace))
    busy = {
        node: _busy(trace.nodes, node, at)
        for node in trace.parents
        if not _is_reused(trace.nodes, node)
    }
    free = _unlimited(trace, busy, at)
    chain_s, chain = _longest_chain(trace, _kept(trace, busy))
    free_s, _ = _longest_chain(trace, free)
    staged_s = _stage_after_stage(trace, free) if has_barriers(trace) else free_s
    # who asks while it is being loaded waits for the same end
    loading = max((node.loaded_s(at) for node in worked(trace)), default=0.0)
    return Timing(
        wall_s=wall,
        sequential_s=sequential,
        critical_path_s=chain_s,
        critical_path=chain,
        overlap=sequential / wall if wall > 0 else 0.0,
        barrier_s=max(staged_s - free_s, 0.0),
        limit_s=max(wall - loading - staged_s, 0.0) if _has_limits(trace) else 0.0,
        retry_s=sum(retried_s(node, at) for node in worked(trace)),
        loading_s=loading,
    )


def has_barriers(trace: RunTrace) -> bool:
    """Whether each stage of the run waited for the one before it."""
    return _run_policy(trace).get("start") == "by_stage"


def shown_chain(trace: RunTrace, timing: Timing) -> tuple[NodeId, ...]:
    """Return the critical path where showing it tells something.

    Where all was made to go one after another every step waited for the one before, linked or not.
    """
    return () if trace.measures is not None else timing.critical_path


def held_up_by(trace: RunTrace, timing: Timing) -> tuple[NodeId, ...]:
    """Return the nodes that a run waited for one after another: its critical path.

    With barriers those are, of each stage, the one that ended last: linked or not, the next stage
    waited for it.
    """
    if not has_barriers(trace):
        return timing.critical_path
    chain: list[NodeTrace] = []
    for stage in reversed(_stages(trace)):
        ended = [
            node
            for node in (trace.nodes.get(NodeKey(each)) for each in stage)
            if node is not None and _took_time(node) and (not chain or _is_before(node, chain[-1]))
        ]
        if ended:
            chain.append(max(ended, key=lambda node: node.ended_at or 0.0))
    return tuple(NodeId(node.key) for node in reversed(chain))


def _took_time(node: NodeTrace) -> bool:
    return node.started_at is not None and node.status != "cancelled" and not node.reused


def retried_s(node: NodeTrace, at: float) -> float:
    """Return the seconds of a node's work that were for nothing: until its last try began.

    `at`: where it has not ended, epoch seconds.
    """
    if node.begun_at is None:
        return 0.0
    end = at if node.ended_at is None else node.ended_at
    begun, lost = node.begun_at, 0.0
    for retry in node.retries:
        over = min(retry.at + retry.delay_s, end)
        lost += over - _attempt_began(node, retry, begun)
        begun = over
    return lost


def _attempt_began(node: NodeTrace, retry: Retry, begun: float) -> float:
    """Return when a failed attempt began: what had been done before it was not for nothing."""
    done = (step.ended_at for step in node.spans if not step.error and step.ended_at <= retry.at)
    return max([begun, *done])


def worked(trace: RunTrace) -> tuple[NodeTrace, ...]:
    """Return the nodes and items that did work of their own: containers of items are left out."""
    containers = {NodeKey(node_of(key)) for key in trace.nodes if "[" in key}
    return tuple(node for key, node in trace.nodes.items() if key not in containers)


def waits_since(trace: RunTrace, node: NodeTrace) -> float | None:
    """Return when a node began to wait for its turn; an item waits since its `for_each` began."""
    whole = trace.nodes.get(NodeKey(node_of(node.key)), node)
    if whole.key != node.key and whole.started_at is not None:
        return whole.started_at
    return node.queued_at if node.queued_at is not None else node.started_at


def held_s(trace: RunTrace, node: NodeTrace) -> float:
    """Return how long a node waited at a barrier: for others than those it is linked to."""
    if not has_barriers(trace) or node.queued_at is None:
        return 0.0
    parents = (trace.nodes.get(NodeKey(each)) for each in trace.parents.get(NodeId(node.key), ()))
    ends = [parent.ended_at for parent in parents if parent is not None]
    known = [end for end in ends if end is not None]
    return max(node.queued_at - max(known), 0.0) if known and len(known) == len(ends) else 0.0


def last_moment(trace: RunTrace) -> float:
    """Return the last time any event of the trace speaks of, in seconds since the epoch."""
    times = (
        at
        for node in trace.nodes.values()
        for at in (node.queued_at, node.started_at, node.ended_at)
        if at is not None
    )
    return max(times, default=trace.started_at)


def _longest_chain(
    trace: RunTrace, seconds: Mapping[NodeId, float]
) -> tuple[float, tuple[NodeId, ...]]:
    """Find the longest path by dynamic programming over the topological order.

    A parent that ended after its child began (it lost a race) is not in the chain.
    """
    best: dict[NodeId, tuple[float, NodeId | None]] = {}
    for node, parents in trace.parents.items():
        if node not in seconds:
            continue
        waited = (each for each in parents if each in best and _came_before(trace, each, node))
        before = max(((best[each][0], each) for each in waited), default=(0.0, None))
        best[node] = (before[0] + seconds[node], before[1])
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
    return before is not None and after is not None and _is_before(before, after)


def _is_before(node: NodeTrace, other: NodeTrace) -> bool:
    """Whether a node had ended when another began."""
    if node.ended_at is None or other.started_at is None:
        return False
    return node.ended_at <= other.started_at


def _busy(nodes: Mapping[NodeKey, NodeTrace], node: NodeId, at: float) -> float:
    trace = nodes.get(NodeKey(node))
    return trace.busy_s(at) if trace else 0.0


def _is_reused(nodes: Mapping[NodeKey, NodeTrace], node: NodeId) -> bool:
    trace = nodes.get(NodeKey(node))
    return trace is not None and trace.reused


def _kept(trace: RunTrace, busy: Mapping[NodeId, float]) -> dict[NodeId, float]:
    """Return the busy times of what was not cancelled while the run went on."""
    if trace.status == "cancelled":
        return dict(busy)
    gone = {key for key, node in trace.nodes.items() if node.status == "cancelled"}
    return {node: seconds for node, seconds in busy.items() if NodeKey(node) not in gone}


def _unlimited(trace: RunTrace, busy: Mapping[NodeId, float], at: float) -> dict[NodeId, float]:
    """Return the busy times, but of a `for_each` that of its longest item: all start at once."""
    longest: dict[NodeId, float] = {}
    for key, node in trace.nodes.items():
        if item_index(key) is not None:
            of = node_of(key)
            longest[of] = max(longest.get(of, 0.0), node.busy_s(at))
    return {node: longest.get(node, seconds) for node, seconds in busy.items()}


def _stage_after_stage(trace: RunTrace, seconds: Mapping[NodeId, float]) -> float:
    """Add up the longest times of the stages."""
    return sum(
        max((seconds.get(node, 0.0) for node in stage), default=0.0) for stage in _stages(trace)
    )


def _stages(trace: RunTrace) -> list[list[NodeId]]:
    """Group the steps by how many stand before them at the most."""
    numbers: dict[NodeId, int] = {}
    stages: list[list[NodeId]] = []
    for node, parents in trace.parents.items():
        numbers[node] = number = max((numbers[parent] + 1 for parent in parents), default=0)
        stages += [[] for _ in range(number + 1 - len(stages))]
        stages[number].append(node)
    return stages


def _has_limits(trace: RunTrace) -> bool:
    run = _run_policy(trace)
    nodes = trace.flow.get("nodes", []) if trace.parents else []
    places = [run, *run.get("stages", {}).values(), *(node.get("for_each") for node in nodes)]
    waited = any(node.waited_s > node.loading_s for node in trace.nodes.values())
    return waited or any(place and place.get("max_concurrency") is not None for place in places)


def _run_policy(trace: RunTrace) -> Mapping[str, Json]:
    """Return the run's policy as it stands in the file; {} where the file is no flow."""
    policy: Mapping[str, Json] = trace.flow.get("run", {}) if trace.parents else {}
    return policy
