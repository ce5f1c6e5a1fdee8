"""A flow that leaves as Python and comes back is the same flow."""

import random
from collections import Counter
from typing import Any

import pytest

from flows.document.model import AgentNode, Flow
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from flows.templates import list_templates, load_template
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_code.patterns import PATTERNS
from tests.flows.share.python_code.test_grown_flows import Growth, grown
from tests.shapes import shape

NAMES = [template.name for template in list_templates()]


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


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_comes_back_as_it_was(name):
    flow = PATTERNS[name]
    imported = import_python(python_code(flow, NO_CONNECTIONS))
    assert plain(imported.flow) == plain(flow)
    assert imported.remarks == ()


class Straight(Growth):
    """A flow of which some branches lead straight into what comes after them."""

    def grow(self, source: str, depth: int) -> list[str]:
        if "." in source and self.chance.random() < 0.35:
            return [source]
        return super().grow(source, depth)


def grown_straight(chance: random.Random) -> Flow:
    growth = Straight(chance, ("next", "router", "router", "lines"))
    ends = growth.grow("in", 3)
    if any("." in end for end in ends):
        growth.step(*ends)
    policy = chance.choice(["finish", "cancel"])
    return shape("; ".join(growth.edges), run={"on_failure": policy}, **growth.routers)


def chooses_nothing(flow: Flow) -> bool:
    """Whether a router leads to the same card on all its branches."""
    ends = Counter((edge.source, edge.target) for edge in flow.edges)
    return max(ends.values()) > 1


@pytest.mark.parametrize("grow", [grown, grown_straight])
def test_flows_that_branch_at_random_come_back(grow):
    flows = [grow(random.Random(seed)) for seed in range(60)]
    some = [flow for flow in flows if not chooses_nothing(flow)]
    assert len(some) > 30
    for flow in some:
        imported = import_python(python_code(flow, NO_CONNECTIONS))
        assert plain(imported.flow) == plain(flow)
        assert imported.remarks == ()


def test_a_branch_that_leads_straight_on_comes_back_in_its_place_among_the_parents():
    rules = [{"branch": "yes", "when": {"contains": "red"}}]
    r = {"type": "router", "rules": rules, "otherwise": "no"}
    for drawing in ("in > r; r.yes > a > s; r.no > s", "in > r; r.no > s; r.yes > a > s"):
        flow = shape(drawing, r=r)
        assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


@pytest.mark.parametrize(
    "when",
    [
        {"contains": "ASAP"},
        {"contains": "asap"},
        {"matches": "(?-i:ASAP)"},
        {"at": "/note", "matches": r"(?-i:a\.S\\\.\?)"},
        {"contains": "soon", "matches": "(?-i:^Please)"},
        {"equals": " Straße "},
        {"contains": "Now", "equals": "right Now"},
        {"at": "/team", "equals": "Sales"},
        {"at": "/team", "matches": "^Sal"},
        {"at_least": 2.0, "below": 7.5},
        {"at": "/score", "equals": 7.0},
        {"at": "/fine", "equals": True},
        {"at": "/fine", "equals": "true"},
        {"equals": False},
    ],
    ids=str,
)
def test_a_rule_comes_back_as_it_was_written(when):
    rules = [{"branch": "yes", "when": when}]
    router = {"type": "router", "rules": rules, "otherwise": "no"}
    flow = shape("in > r; r.yes > a; r.no > b", r=router)
    assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


