"""Cause: what made a run take as long as it did, in a sentence or two."""

from __future__ import annotations

import pytest

from flows.document.files import flow_values
from flows.document.model import Flow
from flows.templates.samples import load_sample
from flows.trace.causes import say_causes
from flows.trace.events import (
    Measured,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeRetried,
    NodeStarted,
    Record,
    RunCancelled,
    RunFinished,
    RunStarted,
)
from flows.trace.fold import RunTrace, build_trace
from flows.trace.timing import held_up_by, measure
from tests.shapes import shape

END = RunFinished({})


def ran(flow: Flow, *facts: tuple[float, object], measures: Measured | None = None) -> RunTrace:
    start = (0.0, RunStarted(flow=flow_values(flow), inputs={"in": "hi"}, measures=measures))
    every = enumerate([start, *facts], start=1)
    return build_trace(Record("r", seq, 100.0 + at, event) for seq, (at, event) in every)


def worked(node: str, *, queued: float, start: float, end: float) -> list[tuple[float, object]]:
    return [
        (queued, NodeQueued(node)),
        (start, NodeStarted(node, "hi")),
        (end, NodeFinished(node, node)),
    ]


def told(flow: Flow, *nodes: list[tuple[float, object]], end: float) -> str:
    facts = sorted((fact for node in nodes for fact in node), key=lambda fact: fact[0])
    return say_causes(ran(flow, *facts, (end, END)))


PAIR = shape("in > a b")


def test_the_node_that_took_most_of_the_time_is_named() -> None:
    a = worked("a", queued=0, start=0, end=2)
    b = worked("b", queued=0, start=0, end=8.2)
    assert told(PAIR, a, b, end=12.4) == "b was slowest: 8.2 s of 12.4 s."


def test_another_that_took_hardly_less_is_named_with_it() -> None:
    a = worked("a", queued=0, start=0, end=7.9)
    b = worked("b", queued=0, start=0, end=8.2)
    assert told(PAIR, a, b, end=8.2) == "b was slowest: 8.2 s of 8.2 s, a hardly less (7.9 s)."


def test_one_that_took_longer_beside_the_longest_chain_is_named() -> None:
    flow = shape("in > a > c; in > b")
    a = worked("a", queued=0, start=0, end=9.8)
    b = worked("b", queued=0, start=0, end=14.6)
    c = worked("c", queued=9.8, start=9.8, end=14.7)
    said = "a took 9.8 s of 14.7 s; beside it, b took 14.6 s."
    assert told(flow, a, b, c, end=14.7) == said


def raced(end: object) -> str:
    """Say the causes of a run in which "a" is cancelled the moment "b" has ended."""
    begun = [(0.0, NodeStarted(each, "hi")) for each in "ab"]
    over = [(5.0, end), (5.0, NodeCancelled("a", "b was first")), (5.0, END)]
    return say_causes(ran(PAIR, *begun, *over))


def test_the_winner_of_a_race_came_first_and_was_not_slowest() -> None:
    said = "b came first, after 5.0 s of 5.0 s; what raced it was let go."
    assert raced(NodeFinished("b", "B")) == said


def test_others_that_a_failure_cancels_lost_no_race() -> None:
    assert raced(NodeFailed("b", "broken")) == "b was slowest: 5.0 s of 5.0 s."


def test_many_steps_in_a_row_are_told_by_their_number_and_the_longest() -> None:
    flow = shape("in > a > b > c")
    a = worked("a", queued=0, start=0, end=3)
    b = worked("b", queued=3, start=3, end=7)
    c = worked("c", queued=7, start=7, end=10)
    assert told(flow, a, b, c, end=10) == (
        "3 steps went one after another; the longest, b, took 4.0 s of 10.0 s."
    )


def test_who_waited_for_a_turn_is_named_with_the_limit() -> None:
    flow = shape("in > a b c", run={"max_concurrency": 2})
    a = worked("a", queued=0, start=0, end=3.1)
    b = worked("b", queued=0, start=0, end=3.5)
    c = worked("c", queued=0, start=3.1, end=7)
    assert told(flow, a, b, c, end=7) == (
        "c was slowest: 3.9 s of 7.0 s. c waited 3.1 s for its turn: the run takes 2 at a time."
    )


