"""The limits that a queued node may wait for."""

from __future__ import annotations

from flows.plan.graph import stages_of
from flows.plan.limits import Limit, limits_of
from tests.shapes import shape


def test_a_flow_without_limits_has_none() -> None:
    flow = shape("in > a b > c")
    assert list(limits_of(flow, stages_of(flow))) == []


def test_limits_name_whose_they_are_and_the_calls_they_count() -> None:
    each = {"items": ["x", "y"], "max_concurrency": 3}
    flow = shape(
        "in > a b j > c",
        j={"type": "join"},
        c={"for_each": each},
        run={"max_concurrency": 4, "stages": {"b": {"max_concurrency": 2}}},
    )
    assert list(limits_of(flow, stages_of(flow))) == [
        Limit("the run takes 4 at a time", 4, ("a", "b", "c")),
        Limit("stage 1 takes 2 at a time", 2, ("a", "b")),
        Limit("the step takes its items 3 at a time", 3, ("c",)),
    ]
