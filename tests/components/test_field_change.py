"""What is typed into a field becomes one edit of the flow as it is now."""

import pytest
from pydantic import JsonValue

from components.field_change import OF_FLOW, OF_RUN, FieldChange, edit_of
from flows.document.edits import ChangeFlow, ChangeNode, ChangeRun, apply_edit
from flows.document.model import AgentNode
from flows.errors import EditRefused
from flows.ids import NodeId
from tests.shapes import shape

FLOW = shape("in > a b > out", a={"model_settings": {"temperature": 0.5, "top_p": 0.9}})


@pytest.mark.parametrize(
    "name, value, changes",
    [
        ("instructions", "Be kind.", {"instructions": "Be kind."}),
        ("name", "  Legal review ", {"name": "Legal review"}),
        ("name", "   ", {"name": "a"}),
        ("icon", "", {"icon": None}),
        ("model", " openai/gpt ", {"model": "openai/gpt"}),
        ("model", "", {"model": None}),
        ("model", None, {"model": None}),
        ("timeout_s", None, {"timeout_s": None}),
        ("timeout_s", 2.5, {"timeout_s": 2.5}),
        ("retries", None, {"retries": 0}),
        ("needs", "any", {"needs": "any"}),
        ("needs", "first", {"needs": {"first": 2}}),
        ("first", 3, {"needs": {"first": 3}}),
        ("first", None, {"needs": {"first": 1}}),
        ("choices", "red\n\n blue \nred", {"choices": ["red", "blue"]}),
        (
            "max_tokens",
            80,
            {"model_settings": {"temperature": 0.5, "top_p": 0.9, "max_tokens": 80}},
        ),
        ("temperature", None, {"model_settings": {"top_p": 0.9}}),
    ],
)
def test_a_field_of_a_node_becomes_a_change_of_that_node(
    name: str, value: JsonValue, changes: dict[str, JsonValue]
) -> None:
    assert edit_of(FLOW, FieldChange("a", name, value)) == ChangeNode(id="a", changes=changes)


def test_the_flow_and_its_run_policy_have_fields_of_their_own() -> None:
    assert edit_of(FLOW, FieldChange(OF_FLOW, "name", " Panel ")) == ChangeFlow(name="Panel")
    assert edit_of(FLOW, FieldChange(OF_FLOW, "name", " ")) == ChangeFlow(name="Untitled flow")
    assert edit_of(FLOW, FieldChange(OF_FLOW, "description", "Why")) == ChangeFlow(
        description="Why"
    )
    assert edit_of(FLOW, FieldChange(OF_RUN, "max_concurrency", 2)) == ChangeRun(
        changes={"max_concurrency": 2}
    )


def test_two_settings_changed_in_one_breath_are_both_kept() -> None:
    changes = [FieldChange("b", "temperature", 0.2), FieldChange("b", "max_tokens", 50)]
    flow = FLOW
    for change in changes:
        flow = apply_edit(flow, edit_of(flow, change))
    node = flow.node(NodeId("b"))
    assert isinstance(node, AgentNode)
    assert node.model_settings == {"temperature": 0.2, "max_tokens": 50}


def test_a_field_of_a_node_that_is_gone_is_refused() -> None:
    with pytest.raises(EditRefused, match='There is no node "gone" any more'):
        edit_of(FLOW, FieldChange("gone", "name", "x"))
