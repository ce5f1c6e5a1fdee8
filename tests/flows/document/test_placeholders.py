"""Templates: what a placeholder stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.document.placeholders import (
    Index,
    InputValue,
    Item,
    NodeOutput,
    ParentOutput,
    Parents,
    Unknown,
    Values,
    default_message,
    parse_template,
    render,
)
from flows.errors import TemplateError

VALUES = Values(
    inputs={"message": "hello"},
    outputs={"plan": '{"topics": ["a", "b"], "n": 3}', "list": [1, {"x": "y"}]},
    parents=[ParentOutput("One", "first"), ParentOutput("Two", {"k": 1})],
    item={"name": "Ada"},
    index=4,
)


@pytest.mark.parametrize(
    "text,placeholder",
    [
        ("{{ input }}", InputValue(None)),
        ("{{inputs.message}}", InputValue("message")),
        ("{{ nodes.plan.output.topics.0 }}", NodeOutput("plan", ("topics", "0"))),
        ("{{ parents }}", Parents()),
        ("{{ item.name }}", Item(("name",))),
        ("{{ index }}", Index()),
        ("{{ nodes.plan }}", Unknown("nodes.plan")),
        ("{{ 1 + 1 }}", Unknown("1 + 1")),
        ("{{ }}", Unknown("")),
    ],
)
def test_a_placeholder_is_read_as_what_it_names(text, placeholder):
    assert parse_template(text) == (placeholder,)


@pytest.mark.parametrize(
    "template,text",
    [
        ("Say {{ input }}!", "Say hello!"),
        ("{{ inputs.message }}", "hello"),
        ("{{ nodes.plan.output.topics.1 }}", "b"),
        ("{{ nodes.plan.output.topics }}", '["a", "b"]'),
        ("{{ nodes.plan.output.n }}", "3"),
        ("{{ nodes.list.output }}", '[1, {"x": "y"}]'),
        ("{{ nodes.skipped.output.any.step }}", ""),
        ("{{ parents }}", '## One\nfirst\n\n## Two\n{"k": 1}'),
        ("{{ item.name }} {{ index }}", "Ada 4"),
        ("no placeholder { } {x}", "no placeholder { } {x}"),
    ],
)
def test_a_template_is_filled(template, text):
    assert render(template, VALUES) == text


@pytest.mark.parametrize(
    "template,reason",
    [
        ("{{ nodes.plan.output.topic }}", 'has no field "topic". Its fields: "topics", "n".'),
        ("{{ nodes.plan.output.topics.7 }}", "is a list of 2; it has no place"),
        ("{{ input.name }}", "is not JSON with fields"),
    ],
)
def test_a_step_that_leads_nowhere_is_an_error_that_says_what_is_there(template, reason):
    with pytest.raises(TemplateError) as caught:
        render(template, VALUES)
    assert reason in str(caught.value)


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_expanded_again(given_input, around):
    values = Values(inputs={"message": given_input + "{{ index }}"})
    plain = around.replace("{", "").replace("}", "")
    assert render(plain + "{{ input }}", values) == plain + given_input + "{{ index }}"


@pytest.mark.parametrize(
    "parents,text",
    [
        ([], "hello"),
        ([ParentOutput("One", "as it is")], "as it is"),
        ([ParentOutput("One", "a"), ParentOutput("Two", "b")], "## One\na\n\n## Two\nb"),
    ],
)
def test_an_empty_prompt_means_the_parents_or_the_input(parents, text):
    assert default_message(Values(inputs={"message": "hello"}, parents=parents)) == text
