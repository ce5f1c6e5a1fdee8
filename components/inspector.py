"""Inspector: the form for what is chosen on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from pydantic import JsonValue

from components.field_change import OF_FLOW, OF_RUN, SEVERAL, FieldChange
from components.form import Form
from components.node_fields import draw_fields
from components.placeholder_names import id_offer
from components.policy_fields import draw_run
from components.preview import said_of
from components.several_fields import draw_shared, heading_of, those_that_share
from components.stage_form import chosen_stage, draw_stage_form, stage_owner
from components.text import plain
from components.typed_inputs import unkept_inputs
from flows.document.advice import Advice
from flows.document.edits import ChangeNode, Edit
from flows.document.model import AgentNode, Flow, InputNode, Node
from flows.document.problem import Problem
from flows.ids import FlowId, NodeId

_STARTS = {
    "as_ready": "When it is ready · as_ready",
    "by_stage": "Stage after stage · by_stage",
}
_EMOJI = ("📝", "🔎", "💡", "🧪", "📊", "💬", "🌍", "🛡️", "🎨", "⚖️", "🧭", "✅")
_ICONS = {"": "none", **{each: each for each in _EMOJI}}
_UNFINISHED = frozenset({"no_input", "no_steps"})
_SIGNS = {"error": ":red[●]", "warning": ":orange[●]", "advice": ":blue[●]"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the inspector speaks about.

    `models` maps what an agent's model may be to what is shown of it; "" stands for the default.
    `typed`: what was typed to run it. `outputs` reads what the nodes gave in the last run, `ran`
    which they were.
    """

    flow_id: FlowId
    flow: Flow
    selection: Sequence[NodeId] = ()
    problems: Sequence[Problem] = ()
    advice: Sequence[Advice] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[NodeId, str] = field(default_factory=dict)
    outputs: Callable[[], Mapping[NodeId, JsonValue]] = dict
    ran: Callable[[], Container[NodeId]] = tuple


@dataclass(frozen=True, slots=True)
class Reactions:
    """Who is told what the person at the inspector wants."""

    change: Callable[[FieldChange], None]
    edit: Callable[[Edit], None]
    select: Callable[[Sequence[NodeId]], None]
    remove: Callable[[Sequence[NodeId]], None]


def inspect(subject: Subject, reactions: Reactions) -> None:
    """Draw the form for one chosen node, the list of several, or the flow when none is.

    Its last element says whose form it is: what the canvas waits for after a choice.
    """
    _draw_form(subject, reactions)
    st.html(f'<span hidden data-form-of="{",".join(sorted(subject.selection))}"></span>')


def _draw_form(subject: Subject, reactions: Reactions) -> None:
    chosen = [node for node in subject.flow.nodes if node.id in set(subject.selection)]
    stage = chosen_stage(subject.flow, subject.selection)
    if stage is not None:
        form = _form(subject, stage_owner(subject.flow, stage), reactions)
        draw_stage_form(form, subject.flow, stage, reactions.edit)
        return
    match chosen:
        case []:
            _inspect_flow(subject, reactions)
        case [node]:
            _inspect_node(subject, node, reactions)
        case _:
            _inspect_several(subject, chosen, reactions)


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
        hint="What it is for, as it is presented; after an empty line what only its builder needs",
    )
    for node in flow.inputs:
        _offer_example(subject, node, reactions)
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
        tip="as_ready: the moment its own parents are done. "
        "by_stage: when the whole stage before is done, a barrier between any two stages.",
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
    if not (subject.problems or subject.advice):
        st.caption(":green[●] Nothing is wrong with the flow.")
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
        on_click=reactions.edit,
        args=(advice.edit,),
    )


def _show_problem(problem: Problem, number: int, reactions: Reactions) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="top", wrap=False):
        st.markdown(f"{_sign(problem)} {plain(problem.message)}", width="stretch")
        if problem.nodes:
            st.button(
                "Show",
                key=f"show-problem-{number}",
                type="tertiary",
                on_click=reactions.select,
                args=(problem.nodes,),
            )


