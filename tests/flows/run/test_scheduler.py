"""The scheduler: what starts when, what is kept, what is stopped."""

import asyncio

import pytest

from flows.document.model import Flow
from flows.errors import InputError
from flows.plan.plan import plan_flow
from flows.run.run import Run
from flows.trace.events import (
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    encode_record,
)
from flows.trace.fold import RunTrace, build_trace
from tests.actors import Actors, deps_of, play
from tests.shapes import shape
from tests.virtual_time import run_in_virtual_time


def records_of(flow: Flow, actors: Actors, inputs: str = "hi") -> list[Record]:
    return run_in_virtual_time(play(flow, actors, inputs))


def trace_of(flow: Flow, actors: Actors) -> RunTrace:
    return build_trace(records_of(flow, actors))


def statuses(trace: RunTrace) -> dict[str, str]:
    return {key: node.status for key, node in trace.nodes.items()}


def started(trace: RunTrace) -> dict[str, float]:
    return {
        key: node.started_at - 1000
        for key, node in trace.nodes.items()
        if node.started_at is not None
    }


def test_a_run_tells_its_whole_story_in_order():
    records = records_of(shape("in > a b > c"), Actors({"a": 2, "b": 1, "c": 1}))
    message = "## a\na(hi)\n\n## b\nb(hi)"
    assert [(record.seq, record.at - 1000, record.event) for record in records[1:]] == [
        (2, 0.0, NodeQueued("a")),
        (3, 0.0, NodeQueued("b")),
        (4, 0.0, NodeStarted("a", "hi")),
        (5, 0.0, NodeStarted("b", "hi")),
        (6, 1.0, NodeFinished("b", "b(hi)")),
        (7, 2.0, NodeFinished("a", "a(hi)")),
        (8, 2.0, NodeQueued("c")),
        (9, 2.0, NodeStarted("c", message)),
        (10, 3.0, NodeFinished("c", f"c({message})")),
        (11, 3.0, RunFinished({"c": f"c({message})"})),
    ]
    start = records[0].event
    assert isinstance(start, RunStarted)
    assert (start.inputs, start.model, start.flow["name"]) == ({"in": "hi"}, "test/actor", "shape")


def test_parents_fold_in_drawn_order_though_they_finish_in_reverse():
    actors = Actors({"a": 3, "b": 2, "c": 1}, outputs={"a": "A", "b": "B", "c": "C"})
    trace = trace_of(shape("in > a b c > out"), actors)
    assert trace.nodes["out"].message == "## a\nA\n\n## b\nB\n\n## c\nC"


def test_as_ready_starts_the_fast_branch_while_the_slow_one_runs():
    flow = shape("in > fast > after; in > slow > end; after > end")
    assert started(trace_of(flow, Actors({"slow": 5})))["after"] == 1.0


def test_by_stage_waits_for_the_whole_stage():
    flow = shape("in > fast > after; in > slow > end; after > end", run={"start": "by_stage"})
    assert started(trace_of(flow, Actors({"slow": 5})))["after"] == 5.0


@pytest.mark.parametrize("run", [{"max_concurrency": 2}, {"stages": {"c": {"max_concurrency": 2}}}])
def test_a_limit_is_never_passed_while_others_wait(run):
    actors = Actors()
    trace = trace_of(shape("in > a b c d e", run=run), actors)
    assert actors.most_at_once == 2
    assert started(trace) == {"a": 0.0, "b": 0.0, "c": 1.0, "d": 1.0, "e": 2.0}


def test_a_full_stage_does_not_keep_slots_from_others():
    flow = shape(
        "in > a b c; in > x > y",
        run={"max_concurrency": 2, "stages": {"y": {"max_concurrency": 1}}},
    )
    assert started(trace_of(flow, Actors()))["y"] == 2.0


def test_finish_lets_the_started_end_and_starts_nothing_new():
    trace = trace_of(
        shape("in > a b > c", run={"on_failure": "finish"}), Actors({"b": 2}, failing=["a"])
    )
    assert statuses(trace) == {"a": "failed", "b": "finished", "c": "skipped"}
    assert (trace.status, trace.error) == ("failed", "a broke")


