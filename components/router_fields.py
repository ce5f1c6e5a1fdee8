"""RouterFields: the inspector's form for a router: how it chooses, and which way leads where."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.form import Form
from components.router_change import TESTS, branches_of, edges_from, first_test, more_tests
from flows.document.model import Flow, RouterNode

_WAYS = {"rules": "Rules", "ask": "A model is asked"}
_WHOLE = "the whole text"
_AT = (
    'Empty: the whole text is looked at. What comes in is JSON, such as {"score": 8}? Then '
    "/score names that field, and /team/0 the first of a list: a JSON pointer."
)
_HINTS = {
    "contains": "a word, such as refund",
    "equals": "the exact text, in any case",
    "matches": r"a pattern, such as \bINV-\d+",
    "above": "a number",
    "at_least": "a number",
    "below": "a number",
    "at_most": "a number",
}
_TAKES = {"first": "The first that holds", "all": "All that hold"}


def draw_router(form: Form, router: RouterNode, flow: Flow, models: Mapping[str, str]) -> None:
    """Draw how the router chooses, then the branch of each link."""
    form.choice("by", "Chooses by", "rules" if router.ask is None else "ask", _WAYS)
    if router.ask is None:
        _rules(form, router)
    else:
        form.text("ask", "Question", router.ask, height=88)
        form.choice("model", "Model", router.model or "", models, free=True)
    form.choice("take", "Takes", router.take, _TAKES)
    form.line("otherwise", "Otherwise", router.otherwise or "", hint="none: no branch is taken")
    _ways(form, router, flow)


def _rules(form: Form, router: RouterNode) -> None:
    with st.container(key="rules", gap="small"):
        _each_rule(form, router)
    form.press("rule-add", "Add a rule", icon="add")


def _each_rule(form: Form, router: RouterNode) -> None:
    for number, rule in enumerate(router.rules):
        test, compared = first_test(rule)
        with st.container(border=True, gap="xxsmall", key=f"rule-{number}"):
            form.choice(f"rule-{number}-test", "If it", test, TESTS)
            form.line(f"rule-{number}-value", "this", compared, most=2000, hint=_HINTS[test])
            form.line(f"rule-{number}-branch", "take branch", rule.branch)
            form.line(f"rule-{number}-at", "in field", rule.when.at or "", hint=_WHOLE, tip=_AT)
            if more_tests(rule):
                st.caption(f"And {more_tests(rule)} more of the file, which must hold as well.")
            form.press(f"rule-{number}-remove", "Remove this rule", icon="close")


def _ways(form: Form, router: RouterNode, flow: Flow) -> None:
    edges = edges_from(flow, router)
    if not edges:
        st.caption("Drag from its right edge to a card: each link is one branch.")
    branches = {each: each for each in branches_of(flow, router)}
    names = {node.id: node.name for node in flow.nodes}
    for number, edge in enumerate(edges):
        target = names.get(edge.target, edge.target)
        form.choice(f"way-{number}", f"To {target}", edge.branch or "", branches, free=True)
