"""StageForm: the inspector's form for a chosen stage: its policy, and the decision guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from pydantic import JsonValue

from components.form import Form
from components.policy_fields import draw_policy, stage_key, stage_policy
from components.text import plain
from flows.document.edits import Edit, SetStage, apply_edit
from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.graph import stages_of
from flows.plan.guide import GUIDE, Choice
from flows.plan.heads import stage_heads

_STAGE = "stage:"

_SAID = {
    "fan-out / fan-in": "",
    "gather": "",
    "as completed": "Hand out as completed",
    "TaskGroup": "Stop all at once here",
    "rate limited": "At most 2 at once here",
    "with timeout": "30 seconds for this stage",
    "some may fail": "Go on here when some fail",
}
"""The rows of the guide that a stage decides, each with its button; empty: it is drawn by hand."""

_SETS: dict[str, dict[str, JsonValue]] = {
    "TaskGroup": {"on_failure": "cancel"},
    "rate limited": {"max_concurrency": 2},
    "with timeout": {"timeout_s": 30.0},
    "some may fail": {"on_failure": "collect"},
}


def chosen_stage(flow: Flow, selection: Sequence[NodeId]) -> int | None:
    """Return the number of the chosen stage, None when none is or it is there no more."""
    match list(selection):
        case [only] if only.startswith(_STAGE):
            number = only.removeprefix(_STAGE)
            there = number.isdecimal() and 1 <= int(number) <= len(stages_of(flow))
            return int(number) if there else None
        case _:
            return None


def stage_owner(flow: Flow, number: int) -> NodeId:
    """Return the node under which the policy of the stage is kept."""
    return stage_key(flow, stages_of(flow)[number - 1][0])


def draw_stage_form(form: Form, flow: Flow, number: int, do: Callable[[Edit], None]) -> None:
    """Draw the stage's policy, then the guide; `do` is told of the choice that is made there."""
    stages = stages_of(flow)
    head = stage_heads(flow, stages)[number - 1]
    st.markdown(f"**{plain(' · '.join(head.split(' · ')[:2]))}**")
    names = [flow.node(each).name for each in stages[number - 1]]
    st.caption(f"Side by side: {plain(', '.join(names))}")
    owner = stage_owner(flow, number)
    draw_policy(form, flow, owner)
    st.markdown("**Which pattern?**")
    with st.container(key="stage-guide", gap="small"):
        for choice in GUIDE:
            if choice.pattern in _SAID:
                _draw_choice(choice, edit_for(flow, owner, choice), flow, do)


def edit_for(flow: Flow, node: NodeId, choice: Choice) -> Edit | None:
    """Return the edit that makes the guide's choice for the node's stage; None: drawn by hand."""
    if choice.pattern not in _SETS:
        return choice.edit
    policy = stage_policy(flow, node).model_copy(update=_SETS[choice.pattern])
    return SetStage(node=stage_key(flow, node), policy=policy)


def _draw_choice(choice: Choice, edit: Edit | None, flow: Flow, do: Callable[[Edit], None]) -> None:
    st.markdown(
        f"You want {plain(choice.want)}.  \n:gray[{plain(choice.take)} · {plain(choice.pattern)}]"
    )
    if edit is not None:
        is_so = apply_edit(flow, edit) == flow
        st.button(
            f"{_SAID[choice.pattern]}: set" if is_so else _SAID[choice.pattern],
            key=f"guide-{choice.pattern}",
            icon=":material/check:" if is_so else None,
            disabled=is_so,
            on_click=do,
            args=(edit,),
        )
