"""What of an earlier run stands in a new one, and what is run again."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as replace_struct

from flows.document.edits import ChangeNode, apply_edit
from flows.document.files import flow_values
from flows.document.model import Flow
from flows.errors import ReuseError
from flows.ids import NodeId
from flows.plan.plan import plan_flow
from flows.trace.events import NodeFinished, Usage, encode_record
from flows.trace.fold import RunTrace, build_trace
from flows.trace.measured import as_measured, say_measured, times_faster
from flows.trace.reuse import reuse_before, reuse_finished, texts_of_inputs
from flows.trace.sample import WRITTEN
from flows.trace.summary import summarise
from flows.trace.timing import measure
from tests.actors import Actors, play, play_again
from tests.shapes import shape
from tests.virtual_time import run_in_virtual_time

COLLECT = {"on_failure": "collect"}


def ran(flow: Flow, *failing: str, **actors: object) -> RunTrace:
    return build_trace(run_in_virtual_time(play(flow, Actors(failing=failing, **actors))))


def failed_again(trace: RunTrace, flow: Flow) -> list[str]:
    return list(reuse_finished(trace, plan_flow(flow)).ends)


def from_node(trace: RunTrace, flow: Flow, node: str) -> list[str]:
    return list(reuse_before(trace, plan_flow(flow), NodeId(node)).ends)


def test_only_what_failed_and_what_stands_behind_it_runs_again() -> None:
    flow = shape("in > a b > c > d", run=COLLECT)
    assert failed_again(ran(flow, "b"), flow) == ["a"]


def test_what_finished_beside_a_failure_stands() -> None:
    flow = shape("in > a > b; in > c > d", run=COLLECT)
    assert failed_again(ran(flow, "d"), flow) == ["a", "c", "b"]


def test_from_a_node_on_it_and_all_behind_it_run_again() -> None:
    flow = shape("in > a > b > c; a > d")
    assert from_node(ran(flow), flow, "b") == ["a", "d"]


def test_a_changed_node_and_all_behind_it_run_again() -> None:
    flow = shape("in > a > b > c; in > d")
    now = apply_edit(flow, ChangeNode(id=NodeId("b"), changes={"instructions": "New."}))
    assert failed_again(ran(flow), now) == ["a", "d"]
    assert from_node(ran(flow), now, "c") == ["a", "d"]


def test_a_reused_router_goes_where_it_went_and_skips_what_it_skipped() -> None:
    rules = [{"branch": "x", "when": {"contains": "hi"}}]
    router = {"type": "router", "rules": rules, "otherwise": "y"}
    flow = shape("in > r; r.x > a; r.y > b; a b > c > d", r=router, run=COLLECT)
    trace = ran(flow, "d")
    assert trace.nodes["b"].status == "skipped"
    reuse = reuse_finished(trace, plan_flow(flow))
    assert list(reuse.ends) == ["r", "a", "c"]
    assert reuse.ends["r"].branches == ("x",)


def test_a_race_that_was_won_stays_won_without_its_losers() -> None:
    flow = shape("in > a b > c > d", c={"needs": "any"}, run=COLLECT)
    trace = ran(flow, "d", seconds={"b": 3.0})
    assert trace.nodes["b"].status == "cancelled"
    assert failed_again(trace, flow) == ["a", "c"]


def test_of_a_for_each_only_the_failed_items_run_again() -> None:
    flow = shape("in > a > b", a={"for_each": {"items": ["x", "y", "z"]}}, run=COLLECT)
    assert failed_again(ran(flow, "a[1]"), flow) == ["a[0]", "a[2]"]
    assert from_node(ran(flow, "a[1]"), flow, "b") == ["a"]
    assert from_node(ran(flow), flow, "a") == []


def test_a_fallback_is_tried_again_and_yet_stands_before_a_later_node() -> None:
    flow = shape("in > a > b", a={"on_error": {"fallback": "plan B"}})
    trace = ran(flow, "a")
    assert failed_again(trace, flow) == []
    end = reuse_before(trace, plan_flow(flow), NodeId("b")).ends["a"]
    assert end == NodeFinished("a", "plan B", error="a broke", reused=True)


def test_what_is_told_again_has_cost_nothing() -> None:
    flow = shape("in > a > b")
    records = run_in_virtual_time(play(flow, Actors()))
    dear = [
        r.__class__(r.run, r.seq, r.at, NodeFinished("a", "A", Usage(1, 2, 3, 5), "m/x", "a"))
        if isinstance(r.event, NodeFinished) and r.event.node == "a"
        else r
        for r in records
    ]
    end = reuse_before(build_trace(dear), plan_flow(flow), NodeId("b")).ends["a"]
    assert end == NodeFinished("a", "A", model="m/x", last_agent="a", reused=True)


def test_a_node_that_is_not_there_is_named_with_those_that_are() -> None:
    flow = shape("in > draft > b")
    with pytest.raises(ReuseError, match=r'"drat" is no step of this flow.*draft.*Its steps'):
        from_node(ran(flow), flow, "drat")


def test_a_run_of_another_flow_is_said_to_be_one() -> None:
    with pytest.raises(ReuseError, match="run of another flow"):
        failed_again(ran(shape("in > a")), shape("in > x"))


def test_the_earlier_inputs_are_given_again_as_text() -> None:
    flow = shape("in > a", **{"in": {"kind": "number"}})
    trace = build_trace(run_in_virtual_time(play(flow, Actors(), "7")))
    assert trace.inputs == {"in": 7}
    assert texts_of_inputs(trace, flow) == {"in": "7"}
    assert texts_of_inputs(trace, shape("in2 > a")) == {}


def test_the_sums_count_only_what_ran_and_reused_nodes_are_marked() -> None:
    flow = shape("in > a b > c", run=COLLECT)
    earlier = ran(flow, "b")
    actors = Actors({"b": 2.0})
    again = build_trace(
        run_in_virtual_time(play_again(flow, actors, reuse_finished(earlier, plan_flow(flow))))
    )
    assert again.status == "finished"
    timing = measure(again)
    assert (timing.sequential_s, timing.critical_path) == (3.0, ("b", "c"))
    told = summarise(again)
    assert told["reused_from"] == earlier.run_id
    assert told["nodes"]["a"] == {
        "status": "finished",
        "start_s": None,
        "end_s": 0.0,
        "queue_s": 0.0,
        "attempts": 0,
        "usage": None,
        "reused": True,
    }
    assert "reused" not in told["nodes"]["b"]


def test_a_run_that_reuses_nothing_is_written_as_ever() -> None:
    records = run_in_virtual_time(play(shape("in > a"), Actors()))
    lines = b"\n".join(encode_record(record) for record in records)
    assert b"reused" not in lines
    assert b"measures" not in lines
    assert flow_values(shape("in > a")) == build_trace(records).flow


def test_faster_is_said_of_two_runs_that_did_the_same_work() -> None:
    flow = shape("in > a b > c")
    first = ran(flow)
    slow = flow.model_copy(update={"run": flow.run.model_copy(update={"max_concurrency": 1})})
    second = build_trace(run_in_virtual_time(play_again(slow, Actors(), as_measured(first))))
    assert times_faster(second) == 1.5
    assert say_measured(second) == (
        "Side by side was 1.5 × faster than one after another (measured: 3.0 s → 2.0 s). "
        "One try each; another may differ."
    )
    assert summarise(second)["measured"] == {
        "run_id": first.run_id,
        "wall_s": 2.0,
        "faster": 1.5,
    }
    assert say_measured(first) == ""


def test_of_the_embedded_model_it_is_said_that_its_calls_share_a_processor() -> None:
    flow = shape("in > a b")
    first = ran(flow)
    second = build_trace(run_in_virtual_time(play_again(flow, Actors(), as_measured(first))))
    nodes = {key: replace(node, model="local/x") for key, node in second.nodes.items()}
    assert say_measured(replace(second, nodes=nodes)) == (
        "Side by side was no faster than one after another "
        "(measured: 1.0 s → 1.0 s, both on one shared processor). "
        "One try each: so small a difference may be chance."
    )


def test_where_the_models_answered_otherwise_the_figures_say_so() -> None:
    flow = shape("in > a b")
    first = as_measured(ran(flow))
    for of, said in (
        (replace_struct(first, tokens=20, letters=90), "other answers: 6 → 20 tokens)"),
        (replace_struct(first, tokens=None, letters=90), "other answers: 2 → 90 letters)"),
        (replace_struct(first, tokens=None, letters=None), "1.0 s → 1.0 s)"),
    ):
        second = build_trace(run_in_virtual_time(play_again(flow, Actors(), of)))
        nodes = {
            key: replace(node, text="x", usage=Usage(total_tokens=3))
            for key, node in second.nodes.items()
        }
        assert said in say_measured(replace(second, nodes=nodes))


@pytest.mark.parametrize(
    "tokens,said",
    [
        (6, "was 1.5 × faster than one after another (measured: 3.0 s → 2.0 s;"),
        (5, "was 1.2 × faster for each token than one after another (measured: 3.0 s → 2.0 s;"),
        (3, "was no faster for each token than one after another (measured: 3.0 s → 2.0 s;"),
    ],
    ids=["hardly less", "less", "much less"],
)
def test_where_one_wrote_much_more_the_factor_is_one_for_each_token(tokens: int, said: str) -> None:
    flow = shape("in > a b > c")
    first = replace_struct(as_measured(ran(flow)), tokens=20 * tokens)
    slow = flow.model_copy(update={"run": flow.run.model_copy(update={"max_concurrency": 1})})
    second = build_trace(run_in_virtual_time(play_again(slow, Actors(), first)))
    nodes = {
        key: replace(node, usage=Usage(total_tokens=total))
        for (key, node), total in zip(second.nodes.items(), (40, 40, 46), strict=True)
    }
    assert said in say_measured(replace(second, nodes=nodes))


@pytest.mark.parametrize(
    "before,now,which",
    [(0.6, 0.0, "the one side by side"), (0.0, 0.6, "this one")],
    ids=["side by side", "one after another"],
)
def test_a_measurement_in_which_the_model_was_loaded_says_so(
    before: float, now: float, which: str
) -> None:
    flow = shape("in > a b")
    of = replace_struct(as_measured(ran(flow)), loading_s=before)
    second = build_trace(run_in_virtual_time(play_again(flow, Actors(), of)))
    nodes = {key: replace(node, loading_s=now) for key, node in second.nodes.items()}
    assert say_measured(replace(second, nodes=nodes)).endswith(
        f"One try each, and {which} loaded the model (0.6 s): run it again, then measure."
    )


def test_the_run_that_is_measured_remembers_that_the_model_was_loaded() -> None:
    trace = ran(shape("in > a b"))
    nodes = {key: replace(node, loading_s=0.4) for key, node in trace.nodes.items()}
    assert as_measured(replace(trace, nodes=nodes)).loading_s == 0.4


def test_a_sample_and_a_run_that_did_not_finish_are_not_measured() -> None:
    flow = shape("in > a b", run=COLLECT)
    with pytest.raises(ReuseError, match="sample are invented"):
        as_measured(replace(ran(flow), model=WRITTEN))
    with pytest.raises(ReuseError, match="Only a whole run that finished"):
        as_measured(ran(flow, "a", "b"))


def test_nothing_is_said_to_be_faster_where_other_work_was_done() -> None:
    flow = shape("in > a b", run=COLLECT)
    other = as_measured(ran(flow, "b"))
    second = build_trace(run_in_virtual_time(play_again(flow, Actors(), other)))
    assert times_faster(second) is None
    assert say_measured(second).startswith("Not measured: ")
