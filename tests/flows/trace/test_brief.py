"""What a run took, in one line for people who look on."""

from dataclasses import replace

import pytest

from flows.document.model import Flow
from flows.ids import NodeKey, RunId
from flows.run.messages import view_run
from flows.share.page_run import tell_run
from flows.templates.samples import load_sample
from flows.trace.brief import say_brief, say_chain, say_used
from flows.trace.events import Measured
from flows.trace.fold import RunTrace, build_trace
from flows.trace.timing import measure
from tests.actors import Actors, play
from tests.shapes import shape
from tests.virtual_time import run_in_virtual_time


def ran(flow: Flow) -> RunTrace:
    return build_trace(run_in_virtual_time(play(flow, Actors())))


@pytest.mark.parametrize(
    "arrows, said",
    [
        ("in > a b c > d", "4 agents, up to 3 at once · 4.0 s of calls in 2.0 s"),
        ("in > a > b", "2 agents, one at a time · 2.0 s of calls in 2.0 s"),
        ("in > a", "1 agent · 1.0 s"),
    ],
)
def test_agents_time_and_how_many_at_once_are_said(arrows: str, said: str) -> None:
    assert say_brief(ran(shape(arrows))) == said


def test_of_a_sample_it_is_said_that_its_timings_are_invented() -> None:
    told = say_brief(build_trace(load_sample("three_views")))
    assert told.endswith(" · written answers, invented timings")
    assert "faster" not in told


def test_items_are_calls_of_their_agent() -> None:
    told = say_brief(build_trace(load_sample("dynamic_parallel")))
    assert told.startswith("2 agents, 6 calls, up to 3 at once · ")


def test_of_the_embedded_model_its_one_processor_is_named() -> None:
    run = ran(shape("in > a b"))
    nodes = {key: replace(node, model="local/x") for key, node in run.nodes.items()}
    assert say_brief(replace(run, nodes=nodes)).endswith(" · one shared processor")


def test_while_calls_wait_for_their_connection_nobody_counts_who_is_at_work() -> None:
    run = ran(shape("in > a b"))
    nodes = {key: replace(node, waited_s=0.5) for key, node in run.nodes.items()}
    assert say_brief(replace(run, nodes=nodes)) == "2 agents · 1.0 s of calls in 1.0 s"


def test_before_its_end_and_where_no_agent_worked_nothing_is_said() -> None:
    records = load_sample("three_views")
    assert say_brief(build_trace(records[:-5])) == ""
    assert say_brief(replace(ran(shape("in > a")), flow={})) == ""


@pytest.mark.parametrize(
    "arrows, said",
    [
        (
            "in > a > b",
            "Longest chain: a → b. Each waited for the one before; together they took 2.0 s.",
        ),
        ("in > a", "Longest: a, 1.0 s."),
    ],
)
def test_the_longest_chain_is_named(arrows: str, said: str) -> None:
    assert say_chain(ran(shape(arrows))) == said


def test_of_a_run_that_is_measured_no_chain_is_named_as_all_waited_for_all() -> None:
    run = ran(shape("in > a b", run={"max_concurrency": 1}))
    measured = replace(run, measures=Measured(RunId("before"), "m", 1.0, (NodeKey("a"),)))
    assert say_chain(measured) == "One call at a time: every step waited for the one before it."
    view = view_run(measured, now=0)
    assert (view.critical_path, view.chain) == ((), say_chain(measured))
    assert view_run(run, now=0).critical_path == measure(measured).critical_path != ()
    page = tell_run(measured, [], longest=10, caveat="")
    assert (page.critical, page.chain) == (None, ())


def test_a_chain_that_was_not_all_of_the_time_says_of_how_much() -> None:
    told = say_chain(build_trace(load_sample("rate_limited")))
    assert told == "Longest: Cairo, 3.7 s of 6.6 s."


def test_before_the_end_there_is_no_longest_chain() -> None:
    assert say_chain(build_trace(load_sample("three_views")[:-5])) == ""


def test_models_and_tokens_are_told_once_the_run_is_over() -> None:
    trace = build_trace(load_sample("three_views"))
    tokens = sum(node.usage.total_tokens for node in trace.nodes.values() if node.usage)
    (model,) = {node.model for node in trace.nodes.values()}
    assert say_used(trace) == f"{model} · {tokens:,} tok"
    assert say_used(replace(trace, status="running")) == ""
