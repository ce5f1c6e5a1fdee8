"""Plan: stages, parents and ends."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.document.files import read_values
from flows.document.model import Flow
from flows.document.policy import StagePolicy
from flows.errors import FlowHasProblems
from flows.ids import NodeId
from flows.plan.graph import attached_agents, parents_in_order
from flows.plan.layout import arrange
from flows.plan.plan import plan_flow
from tests.shapes import shape


@st.composite
def dags(draw: st.DrawFn) -> Flow:
    """A flow of agents whose edges lead from lower to higher numbers, drawn in any order."""
    count = draw(st.integers(1, 8))
    pairs = [(one, two) for one in range(count) for two in range(one + 1, count)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    order = draw(st.permutations(range(count)))
    return read_values(
        {
            "fanfold": 1,
            "name": "dag",
            "nodes": [{"id": "in", "type": "input", "name": "in"}]
            + [{"id": f"n{each}", "type": "agent", "name": f"n{each}"} for each in order],
            "edges": [{"source": f"n{one}", "target": f"n{two}"} for one, two in chosen],
        }
    )


@given(dags())
def test_a_node_stands_in_the_stage_after_its_latest_parent(flow):
    plan = plan_flow(flow)
    for node, step in plan.steps.items():
        latest = max((plan.steps[parent].stage for parent in step.work_parents), default=-1)
        assert plan.steps[node].stage == latest + 1


@given(dags())
def test_stages_are_the_topological_generations_of_networkx(flow):
    graph = nx.DiGraph([(edge.source, edge.target) for edge in flow.edges])
    graph.add_nodes_from(node.id for node in flow.nodes if node.type == "agent")
    expected = [set(generation) for generation in nx.topological_generations(graph)]
    assert [set(stage) for stage in plan_flow(flow).stages] == expected


@given(dags())
def test_parents_come_before_their_children(flow):
    seen: set[str] = set()
    for node, parents in parents_in_order(flow).items():
        assert seen.issuperset(parents)
        seen.add(node)


@given(dags())
def test_cards_never_stand_on_one_another(flow):
    places = [(place.x, place.y) for place in arrange(flow).values()]
    assert len(places) == len(set(places))


def test_attached_agents_stand_side_by_side_under_the_one_that_uses_them():
    drawn = shape("in > a b; a > help more last")
    edges = tuple(
        edge if edge.source == "in" else edge.model_copy(update={"kind": "handoff"})
        for edge in drawn.edges
    )
    places = arrange(drawn.model_copy(update={"edges": edges}))
    assert [
        places[NodeId(name)].x - places[NodeId("a")].x for name in ("help", "more", "last")
    ] == [
        0,
        240,
        480,
    ]
    assert {places[NodeId(name)].y for name in ("help", "more", "last")} == {
        places[NodeId("b")].y + 200
    }


def test_inputs_are_values_and_in_no_stage():
    plan = plan_flow(shape("in > a b > c; in > c"))
    assert plan.stages == (("a", "b"), ("c",))
    assert plan.steps["c"].parents == ("a", "b", "in")
    assert plan.steps["c"].work_parents == ("a", "b")
    assert plan.ends == ("c",)


def test_a_stage_policy_follows_its_node():
    plan = plan_flow(shape("in > a b > c", run={"stages": {"b": {"max_concurrency": 1}}}))
    assert plan.stage_policies == (StagePolicy(max_concurrency=1), StagePolicy())


def test_an_agent_reached_only_by_handoff_is_no_step():
    flow = shape("in > a b").model_copy(update={"edges": ()})
    handed = read_values(
        {
            "fanfold": 1,
            "name": "x",
            "nodes": [node.model_dump(by_alias=True) for node in flow.nodes],
            "edges": [
                {"source": "in", "target": "a"},
                {"source": "a", "target": "b", "kind": "handoff"},
            ],
        }
    )
    assert attached_agents(handed) == {"b"}


def test_a_flow_with_errors_is_not_planned():
    with pytest.raises(FlowHasProblems) as caught:
        plan_flow(shape("in > a > b > a"))
    assert [problem.code for problem in caught.value.problems] == ["cycle"]
