"""for_each: one agent, many items, a list in their order."""

import asyncio

import pytest

from flows.plan.plan import plan_flow
from flows.run.items import items_from
from flows.run.messages import view_node
from flows.run.run import Run
from flows.trace.events import (
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunCancelled,
    RunFinished,
)
from flows.trace.fold import RunTrace, build_trace
from flows.trace.summary import summarise
from flows.trace.timing import measure
from tests.actors import Actors, deps_of, play
from tests.shapes import shape
from tests.virtual_time import run_in_virtual_time


def mapped(items="{{ input }}", **more):
    each = {"items": items} | {name: more.pop(name) for name in list(more) if name in EACH}
    return {"for_each": each} | more


EACH = ("max_concurrency", "on_failure", "max_items")


def records_of(flow, actors: Actors | None = None, inputs: str = "x\ny\nz") -> list[Record]:
    return run_in_virtual_time(play(flow, actors or Actors(), inputs))


def trace_of(flow, actors: Actors | None = None, inputs: str = "x\ny\nz") -> RunTrace:
    return build_trace(records_of(flow, actors, inputs))


def statuses(trace: RunTrace) -> dict[str, str]:
    return {key: node.status for key, node in trace.nodes.items()}


@pytest.mark.parametrize(
    "text,items",
    [
        ("one\n\n  two  \n", ["one", "two"]),
        ("- one\n* two\n• three", ["one", "two", "three"]),
        ("1. one\n2) two\n(3) three", ["one", "two", "three"]),
        ("1.5 litres\n-3 degrees\n2024 was hot", ["1.5 litres", "-3 degrees", "2024 was hot"]),
        ("-\n1.\n", []),
        ('["a", {"b": 1}]', ["a", {"b": 1}]),
        ('```json\n["a", "b"]\n```', ["a", "b"]),
        ("", []),
        ("[1, 2", ["[1, 2"]),
    ],
)
def test_a_text_is_a_json_list_or_lines_without_bullets_and_numbers(text, items):
    assert items_from(text) == items


def test_every_item_is_worked_on_and_the_outputs_stand_in_item_order():
    flow = shape("in > a", a=mapped())
    records = records_of(flow, Actors({"a[0]": 3, "a[1]": 2, "a[2]": 1}))
    assert [(record.at - 1000, record.event) for record in records[1:]] == [
        (0.0, NodeQueued("a")),
        (0.0, NodeStarted("a", items=3)),
        (0.0, NodeQueued("a[0]")),
        (0.0, NodeStarted("a[0]", "x")),
        (0.0, NodeQueued("a[1]")),
        (0.0, NodeStarted("a[1]", "y")),
        (0.0, NodeQueued("a[2]")),
        (0.0, NodeStarted("a[2]", "z")),
        (1.0, NodeFinished("a[2]", "a[2](z)")),
        (2.0, NodeFinished("a[1]", "a[1](y)")),
        (3.0, NodeFinished("a[0]", "a[0](x)")),
        (3.0, NodeFinished("a", ["a[0](x)", "a[1](y)", "a[2](z)"])),
        (3.0, RunFinished({"a": ["a[0](x)", "a[1](y)", "a[2](z)"]})),
    ]


def test_items_come_from_a_field_of_what_an_agent_gave():
    flow = shape("in > p > a", a=mapped("{{ nodes.p.output.topics }}", prompt="On {{ item.t }}"))
    trace = trace_of(flow, Actors(outputs={"p": '{"topics": [{"t": "sea"}, {"t": "sky"}]}'}))
    assert [trace.nodes[f"a[{n}]"].message for n in (0, 1)] == ["On sea", "On sky"]


def test_items_come_from_a_list_in_the_flow_with_their_index():
    flow = shape("in > a", a=mapped(["x", {"k": 1}], prompt="{{ index }}: {{ item }}"))
    trace = trace_of(flow)
    assert [trace.nodes[f"a[{n}]"].message for n in (0, 1)] == ["0: x", '1: {"k": 1}']


def test_no_items_finish_with_an_empty_list():
    assert trace_of(shape("in > a", a=mapped()), inputs=" \n").outputs == {"a": []}


