"""The scheduler and the plain simulation agree on every flow hypothesis can think of."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.document.files import read_values
from flows.document.model import Flow
from flows.plan.graph import stages_of
from flows.trace.events import NodeQueued, NodeStarted, Record
from flows.trace.fold import build_trace
from tests.actors import Actors, play
from tests.reference import Reference
from tests.virtual_time import run_in_virtual_time

POLICIES = ["finish", "cancel", "collect"]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Flow, dict[str, float], set[str]]:
    """A flow with any policies, how long each node takes, and which of them fail."""
    count = draw(st.integers(1, 7))
    names = [f"n{number}" for number in range(count)]
    pairs = [(one, two) for one in range(count) for two in range(one + 1, count)]
    edges = sorted(draw(st.sets(st.sampled_from(pairs)))) if pairs else []
    parents = Counter(two for _, two in edges)
    flow = read_values(
        {
            "fanfold": 1,
            "name": "case",
            "nodes": [{"id": "in", "type": "input", "name": "in"}]
            + [_node(draw, name, parents[number]) for number, name in enumerate(names)],
            "edges": [{"source": names[one], "target": names[two]} for one, two in edges],
            "run": {
                "start": draw(st.sampled_from(["as_ready", "by_stage"])),
                "on_failure": draw(st.sampled_from(POLICIES)),
                "max_concurrency": draw(st.none() | st.integers(1, 3)),
            },
        }
    )
    # The fraction of a sum says which nodes it is made of, so no two ends fall together.
    seconds = {
        name: draw(st.integers(1, 6)) + 2.0 ** -(number + 4) for number, name in enumerate(names)
    }
    return _with_stages(draw, flow), seconds, draw(st.sets(st.sampled_from(names)))


def _node(draw: st.DrawFn, name: str, parents: int) -> dict[str, object]:
    quorums = [{"first": number} for number in range(1, parents + 1)]
    needs = draw(st.sampled_from(["all", "all", "any", *quorums]))
    return {"id": name, "type": "agent", "name": name, "needs": needs}


def _with_stages(draw: st.DrawFn, flow: Flow) -> Flow:
    stages = {
        draw(st.sampled_from(stage)): {
            "on_failure": draw(st.none() | st.sampled_from(POLICIES)),
            "max_concurrency": draw(st.none() | st.integers(1, 2)),
        }
        for stage in stages_of(flow)
        if draw(st.booleans())
    }
    values = flow.model_dump(by_alias=True)
    values["run"]["stages"] = stages
    return read_values(values)


def laws_hold(records: list[Record]) -> None:
    """Hold the laws of records: numbering, one start, one end, every queued key ended once."""
    tags = [record.event.__struct_config__.tag for record in records]
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert tags[0] == "run_started"
    assert tags.count("run_started") == 1
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
    assert set(begun) <= set(queued) <= set(ends)
    assert [record.at for record in records] == sorted(record.at for record in records)


@settings(max_examples=2000, deadline=None)
@given(cases())
def test_the_scheduler_does_what_the_plain_simulation_does(case):
    flow, seconds, failing = case
    actors = Actors(seconds, failing=failing, outputs={name: name for name in seconds})
    records = run_in_virtual_time(play(flow, actors))
    laws_hold(records)
    trace = build_trace(records)
    expected = Reference(flow, seconds, failing).play()
    assert {key: node.status for key, node in trace.nodes.items()} == expected.status
    assert trace.status == expected.outcome
    messages = {key: node.message for key, node in trace.nodes.items() if node.started_at}
    assert messages == {node: _message(expected, node) for node in expected.ends_at}
    assert actors.running == 0


def _message(expected: Reference, node: str) -> str:
    took = [parent for parent in expected.parents[node] if parent in expected.took[node]]
    if not took:
        return "hi"
    return took[0] if len(took) == 1 else "\n\n".join(f"## {name}\n{name}" for name in took)
