"""What this version does not run can be taken out in one press, and the rest runs."""

import pytest

from flows.document.edits import apply_edit
from flows.document.model import Edge, Flow
from flows.plan.checks import find_problems
from flows.plan.unready import going_without
from tests.shapes import shape

PLAIN = shape("in > a > b")


def with_edges(flow: Flow, *edges: Edge) -> Flow:
    return flow.model_copy(update={"edges": (*flow.edges, *edges)})


def without(flow: Flow) -> Flow:
    (only,) = going_without(flow)
    return apply_edit(flow, only.edit)


@pytest.mark.parametrize(
    "fields",
    [{"tools": ["search"]}, {"mcp": ["files"]}, {"guardrails": ["safe"]}, {"session": True}],
    ids=str,
)
def test_a_field_that_does_not_run_is_taken_out(fields: dict[str, object]) -> None:
    flow = shape("in > a > b", a=fields)
    assert find_problems(flow) != ()
    assert without(flow) == PLAIN


def test_an_approval_is_taken_out_and_its_neighbours_are_linked() -> None:
    flow = shape("in > a > ok > b", ok={"type": "approval"})
    assert without(flow) == PLAIN


def test_agents_only_handed_over_to_go_with_their_links() -> None:
    flow = shape("in > a > b; c", c={"type": "agent"})
    for kind in ("handoff", "tool"):
        attached = with_edges(
            flow, Edge.model_validate({"source": "a", "target": "c", "kind": kind})
        )
        assert without(attached) == PLAIN


def test_all_of_it_goes_in_one_edit_and_no_problem_is_left() -> None:
    flow = shape(
        "in > a > ok > b; c", a={"tools": ["search"]}, ok={"type": "approval"}, c={"tools": ["x"]}
    )
    flow = with_edges(flow, Edge(source="b", target="c", kind="handoff"))
    assert without(flow) == PLAIN
    assert [each for each in find_problems(without(flow)) if each.severity == "error"] == []


def test_a_flow_that_runs_whole_is_left_alone() -> None:
    assert [*going_without(PLAIN)] == []