ANSWER = {
    "title": "a",
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": ["order", "other"]},
        "text": {"type": "string"},
        "score": {"type": "integer"},
        "fine": {"type": "boolean"},
    },
    "required": ["kind", "text", "score", "fine"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "when, said",
    [
        ({"at": "/kind", "equals": "order"}, 'answer.kind == "order"'),
        (
            {"at": "/kind", "equals": "Order"},
            'answer.kind.casefold().strip() == "Order".casefold()',
        ),
        ({"at": "/text", "contains": "no"}, '"no" in answer.text.casefold()'),
        ({"at": "/text", "matches": "^no"}, 're.search("^no", answer.text, re.IGNORECASE)'),
        (
            {"at": "/score", "at_least": 7, "below": 9},
            "answer.score < 9.0 and answer.score >= 7.0",
        ),
        ({"at": "/fine", "equals": True}, "answer.fine"),
        ({"at": "/fine", "equals": False}, "not answer.fine"),
    ],
    ids=str,
)
@pytest.mark.parametrize("take", ["first", "all"])
def test_a_rule_about_a_field_of_an_answer_is_said_of_its_attribute_and_comes_back(
    when, said, take
):
    rules = [{"branch": "yes", "when": when}]
    router = {"type": "router", "rules": rules, "otherwise": "no", "take": take}
    flow = shape("in > p > r; r.yes > a; r.no > b", p={"output_schema": ANSWER}, r=router)
    code = python_code(flow, NO_CONNECTIONS)
    assert f"    if {said}:\n" in code
    imported = import_python(code)
    assert plain(imported.flow) == plain(flow)
    assert imported.remarks == ()


@pytest.mark.parametrize(
    "asked, folded",
    [
        ("equals", "text = answer.text.casefold().strip()"),
        ("contains", "text = answer.text.casefold()"),
    ],
)
def test_a_field_that_several_rules_compare_is_folded_once_and_comes_back(asked, folded):
    rules = [
        {"branch": branch, "when": {"at": "/text", asked: said}}
        for branch, said in (("yes", "order"), ("maybe", "letter"))
    ]
    router = {"type": "router", "rules": rules, "otherwise": "no"}
    flow = shape(
        "in > p > r; r.yes > a; r.maybe > b; r.no > c", p={"output_schema": ANSWER}, r=router
    )
    code = python_code(flow, NO_CONNECTIONS)
    assert code.count(".casefold()") == 1
    assert f"    {folded}\n" in code
    assert plain(import_python(code).flow) == plain(flow)


def test_words_around_a_parent_that_may_not_come_come_back():
    flow = shape(
        "in > r; r.yes > a > c; r.no > b; b c > d",
        run={"on_failure": "collect"},
        r={"type": "router", "rules": [{"branch": "yes", "when": {"contains": "Hi"}}]},
        c={"prompt": "What came: {{ parents }}"},
        d={"prompt": "All that came: {{ parents }}"},
    )
    assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


LONG = "A thorough review of the market for a message from a customer"


def test_nodes_with_long_names_keep_their_ids():
    flow = shape("in > a b c > d", a={"name": LONG}, b={"name": LONG + " agent"}, c={"name": LONG})
    assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


@pytest.mark.parametrize("policy", ["finish", "cancel", "collect"])
def test_a_row_of_steps_keeps_its_policy_though_its_code_has_no_place_for_it(policy):
    flow = shape("in > a > b", run={"on_failure": policy})
    assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


def test_what_the_code_says_of_failures_counts_more_than_what_its_comments_say():
    code = python_code(shape("in > a b > c", run={"on_failure": "cancel"}), NO_CONNECTIONS)
    row = python_code(shape("in > a > b", run={"on_failure": "collect"}), NO_CONNECTIONS)
    (said,) = [line for line in row.splitlines() if line.endswith("fails: collect.")]
    assert import_python(f"{code}{said}\n").flow.run.on_failure == "cancel"


def test_models_come_back_with_their_connection():
    flow = PATTERNS["gather"]
    first, second, *rest = flow.nodes
    assert isinstance(second, AgentNode)
    second = second.model_copy(update={"model": "openai/gpt-4.1", "retries": 0})
    changed = flow.model_copy(update={"nodes": (first, second, *rest)})
    imported = import_python(python_code(changed, NO_CONNECTIONS))
    assert plain(imported.flow) == plain(changed)


def test_where_nothing_is_tried_again_the_code_does_not_say_when_and_comes_back():
    flow = shape("in > a b > c", a={"retries": 0}, b={"retries": 0}, c={"retries": 0})
    code = python_code(flow, NO_CONNECTIONS)
    assert "RETRY = ModelRetrySettings(max_retries=0)\n" in code
    assert "retry_policies" not in code
    assert plain(import_python(code).flow) == plain(flow)
