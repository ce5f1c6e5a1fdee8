"""Cause: what made a run take as long as it did, in a sentence or two for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flows.document.files import read_values
from flows.errors import FlowFileError
from flows.ids import NodeId, NodeKey, item_index, node_of
from flows.plan.graph import stages_of
from flows.plan.limits import Limit, limits_of
from flows.trace.comparison import names_in
from flows.trace.duration import say_duration
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.timing import (
    Timing,
    has_barriers,
    held_s,
    held_up_by,
    measure,
    retried_s,
    waits_since,
    worked,
)

_SHORTEST_S: Final = 1.0
"""Nobody asks why a shorter run was slow."""

_LEAST_PART: Final = 0.1
"""What took less of the run's time is not worth a sentence."""

_BARRIER_PART: Final = 0.05
"""A barrier is a choice, and undone by a switch: less of it is worth one."""

_SLOW_PART: Final = 0.5
_NEAR_PART: Final = 0.9
_WHOLE_PART: Final = 0.8
_LONG_CHAIN: Final = 3
_MOST: Final = 3
_RACE_S: Final = 0.2
"""A loser's call is closed within so long."""

_MOMENT_S: Final = 0.02
"""A place that was given back is taken a moment later."""


@dataclass(frozen=True, slots=True)
class _Cause:
    """A sentence, and the seconds it speaks of.

    `part`: of less of the run it is not said. `costs`: the run took longer by it.
    """

    seconds: float
    says: str
    part: float = _LEAST_PART
    costs: bool = True


def say_causes(trace: RunTrace) -> str:
    """Say what a run spent its time on and waited for; empty where nothing of that stands out.

    Only of a run that came to its own end: one that was stopped says nothing about how long it
    would have taken.
    """
    if trace.ended_at is None or trace.status not in {"finished", "failed"}:
        return ""
    timing = measure(trace)
    if timing.wall_s < _SHORTEST_S or len(worked(trace)) < 2:
        return ""
    waits = [*_turns(trace, timing), *_barriers(trace, timing)]
    chain = held_up_by(trace, timing)
    if any(each.costs for each in waits) and not _came_last(trace, chain):
        work: Iterator[str] = iter(())
    else:
        work = _work(trace, chain, timing.wall_s)
        waits += _retries(trace, chain)
    told = [each for each in waits if each.seconds >= timing.wall_s * each.part]
    told.sort(key=lambda each: -each.seconds)
    return " ".join([*_loading(timing), *work, *(each.says for each in told)][:_MOST])


def _loading(timing: Timing) -> Iterator[str]:
    """Say what the embedded model's start took: it is no agent's doing."""
    if timing.loading_s >= timing.wall_s * _LEAST_PART:
        took = f"{say_duration(timing.loading_s)} of {say_duration(timing.wall_s)}"
        yield f"Loading the embedded model took {took}; the next run has it at hand."


def _came_last(trace: RunTrace, chain: Sequence[NodeId]) -> bool:
    """Whether the chain ended the run, and nothing that had to wait for its turn."""
    last = max(worked(trace), key=lambda node: node.ended_at or 0.0)
    return node_of(last.key) in chain


def _work(trace: RunTrace, chain: Sequence[NodeId], wall_s: float) -> Iterator[str]:
    """Name the node that took most of the time, or say that many took some of it in turn."""
    busy = {node: _busy_s(trace, NodeKey(node)) for node in chain}
    if not busy:
        return
    longest = max(busy, key=lambda node: busy[node])
    name, whole = _name(trace, NodeKey(longest)), say_duration(wall_s)
    took = f"{say_duration(busy[longest])} of {whole}"
    if busy[longest] >= wall_s * _SLOW_PART:
        if _won(trace, longest):
            yield f"{name} came first, after {took}; what raced it was let go."
        else:
            near = _near(trace, longest, busy)
            yield f"{name} {'took' if near[:1] == ';' else 'was slowest:'} {took}{near}."
    elif len(busy) >= _LONG_CHAIN and sum(busy.values()) >= wall_s * _WHOLE_PART:
        what = "stages" if has_barriers(trace) else "steps"
        which = "their slowest step" if has_barriers(trace) else "the longest"
        yield f"{len(busy)} {what} went one after another; {which}, {name}, took {took}."


def _won(trace: RunTrace, node: NodeId) -> bool:
    """Whether others were let go the moment this one had ended."""
    winner = trace.nodes[NodeKey(node)]
    end = winner.ended_at or 0.0
    return winner.status == "finished" and any(
        each.status == "cancelled"
        and each.started_at is not None
        and each.ended_at is not None
        and abs(each.ended_at - end) <= _RACE_S
        for each in trace.nodes.values()
    )


def _near(trace: RunTrace, longest: NodeId, chain: Mapping[NodeId, float]) -> str:
    """Name a node at work at the same time that would have held the run up nearly as long."""
    here = trace.nodes[NodeKey(longest)]
    others = [
        (_busy_s(trace, node.key), node.key)
        for node in trace.nodes.values()
        if item_index(node.key) is None and NodeId(node.key) not in chain and _met(node, here)
    ]
    seconds, other = max(others, default=(0.0, NodeKey("")))
    if seconds < chain[longest] * _NEAR_PART:
        return ""
    if seconds > chain[longest]:
        return f"; beside it, {_name(trace, other)} took {say_duration(seconds)}"
    return f", {_name(trace, other)} hardly less ({say_duration(seconds)})"


