"""While the embedded model is being loaded, a run says so, and nobody's work grows."""

from __future__ import annotations

import pytest

from flows.cli.story import story_table
from flows.document.files import flow_values
from flows.document.model import Flow
from flows.run.live import LiveRun
from flows.run.messages import NodesChanged, NodeView, view_node, view_run
from flows.run.steps import say_steps
from flows.run.story import tell_story
from flows.share.blank import blank_records
from flows.trace.events import (
    LoadingBegan,
    LoadingEnded,
    NodeCancelled,
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunCancelled,
    RunFinished,
    RunStarted,
)
from flows.trace.fold import build_trace
from flows.trace.timing import measure
from tests.shapes import shape

PAIR = shape("in > a b")


def records(*facts: tuple[float, object], flow: Flow = PAIR) -> list[Record]:
    start = (0.0, RunStarted(flow=flow_values(flow), inputs={"in": "hi"}))
    every = enumerate([start, *facts], start=1)
    return [Record("r", seq, 100.0 + at, event) for seq, (at, event) in every]


LOADED = records(
    *[(0.0, NodeQueued(each)) for each in "ab"],
    *[(0.0, NodeStarted(each, "hi")) for each in "ab"],
    *[(0.1, LoadingBegan(each)) for each in "ab"],
    *[(8.1, LoadingEnded(each)) for each in "ab"],
    (9.1, NodeFinished("a", "A", model="local/m", waited_s=8.0, loading_s=8.0)),
    (10.1, NodeFinished("b", "B", model="local/m", waited_s=8.0, loading_s=8.0)),
    (10.1, RunFinished({"a": "A", "b": "B"})),
)


def view_at(moment: float, key: str = "a", told: list[Record] = LOADED) -> NodeView:
    """Show a node as it stood so many seconds after the run's start."""
    trace = build_trace([each for each in told if each.at <= 100 + moment])
    return view_node(trace.nodes[key], start=100.0)


def test_a_node_for_which_the_model_is_loaded_waits_and_says_for_what() -> None:
    waits, works, ended = view_at(4), view_at(8.5), view_at(10.1)
    assert (waits.status, waits.started, waits.word) == ("queued", None, "loading the model")
    assert waits.loading == "the embedded model is being loaded"
    assert (works.status, works.started, works.word) == ("running", 8.0, "")
    assert (ended.status, ended.started, ended.word) == ("finished", 8.0, "")
    assert works.loading == ended.loading == "the embedded model was being loaded"


def test_the_sums_of_a_run_that_goes_on_leave_loading_out_as_they_do_at_its_end() -> None:
    began, over = LOADED[:7], LOADED[:9]
    loading = measure(build_trace(began), now=104.1)
    assert (loading.wall_s, loading.loading_s) == pytest.approx((4.1, 4.0))
    assert (loading.sequential_s, loading.critical_path_s) == pytest.approx((0.2, 0.1))
    working = measure(build_trace(over), now=108.6)
    assert (working.loading_s, working.sequential_s) == pytest.approx((8.0, 1.2))
    assert view_run(build_trace(began), now=104.1).overlap == pytest.approx(0.2 / 4.1, abs=1e-4)


def test_what_is_stopped_while_it_waits_for_the_model_has_not_worked() -> None:
    stopped = (5.1, NodeCancelled("a", "stopped by hand")), (5.1, RunCancelled("by hand"))
    trace = build_trace([*LOADED[:7], *records(*stopped)[1:]])
    assert trace.nodes["a"].loading_since is None
    assert (trace.nodes["a"].loading_s, trace.nodes["a"].busy_s(105.1)) == pytest.approx((5.0, 0.1))
    assert measure(trace).loading_s == pytest.approx(5.0)


def test_a_node_of_items_waits_with_them_for_the_model() -> None:
    flow = shape("in > a", a={"for_each": {"items": '["x", "y"]'}})
    told = records(
        (0.0, NodeStarted("a", items=2)),
        *[(0.0, NodeStarted(f"a[{place}]", "x")) for place in range(2)],
        *[(0.0, LoadingBegan(f"a[{place}]")) for place in range(2)],
        *[(6.0, LoadingEnded(f"a[{place}]")) for place in range(2)],
        *[(7.0, NodeFinished(f"a[{place}]", "X", loading_s=6, waited_s=6)) for place in range(2)],
        (7.0, NodeFinished("a", ["X", "X"])),
        (7.0, RunFinished({"a": ["X", "X"]})),
        flow=flow,
    )
    assert view_at(3, told=told).word == view_at(3, "a[1]", told).word == "loading the model"
    assert (view_at(6.5, told=told).status, view_at(6.5, told=told).started) == ("running", 6.0)
    timing = measure(build_trace(told))
    assert (timing.critical_path_s, timing.sequential_s, timing.loading_s) == (1.0, 2.0, 6.0)


def test_who_watches_is_told_of_an_items_node_too() -> None:
    live = LiveRun("r", "f")
    facts = (0.0, NodeStarted("a", items=1)), (0.0, NodeStarted("a[0]", "x"))
    *begun, loads = records(*facts, (0.5, LoadingBegan("a[0]")))
    for record in begun:
        live.add(record)
    live.news(now=100.1)
    live.add(loads)
    (news,) = [each for each in live.news(now=100.2) if isinstance(each, NodesChanged)]
    assert {key: node.word for key, node in news.nodes.items()} == {
        "a": "loading the model",
        "a[0]": "loading the model",
    }


def test_told_again_who_waited_for_the_model_begins_once_it_is_there() -> None:
    trace = build_trace(LOADED)
    assert list(say_steps(list(tell_story(LOADED, end=trace)), end=trace)) == [
        (0.0, "The run begins"),
        (0.1, "a and b wait for the model to be loaded"),
        (8.1, "a and b begin"),
        (9.1, "a finishes, first of two"),
        (10.1, "b finishes, last of two · The run is finished"),
    ]


def test_the_terminal_names_a_wait_for_the_model() -> None:
    table = story_table(build_trace(LOADED[:7]), at=104.0, width=80)
    assert [str(cell) for cell in table.columns[1].cells] == ["loading", "loading"]


def test_a_run_without_its_contents_keeps_what_loading_took() -> None:
    blank = build_trace(blank_records(LOADED[:7]))
    assert measure(blank, now=104.1).loading_s == pytest.approx(4.0)
    assert measure(build_trace(blank_records(LOADED))).loading_s == 8.0