def test_of_several_that_waited_the_longest_is_named_and_the_others_are_counted() -> None:
    said = say_causes(build_trace(load_sample("rate_limited")))
    assert said.endswith(
        "Sydney and 3 others waited for their turn, up to 4.6 s: the run takes 2 at a time."
    )


def test_items_that_waited_are_counted_as_their_nodes() -> None:
    flow = shape("in > a > z", a={"for_each": {"items": ["x", "y", "z"], "max_concurrency": 1}})
    item = [(0, NodeStarted("a", items=3))]
    for place in range(3):
        key = f"a[{place}]"
        item += [(2.0 * place, NodeStarted(key)), (2.0 * place + 2, NodeFinished(key, "x"))]
    item += [(6, NodeFinished("a", []))]
    z = worked("z", queued=6, start=6, end=6.1)
    assert told(flow, item, z, end=6.1).endswith(
        "2 items of a waited for their turn, up to 4.0 s: the step takes its items 1 at a time."
    )


def test_a_run_that_measures_another_does_not_complain_of_its_own_limit() -> None:
    flow = shape("in > a b", run={"max_concurrency": 1})
    facts = [
        *worked("a", queued=0, start=0, end=3),
        *worked("b", queued=0, start=3, end=6),
    ]
    facts.sort(key=lambda fact: fact[0])
    of = Measured("before", "m", 3.0, ("a", "b"))
    assert "turn" in say_causes(ran(flow, *facts, (6, END)))
    assert "turn" not in say_causes(ran(flow, *facts, (6, END), measures=of))


def test_waiting_for_a_connection_is_said() -> None:
    trace = ran(
        PAIR,
        (0, NodeStarted("a", "hi")),
        (0, NodeStarted("b", "hi")),
        (1, NodeFinished("a", "A")),
        (9, NodeFinished("b", "B", waited_s=6.0)),
        (9, END),
    )
    assert say_causes(trace) == "b waited 6.0 s for its connection."


STAGED = shape("in > a b; a > c; b > d", run={"start": "by_stage"})


def held(*, a: float, b: float, c: float, d: float) -> str:
    """Say the causes of a run in which c and d wait for b, though c needs only a."""
    return told(
        STAGED,
        worked("a", queued=0, start=0, end=a),
        worked("b", queued=0, start=0, end=b),
        worked("c", queued=b, start=b, end=b + c),
        worked("d", queued=b, start=b, end=b + d),
        end=b + max(c, d),
    )


WAITED = "c waited 3.0 s for its stage: b was still at work"


def test_who_waited_for_its_stage_is_named_with_whom_it_waited_for() -> None:
    assert held(a=1, b=4, c=4, d=1).endswith(f" {WAITED}; barriers cost 3.0 s.")


def test_a_wait_for_a_stage_is_said_where_the_run_took_no_longer_by_it() -> None:
    said = f"d was slowest: 5.0 s of 9.0 s. {WAITED}; the run took hardly longer."
    assert held(a=1, b=4, c=1, d=5) == said


def test_a_barrier_that_cost_next_to_nothing_takes_no_blame_from_what_was_slow() -> None:
    said = "c was slowest: 5.0 s of 9.0 s, d hardly less (4.9 s). "
    assert held(a=1, b=4, c=5, d=4.9).startswith(said)


THREE_STAGES = "in > a > c > e; in > b > d > f"


def passed(flow: Flow) -> str:
    """Say the causes of a run whose slowest nodes, a, d and e, are not linked in one chain."""
    took = {"a": (0, 3), "b": (0, 1), "c": (3, 4), "d": (3, 7), "e": (7, 10), "f": (7, 9)}
    nodes = [worked(node, queued=on, start=on, end=off) for node, (on, off) in took.items()]
    return told(flow, *nodes, end=10)


def test_with_barriers_the_nodes_that_each_stage_waited_for_are_told_linked_or_not() -> None:
    staged = shape(THREE_STAGES, run={"start": "by_stage"})
    assert passed(staged).startswith(
        "3 stages went one after another; their slowest step, d, took 4.0 s of 10.0 s. "
    )
    assert "one after another" not in passed(shape(THREE_STAGES))


