"""A flow that leaves as Python and comes back is the same flow."""

from typing import Any

import pytest

from flows.document.model import AgentNode, Flow
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from flows.templates import list_templates, load_template
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_code.patterns import PATTERNS
from tests.shapes import shape

NAMES = [template.name for template in list_templates()]
SAME_MEANING = {"route_first", "route_all", "route_uneven"}
"""Their code does not say the case of a word, which a router does not look at."""


def plain(flow: Flow) -> dict[str, Any]:
    """Return a flow without what no run and no reader sees.

    Left out are the places, the order of edges to different nodes, a prompt that says what an empty
    one means, and the case of a schema's title, which in Python is the name of a class.
    """
    values = flow.model_dump(exclude={"layout"})
    values["edges"] = sorted(values["edges"], key=lambda edge: edge["target"])
    for node in values["nodes"]:
        if node.get("prompt") == "{{ input }}" and not _has_work_before(flow, node["id"]):
            node["prompt"] = ""
        if node.get("output_schema"):
            node["output_schema"]["title"] = node["output_schema"]["title"].lower()
    return values


def _has_work_before(flow: Flow, node: str) -> bool:
    before = {edge.source for edge in flow.edges if edge.target == node}
    return any(each.type != "input" for each in flow.nodes if each.id in before)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_comes_back_as_it_was(name):
    flow = load_template(name)
    imported = import_python(python_code(flow, NO_CONNECTIONS), filename=f"{name}.py")
    assert plain(imported.flow) == plain(flow)
    assert imported.remarks == ()


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_back_leaves_as_the_same_program(name):
    code = python_code(load_template(name), NO_CONNECTIONS)
    assert python_code(import_python(code).flow, NO_CONNECTIONS) == code


@pytest.mark.parametrize("name", sorted(PATTERNS.keys() - SAME_MEANING))
def test_a_pattern_comes_back_as_it_was(name):
    flow = PATTERNS[name]
    imported = import_python(python_code(flow, NO_CONNECTIONS))
    assert plain(imported.flow) == plain(flow)
    assert imported.remarks == ()


@pytest.mark.parametrize("name", sorted(SAME_MEANING))
def test_what_comes_back_changed_leaves_as_the_same_program(name):
    code = python_code(PATTERNS[name], NO_CONNECTIONS)
    assert python_code(import_python(code).flow, NO_CONNECTIONS) == code


@pytest.mark.parametrize("policy", ["finish", "cancel", "collect"])
def test_a_row_of_steps_keeps_its_policy_though_its_code_has_no_place_for_it(policy):
    flow = shape("in > a > b", run={"on_failure": policy})
    assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


def test_what_the_code_says_of_failures_counts_more_than_what_its_docstring_says():
    code = python_code(shape("in > a b > c", run={"on_failure": "cancel"}), NO_CONNECTIONS)
    said = code.replace("\n\nMade by", "\n\nWhen a step fails: collect.\n\nMade by")
    assert said != code
    assert import_python(said).flow.run.on_failure == "cancel"


def test_models_come_back_with_their_connection():
    flow = PATTERNS["gather"]
    first, second, *rest = flow.nodes
    assert isinstance(second, AgentNode)
    second = second.model_copy(update={"model": "openai/gpt-4.1", "retries": 0})
    changed = flow.model_copy(update={"nodes": (first, second, *rest)})
    imported = import_python(python_code(changed, NO_CONNECTIONS))
    assert plain(imported.flow) == plain(changed)
