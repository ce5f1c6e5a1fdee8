"""Comparison: two runs side by side, from the one `measure`."""

from __future__ import annotations

from flows.document.files import flow_values
from flows.trace.comparison import NodePair, ResultPair, Stretch, Sum, compare
from flows.trace.events import (
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    Record,
    RunFailed,
    RunFinished,
    RunStarted,
    Usage,
)
from flows.trace.fold import RunTrace, build_trace
from flows.trace.timing import measure
from tests.shapes import shape

FLOW = shape("in > a > b", a={"name": "First"})


def trace_of(*facts: tuple[float, object], at: float = 100.0, flow=FLOW) -> RunTrace:
    start = (0.0, RunStarted(flow=flow_values(flow), inputs={"in": "hi"}))
    every = enumerate([start, *facts], start=1)
    return build_trace(Record("r", seq, at + since, event) for seq, (since, event) in every)


QUICK = trace_of(
    (0.0, NodeQueued("a")),
    (0.5, NodeStarted("a", "hi")),
    (1.0, NodeFinished("a", "A", Usage(1, 10, 20, 30))),
    (1.0, NodeQueued("b")),
    (1.0, NodeStarted("b", "A")),
    (2.0, NodeFinished("b", "B", Usage(1, 1, 1, 2))),
    (2.0, RunFinished({"b": "B"})),
)
BROKEN = trace_of(
    (0.0, NodeQueued("a")),
    (0.0, NodeStarted("a", "hi")),
    (4.0, NodeFailed("a", "It broke.")),
    (4.0, NodeSkipped("b", "Nothing came.")),
    (4.0, RunFailed("It broke.", errors={"a": "It broke."})),
    at=900.0,
)


def test_the_sums_are_those_of_each_run_alone():
    told = {each.name: each for each in compare(QUICK, BROKEN).sums}
    quick, broken = measure(QUICK), measure(BROKEN)
    assert told["wall"] == Sum("wall", "s", quick.wall_s, broken.wall_s)
    assert told["sum of calls"] == Sum("sum of calls", "s", quick.sequential_s, broken.sequential_s)
    assert told["overlap"] == Sum("overlap", "×", quick.overlap, broken.overlap)
    assert told["critical path"].second == broken.critical_path_s
    assert told["tokens"] == Sum("tokens", "count", 32, None)
    assert told["errors"] == Sum("errors", "count", 0, 1)


def test_a_difference_says_how_much_more_the_second_has():
    told = {each.name: each.difference for each in compare(QUICK, BROKEN).sums}
    assert (told["wall"], told["errors"], told["tokens"]) == (2.0, 1, None)


def test_nodes_stand_beside_each_other_on_the_scale_of_the_longer_run():
    told = compare(QUICK, BROKEN)
    assert told.longest_s == 4.0
    assert told.nodes == (
        NodePair(
            "a",
            "First",
            Stretch("finished", 0.5, 1.0, 0.5, 0.5, None, is_critical=True),
            Stretch("failed", 0.0, 4.0, 0.0, 4.0, None, is_critical=True),
        ),
        NodePair(
            "b",
            "b",
            Stretch("finished", 1.0, 2.0, 0.0, 1.0, None, is_critical=True),
            Stretch("skipped", 4.0, 4.0, 0.0, 0.0, None, is_critical=False),
        ),
    )
    assert [pair.difference_s for pair in told.nodes] == [3.5, -1.0]


def test_a_node_that_one_flow_does_not_have_stands_alone():
    other = trace_of(
        (0.0, NodeStarted("c", "hi")),
        (1.0, NodeFinished("c", "C")),
        (1.0, RunFinished({"c": "C"})),
        flow=shape("in > c"),
    )
    told = compare(QUICK, other)
    assert [(pair.key, bool(pair.first), bool(pair.second)) for pair in told.nodes] == [
        ("a", True, False),
        ("b", True, False),
        ("c", False, True),
    ]
    assert [pair.is_in for pair in told.nodes] == [(True, False), (True, False), (False, True)]
    assert told.nodes[2].difference_s is None
    assert told.results == (ResultPair("b · c", "B", "C"),)


