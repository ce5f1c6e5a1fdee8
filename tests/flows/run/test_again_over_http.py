"""A run that goes back to an earlier one, seen from a real HTTP server: who is asked again."""

from __future__ import annotations

from pathlib import Path

from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.plan import plan_flow
from flows.run.run import Run
from flows.trace.events import Measured, NodeStarted
from flows.trace.fold import RunTrace, build_trace
from flows.trace.measured import as_measured, one_after_another, times_faster
from flows.trace.reuse import Reuse, reuse_before, reuse_finished
from flows.trace.timing import measure
from tests.flows.run.over_http import deps_on, events_of, hold_laws, play, run_on
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape

LOCKED = Refuse(401, "Incorrect API key provided.", "invalid_api_key")
COLLECT = {"on_failure": "collect"}


def models(*nodes: str) -> dict[str, dict[str, str]]:
    """Give each node the model of its own name."""
    return {node: {"model": f"test/{node}"} for node in nodes}


async def again(
    server: ModelServer, flow: Flow, home: Path, earlier: Reuse | Measured
) -> tuple[RunTrace, list[str], list[str]]:
    """Run the flow with what it has of an earlier run; return also who started, who was asked."""
    known = len(server.log)
    async with deps_on(server, home) as deps:
        records = await play(Run(plan_flow(flow), "hi", deps=deps, earlier=earlier))
    hold_laws(records)
    asked = [entry.model for entry in server.log[known:]]
    return build_trace(records), events_of(records, NodeStarted), asked


async def test_retrying_asks_only_the_model_that_refused(tmp_path: Path):
    flow = shape("in > a b c", run=COLLECT, **models("a", "b", "c"))
    with ModelServer(a=Answer("A"), b=[LOCKED, Answer("B")], c=Answer("C")) as server:
        trace, _ = await run_on(server, flow, tmp_path)
        reuse = reuse_finished(trace, plan_flow(flow))
        second, started, asked = await again(server, flow, tmp_path, reuse)
    assert (started, asked) == (["b"], ["b"])
    assert second.outputs == {"a": "A", "b": "B", "c": "C"}
    assert (second.status, second.reused_from) == ("finished", trace.run_id)


async def test_of_ten_items_only_the_one_that_was_refused_is_asked_again(tmp_path: Path):
    items = [f"item {number}" for number in range(10)]
    flow = shape("in > a", run=COLLECT, a={"for_each": {"items": items}, **models("a")["a"]})
    said: list[str] = []

    def answer(entry):
        said.append(entry.text)
        refused = entry.text == "item 4" and said.count("item 4") == 1
        return LOCKED if refused else Answer(entry.text.upper())

    with ModelServer(a=answer) as server:
        trace, _ = await run_on(server, flow, tmp_path)
        reuse = reuse_finished(trace, plan_flow(flow))
        second, started, asked = await again(server, flow, tmp_path, reuse)
    assert (started, asked, said[-1]) == (["a", "a[4]"], ["a"], "item 4")
    assert second.outputs == {"a": [item.upper() for item in items]}


async def test_from_a_node_on_it_is_told_what_its_parents_gave_before(tmp_path: Path):
    flow = shape("in > a b > c > d", **models("a", "b", "c", "d"))
    with ModelServer(a=Answer("A"), b=Answer("B"), c=Answer("C"), d=Answer("D")) as server:
        trace, _ = await run_on(server, flow, tmp_path)
        reuse = reuse_before(trace, plan_flow(flow), NodeId("c"))
        second, _, asked = await again(server, flow, tmp_path, reuse)
        told = [entry.text for entry in server.log if entry.model == "c"]
    assert asked == ["c", "d"]
    assert told == ["## a\nA\n\n## b\nB"] * 2
    assert second.status == "finished"


async def test_measured_one_after_another_never_two_are_asked_at_once(tmp_path: Path):
    flow = shape("in > a b c", **models("a", "b", "c"))
    with ModelServer(default=Answer(delay_s=0.05)) as server:
        trace, _ = await run_on(server, flow, tmp_path)
    with ModelServer(default=Answer(delay_s=0.05)) as server:
        slow = one_after_another(trace)
        second, _, asked = await again(server, slow, tmp_path, as_measured(trace))
        assert server.max_at_once() == 1
    assert asked == ["a", "b", "c"]
    assert second.measures == as_measured(trace)
    assert times_faster(second) == measure(second).wall_s / measure(trace).wall_s
