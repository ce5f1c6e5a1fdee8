"""Inspector: the form for what is chosen on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.field_change import OF_FLOW, OF_RUN, FieldChange
from components.form import Form
from components.node_fields import draw_fields
from components.policy_fields import draw_run
from components.text import plain
from components.whole import whole
from flows.document.advice import Advice
from flows.document.edits import Edit
from flows.document.model import Flow, Node
from flows.document.problem import Problem
from flows.ids import FlowId, NodeId

_STARTS = {
    "as_ready": "As soon as it is ready",
    "by_stage": "Stage after stage",
}
_SIGNS = {"error": ":red[●]", "warning": ":orange[●]", "advice": ":blue[●]"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the inspector speaks about.

    `models` maps what an agent's model may be to what is shown of it; "" stands for the default.
    """

    flow_id: FlowId
    flow: Flow
    selection: Sequence[NodeId] = ()
    problems: Sequence[Problem] = ()
    advice: Sequence[Advice] = ()
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reactions:
    """Who is told what the person at the inspector wants."""

    change: Callable[[FieldChange], None]
    edit: Callable[[Edit], None]
    select: Callable[[Sequence[NodeId]], None]
    remove: Callable[[Sequence[NodeId]], None]


def inspect(subject: Subject, reactions: Reactions) -> None:
    """Draw the form for one chosen node, the list of several, or the flow when none is."""
    chosen = [node for node in subject.flow.nodes if node.id in set(subject.selection)]
    match chosen:
        case []:
            _inspect_flow(subject, reactions)
        case [node]:
            _inspect_node(subject, node, reactions)
        case _:
            _inspect_several(chosen, reactions)


def _inspect_flow(subject: Subject, reactions: Reactions) -> None:
    st.markdown("**Flow**")
    flow = subject.flow
    words = _form(subject, OF_FLOW, reactions)
    words.line("name", "Name", flow.name)
    words.text(
        "description",
        "Description",
        flow.description,
        height=100,
        hint="What it is for",
    )
    _inspect_run(subject, reactions)
    _list_problems(subject, reactions)


def _inspect_run(subject: Subject, reactions: Reactions) -> None:
    policy = subject.flow.run
    form = _form(subject, OF_RUN, reactions)
    form.choice(
        "start",
        "A node starts",
        policy.start,
        _STARTS,
        tip="As soon as it is ready: the moment its own parents are done. "
        "Stage after stage: when the whole stage before is done.",
    )
    left, right = st.columns(2)
    with left:
        form.count(
            "max_concurrency", "Most at once", policy.max_concurrency, least=1, hint="no limit"
        )
    with right:
        form.number(
            "timeout_s",
            "Time limit",
            policy.timeout_s,
            least=0.1,
            step=10.0,
            hint="seconds",
        )
    draw_run(form, subject.flow)


def _list_problems(subject: Subject, reactions: Reactions) -> None:
    if not subject.problems:
        st.caption(":green[●] Nothing stands in the way of a run.")
    with st.container(key="problems", gap="small"):
        for number, problem in enumerate(subject.problems):
            _show_problem(problem, number, reactions)
        for number, advice in enumerate(subject.advice):
            _show_advice(advice, number, reactions)


def _show_advice(advice: Advice, number: int, reactions: Reactions) -> None:
    """Show what could be better, with the button that does it."""
    st.markdown(f"{_SIGNS['advice']} {plain(advice.problem.message)}")
    st.button(
        plain(advice.fix),
        key=f"do-advice-{number}",
        icon=":material/check:",
        type="tertiary",
        on_click=whole(reactions.edit),
        args=(advice.edit,),
    )


def _show_problem(problem: Problem, number: int, reactions: Reactions) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="top", wrap=False):
        st.markdown(f"{_SIGNS[problem.severity]} {plain(problem.message)}", width="stretch")
        if problem.nodes:
            st.button(
                "Show",
                key=f"show-problem-{number}",
                type="tertiary",
                on_click=whole(reactions.select),
                args=(problem.nodes,),
            )


def _inspect_several(nodes: Sequence[Node], reactions: Reactions) -> None:
    _title(f"**{len(nodes)} nodes**", [node.id for node in nodes], reactions)
    st.markdown("\n".join(f"- {plain(node.name)} :small[:gray[{node.type}]]" for node in nodes))


def _inspect_node(subject: Subject, node: Node, reactions: Reactions) -> None:
    _title(f"**{node.type.capitalize()}** :small[:gray[{node.id}]]", [node.id], reactions)
    form = _form(subject, node.id, reactions)
    icon, name = st.columns([1, 3.4])
    with icon:
        form.line("icon", "Icon", node.icon or "", most=16)
    with name:
        form.line("name", "Name", node.name)
    draw_fields(form, node, subject.flow, models=subject.models)
    for problem in subject.problems:
        if node.id in problem.nodes:
            st.markdown(f"{_SIGNS[problem.severity]} {plain(problem.message)}")
    for number, advice in enumerate(subject.advice):
        if node.id in advice.problem.nodes:
            _show_advice(advice, number, reactions)


def _title(words: str, nodes: Sequence[NodeId], reactions: Reactions) -> None:
    """Say what is chosen, and offer to delete it; nothing stands over it that comes and goes."""
    with st.container(
        key="chosen", horizontal=True, gap="small", vertical_alignment="center", wrap=False
    ):
        st.markdown(words, width="stretch")
        st.button(
            "Delete" if len(nodes) == 1 else f"Delete {len(nodes)} nodes",
            key="delete-chosen",
            icon=":material/delete:",
            type="tertiary",
            on_click=whole(reactions.remove),
            args=(tuple(nodes),),
        )


def _form(subject: Subject, owner: str, reactions: Reactions) -> Form:
    return Form(
        flow_id=subject.flow_id,
        owner=owner,
        on_change=lambda name, value: reactions.change(FieldChange(owner, name, value)),
    )