@pytest.mark.parametrize(
    "given,sentence",
    [
        ({"topics": []}, 'was given a JSON object (its fields: "topics"). Name the list'),
        ('{"topics": []}', 'was given a JSON object (its fields: "topics"). Name the list'),
        (7, "needs a list or lines of text to go over, and was given 7."),
        (["x"] * 4, '"a" has 4 items, and its max_items is 3. Raise max_items, or'),
    ],
)
def test_what_is_no_list_or_too_long_fails_the_node_with_the_remedy(given, sentence):
    flow = shape("in > p > a", a=mapped("{{ nodes.p.output }}", max_items=3))
    trace = trace_of(flow, Actors(outputs={"p": given}))
    assert sentence in trace.error
    assert statuses(trace) == {"p": "finished", "a": "failed"}


def test_an_item_field_that_is_not_there_fails_its_item():
    flow = shape("in > a", a=mapped([{"t": 1}, {"u": 2}], prompt="{{ item.t }}"))
    trace = trace_of(flow)
    assert 'The message of "a" cannot be written: "item" has no field "t"' in trace.error


@pytest.mark.parametrize(
    "run,limit",
    [
        ({}, 2),
        ({"max_concurrency": 2}, None),
        ({"stages": {"a": {"max_concurrency": 2}}}, None),
        ({"max_concurrency": 2, "stages": {"a": {"max_concurrency": 3}}}, 4),
    ],
)
def test_limits_of_run_stage_and_for_each_hold_together(run, limit):
    actors = Actors()
    trace = trace_of(shape("in > a", a=mapped(max_concurrency=limit), run=run), actors)
    assert actors.most_at_once == 2
    assert trace.nodes["a[2]"].started_at == 1001.0
    assert measure(trace).limit_s == 1.0


def test_items_wait_in_line_with_the_nodes_that_came_after_them():
    flow = shape("in > a; in > b", a=mapped(), run={"max_concurrency": 2})
    assert trace_of(flow).nodes["b"].started_at == 1001.0


def test_a_for_each_that_waits_for_its_own_limit_keeps_no_slot_from_others():
    flow = shape("in > a; in > b", a=mapped(max_concurrency=1), run={"max_concurrency": 2})
    assert trace_of(flow).nodes["b"].started_at == 1000.0


def test_an_item_that_waits_is_not_even_queued():
    came = []

    async def watch() -> None:
        flow = shape("in > a", a=mapped(max_concurrency=2))
        run = Run(plan_flow(flow), "\n".join("x" * 500), deps=deps_of(Actors()))
        async for record in run.records():
            came.append(record)
            if isinstance(record.event, NodeFinished):
                assert len([each for each in came if isinstance(each.event, NodeQueued)]) <= 5
                assert len(asyncio.all_tasks()) <= 5
                run.cancel("enough")

    run_in_virtual_time(watch())
    assert isinstance(came[-1].event, RunCancelled)


def test_collect_leaves_failed_items_out():
    flow = shape("in > a", a=mapped(on_failure="collect"))
    trace = trace_of(flow, Actors(failing=["a[1]"]))
    assert (trace.status, trace.outputs) == ("finished", {"a": ["a[0](x)", "a[2](z)"]})
    assert trace.errors == {"a[1]": "a[1] broke"}


@pytest.mark.parametrize(
    "items,said",
    [([], ""), ([1], "item 2: a[1] is short"), ([0, 2], "2 of 3 items: a[0] is short")],
    ids=["none", "one", "two"],
)
def test_what_is_wrong_with_an_item_is_said_of_all_of_them(items: list[int], said: str) -> None:
    short = Actors(warnings={f"a[{index}]": f"a[{index}] is short" for index in items})
    assert trace_of(shape("in > a", a=mapped()), short).nodes["a"].warning == said


def test_collect_with_none_left_fails():
    flow = shape("in > a", a=mapped(on_failure="collect"))
    seconds = {"a[0]": 1, "a[1]": 2, "a[2]": 3}
    trace = trace_of(flow, Actors(seconds, failing=["a[0]", "a[1]", "a[2]"]))
    assert trace.error == 'None of the 3 items of "a" succeeded: a[0] broke'


def test_a_run_whose_only_failure_is_an_item_fails_with_it_if_no_end_was_reached():
    router = {"type": "router", "rules": [{"branch": "yes", "when": {"contains": "never"}}]}
    flow = shape("in > a > r; r.yes > out", a=mapped(on_failure="collect"), r=router)
    trace = trace_of(flow, Actors(failing=["a[1]"]))
    assert (trace.status, trace.error, trace.outputs) == ("failed", "a[1] broke", {})


