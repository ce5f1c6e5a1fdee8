"""A stage's head says how many work there, by which pattern, and under which limits."""

import pytest

from flows.plan.graph import stages_of
from flows.plan.heads import stage_heads
from tests.shapes import shape


def heads_of(flow):
    return stage_heads(flow, stages_of(flow))


def heads(drawing, *, run=None, **fields):
    return heads_of(shape(drawing, run=run, **fields))


@pytest.mark.parametrize(
    "run,pattern",
    [
        ({}, "gather"),
        ({"results": "as_completed"}, "as completed"),
        ({"on_failure": "cancel"}, "TaskGroup"),
        ({"on_failure": "collect"}, "gather, errors collected"),
        ({"max_concurrency": 2}, "gather · max 2"),
        ({"stages": {"b": {"max_concurrency": 1, "timeout_s": 30}}}, "gather · max 1 · 30 s"),
    ],
)
def test_a_stage_is_headed_by_its_pattern_and_its_limits(run, pattern):
    assert heads("in > a b > c", run=run) == (
        f"Stage 1 · 2 agents · {pattern}",
        "Stage 2 · 1 agent",
    )


def test_a_stage_that_a_node_takes_the_first_of_is_a_race():
    race = {"type": "join", "needs": "any"}
    assert heads("in > a b > c", c=race)[0] == "Stage 1 · 2 agents · race"
    assert heads("in > a b c > d", d={"needs": {"first": 2}})[0] == (
        "Stage 1 · 3 agents · first 2 of 3"
    )


ROUTER = {"type": "router", "ask": "Which?"}


def test_branches_of_which_a_router_takes_one_are_no_gather():
    drawing = "in > r; r.yes > a > c; r.no > b > d; c d > e"
    assert heads(drawing, r=ROUTER, run={"max_concurrency": 2}) == (
        "Stage 1 · 1 router",
        "Stage 2 · 2 agents · one of 2",
        "Stage 3 · 2 agents · one of 2",
        "Stage 4 · 1 agent",
    )


@pytest.mark.parametrize(
    "drawing,router",
    [
        ("in > r; r.yes > a; r.no > b", {"type": "router", "take": "all"}),
        ("in > r; r.yes > a b", ROUTER),
        ("in > x > c; in > r; r.yes > a; r.no > b", ROUTER),
        ("in > x r; r.yes > a; r.no > b; x > b", ROUTER),
    ],
    ids=["it takes all", "one branch", "another beside them", "one comes anyway"],
)
def test_nodes_that_may_all_run_are_a_gather(drawing, router):
    assert heads(drawing, r=router)[1].endswith(" agents · gather")


def test_where_stages_wait_for_one_another_all_but_the_first_stand_behind_a_barrier():
    assert heads("in > a b > c", run={"start": "by_stage"}) == (
        "Stage 1 · 2 agents · gather",
        "Stage 2 · 1 agent · barrier",
    )


def test_a_head_counts_what_runs_side_by_side_and_names_the_pattern():
    flow = shape("in > a b c > d", b={"type": "join"})
    assert heads_of(flow) == ("Stage 1 · 2 agents, 1 join · gather", "Stage 2 · 1 agent")


def test_a_head_tells_the_policy_of_its_stage():
    policy = {"on_failure": "cancel", "max_concurrency": 2, "timeout_s": 30}
    flow = shape("in > a b > c", run={"on_failure": "collect", "stages": {"b": policy}})
    assert heads_of(flow) == ("Stage 1 · 2 agents · TaskGroup · max 2 · 30 s", "Stage 2 · 1 agent")


def test_a_stage_without_a_limit_of_its_own_says_the_run_s():
    flow = shape(
        "in > a b > c", run={"max_concurrency": 2, "stages": {"c": {"max_concurrency": 1}}}
    )
    assert heads_of(flow) == ("Stage 1 · 2 agents · gather · max 2", "Stage 2 · 1 agent · max 1")
