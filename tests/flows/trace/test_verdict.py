"""Verdict: which of two runs took less time, by how much and why, and how far that is sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.document.files import flow_values
from flows.document.model import Flow
from flows.ids import RunId
from flows.trace.events import (
    Event,
    Measured,
    NodeFailed,
    NodeFinished,
    NodeRetried,
    NodeStarted,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    Usage,
)
from flows.trace.fold import RunTrace, build_trace
from flows.trace.sample import WRITTEN
from flows.trace.verdict import say_verdict
from tests.shapes import shape

FLOW = shape("in > a b > c", a={"name": "Optimist"}, b={"name": "Skeptic"}, c={"name": "Editor"})
TRY = "One try each; another may differ."
CHANCE = "One try each: so small a difference may be chance."


def told(*facts: tuple[float, Event], flow: Flow = FLOW, said: str = "hi") -> RunTrace:
    start = (0.0, RunStarted(flow=flow_values(flow), inputs={"in": said}))
    facts = tuple(sorted([start, *facts], key=lambda fact: fact[0]))
    return build_trace(Record("r", seq, at, event) for seq, (at, event) in enumerate(facts, 1))


def ran(
    a: float, b: float, c: float, *more: tuple[float, Event], model: str = "lab/m", **how: object
) -> RunTrace:
    """A run in which the nodes take so many seconds, "c" after the longer of the others."""
    half = max(a, b)
    spans = {"a": (0.0, a), "b": (0.0, b), "c": (half, half + c)}
    facts: list[tuple[float, Event]] = [(half + c, RunFinished({"c": "C"}))]
    for node, (start, end) in spans.items():
        facts += [(start, NodeStarted(node)), (end, NodeFinished(node, "x", model=model))]
    return told(*facts[1:], *more, facts[0], **how)


def test_the_faster_one_is_named_with_the_node_that_made_the_difference() -> None:
    assert say_verdict(ran(1, 6, 1), ran(1, 2, 1.5)) == (
        "B was faster by 3.5 s (3.5 s, A took 7.0 s), "
        f"mainly because Skeptic took 4.0 s longer in A. {TRY}"
    )


def test_a_node_beside_the_longest_chain_made_no_difference() -> None:
    said = say_verdict(ran(9, 10, 1), ran(1, 8, 1))
    assert "Optimist" not in said
    assert "Skeptic took 2.0 s longer in A" in said


def test_failed_attempts_are_told_with_the_node_that_made_them() -> None:
    slow = ran(1, 6, 1, (1.0, NodeRetried("b", 1, "429", 2.0)))
    assert (
        "Skeptic took 4.0 s longer in B, 3.0 s of it in failed attempts and the waits after them."
    ) in say_verdict(ran(1, 2, 1), slow)


def wrote(trace: RunTrace, **tokens: int) -> RunTrace:
    """The run, with so many tokens written by its nodes."""
    nodes = {
        key: replace(node, usage=Usage(output_tokens=tokens[key]))
        for key, node in trace.nodes.items()
    }
    return replace(trace, nodes=nodes)


def test_of_a_node_that_took_longer_it_is_said_that_it_wrote_more() -> None:
    slow = wrote(ran(1, 6, 1), a=20, b=120, c=20)
    assert "Skeptic took 4.0 s longer in A, where it wrote 120 tokens, not 40. " in say_verdict(
        slow, wrote(ran(1, 2, 1), a=20, b=40, c=20)
    )


def test_of_a_node_that_took_longer_it_is_said_that_it_wrote_more_slowly() -> None:
    slow = wrote(ran(1, 6, 1), a=20, b=42, c=20)
    assert "Skeptic took 4.0 s longer in A: 7 tokens a second, not 20. " in say_verdict(
        slow, wrote(ran(1, 2, 1), a=20, b=40, c=20)
    )


def test_where_every_agent_wrote_more_slowly_none_of_them_is_blamed() -> None:
    tokens = {"a": 24, "b": 48, "c": 48}
    assert say_verdict(wrote(ran(3, 6, 6), **tokens), wrote(ran(1, 2, 2), **tokens)) == (
        "B was faster by 8.0 s (4.0 s, A took 12.0 s), mainly because every agent wrote more "
        f"slowly in A: 8 tokens a second, not 24. {TRY}"
    )


def test_what_made_nodes_wait_is_named_where_no_node_took_longer() -> None:
    quick = ran(1, 2, 1)
    nodes = {key: replace(node, loading_s=0.0) for key, node in quick.nodes.items()}
    slow = told(
        (0, NodeStarted("a")),
        (0, NodeStarted("b")),
        (9, NodeFinished("a", "x", model="lab/m", waited_s=8.0, loading_s=8.0)),
        (10, NodeFinished("b", "x", model="lab/m", waited_s=8.0, loading_s=8.0)),
        (10, NodeStarted("c")),
        (11, NodeFinished("c", "x", model="lab/m")),
        (11, RunFinished({"c": "C"})),
    )
    assert say_verdict(replace(quick, nodes=nodes), slow) == (
        "A was faster by 8.0 s (3.0 s, B took 11.0 s), "
        f"mainly because the embedded model was being loaded, 8.0 s more in B. {TRY}"
    )


def test_a_node_that_only_the_slower_one_has_is_told_as_such() -> None:
    less = shape("in > a > c", a={"name": "Optimist"}, c={"name": "Editor"})
    quick = told(
        (0, NodeStarted("a")),
        (1, NodeFinished("a", "x", model="lab/m")),
        (1, NodeStarted("c")),
        (2, NodeFinished("c", "x", model="lab/m")),
        (2, RunFinished({"c": "C"})),
        flow=less,
    )
    assert "Skeptic took 5.0 s in A alone." in say_verdict(ran(1, 5, 1), quick)


@pytest.mark.parametrize(
    "second,said",
    [
        (ran(1, 2, 1.1), f"Both took about the same time: A 3.0 s, B 3.1 s. {CHANCE}"),
        (ran(1, 2, 1.5), f"mainly because Editor took 0.5 s longer in B. {CHANCE}"),
    ],
    ids=["the same", "hardly more"],
)
def test_of_a_small_difference_it_is_said_that_it_may_be_chance(
    second: RunTrace, said: str
) -> None:
    assert say_verdict(ran(1, 2, 1), second).endswith(said)


@pytest.mark.parametrize(
    "second,said",
    [
        (ran(1, 6, 1, said="bye"), "They had different inputs: "),
        (ran(1, 6, 1, model="lab/large"), "They asked different models: "),
        (
            ran(1, 6, 1, said="bye", flow=FLOW.model_copy(update={"name": "Other"})),
            "They ran different flows and had different inputs: ",
        ),
    ],
    ids=["inputs", "models", "flows"],
)
def test_what_they_had_not_in_common_is_said_of_the_difference(second: RunTrace, said: str) -> None:
    assert say_verdict(ran(1, 2, 1), second).endswith(f"{said}what differs may come of that.")


def test_errors_that_only_one_had_are_said() -> None:
    flawed = replace(ran(1, 6, 1), errors={"a": "It broke."})
    assert say_verdict(ran(1, 2, 1), flawed).endswith("A had none and B had 1 error.")


def test_results_that_were_reused_took_no_time() -> None:
    second = ran(1, 2, 1)
    nodes = {key: replace(node, reused=key == "a") for key, node in second.nodes.items()}
    assert say_verdict(ran(1, 2, 1), replace(second, nodes=nodes)).endswith(
        "B reused results of an earlier run, which took no time."
    )


@pytest.mark.parametrize(
    "end,said",
    [
        (RunFailed("It broke."), "B failed after 4.0 s: which is faster cannot be said."),
        (RunCancelled("Stop."), "B was stopped after 4.0 s: which is faster cannot be said."),
    ],
    ids=["failed", "stopped"],
)
def test_of_a_run_that_did_not_finish_nothing_is_said_to_be_faster(end: Event, said: str) -> None:
    second = told((0, NodeStarted("a")), (4, NodeFailed("a", "It broke.")), (4, end))
    assert say_verdict(ran(1, 2, 1), second) == said


def test_of_a_run_that_goes_on_and_of_invented_timings_nothing_is_said() -> None:
    assert say_verdict(ran(1, 2, 1), told((0, NodeStarted("a")))) == ""
    assert say_verdict(ran(1, 6, 1), replace(ran(1, 2, 1), model=WRITTEN)) == ""


def test_of_a_run_and_the_one_that_measures_it_the_measurement_is_said() -> None:
    first = ran(1, 2, 1)
    of = Measured(RunId("r"), "", 3.0, ("a", "b", "c"))
    second = replace(ran(1, 6, 1), measures=of)
    said = f"Side by side was 2.3 × faster than one after another (measured: 7.0 s → 3.0 s). {TRY}"
    assert say_verdict(first, second) == say_verdict(second, first) == said