def test_finish_lets_the_started_items_end_and_starts_no_other():
    flow = shape("in > a", a=mapped(on_failure="finish", max_concurrency=2))
    trace = trace_of(flow, Actors({"a[1]": 3}, failing=["a[0]"]))
    assert statuses(trace) == {"a": "failed", "a[0]": "failed", "a[1]": "finished"}
    assert (trace.error, trace.ended_at) == ('An item of "a" failed: a[0] broke', 1003.0)


def test_cancel_stops_the_other_items_at_once():
    actors = Actors({"a[1]": 9, "a[2]": 9}, failing=["a[0]"])
    trace = trace_of(shape("in > a", a=mapped(on_failure="cancel")), actors)
    assert statuses(trace) == {
        "a": "failed",
        "a[0]": "failed",
        "a[1]": "cancelled",
        "a[2]": "cancelled",
    }
    assert (trace.ended_at, actors.stopped) == (1001.0, ["a[1]", "a[2]"])


def test_without_a_policy_of_its_own_items_do_as_their_stage_says():
    flow = shape("in > a", a=mapped(), run={"on_failure": "collect"})
    assert trace_of(flow, Actors(failing=["a[1]"])).status == "finished"


def test_a_started_for_each_counts_as_started_when_another_node_fails():
    flow = shape("in > a; in > b > c", a=mapped(max_concurrency=1))
    trace = trace_of(flow, Actors(failing=["b"]))
    assert statuses(trace) == {
        "a": "finished",
        "a[0]": "finished",
        "a[1]": "finished",
        "a[2]": "finished",
        "b": "failed",
        "c": "skipped",
    }
    assert trace.status == "failed"


def test_timeout_and_fallback_hold_for_each_item():
    flow = shape("in > a", a=mapped(timeout_s=2, on_error={"fallback": "late"}))
    trace = trace_of(flow, Actors({"a[1]": 9}))
    assert trace.outputs == {"a": ["a[0](x)", "late", "a[2](z)"]}
    assert trace.nodes["a[1]"].error.startswith('"a" took longer than its 2 s')


@pytest.mark.parametrize("limit", [None, 2])
def test_a_cancelled_run_ends_every_started_item(limit):
    actors = Actors({"a[0]": 9, "a[1]": 9, "a[2]": 9})

    async def cancelled() -> list[Record]:
        flow = shape("in > a > b", a=mapped(max_concurrency=limit))
        run = Run(plan_flow(flow), "x\ny\nz", deps=deps_of(actors))
        records = []
        async for record in run.records():
            records.append(record)
            if record.event == NodeStarted("a[1]", "y"):
                run.cancel("enough")
        return records

    trace = build_trace(run_in_virtual_time(cancelled()))
    started = 2 if limit else 3
    items = {f"a[{n}]": "cancelled" for n in range(started)}
    assert statuses(trace) == {"a": "cancelled", **items, "b": "skipped"}
    assert (trace.nodes["a"].reason, actors.running) == ("enough", 0)


def test_a_loser_of_a_race_is_stopped_with_its_items():
    flow = shape("in > a fast > out", a=mapped(max_concurrency=1), out={"needs": "any"})
    trace = trace_of(flow, Actors({"a[0]": 9}))
    assert statuses(trace) == {
        "a": "cancelled",
        "a[0]": "cancelled",
        "fast": "finished",
        "out": "finished",
    }


@pytest.mark.parametrize(
    "run", [{"timeout_s": 1.5}, {"stages": {"a": {"timeout_s": 1.5}}}], ids=["run", "stage"]
)
def test_a_timeout_around_it_stops_a_for_each_with_its_items(run):
    trace = trace_of(shape("in > a", a=mapped(max_concurrency=1), run=run))
    end = "cancelled" if "timeout_s" in run else "failed"
    assert statuses(trace) == {"a": end, "a[0]": "finished", "a[1]": "cancelled"}
    assert trace.ended_at == 1001.5


def test_a_page_hears_how_many_items_there_are_when_they_begin():
    records = records_of(shape("in > a", a=mapped(max_concurrency=1)))
    so_far = build_trace(records[: len(records) // 2])
    assert view_node(so_far.nodes["a"], start=1000.0).items == 3


def test_items_stand_under_their_node_in_the_summary():
    summary = summarise(trace_of(shape("in > a > b", a=mapped(max_concurrency=1))))
    assert list(summary["nodes"]) == ["a", "b"]
    assert list(summary["nodes"]["a"]["items"]) == ["a[0]", "a[1]", "a[2]"]
    assert summary["nodes"]["a"]["items"]["a[1]"]["start_s"] == 1.0
    assert (summary["sequential_s"], summary["limit_s"]) == (4.0, 2.0)