def test_a_node_that_a_flow_has_and_its_run_did_not_reach_is_in_it_all_the_same():
    early = trace_of((0.0, NodeStarted("a", "hi")), (1.0, RunFailed("It broke.")))
    reached = compare(early, QUICK).nodes[1]
    assert (reached.key, reached.first, reached.is_in) == ("b", None, (True, True))


def test_a_node_that_two_flows_name_otherwise_has_both_names():
    renamed = trace_of((1.0, NodeFinished("a", "A")), flow=shape("in > a", a={"name": "Other"}))
    assert compare(QUICK, renamed).nodes[0].name == "First · Other"


def test_results_stand_beside_each_other_by_their_node():
    assert compare(QUICK, BROKEN).results == (ResultPair("b", "B", None),)
    assert [pair.is_same for pair in compare(QUICK, QUICK).results] == [True]


def test_a_run_that_goes_on_is_compared_as_far_as_it_is():
    going = trace_of((0.0, NodeQueued("a")), (0.0, NodeStarted("a", "hi")))
    told = compare(going, QUICK, now=103.0)
    assert told.nodes[0].first == Stretch("running", 0.0, 3.0, 0.0, 3.0, None, is_critical=True)
    assert told.longest_s == 3.0


def test_a_node_whose_result_was_reused_says_so_and_did_no_work():
    again = trace_of(
        (0.0, NodeFinished("a", "A", reused=True)),
        (0.0, NodeQueued("b")),
        (0.0, NodeStarted("b", "A")),
        (1.0, NodeFinished("b", "B")),
        (1.0, RunFinished({"b": "B"})),
    )
    told = compare(again, QUICK).nodes[0].first
    assert told == Stretch("finished", 0.0, 0.0, 0.0, 0.0, None, is_critical=False, reused=True)


def test_a_node_that_was_tried_again_says_when_it_waited():
    tried = trace_of(
        (0.0, NodeQueued("a")),
        (0.0, NodeStarted("a", "hi")),
        (1.0, NodeRetried("a", 1, "429", 0.5)),
        (2.0, NodeRetried("a", 2, "429", 4.0)),
        (3.0, NodeFailed("a", "It took too long.")),
        (3.0, RunFailed("It took too long.")),
    )
    told = compare(tried, QUICK)
    first = told.nodes[0].first
    assert first is not None
    assert first.waits == ((1.0, 1.5), (2.0, 3.0))
    assert Sum("retries took", "s", 3.0, 0.0) in told.sums


def test_a_node_behind_a_barrier_says_how_long_it_was_held():
    flow = shape("in > a b; a > c; b > d", run={"start": "by_stage"})
    staged = trace_of(
        (0.0, NodeQueued("a")),
        (0.0, NodeQueued("b")),
        (0.0, NodeStarted("a", "hi")),
        (0.0, NodeStarted("b", "hi")),
        (1.0, NodeFinished("a", "A")),
        (4.0, NodeFinished("b", "B")),
        (4.0, NodeQueued("c")),
        (4.0, NodeQueued("d")),
        (4.5, NodeStarted("c", "A")),
        (4.5, NodeStarted("d", "B")),
        (5.0, NodeFinished("c", "C")),
        (5.0, NodeFinished("d", "D")),
        (5.0, RunFinished({"c": "C", "d": "D"})),
        flow=flow,
    )
    told = {pair.key: pair.first for pair in compare(staged, QUICK).nodes if pair.first}
    assert {key: (each.held_s, each.queue_s) for key, each in told.items()} == {
        "a": (0.0, 0.0),
        "b": (0.0, 0.0),
        "c": (3.0, 0.5),
        "d": (0.0, 0.5),
    }
