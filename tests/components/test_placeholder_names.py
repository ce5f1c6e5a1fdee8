"""A template may name what is there when its node starts, and the inspector says what that is."""

from components.placeholder_names import (
    id_offer,
    missing_link,
    named_in,
    names_for,
    offered,
    sent_without_prompt,
)
from flows.document.edits import ChangeId
from flows.ids import NodeId
from tests.shapes import shape

FLOW = shape("in > a b > out", a={"name": "Formal"}, b={"name": "Casual"})
OUT = NodeId("out")


def test_names_are_the_parents_the_input_and_what_ran_before() -> None:
    assert names_for(FLOW, NodeId("out")) == (
        "parents",
        "input",
        "nodes.a.output",
        "nodes.b.output",
    )


def test_a_first_step_can_name_the_input_alone() -> None:
    assert names_for(FLOW, NodeId("a")) == ("input",)


def test_several_inputs_are_named_by_their_ids() -> None:
    flow = shape("in_text in_tone > a")
    assert names_for(flow, NodeId("a")) == ("inputs.in_text", "inputs.in_tone")


def test_an_empty_message_is_explained() -> None:
    assert sent_without_prompt(FLOW, NodeId("a")) == "the input"
    assert (
        sent_without_prompt(FLOW, NodeId("out"))
        == "what Formal and Casual gave, each under its name"
    )
    chain = shape("in > a > b", a={"name": "Draft"})
    assert sent_without_prompt(chain, NodeId("b")) == "what Draft gave"


def test_what_may_stand_in_a_message_is_offered_by_the_names_of_its_nodes() -> None:
    said = {
        text: shown.partition(" :small")[0] for text, shown in offered(FLOW, OUT, ran=tuple).items()
    }
    assert said == {
        "{{ parents }}": "All that leads here",
        "{{ input }}": "in",
        "{{ nodes.a.output }}": "What Formal gave",
        "{{ nodes.b.output }}": "What Casual gave",
    }


def test_what_is_offered_shows_how_it_will_be_written() -> None:
    flow = shape("in > agent > b", agent={"name": "Licence reviewer"})
    text = "{{ nodes.agent.output }}"
    shown = offered(flow, NodeId("b"), ran=tuple)[text]
    assert "nodes.licence_reviewer.output" in shown.replace("\\", "")
    kept = offered(flow, NodeId("b"), ran=lambda: {NodeId("agent")})[text]
    assert "nodes.agent.output" in kept.replace("\\", "")


def test_a_node_that_messages_name_by_an_id_unlike_its_name_is_offered_one_like_it() -> None:
    said = {"prompt": "{{ nodes.critic.output }} and {{ nodes.friend.output }}"}
    flow = shape("in > critic friend quiet > out", critic={"name": "Reviewer"}, out=said)
    assert id_offer(flow, flow.node(NodeId("critic"))) == ChangeId(
        id=NodeId("critic"), to=NodeId("reviewer")
    )
    unread = shape("in > critic > out", critic={"name": "Reviewer"})
    assert id_offer(unread, unread.node(NodeId("critic"))) is None
    assert [id_offer(flow, node) for node in flow.nodes if node.id != "critic"] == [None] * 4


def test_where_nothing_leads_it_says_how_outputs_come_to_be_offered() -> None:
    assert missing_link(shape("in > a; b"), NodeId("b"))
    assert missing_link(shape("a"), NodeId("a")) == ""
    assert missing_link(FLOW, OUT) == ""


def test_a_text_says_whose_the_ids_in_it_are() -> None:
    text = "{{ nodes.b.output }} {{ nodes.a.output.title }} {{ nodes.b.output }} {{ inputs.in }}"
    assert named_in(FLOW, text) == "b is Casual · a is Formal"
    assert named_in(FLOW, "{{ input }} {{ nodes.gone.output }} {{ parents }}") == ""