def test_finish_skips_what_is_queued():
    trace = trace_of(shape("in > a b", run={"max_concurrency": 1}), Actors(failing=["a"]))
    assert trace.nodes["b"].reason == '"a" failed'
    assert statuses(trace) == {"a": "failed", "b": "skipped"}


def test_cancel_stops_the_siblings_at_once():
    actors = Actors({"b": 9}, failing=["a"])
    trace = trace_of(
        shape("in > a b q > c", run={"on_failure": "cancel", "max_concurrency": 2}), actors
    )
    assert statuses(trace) == {"a": "failed", "b": "cancelled", "q": "cancelled", "c": "skipped"}
    assert (trace.ended_at, actors.stopped) == (1001.0, ["b"])


def test_collect_goes_on_with_what_succeeded():
    trace = trace_of(shape("in > a b > c", run={"on_failure": "collect"}), Actors(failing=["a"]))
    assert trace.nodes["c"].message == "b(hi)"
    assert (trace.status, trace.errors) == ("finished", {"a": "a broke"})


def test_collect_fails_when_no_end_succeeded():
    trace = trace_of(shape("in > a > b", run={"on_failure": "collect"}), Actors(failing=["a"]))
    assert statuses(trace) == {"a": "failed", "b": "skipped"}
    assert (trace.status, trace.error) == ("failed", "a broke")


def test_the_policy_of_the_stage_where_a_node_fails_decides():
    flow = shape("in > a b > c", run={"stages": {"b": {"on_failure": "collect"}}})
    assert trace_of(flow, Actors(failing=["a"])).status == "finished"


def test_the_first_of_a_race_goes_on_and_the_losers_are_cancelled():
    actors = Actors({"a": 5, "b": 1, "c": 9})
    trace = trace_of(shape("in > a b c > out", out={"needs": "any"}), actors)
    assert trace.nodes["out"].message == "b(hi)"
    assert statuses(trace) == {
        "a": "cancelled",
        "b": "finished",
        "c": "cancelled",
        "out": "finished",
    }
    assert sorted(actors.stopped) == ["a", "c"]


def test_a_quorum_takes_exactly_its_number():
    flow = shape("in > a b c > out", out={"needs": {"first": 2}})
    trace = trace_of(flow, Actors({"a": 3, "b": 2, "c": 1}))
    assert trace.nodes["out"].message == "## b\nb(hi)\n\n## c\nc(hi)"
    assert trace.nodes["a"].status == "cancelled"


def test_a_loser_that_others_need_goes_on():
    flow = shape("in > a b > out; a > other", out={"needs": "any"})
    assert trace_of(flow, Actors({"a": 5, "b": 1})).nodes["a"].status == "finished"


def test_what_only_led_to_a_loser_is_let_go_too():
    flow = shape("in > slow > late > out; in > fast > out", out={"needs": "any"})
    trace = trace_of(flow, Actors({"slow": 9}))
    assert statuses(trace)["slow"] == "cancelled"
    assert statuses(trace)["late"] == "skipped"


def test_a_quorum_that_cannot_be_met_is_skipped_with_its_reason():
    flow = shape(
        "in > a b c > out; in > d", out={"needs": {"first": 2}}, run={"on_failure": "collect"}
    )
    trace = trace_of(flow, Actors({"c": 9}, failing=["a", "b"]))
    assert trace.nodes["out"].reason == "only 0 of the 2 parents it needs succeeded"
    assert trace.nodes["c"].status == "cancelled"


def test_a_node_that_outlasts_its_timeout_is_really_cancelled():
    actors = Actors({"a": 9})
    trace = trace_of(shape("in > a", a={"timeout_s": 0.5}), actors)
    assert trace.nodes["a"].error == (
        '"a" took longer than its 0.5 s and was stopped. '
        "Raise its timeout, or make its work smaller."
    )
    assert (trace.ended_at, actors.stopped) == (1000.5, ["a"])


def test_a_nodes_clock_does_not_count_its_queueing():
    flow = shape("in > a b", b={"timeout_s": 1.5}, run={"max_concurrency": 1})
    assert trace_of(flow, Actors()).status == "finished"


