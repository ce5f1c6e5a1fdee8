"""NodeFields: the part of the inspector's form that belongs to one type of node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import streamlit as st

from components.form import Form
from components.placeholder_names import missing_link, named_in, offered, sent_without_prompt
from components.policy_fields import draw_for_each, draw_on_error, draw_schema, draw_stage
from components.router_fields import draw_router
from flows.document.model import (
    AgentNode,
    ApprovalNode,
    Flow,
    InputNode,
    JoinNode,
    Node,
    RouterNode,
)
from flows.document.policy import FirstOf
from flows.plan.graph import parents_in_order

_KINDS = {
    "text": "One line of text",
    "long_text": "Long text",
    "number": "Number",
    "choice": "One of several",
}
NEEDS = {
    "all": "all its parents are done",
    "any": "one of them is done",
    "first": "the first few are done",
}


def draw_fields(form: Form, node: Node, flow: Flow, *, models: Mapping[str, str]) -> None:
    """Draw what only this type of node has; `models`: see Subject."""
    match node:
        case InputNode():
            _input(form, node)
        case AgentNode():
            _agent(form, node, flow, models)
        case JoinNode():
            _join(form, node, flow)
        case RouterNode():
            draw_router(form, node, flow, models)
            _policies(form, node, flow)
        case ApprovalNode():
            pass  # its problem says that it does not run yet
        case _:
            assert_never(node)


def _input(form: Form, node: InputNode) -> None:
    form.text("example", "Example", node.example, height=120)
    form.line("description", "What to type here", node.description)
    kinds = _KINDS if node.kind in _KINDS else {**_KINDS, node.kind: node.kind}
    form.choice("kind", "Kind", node.kind, kinds)
    if node.kind == "choice":
        lines = "\n".join(node.choices)
        form.text("choices", "Choices, one a line", lines, height=100)
    form.switch("required", "A run needs a value", value=node.required)


def _agent(form: Form, node: AgentNode, flow: Flow, models: Mapping[str, str]) -> None:
    form.text(
        "instructions",
        "Instructions",
        node.instructions,
        height=150,
        hint="Who it is and what it does",
    )
    _prompt(form, node, flow, words="Message")
    form.choice(
        "model",
        "Model",
        node.model or "",
        models,
        free=True,
        tip="Any model of a connection: choose one, or type it as connection/model, such as "
        "openai/gpt-4.1-mini.",
    )
    _needs(form, node, flow)
    with st.container(key="for-each", gap="small"):
        draw_for_each(form, node, flow)
    with st.expander("Limits and settings"):
        _settings(form, node)
        draw_schema(form, node)
        draw_on_error(form, node)
    draw_stage(form, flow, node.id)


def _settings(form: Form, node: AgentNode) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        form.number(
            "temperature",
            "Temperature",
            _setting(node, "temperature"),
            least=0.0,
            step=0.1,
            hint="default",
        )
    with right:
        form.count(
            "max_tokens",
            "Longest answer",
            _setting(node, "max_tokens"),
            least=1,
            step=50,
            hint="tokens",
        )
    left, right = st.columns(2)  # a row each: Tab goes through them as they are read
    with left:
        _time_limit(form, node)
    with right:
        form.count("retries", "Tries again", node.retries, least=0)


def _join(form: Form, node: JoinNode, flow: Flow) -> None:
    kinds = {"text": "A text", "list": "A JSON list of its parents' outputs"}
    form.choice("as", "Gives", node.as_, kinds)
    if node.as_ == "text":
        _prompt(form, node, flow, words="Text")
    _needs(form, node, flow)
    draw_stage(form, flow, node.id)


def _policies(form: Form, node: RouterNode, flow: Flow) -> None:
    with st.expander("Limits and settings"):
        _time_limit(form, node)
        draw_on_error(form, node)
        _needs(form, node, flow)
    draw_stage(form, flow, node.id)


def _time_limit(form: Form, node: AgentNode | RouterNode) -> None:
    form.number(
        "timeout_s",
        "Time limit",
        node.timeout_s,
        least=0.1,
        step=5.0,
        hint="seconds",
        tip="For all its tries together, with the waits between them.",
    )


def _prompt(form: Form, node: AgentNode | JoinNode, flow: Flow, *, words: str) -> None:
    hint = f"Empty: {sent_without_prompt(flow, node.id)}"
    form.text("prompt", words, node.prompt, height=112, hint=hint)
    form.insert(
        "prompt",
        offered(flow, node.id, ran=form.ran),
        note=named_in(flow, node.prompt) or missing_link(flow, node.id),
    )


def _needs(form: Form, node: Node, flow: Flow) -> None:
    first = isinstance(node.needs, FirstOf)
    if node.needs == "all" and len(parents_in_order(flow).get(node.id, ())) < 2:
        return
    form.choice("needs", "Starts when", "first" if first else str(node.needs), NEEDS)
    if isinstance(node.needs, FirstOf):
        form.count("first", "How many", node.needs.first, least=1)


def _setting(node: AgentNode, name: str) -> float | None:
    value = node.model_settings.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
