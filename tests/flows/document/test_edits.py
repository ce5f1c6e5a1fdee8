"""Edits: each changes what it names and nothing else."""

import pytest

from flows.document.edits import (
    EDIT,
    AddEdge,
    AddNode,
    ChangeFlow,
    ChangeId,
    ChangeNode,
    ChangeRun,
    Group,
    MoveNodes,
    RemoveEdges,
    RemoveNodes,
    RemoveNotes,
    SetNote,
    SetStage,
    apply_edit,
)
from flows.document.model import AgentNode, Edge, Note, Position
from flows.document.policy import RunPolicy, StagePolicy
from flows.errors import EditRefused
from flows.plan.removal import removal_of
from tests.shapes import shape

FLOW = shape("in > a b > c")


def test_a_new_node_stands_where_it_was_dropped():
    node = AgentNode(id="d", type="agent", name="d")
    flow = apply_edit(FLOW, AddNode(node=node, at=Position(x=1, y=2)))
    assert (flow.nodes, flow.layout) == ((*FLOW.nodes, node), {"d": Position(x=1, y=2)})


def test_two_changes_to_two_fields_of_one_node_are_both_kept():
    first = apply_edit(FLOW, ChangeNode(id="a", changes={"name": "Ada"}))
    both = apply_edit(first, ChangeNode(id="a", changes={"timeout_s": 3}))
    assert both.node("a") == AgentNode(id="a", type="agent", name="Ada", timeout_s=3)


def test_removing_a_node_takes_its_edges_and_place_along():
    flow = apply_edit(FLOW, MoveNodes(positions={"a": Position(x=1, y=1)}))
    flow = apply_edit(flow, RemoveNodes(ids=("a",)))
    assert flow == shape("in > b > c")


def test_a_removed_key_hands_its_stage_policy_to_a_sibling():
    flow = apply_edit(FLOW, SetStage(node="a", policy=StagePolicy(max_concurrency=1)))
    flow = apply_edit(flow, removal_of(flow, ["a"]))
    assert flow.run.stages == {"b": StagePolicy(max_concurrency=1)}


def test_the_last_node_of_a_stage_takes_the_policy_with_it():
    flow = apply_edit(FLOW, SetStage(node="c", policy=StagePolicy(max_concurrency=1)))
    assert apply_edit(flow, removal_of(flow, ["c"])).run.stages == {}


def test_an_edge_is_drawn_and_taken_away():
    edge = Edge(source="a", target="b")
    drawn = apply_edit(FLOW, AddEdge(edge=edge))
    assert drawn.edges == (*FLOW.edges, edge)
    assert apply_edit(drawn, RemoveEdges(edges=(edge,))) == FLOW


def test_the_flows_own_words_change_apart():
    flow = apply_edit(apply_edit(FLOW, ChangeFlow(name="N")), ChangeFlow(description="D"))
    assert (flow.name, flow.description) == ("N", "D")


def test_the_run_policy_changes_by_field():
    flow = apply_edit(FLOW, ChangeRun(changes={"start": "by_stage"}))
    assert flow.run == RunPolicy(start="by_stage")


def test_notes_come_change_and_go():
    note = Note(id="n", text="x", x=0, y=0)
    flow = apply_edit(FLOW, SetNote(note=note))
    flow = apply_edit(flow, SetNote(note=note.model_copy(update={"text": "y"})))
    assert [each.text for each in flow.notes] == ["y"]
    assert apply_edit(flow, RemoveNotes(ids=("n",))) == FLOW


def test_a_group_is_all_or_nothing():
    wrong = AddEdge(edge=Edge(source="a", target="nobody"))
    with pytest.raises(EditRefused):
        apply_edit(FLOW, Group(edits=(ChangeFlow(name="N"), wrong)))


def test_another_id_is_named_wherever_the_old_one_was():
    def drawn(node):
        names = f"{{{{ nodes.{node}.output.x }}}} {{{{nodes.ab.output}}}} nodes.a.output"
        flow = shape(
            f"in > {node} ab > c > j",
            run={"stages": {node: {"max_concurrency": 1}}},
            c={"prompt": names, "for_each": {"items": f"{{{{nodes.{node}.output}}}}"}},
            j={"type": "join", "prompt": f"{{{{ inputs.in }}}} {{{{ nodes.{node}.output }}}}"},
            **{node: {"name": "Ada"}},
        )
        return flow.model_copy(update={"layout": {node: Position(x=1, y=2)}})

    assert apply_edit(drawn("a"), ChangeId(id="a", to="ada")) == drawn("ada")


@pytest.mark.parametrize(
    "edit,sentence",
    [
        (AddNode(node=FLOW.node("a")), 'A node "a" is there already.'),
        (ChangeNode(id="a", changes={"id": "z"}), 'A node keeps its "id".'),
        (ChangeNode(id="a", changes={"timeout_s": "soon"}), 'The node "a" cannot be changed so:'),
        (ChangeId(id="z", to="y"), 'There is no node "z" any more.'),
        (ChangeId(id="a", to="b"), 'A node "b" is there already. Choose another id.'),
        (ChangeNode(id="z", changes={}), 'There is no node "z" any more.'),
        (AddEdge(edge=Edge(source="a", target="a")), '"a" cannot be linked to itself.'),
        (AddEdge(edge=FLOW.edges[0]), '"in" is linked to "a" already.'),
        (ChangeRun(changes={"stages": {}}), "Stage policies are set one by one"),
        (ChangeRun(changes={"start": "never"}), "The run policy cannot be changed so:"),
        (ChangeFlow(name="x" * 201), "The flow cannot be changed so: name:"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_with_a_sentence(edit, sentence):
    with pytest.raises(EditRefused) as caught:
        apply_edit(FLOW, edit)
    assert str(caught.value).startswith(sentence)


def test_an_edit_is_the_same_after_a_round_trip_through_json():
    edit = Group(edits=(ChangeNode(id="a", changes={"name": "x"}), SetStage(node="a", policy=None)))
    assert EDIT.validate_json(edit.model_dump_json()) == edit