def test_a_stage_that_outlasts_its_timeout_fails_what_has_not_ended():
    flow = shape("in > a b > c", run={"stages": {"a": {"timeout_s": 2}}})
    trace = trace_of(flow, Actors({"b": 9}))
    assert statuses(trace) == {"a": "finished", "b": "failed", "c": "skipped"}
    assert trace.error.startswith("Stage 1 took longer than its 2 s.")


def test_a_run_that_outlasts_its_timeout_fails():
    actors = Actors({"b": 9})
    trace = trace_of(shape("in > a > b > c", run={"timeout_s": 3}), actors)
    assert statuses(trace) == {"a": "finished", "b": "cancelled", "c": "skipped"}
    assert trace.error.startswith("The run took longer than its 3 s")
    assert trace.ended_at == 1003.0


def test_a_fallback_is_a_success_with_the_error_attached():
    flow = shape("in > a > b", a={"on_error": {"fallback": "plan B"}})
    trace = trace_of(flow, Actors(failing=["a"]))
    assert (trace.nodes["a"].status, trace.nodes["a"].error) == ("finished", "a broke")
    assert trace.nodes["b"].message == "plan B"
    assert trace.status == "finished"


def test_who_does_not_wait_for_all_says_who_was_first():
    flow = shape(
        "in > a b c > one two; one > out",
        a={"name": "Model A"},
        one={"type": "join", "needs": "any"},
        two={"needs": {"first": 2}},
    )
    trace = trace_of(flow, Actors({"a": 2, "b": 3, "c": 1}))
    assert {key: node.why for key, node in trace.nodes.items() if node.why} == {
        "one": "c was first.",
        "two": "c and Model A were first.",
    }


def test_the_run_s_end_names_those_whose_output_is_a_fallback():
    flow = shape("in > a b", a={"on_error": {"fallback": "plan B"}})
    end = run_in_virtual_time(play(flow, Actors(failing=["a"])))[-1].event
    assert end == RunFinished({"a": "plan B", "b": "b(hi)"}, fallbacks=("a",))


def test_a_join_folds_without_a_model_and_holds_no_slot():
    flow = shape(
        "in > a b > j > out",
        j={"type": "join", "prompt": "{{ nodes.b.output }}+{{ nodes.a.output }}"},
        run={"max_concurrency": 1},
    )
    assert trace_of(flow, Actors()).nodes["out"].message == "b(hi)+a(hi)"


def test_a_join_as_list_keeps_values_as_they_are():
    flow = shape("in > a b > j", j={"type": "join", "as": "list"})
    trace = trace_of(flow, Actors(outputs={"a": {"k": 1}, "b": "text"}))
    assert trace.outputs == {"j": [{"k": 1}, "text"]}


def test_a_long_chain_of_joins_needs_no_deep_stack():
    links = " > ".join(f"j{number}" for number in range(1500))
    joins = {f"j{number}": {"type": "join"} for number in range(1500)}
    assert trace_of(shape(f"in > {links}", **joins), Actors()).status == "finished"


def test_a_placeholder_that_leads_nowhere_fails_its_node_with_the_fields_there_are():
    flow = shape("in > a > b", b={"prompt": "{{ nodes.a.output.score }}"})
    trace = trace_of(flow, Actors(outputs={"a": {"points": 7}}))
    assert 'has no field "score". Its fields: "points".' in trace.nodes["b"].error


@pytest.mark.parametrize("moment", ["node_queued a", "node_started b", "node_finished a"])
def test_a_run_can_be_cancelled_at_any_moment(moment):
    name, key = moment.split()

    async def cancelled() -> list[Record]:
        run = Run(plan_flow(shape("in > a b > c")), "hi", deps=deps_of(Actors({"b": 9})))
        records = []
        async for record in run.records():
            records.append(record)
            fact = type(record.event).__struct_config__.tag
            if fact == name and record.event.node == key:
                run.cancel("enough")
        return records

    records = run_in_virtual_time(cancelled())
    trace = build_trace(records)
    assert isinstance(records[-1].event, RunCancelled)
    assert records[-1].event.reason == "enough"
    assert trace.nodes["b"].status == "cancelled"
    assert trace.nodes["c"].status == "skipped"


def test_leaving_early_stops_all_work():
    actors = Actors({"a": 9, "b": 9})

    async def leave() -> None:
        run = Run(plan_flow(shape("in > a b")), "hi", deps=deps_of(actors))
        records = run.records()
        async for record in records:
            if isinstance(record.event, NodeStarted) and record.event.node == "b":
                break
        await records.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run_in_virtual_time(leave())
    assert actors.running == 0


