"""Twins: a copy is read by who reads its original, in the same form."""

import pytest

from flows.document.edits import AddEdge, AddNode, Group, apply_edit
from flows.document.model import Edge, Flow
from flows.document.twins import read_twins
from flows.ids import NodeId
from tests.shapes import shape

A, B, A2 = ("{{ nodes.a.output }}", "{{ nodes.b.output }}", "{{ nodes.a_2.output }}")


def duplicated(flow: Flow, node: str, *, name: str) -> Flow:
    """Do what Duplicate of the canvas asks for, and what follows from it."""
    original = flow.node(NodeId(node))
    twin = original.model_copy(update={"id": f"{node}_2", "name": name})
    links = [
        Edge.model_validate(
            edge.model_dump()
            | {end: twin.id for end in ("source", "target") if getattr(edge, end) == node}
        )
        for edge in flow.edges
        if node in (edge.source, edge.target)
    ]
    edit = Group(edits=(AddNode(node=twin), *(AddEdge(edge=each) for each in links)))
    return read_twins(flow, apply_edit(flow, edit), edit)


def message_after(message: str) -> str:
    flow = shape("in > a b > c", a={"name": "Tone"}, c={"prompt": message})
    after = duplicated(flow, "a", name="Tone 2")
    assert {node.id for node in after.nodes} == {"in", "a", "b", "c", "a_2"}
    return getattr(after.node(NodeId("c")), "prompt", "")


@pytest.mark.parametrize(
    "message,after",
    [
        (f"Notes:\n{A}\n{B}", f"Notes:\n{A}\n{A2}\n{B}"),
        (f"{A}{B}", f"{A}{A2}{B}"),
        (f"- Tone: {A}\n- {B}", f"- Tone: {A}\n- Tone 2: {A2}\n- {B}"),
        (f"## Tone\n{A}\n\n## Facts\n{B}", f"## Tone\n{A}\n\n## Tone 2\n{A2}\n\n## Facts\n{B}"),
        (f"Compare {A} and {B}.", f"Compare {A}, {A2} and {B}."),
        (f"Of {A}, {B} choose one.", f"Of {A}, {A2}, {B} choose one."),
        ("It {{ nodes.a.output.x }}", "It {{ nodes.a.output.x }}\nIt {{ nodes.a_2.output.x }}"),
        ("", ""),
        ("{{ parents }}", "{{ parents }}"),
        (f"Only {B}", f"Only {B}"),
    ],
    ids=["lines", "adjacent", "labels", "headings", "prose", "list", "steps", "", "all", "other"],
)
def test_a_message_that_names_the_original_names_its_copy_beside_it_in_the_same_form(
    message, after
):
    assert message_after(message) == after


def test_who_reads_the_original_from_afar_reads_the_copy_too():
    flow = shape("in > a > b > c", c={"prompt": A})
    after = duplicated(flow, "a", name="a 2")
    assert getattr(after.node(NodeId("c")), "prompt", "") == f"{A}\n{A2}"


def test_a_copy_without_links_is_read_by_nobody():
    flow = shape("in a > b", b={"prompt": A})
    edit = Group(edits=(AddNode(node=flow.node(NodeId("a")).model_copy(update={"id": "a_2"})),))
    after = apply_edit(flow, edit)
    assert read_twins(flow, after, edit) == after


def test_a_new_agent_with_other_links_is_nobodys_twin():
    flow = shape("in > a b > c", c={"prompt": A})
    new = flow.node(NodeId("a")).model_copy(update={"id": "a_2", "name": "a 2"})
    link = AddEdge(edge=Edge(source=NodeId("a_2"), target=NodeId("c")))
    edit = Group(edits=(AddNode(node=new), link))
    after = apply_edit(flow, edit)
    assert read_twins(flow, after, edit) == after
