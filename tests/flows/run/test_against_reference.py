"""The scheduler and the plain simulation agree on every flow hypothesis can think of."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.document.files import read_values
from flows.document.model import Flow
from flows.ids import NodeKey
from flows.plan.graph import stages_of
from flows.trace.events import NodeFinished, NodeQueued, NodeStarted, Record
from flows.trace.fold import build_trace
from flows.trace.timing import measure
from tests.actors import Actors, play
from tests.reference import Reference
from tests.virtual_time import run_in_virtual_time

POLICIES = ["finish", "cancel", "collect"]
MOST_ITEMS = 3


@dataclass
class Case:
    """A flow, how long each key takes, which of them fail, what the asked routers choose.

    `reused`: how keys ended in an earlier run that are not run again.
    """

    flow: Flow
    seconds: dict[str, float]
    failing: set[str]
    chosen: dict[str, str]
    reused: dict[str, NodeFinished]


class Fractions:
    """Gives out powers of two: a sum's fraction says what it is made of, so no two moments meet."""

    def __init__(self) -> None:
        self.power = 3

    def next(self) -> float:
        self.power += 1
        return 2.0**-self.power


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A flow of any nodes with any policies, limits and timeouts."""
    count = draw(st.integers(1, 7))
    names = [f"n{number}" for number in range(count)]
    pairs = [(one, two) for one in range(count) for two in range(one + 1, count)]
    links = sorted(draw(st.sets(st.sampled_from(pairs)))) if pairs else []
    parents = Counter(two for _, two in links)
    children = Counter(one for one, _ in links)
    fractions = Fractions()
    nodes = [
        _node(draw, name, parents[number], children[number], fractions)
        for number, name in enumerate(names)
    ]
    edges = [_edge(draw, nodes[one], names[two]) for one, two in links]
    routers = [node for node in nodes if node["type"] == "router"]
    chosen = {node["id"]: _complete_router(draw, node, edges) for node in routers}
    values = {
        "fanfold": 1,
        "name": "case",
        "nodes": [{"id": "in", "type": "input", "name": "in"}, *nodes],
        "edges": edges,
        "run": {
            "start": draw(st.sampled_from(["as_ready", "by_stage"])),
            "on_failure": draw(st.sampled_from(POLICIES)),
            "max_concurrency": draw(st.none() | st.integers(1, 3)),
            "timeout_s": _rarely(draw, 4, 12, fractions),
        },
    }
    values["run"]["stages"] = _stages(draw, read_values(values), fractions)
    keys = [key for name in names for key in (name, *(f"{name}[{n}]" for n in range(MOST_ITEMS)))]
    seconds = {key: draw(st.integers(1, 6)) + fractions.next() for key in keys}
    failing = draw(st.sets(st.sampled_from(keys), max_size=count))
    reused = {key: _past_end(draw, key, edges, chosen) for key in _past_keys(draw, keys)}
    return Case(read_values(values), seconds, failing, chosen, reused)


def _past_keys(draw: st.DrawFn, keys: list[str]) -> list[str]:
    """Choose what is reused, in every other case nothing."""
    return sorted(draw(st.just(set()) | st.sets(st.sampled_from(keys))))


def _past_end(
    draw: st.DrawFn, key: str, edges: list[dict[str, Any]], chosen: dict[str, str]
) -> NodeFinished:
    """Make the end of an earlier run; a router took some of its branches in it."""
    branches: tuple[str, ...] = ()
    if key in chosen:
        drawn = sorted({edge["branch"] for edge in edges if edge["source"] == key})
        branches = tuple(sorted(draw(st.sets(st.sampled_from(drawn)))))
    return NodeFinished(NodeKey(key), f"{key} before", branches=branches, reused=True)


def _node(
    draw: st.DrawFn, name: str, parents: int, children: int, fractions: Fractions
) -> dict[str, Any]:
    quorums = [{"first": number} for number in range(1, parents + 1)]
    kinds = ["agent", "agent", "agent", "for_each", "join", *(["router"] if children else [])]
    node: dict[str, Any] = {
        "id": name,
        "name": name,
        "needs": draw(st.sampled_from(["all", "all", "any", *quorums])),
    }
    match draw(st.sampled_from(kinds)):
        case "join":
            return node | {"type": "join", "as": draw(st.sampled_from(["text", "list"]))}
        case "router":
            return node | {"type": "router"} | _work(draw, fractions)
        case "for_each":
            return node | {"type": "agent", "for_each": _each(draw)} | _work(draw, fractions)
        case _:
            return node | {"type": "agent"} | _work(draw, fractions)


def _work(draw: st.DrawFn, fractions: Fractions) -> dict[str, Any]:
    fallback = draw(st.sampled_from(["fail", "fail", {"fallback": "plan n1"}]))
    return {"timeout_s": _rarely(draw, 2, 6, fractions), "on_error": fallback}


def _each(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "items": [f"i{number}" for number in range(draw(st.integers(0, MOST_ITEMS)))],
        "max_concurrency": draw(st.none() | st.integers(1, 2)),
        "on_failure": draw(st.none() | st.sampled_from(POLICIES)),
    }


def _edge(draw: st.DrawFn, source: dict[str, Any], target: str) -> dict[str, Any]:
    branch = draw(st.sampled_from(["x", "y"])) if source["type"] == "router" else None
    return {"source": source["id"], "target": target, "branch": branch}


def _complete_router(draw: st.DrawFn, node: dict[str, Any], edges: list[dict[str, Any]]) -> str:
    """Give a router its rules or its question; return what a model would choose."""
    drawn = sorted({edge["branch"] for edge in edges if edge["source"] == node["id"]})
    node["otherwise"] = draw(st.none() | st.sampled_from(drawn))
    node["take"] = draw(st.sampled_from(["first", "all"]))
    if draw(st.booleans()):
        node["ask"] = "Which way?"
        return str(draw(st.sampled_from(drawn)))
    words = st.sampled_from(["n0", "n1", "n2", "hi"])
    node["rules"] = [{"branch": branch, "when": {"contains": draw(words)}} for branch in drawn]
    return ""


def _stages(draw: st.DrawFn, flow: Flow, fractions: Fractions) -> dict[str, Any]:
    return {
        draw(st.sampled_from(stage)): {
            "on_failure": draw(st.none() | st.sampled_from(POLICIES)),
            "max_concurrency": draw(st.none() | st.integers(1, 2)),
            "timeout_s": _rarely(draw, 2, 8, fractions),
        }
        for stage in stages_of(flow)
        if draw(st.booleans())
    }


def _rarely(draw: st.DrawFn, least: int, most: int, fractions: Fractions) -> float | None:
    seconds = draw(st.none() | st.none() | st.integers(least, most))
    return None if seconds is None else seconds + fractions.next()


def laws_hold(records: list[Record]) -> None:
    """Hold the laws of records: numbering, one start, one end, every queued key ended once."""
    tags = [record.event.__struct_config__.tag for record in records]
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert tags[0] == "run_started"
    assert sum(tag in {"run_finished", "run_failed", "run_cancelled"} for tag in tags) == 1
    assert tags[-1] in {"run_finished", "run_failed", "run_cancelled"}
    ends = Counter(
        record.event.node
        for record, tag in zip(records, tags, strict=True)
        if tag in {"node_finished", "node_failed", "node_skipped", "node_cancelled"}
    )
    queued = [record.event.node for record in records if isinstance(record.event, NodeQueued)]
    begun = [record.event.node for record in records if isinstance(record.event, NodeStarted)]
    assert set(ends.values()) <= {1}
    assert len(queued) == len(set(queued))
    assert len(begun) == len(set(begun))
    assert set(begun) <= set(queued) <= set(ends)
    assert [record.at for record in records] == sorted(record.at for record in records)


@pytest.mark.timeout(600)
@settings(max_examples=2500, deadline=None)
@given(cases())
def test_the_scheduler_does_what_the_plain_simulation_does(case):
    outputs: dict[str, Any] = {key: key for key in case.seconds}
    asked = {name: {"branch": branch} for name, branch in case.chosen.items()}
    actors = Actors(case.seconds, failing=case.failing, outputs=outputs | asked)
    records = run_in_virtual_time(play(case.flow, actors, reused=case.reused))
    laws_hold(records)
    trace = build_trace(records)
    expected = Reference(
        case.flow,
        case.seconds,
        case.failing,
        case.chosen,
        reused={key: end.output for key, end in case.reused.items()},
        took_before={key: list(end.branches) for key, end in case.reused.items()},
    ).play()
    reused = {key for key, node in trace.nodes.items() if node.reused}
    assert reused == set(case.reused) & {k for k, s in expected.status.items() if s == "finished"}
    assert {key: node.status for key, node in trace.nodes.items()} == expected.status
    started = {key: node for key, node in trace.nodes.items() if node.started_at is not None}
    assert {key: node.message for key, node in started.items()} == expected.messages
    begun = {key: (node.started_at or 0.0) - 1000.0 for key, node in started.items()}
    assert {key: round(at, 6) for key, at in begun.items()} == {
        key: round(at, 6) for key, at in expected.starts_at.items()
    }
    ends = [node for node in expected.order if not expected.children[node]]
    assert trace.outputs == {n: expected.outputs[n] for n in ends if n in expected.outputs}
    assert trace.status == expected.outcome
    assert actors.running == 0
    assert measure(trace).wall_s >= 0.0