def test_an_input_without_a_value_uses_its_example():
    flow = shape("in > a", **{"in": {"example": "sample"}})
    run = Run(plan_flow(flow), {}, deps=deps_of(Actors()))
    assert run.inputs == {"in": "sample"}


@pytest.mark.parametrize(
    "flow,given,sentence",
    [
        (shape("in > a"), {"inn": "x"}, '"inn" is no input of this flow. Did you mean "in"?'),
        (shape("in1 in2 > a"), "x", "This flow has 2 inputs. Say which one: in1, in2."),
        (shape("in > a", **{"in": {"required": True}}), " ", 'The input "in" needs a value.'),
        (shape("in > a", **{"in": {"kind": "number"}}), "x", '"x" is none. Give it a number.'),
        (
            shape("in > a", **{"in": {"kind": "choice", "choices": ["x", "y"]}}),
            "z",
            'is none of "x", "y": "z". Choose one.',
        ),
    ],
)
def test_an_input_the_flow_cannot_take_is_refused(flow, given, sentence):
    with pytest.raises(InputError) as caught:
        Run(plan_flow(flow), given, deps=deps_of(Actors()))
    assert sentence in str(caught.value)


def test_an_executor_that_breaks_its_promise_fails_the_node_and_not_the_run():
    class Broken(Actors):
        async def call(self, *_args: object, **_rest: object) -> None:  # type: ignore[override]
            raise asyncio.CancelledError

    trace = trace_of(shape("in > a"), Broken())
    assert trace.nodes["a"].error == '"a" was cancelled from inside.'
    assert isinstance(records_of(shape("in > a"), Broken())[-1].event, RunFailed)


def test_half_a_character_from_a_model_does_not_break_the_records():
    actors = Actors(outputs={"a": "half \ud83d", "b": {"k": ["\ud83d", "ä"]}})
    records = records_of(shape("in > a > c; in > b"), actors, inputs="\ud83d")
    assert [encode_record(record).decode() for record in records]
    trace = build_trace(records)
    assert (trace.inputs, trace.nodes["c"].message) == ({"in": "?"}, "half ?")
    assert trace.outputs == {"c": "c(half ?)", "b": {"k": ["?", "ä"]}}


def reused(node: str, output: object) -> dict[str, NodeFinished]:
    return {node: NodeFinished(node, output, reused=True)}


def test_a_reused_node_is_queued_and_ended_at_once_and_holds_no_turn():
    flow = shape("in > a b c > d", run={"max_concurrency": 1})
    actors = Actors()
    again = reused("c", "C")
    records = run_in_virtual_time(play(flow, actors, reused=again))
    assert records[0].event.reused_from == "before"
    told = [(r.at - 1000, r.event) for r in records if getattr(r.event, "node", "") == "c"]
    assert told == [(0.0, NodeQueued("c")), (0.0, again["c"])]
    trace = build_trace(records)
    assert started(trace) == {"a": 0.0, "b": 1.0, "d": 2.0}
    assert trace.nodes["d"].message == "## a\na(hi)\n\n## b\nb(hi)\n\n## c\nC"


def test_a_reused_node_behind_a_barrier_ends_when_its_stage_begins():
    flow = shape("in > a b > c; in > d > e", run={"start": "by_stage"})
    trace = build_trace(run_in_virtual_time(play(flow, Actors(), reused=reused("e", "E"))))
    assert trace.nodes["e"].ended_at == 1001.0
    assert started(trace) == {"a": 0.0, "b": 0.0, "d": 0.0, "c": 1.0}


def test_reused_items_stand_in_the_list_and_only_the_others_work():
    flow = shape("in > a", a={"for_each": {"items": ["x", "y", "z"], "max_concurrency": 1}})
    trace = build_trace(run_in_virtual_time(play(flow, Actors(), reused=reused("a[1]", "Y"))))
    assert trace.outputs == {"a": ["a[0](x)", "Y", "a[2](z)"]}
    assert started(trace) == {"a": 0.0, "a[0]": 0.0, "a[2]": 1.0}
