"""PolicyFields: the inspector's fields for failures and limits, of a run, a stage and a node."""

from __future__ import annotations

import json

import streamlit as st

from components.form import Form
from components.placeholder_names import missing_link, named_in, offered
from flows.document.model import AgentNode, Flow, Node
from flows.document.policy import Fallback, ForEach, StagePolicy
from flows.ids import NodeId
from flows.plan.graph import stages_of

FAILURES = {
    "finish": "Let the others end · gather",
    "cancel": "Stop all at once · TaskGroup",
    "collect": "Go on · return_exceptions",
}
_MEANING = (
    "gather: what has started runs to its end, nothing new starts, the run fails. "
    "TaskGroup: everything running is stopped, the run fails. "
    "return_exceptions: the run goes on with what succeeded."
)
_RESULTS = {
    "in_order": "In order",
    "as_completed": "As they come · as_completed",
}
_ORDER = (
    "In order: as the nodes were added, whoever is done first. "
    "As they come: the first that is done stands first."
)
_EXAMPLE_SCHEMA = 'Empty: any text. A JSON Schema, such as {"type": "object", "properties": …}'
_LIST = """{
 "type": "object",
 "properties": {"items": {"type": "array", "items": {"type": "string"}}},
 "required": ["items"],
 "additionalProperties": false
}"""
_FIELDS = """{
 "type": "object",
 "properties": {"title": {"type": "string"}, "score": {"type": "integer"}},
 "required": ["title", "score"],
 "additionalProperties": false
}"""
ERRORS = {"fail": "It fails", "fallback": "It gives this text instead"}

_OUTPUTS = {"final_output": "Its last answer", "text_messages": "All the texts it says"}
_OUTPUTS_TIP = (
    "An agent with tools or handoffs may say something before its last answer. In code: "
    "final_output, or ItemHelpers.text_message_outputs."
)


def draw_run(form: Form, flow: Flow) -> None:
    """Draw what a failure means to the run, and how results are handed out."""
    form.choice("on_failure", "When a node fails", flow.run.on_failure, FAILURES, tip=_MEANING)
    form.choice("results", "Results come", flow.run.results, _RESULTS, tip=_ORDER)


def draw_stage(form: Form, flow: Flow, node: NodeId) -> None:
    """Draw the policy of the stage where the node stands."""
    stages = stages_of(flow)
    number = next((place for place, stage in enumerate(stages, 1) if node in stage), 0)
    if not number:
        return
    with st.expander(f"Stage {number}, all its nodes"):
        draw_policy(form, flow, node)


def draw_policy(form: Form, flow: Flow, node: NodeId) -> None:
    """Draw the fields of the stage where the node stands."""
    policy = stage_policy(flow, node)
    options = {"": "As the run says", **FAILURES}
    form.choice(
        "stage-on_failure", "When a node fails", policy.on_failure or "", options, tip=_MEANING
    )
    left, right = st.columns(2)
    with left:
        form.count(
            "stage-max_concurrency",
            "Most at once",
            policy.max_concurrency,
            least=1,
            hint="no limit",
        )
    with right:
        form.number(
            "stage-timeout_s",
            "Time limit",
            policy.timeout_s,
            least=0.1,
            step=10.0,
            hint="seconds",
        )


def stage_policy(flow: Flow, node: NodeId) -> StagePolicy:
    """Return the policy of the stage where the node stands."""
    return flow.run.stages.get(stage_key(flow, node), StagePolicy())


def stage_key(flow: Flow, node: NodeId) -> NodeId:
    """Return the node that keys the policy of this node's stage: itself when none does."""
    stage = next((each for each in stages_of(flow) if node in each), ())
    return next((each for each in stage if each in flow.run.stages), node)


def draw_on_error(form: Form, node: Node) -> None:
    """Draw what a failure of the node's own work becomes."""
    has_fallback = isinstance(node.on_error, Fallback)
    form.choice("on_error", "When it fails", "fallback" if has_fallback else "fail", ERRORS)
    if isinstance(node.on_error, Fallback):
        form.line("fallback", "The text", node.on_error.fallback, most=2000)


def draw_for_each(form: Form, node: AgentNode, flow: Flow) -> None:
    """Draw whether the agent works once or once for every item, and over what."""
    each = node.for_each
    form.switch("for_each", "Once for every item of a list", value=each is not None)
    if each is None:
        return
    items = each.items if isinstance(each.items, str) else json.dumps(each.items)
    form.text("items", "Items", items, height=88, hint="{{ input }}, or a JSON list")
    form.insert(
        "items",
        offered(flow, node.id, ran=form.ran, item=False),
        note=named_in(flow, items) or missing_link(flow, node.id),
    )
    left, right = st.columns(2)
    with left:
        form.count(
            "items-max_concurrency", "At once", each.max_concurrency, least=1, hint="no limit"
        )
    with right:
        form.count("items-max_items", "Items, at most", each.max_items, least=1)
    options = {"": "As its stage says", **FAILURES}
    form.choice("items-on_failure", "When an item fails", each.on_failure or "", options)
    st.caption(_what_runs(each))


def _what_runs(each: ForEach) -> str:
    most = each.max_concurrency
    pace = "all at once" if most is None else f"at most {most} at once"
    return (
        f"One run of this agent an item, {pace}. Items are a JSON list or lines of text; more than "
        f"{each.max_items} of them fail the agent. The answers stay in the order of the items."
    )


def draw_schema(form: Form, node: AgentNode) -> None:
    """Draw what of what an agent says is its answer, and the JSON Schema that must fit."""
    form.choice("output", "Gives", node.output, _OUTPUTS, tip=_OUTPUTS_TIP)
    schema = "" if node.output_schema is None else json.dumps(node.output_schema, indent=1)
    form.text("output_schema", "Answer as JSON", schema, height=88, hint=_EXAMPLE_SCHEMA)
    if node.output_schema is None:
        with st.container(horizontal=True, gap="small"):
            form.press("output_schema", "Make a list of texts", icon="list", value=_LIST)
            form.press("output_schema", "Make fields", icon="data_object", value=_FIELDS)
