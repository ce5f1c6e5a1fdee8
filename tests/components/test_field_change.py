"""What is typed into a field becomes one edit of the flow as it is now."""

import pytest
from pydantic import JsonValue

from components.field_change import DIFFERS, OF_FLOW, OF_RUN, SEVERAL, FieldChange, edit_of
from flows.document.edits import (
    ChangeFlow,
    ChangeId,
    ChangeNode,
    ChangeRun,
    Group,
    apply_edit,
)
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
        ("for_each", True, {"for_each": {"items": "{{ input }}"}}),
        ("for_each", False, {"for_each": None}),
        ("on_error", "fallback", {"on_error": {"fallback": ""}}),
        ("on_error", "fail", {"on_error": "fail"}),
        ("fallback", "Nothing.", {"on_error": {"fallback": "Nothing."}}),
        ("output_schema", '{"type": "object"}', {"output_schema": {"type": "object"}}),
        ("output_schema", " ", {"output_schema": None}),
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


def test_what_a_for_each_goes_over_is_a_template_or_a_list_of_the_flow() -> None:
    mapped = shape("in > a", a={"for_each": {"items": "{{ input }}", "max_concurrency": 3}})

    def typed(name: str, value: JsonValue) -> object:
        node = apply_edit(mapped, edit_of(mapped, FieldChange("a", name, value))).node(NodeId("a"))
        assert isinstance(node, AgentNode)
        assert node.for_each is not None
        return node.for_each.model_dump(exclude_defaults=True)

    assert typed("items", '["x", 2]') == {"items": ("x", 2), "max_concurrency": 3}
    assert typed("items-max_concurrency", None) == {"items": "{{ input }}"}
    assert typed("items-on_failure", "collect") == {
        "items": "{{ input }}",
        "max_concurrency": 3,
        "on_failure": "collect",
    }


@pytest.mark.parametrize("name", ["output_schema", "items"])
def test_json_that_is_none_is_told_with_its_line(name: str) -> None:
    with pytest.raises(EditRefused, match=r"is not JSON yet, so it is not kept\. Line 1"):
        edit_of(FLOW, FieldChange("a", name, '["half'))


def test_the_policy_of_a_stage_keeps_its_key_and_goes_when_it_says_nothing() -> None:
    policed = shape("in > a b > out", run={"stages": {"a": {"max_concurrency": 2}}})
    more = apply_edit(policed, edit_of(policed, FieldChange("b", "stage-timeout_s", 5.0)))
    assert {key: each.model_dump(exclude_none=True) for key, each in more.run.stages.items()} == {
        "a": {"max_concurrency": 2, "timeout_s": 5.0}
    }
    none = apply_edit(policed, edit_of(policed, FieldChange("b", "stage-max_concurrency", None)))
    assert none.run.stages == {}


def test_a_change_of_several_nodes_is_one_edit_and_a_choice_of_differences_is_none() -> None:
    owner = SEVERAL.join(["a", "b"])
    assert edit_of(FLOW, FieldChange(owner, "timeout_s", 3.0)) == Group(
        edits=(
            ChangeNode(id=NodeId("a"), changes={"timeout_s": 3.0}),
            ChangeNode(id=NodeId("b"), changes={"timeout_s": 3.0}),
        )
    )
    assert edit_of(FLOW, FieldChange(owner, "model", DIFFERS)) == Group(edits=())


def test_a_placeholder_that_is_put_in_gives_its_node_an_id_that_reads_like_its_name() -> None:
    flow = shape(
        "in > agent agent_2 > out", agent={"name": "Foodie"}, agent_2={"name": "Historian"}
    )
    text = "Eat {{ nodes.agent.output }} {{ nodes.agent_2.output }}"
    change = FieldChange("out", "prompt-insert", text)
    assert edit_of(flow, change, ran={NodeId("agent_2")}) == Group(
        edits=(
            ChangeId(id=NodeId("agent"), to=NodeId("foodie")),
            ChangeNode(
                id=NodeId("out"),
                changes={"prompt": "Eat {{ nodes.foodie.output }} {{ nodes.agent_2.output }}"},
            ),
        )
    )
