"""What is typed into a router's form becomes one edit, and new links get a branch of their own."""

import pytest
from pydantic import JsonValue

from components.canvas.protocol import change_flow
from components.field_change import FieldChange, edit_of
from flows.document.edits import AddEdge, apply_edit
from flows.document.model import Edge, Flow, RouterNode, Rule, When
from flows.errors import EditRefused
from flows.ids import NodeId
from tests.shapes import shape

ROUTER: dict[str, JsonValue] = {
    "type": "router",
    "rules": [
        {"branch": "urgent", "when": {"contains": "ASAP"}},
        {"branch": "good", "when": {"at": "/score", "at_least": 7}},
    ],
    "otherwise": "normal",
}
FLOW = shape("in > r; a b c", r=ROUTER)


def typed(flow: Flow, name: str, value: JsonValue) -> Flow:
    return apply_edit(flow, edit_of(flow, FieldChange("r", name, value)))


def router(flow: Flow) -> RouterNode:
    node = flow.node(NodeId("r"))
    assert isinstance(node, RouterNode)
    return node


def linked(flow: Flow, *targets: str) -> Flow:
    for target in targets:
        edge = Edge(source=NodeId("r"), target=NodeId(target))
        flow = change_flow(flow, AddEdge(edge=edge))
    return flow


def branches(flow: Flow) -> list[tuple[str, str | None]]:
    return [(edge.target, edge.branch) for edge in flow.edges if edge.source == "r"]


def test_a_new_link_of_a_router_takes_the_first_branch_that_leads_nowhere() -> None:
    assert branches(linked(FLOW, "a", "b", "c")) == [
        ("a", "urgent"),
        ("b", "good"),
        ("c", "normal"),
    ]


def test_a_model_that_is_asked_gets_branches_as_they_are_drawn() -> None:
    asked = shape("in > r; a b", r={"type": "router", "ask": "Which team?"})
    assert branches(linked(asked, "a", "b")) == [("a", "branch 1"), ("b", "branch 2")]


def test_the_branch_of_a_link_is_changed_in_its_place() -> None:
    drawn = linked(FLOW, "a", "b")
    assert branches(typed(drawn, "way-0", "normal")) == [("a", "normal"), ("b", "good")]
    assert [edge.source for edge in typed(drawn, "way-0", "normal").edges] == ["in", "r", "r"]


@pytest.mark.parametrize(
    "name, value, rule",
    [
        ("rule-0-branch", "now", Rule(branch="now", when=When(contains="ASAP"))),
        ("rule-0-value", "at once", Rule(branch="urgent", when=When(contains="at once"))),
        ("rule-0-test", "equals", Rule(branch="urgent", when=When(equals="ASAP"))),
        ("rule-0-test", "above", Rule(branch="urgent", when=When(above=0))),
        ("rule-0-at", "/text", Rule(branch="urgent", when=When(at="/text", contains="ASAP"))),
        ("rule-1-value", "7,5", Rule(branch="good", when=When(at="/score", at_least=7.5))),
        ("rule-1-at", "", Rule(branch="good", when=When(at_least=7))),
    ],
)
def test_a_rule_is_typed_part_by_part(name: str, value: JsonValue, rule: Rule) -> None:
    number = int(name.split("-")[1])
    assert router(typed(FLOW, name, value)).rules[number] == rule


def test_rules_are_added_and_removed() -> None:
    more = router(typed(FLOW, "rule-add", value=True)).rules
    assert [rule.branch for rule in more] == ["urgent", "good", "branch 1"]
    fewer = router(typed(FLOW, "rule-0-remove", value=True)).rules
    assert [rule.branch for rule in fewer] == ["good"]


def test_a_router_chooses_by_rules_or_by_a_model() -> None:
    asked = typed(FLOW, "by", "ask")
    assert (router(asked).ask, router(asked).rules) == ("Which branch fits best?", ())
    ruled = router(typed(asked, "by", "rules"))
    assert (ruled.ask, ruled.rules, ruled.otherwise) == (None, (), "normal")


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("rule-1-value", "high", "no number"),
        ("rule-7-branch", "x", "not there any more"),
        ("way-0", "x", "needs a branch"),
    ],
)
def test_what_does_not_fit_is_a_sentence(name: str, value: JsonValue, words: str) -> None:
    with pytest.raises(EditRefused, match=words):
        typed(FLOW, name, value)
