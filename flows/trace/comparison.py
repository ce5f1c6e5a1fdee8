"""Comparison: two runs side by side, from the one `measure` of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Literal

from flows.ids import NodeKey, item_index
from flows.trace.events import Json
from flows.trace.flaws import flaws_of
from flows.trace.fold import NodeStatus, NodeTrace, RunTrace
from flows.trace.timing import held_s, last_moment, measure

Unit = Literal["s", "×", "count"]

SMALL: Final[Mapping[Unit, float]] = {"s": 0.005, "×": 0.05, "count": 0.5}
"""A difference below this is none to people."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure of both runs, in `unit`; None where a run does not tell it."""

    name: str
    unit: Unit
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """How much more the second has than the first."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Stretch:
    """A node's time in one run, in seconds since the run's start. `queue_s`: waited before it.

    `held_s`: waited before that for its stage. `busy_s`: its own work. `items`: how many a
    `for_each` had. `reused`: it did not work, its output is that of an earlier run. A node that
    never began has the length 0 where it ended. `waits`: from when to when it waited to try again.
    """

    status: NodeStatus
    start_s: float
    end_s: float
    queue_s: float
    busy_s: float
    items: int | None
    is_critical: bool
    reused: bool = False
    held_s: float = 0.0
    waits: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class NodePair:
    """A node in both runs; None where a run has nothing of it. `name`: as its flow has it.

    `is_in`: whether the flow of the first run, and that of the second, has this node at all, as far
    as it can be read.
    """

    key: NodeKey
    name: str
    first: Stretch | None
    second: Stretch | None
    is_in: tuple[bool, bool] = (True, True)

    @property
    def difference_s(self) -> float | None:
        """How much longer the node worked in the second run."""
        if self.first is None or self.second is None:
            return None
        return self.second.busy_s - self.first.busy_s


@dataclass(frozen=True, slots=True)
class ResultPair:
    """What an end node gave in both runs; None where it gave nothing, which may be JSON's null.

    Where no end node is in both, one of each run stands beside one of the other.
    """

    name: str
    first: Json
    second: Json

    @property
    def is_same(self) -> bool:
        """Whether both gave the same."""
        return bool(self.first == self.second)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side. `longest_s`: where the scale of both ends, in seconds."""

    sums: tuple[Sum, ...]
    nodes: tuple[NodePair, ...]
    results: tuple[ResultPair, ...]
    longest_s: float


def compare(first: RunTrace, second: RunTrace, *, now: float | None = None) -> Comparison:
    """Put two runs side by side. `now`: seconds since the epoch, for one that is still going."""
    every = (_stretches(first, now), _stretches(second, now))
    names = (names_in(first), names_in(second))
    keys = dict.fromkeys([*_in_order(first), *_in_order(second)])
    nodes = [
        NodePair(
            key,
            _both(names[0].get(key), names[1].get(key)) or key,
            every[0].get(key),
            every[1].get(key),
            (key in names[0] or key in every[0], key in names[1] or key in every[1]),
        )
        for key in keys
    ]
    return Comparison(
        sums=tuple(_sums(first, second, now)),
        nodes=tuple(pair for pair in nodes if pair.first or pair.second),
        results=tuple(_results(first, second)),
        longest_s=max(measure(each, now=now).wall_s for each in (first, second)),
    )


def tokens_of(trace: RunTrace) -> int | None:
    """Add up the tokens of a run as far as its models told them; None where none did."""
    told = [node.usage.total_tokens for node in trace.nodes.values() if node.usage is not None]
    return sum(told) if told else None


def _sums(first: RunTrace, second: RunTrace, now: float | None) -> Iterator[Sum]:
    one, two = measure(first, now=now), measure(second, now=now)
    yield Sum("wall", "s", one.wall_s, two.wall_s)
    yield Sum("sum of calls", "s", one.sequential_s, two.sequential_s)
    yield Sum("overlap", "×", one.overlap, two.overlap)
    yield Sum("critical path", "s", one.critical_path_s, two.critical_path_s)
    yield Sum("limits cost", "s", one.limit_s, two.limit_s)
    yield Sum("barriers cost", "s", one.barrier_s, two.barrier_s)
    yield Sum("retries took", "s", one.retry_s, two.retry_s)
    yield Sum("loading the model", "s", one.loading_s, two.loading_s)
    yield Sum("tokens", "count", tokens_of(first), tokens_of(second))
    yield Sum("errors", "count", flaws_of(first).failed, flaws_of(second).failed)
    yield Sum("fallbacks", "count", flaws_of(first).fallbacks, flaws_of(second).fallbacks)


def _results(first: RunTrace, second: RunTrace) -> Iterator[ResultPair]:
    names, others = names_in(first), names_in(second)
    every = dict.fromkeys([*first.outputs, *second.outputs])
    is_apart = not set(first.outputs) & set(second.outputs)
    same = ((key, key) for key in every)
    for one, two in zip_longest(first.outputs, second.outputs) if is_apart else same:
        called = _both(names.get(NodeKey(one or "")), others.get(NodeKey(two or "")))
        yield ResultPair(called or str(one or two), first.outputs.get(one), second.outputs.get(two))


def _both(first: str | None, second: str | None) -> str:
    """Name what is called so in one run, and so in the other."""
    return " · ".join(dict.fromkeys(each for each in (first, second) if each))


def _in_order(trace: RunTrace) -> Iterator[NodeKey]:
    """Yield the nodes in topological order, those of a flow that cannot be read after them."""
    yield from (NodeKey(node) for node in trace.parents)
    yield from (key for key in trace.nodes if item_index(key) is None)


def _stretches(trace: RunTrace, now: float | None) -> dict[NodeKey, Stretch]:
    end = trace.ended_at if trace.ended_at is not None else now
    at = last_moment(trace) if end is None else end
    critical = {NodeKey(node) for node in measure(trace, now=now).critical_path}
    return {
        key: _stretch(node, trace, at=at, is_critical=key in critical)
        for key, node in trace.nodes.items()
        if item_index(key) is None
    }


def _stretch(node: NodeTrace, trace: RunTrace, *, at: float, is_critical: bool) -> Stretch:
    zero = trace.started_at
    end = at if node.ended_at is None else node.ended_at
    start = end if node.begun_at is None else node.begun_at
    return Stretch(
        status=node.status,
        start_s=max(start - zero, 0.0),
        end_s=max(end - zero, 0.0),
        queue_s=node.queue_s(at),
        busy_s=node.busy_s(at),
        items=node.items,
        is_critical=is_critical,
        reused=node.reused,
        held_s=held_s(trace, node),
        waits=tuple(
            (retry.at - zero, min(retry.at + retry.delay_s, end) - zero) for retry in node.retries
        ),
    )


def names_in(trace: RunTrace) -> dict[NodeKey, str]:
    """Return what the nodes are called; a run file from elsewhere may hold anything as its flow."""
    nodes = trace.flow.get("nodes")
    every = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    return {NodeKey(str(node.get("id"))): str(node.get("name") or node.get("id")) for node in every}