def test_the_sums_follow_the_links_with_barriers_too() -> None:
    a, b = worked("a", queued=0, start=0, end=1), worked("b", queued=0, start=0, end=4)
    c, d = worked("c", queued=4, start=4, end=8), worked("d", queued=4, start=4, end=5.5)
    facts = sorted([*a, *b, *c, *d, (8, END)], key=lambda fact: fact[0])
    trace = ran(STAGED, *facts)
    assert measure(trace).critical_path == ("b", "d")
    assert held_up_by(trace, measure(trace)) == ("b", "c")


def test_what_was_cancelled_or_reused_held_no_stage_up() -> None:
    flow = shape("in > a b > c", run={"start": "by_stage"})
    facts = [
        *worked("a", queued=0, start=0, end=1),
        (0, NodeStarted("b", "hi")),
        (2, NodeCancelled("b", "a was first")),
        *worked("c", queued=2, start=2, end=3),
    ]
    trace = ran(flow, *sorted(facts, key=lambda fact: fact[0]), (3, END))
    assert held_up_by(trace, measure(trace)) == ("a", "c")


def test_of_barriers_a_smaller_cost_is_said_than_of_other_waits() -> None:
    assert held(a=8.4, b=9, c=1, d=0.4).endswith(
        "c waited 0.6 s for its stage: b was still at work; barriers cost 0.6 s."
    )


LOADED = ran(
    PAIR,
    (0, NodeStarted("a", "hi")),
    (0, NodeStarted("b", "hi")),
    (11, NodeFinished("a", "A", waited_s=10.0, loading_s=10.0)),
    (11.5, NodeFinished("b", "B", waited_s=10.0, loading_s=10.0)),
    (11.5, END),
)


def test_loading_the_embedded_model_is_no_agents_doing() -> None:
    assert say_causes(LOADED) == (
        "Loading the embedded model took 10.0 s of 11.5 s; the next run has it at hand."
    )


def test_loading_the_embedded_model_is_no_work_and_no_limits_cost() -> None:
    timing = measure(LOADED)
    assert (timing.loading_s, timing.limit_s) == (10.0, 0.0)
    assert (timing.sequential_s, timing.critical_path_s) == (2.5, 1.5)
    assert LOADED.nodes["a"].begun_at == 110.0


def test_what_retries_took_of_the_longest_chain_is_said() -> None:
    trace = ran(
        PAIR,
        (0, NodeStarted("a", "hi")),
        (0, NodeStarted("b", "hi")),
        (1, NodeRetried("b", 1, "429", 2.0)),
        (1, NodeFinished("a", "A")),
        (7, NodeFinished("b", "B")),
        (7, END),
    )
    assert say_causes(trace) == (
        "b was slowest: 7.0 s of 7.0 s. "
        "3.0 s of b went into a failed attempt and the wait after it."
    )


@pytest.mark.parametrize(
    "trace",
    [
        ran(PAIR, (0, NodeStarted("a", "hi")), (0, NodeStarted("b", "hi"))),
        ran(PAIR, (0, NodeStarted("a")), (9, NodeCancelled("a", "s")), (9, RunCancelled("s"))),
        ran(
            PAIR,
            *worked("a", queued=0, start=0, end=0.1),
            *worked("b", queued=0.1, start=0.1, end=0.9),
            (0.9, END),
        ),
        ran(shape("in > a"), *worked("a", queued=0, start=0, end=9), (9, END)),
        ran(PAIR, (9, END)),
    ],
    ids=["goes on", "stopped", "quick", "one node", "nothing ran"],
)
def test_where_nothing_stands_out_nothing_is_said(trace: RunTrace) -> None:
    assert say_causes(trace) == ""


def test_who_came_last_after_a_wait_for_its_turn_is_told_and_not_the_longest_call():
    said = say_causes(build_trace(load_sample("rate_limited")))
    assert said.startswith("Sydney and 3 others waited for their turn, up to 4.6 s")
    assert "Cairo" not in said