def _inspect_several(subject: Subject, nodes: Sequence[Node], reactions: Reactions) -> None:
    ids = [node.id for node in nodes]
    _title(f"**{heading_of(nodes)}**", ids, reactions)
    st.caption(plain(", ".join(node.name for node in nodes)))
    shared = those_that_share(nodes)
    if shared and len(shared) < len(nodes):
        st.caption(f"What is set here holds for the {heading_of(shared).removesuffix(' chosen')}.")
    owner = SEVERAL.join(node.id for node in shared)
    draw_shared(_form(subject, owner, reactions), shared, subject.models)


def _inspect_node(subject: Subject, node: Node, reactions: Reactions) -> None:
    _title(f"**{node.type.capitalize()}**", [node.id], reactions)
    form = _form(subject, node.id, reactions)
    icon, name = st.columns([1.5, 3])
    with icon:
        form.choice("icon", "Icon", node.icon or "", _ICONS, free=True)
    with name:
        form.line("name", "Name", node.name)
        _offer_id(subject, node, reactions)  # within: what stands below is not drawn anew for it
    draw_fields(form, node, subject.flow, models=subject.models)
    if isinstance(node, InputNode):
        _offer_example(subject, node, reactions)
    if isinstance(node, AgentNode):
        _preview(subject, node)
    for problem in subject.problems:
        if node.id in problem.nodes:
            st.markdown(f"{_sign(problem)} {plain(problem.message)}")
    for number, advice in enumerate(subject.advice):
        if node.id in advice.problem.nodes:
            _show_advice(advice, number, reactions)


def _offer_id(subject: Subject, node: Node, reactions: Reactions) -> None:
    """Say by which id messages name a node that is called otherwise, and offer one like its name.

    A node of the last run keeps its id: its result is known by it.
    """
    offer = id_offer(subject.flow, node)
    if offer is None:
        return

    def take() -> None:
        reactions.edit(offer)
        reactions.select([offer.to])

    st.caption(f"Messages call it {plain(node.id)}.")
    if node.id not in subject.ran():
        st.button(
            f"Call it {offer.to} there",
            key=f"take-id-{node.id}",
            icon=":material/label:",
            type="tertiary",
            on_click=take,
        )


def _sign(problem: Problem) -> str:
    """A flow that is only begun is unfinished, not wrong."""
    return ":blue[●] Next:" if problem.code in _UNFINISHED else _SIGNS[problem.severity]


def _offer_example(subject: Subject, node: InputNode, reactions: Reactions) -> None:
    """Offer to keep what was typed: it is this person's, and not in the flow's file."""
    if node not in unkept_inputs(subject.flow, subject.typed):
        return
    st.caption(f"What you typed into “{plain(node.name)}” is not in the flow's file.")
    st.button(
        "Keep as example",
        key=f"keep-example-{node.id}",
        icon=":material/bookmark_add:",
        type="tertiary",
        on_click=reactions.edit,
        args=(ChangeNode(id=node.id, changes={"example": subject.typed[node.id]}),),
    )


def _preview(subject: Subject, node: AgentNode) -> None:
    with st.expander("Preview of its message", key="preview", on_change="rerun") as folded:
        if folded.open:
            st.caption("What the next run would send, if its parents gave what they gave last.")
            outputs = subject.outputs()
            st.text(said_of(subject.flow, node, inputs=subject.typed, outputs=outputs))


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
            on_click=reactions.remove,
            args=(tuple(nodes),),
        )


def _form(subject: Subject, owner: str, reactions: Reactions) -> Form:
    return Form(
        flow_id=subject.flow_id,
        owner=owner,
        on_change=lambda name, value: reactions.change(FieldChange(owner, name, value)),
        ran=subject.ran,
    )