def _met(node: NodeTrace, other: NodeTrace) -> bool:
    """Whether both were at work at one time, and the first came to an end of its own."""
    if node.started_at is None or other.started_at is None or node.status == "cancelled":
        return False
    starts, ends = (node.started_at, other.started_at), (node.ended_at, other.ended_at)
    return max(starts) < min(each for each in ends if each is not None)


def _turns(trace: RunTrace, timing: Timing) -> Iterator[_Cause]:
    """Say who waited longest for a turn; a run that measures another one is made to wait."""
    if trace.measures is not None or timing.limit_s <= 0:
        return
    least = timing.wall_s * _LEAST_PART
    waits = {node.key: _waited_s(trace, node) for node in worked(trace)}
    late = sorted((key for key in waits if waits[key] >= least), key=lambda key: -waits[key])
    if late:
        why = _limit(trace, late[0], waits[late[0]])
        says = f"{_waited(trace, late, waits[late[0]])}: {why}."
        yield _Cause(timing.limit_s, says)
    asked = max(worked(trace), key=_asked_s)
    if _asked_s(asked) >= least:
        took = say_duration(_asked_s(asked))
        says = f"{_name(trace, asked.key)} waited {took} for its connection."
        yield _Cause(_asked_s(asked), says)


def _asked_s(node: NodeTrace) -> float:
    """Return how long a node waited for its connection, and not for the model to be loaded."""
    return node.waited_s - node.loading_s


def _waited(trace: RunTrace, late: Sequence[NodeKey], longest_s: float) -> str:
    """Count who waited; items of one node are counted as its own."""
    took = say_duration(longest_s)
    if len(late) == 1:
        return f"{_name(trace, late[0])} waited {took} for its turn"
    if len({node_of(key) for key in late}) == 1:
        who = f"{len(late)} items of {_name(trace, NodeKey(node_of(late[0])))}"
    else:
        others = len(late) - 1
        who = f"{_name(trace, late[0])} and {others} other{'s' if others > 1 else ''}"
    return f"{who} waited for their turn, up to {took}"


def _barriers(trace: RunTrace, timing: Timing) -> Iterator[_Cause]:
    """Say who waited longest for its stage, for whom, and what the barriers cost the run."""
    held = max(trace.nodes.values(), key=lambda node: held_s(trace, node), default=None)
    if held is None or held.queued_at is None:
        return
    before = [
        node
        for node in trace.nodes.values()
        if node.ended_at is not None and node.ended_at <= held.queued_at and node.key != held.key
    ]
    last = max(before, key=lambda node: node.ended_at or 0.0, default=None)
    who = "" if last is None else f": {_name(trace, last.key)} was still at work"
    waited = held_s(trace, held)
    says = f"{_name(trace, held.key)} waited {say_duration(waited)} for its stage{who}"
    cost = timing.barrier_s
    if cost >= timing.wall_s * _BARRIER_PART:
        yield _Cause(cost, f"{says}; barriers cost {say_duration(cost)}.", _BARRIER_PART)
    else:
        yield _Cause(waited, f"{says}; the run took hardly longer.", costs=False)


def _retries(trace: RunTrace, chain: Sequence[NodeId]) -> Iterator[_Cause]:
    """Say what failed attempts took of the node, on the chain, that lost most by them."""
    on_chain = [node for node in worked(trace) if node_of(node.key) in chain]
    worst = max(on_chain, key=lambda node: retried_s(node, 0.0), default=None)
    if worst is None or not worst.retries:
        return
    lost, count = retried_s(worst, 0.0), len(worst.retries)
    one, many = "a failed attempt and the wait after it", "failed attempts and the waits after them"
    what = one if count == 1 else f"{count} {many}"
    yield _Cause(lost, f"{say_duration(lost)} of {_name(trace, worst.key)} went into {what}.")


def _busy_s(trace: RunTrace, key: NodeKey) -> float:
    node = trace.nodes.get(key)
    return 0.0 if node is None or node.ended_at is None else node.busy_s(node.ended_at)


def _waited_s(trace: RunTrace, node: NodeTrace) -> float:
    since = waits_since(trace, node)
    return 0.0 if since is None or node.started_at is None else node.started_at - since


def _limit(trace: RunTrace, key: NodeKey, waited_s: float) -> str:
    """Say which limit had no free place, as far as the flow and the others' times tell it."""
    until = trace.nodes[key].started_at or 0.0
    since = until - waited_s
    mine = [limit for limit in _limits(trace) if node_of(key) in limit.nodes]
    for at in (max(until - _MOMENT_S, since), (since + until) / 2):
        if full := [limit.says for limit in mine if _working(trace, limit, at) >= limit.most]:
            return ", ".join(full)
    return "a limit had no free place"


def _limits(trace: RunTrace) -> tuple[Limit, ...]:
    try:
        flow = read_values(trace.flow)
    except FlowFileError:
        return ()
    return tuple(limits_of(flow, stages_of(flow)))


def _working(trace: RunTrace, limit: Limit, at: float) -> int:
    """Count the calls under a limit that were at work."""
    under = (node for node in worked(trace) if node_of(node.key) in limit.nodes)
    spans = ((node.started_at, node.ended_at) for node in under)
    return sum(
        start is not None and start <= at and (end is None or end > at) for start, end in spans
    )


def _name(trace: RunTrace, key: NodeKey) -> str:
    """Name a node as its flow does; an item by its number from 1."""
    name = names_in(trace).get(NodeKey(node_of(key)), node_of(key))
    place = item_index(key)
    return name if place is None else f"{name} (item {place + 1})"
