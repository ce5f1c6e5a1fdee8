"""RestoreMenu: the states of a flow that are kept, and the way back to each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from components import widgets
from components.text import moment, plain
from flows.ids import FlowId
from flows.store.points import LONGEST_NAME, RestorePoint

_NAMELESS = "Kept by itself"


@dataclass(frozen=True, slots=True)
class Restoring:
    """What is kept of a flow, and who is told of a state to keep and of one to go back to."""

    flow_id: FlowId
    points: Callable[[], Sequence[RestorePoint]]
    keep: Callable[[str], None]
    go_back: Callable[[RestorePoint], None]


def show_restore_menu(restoring: Restoring) -> None:
    """Draw the menu; what is kept is read when it is open."""
    menu = st.popover(
        "Restore points",
        icon=":material/history:",
        type="tertiary",
        key=f"restore-{restoring.flow_id}",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu, st.container(key="restore-menu", gap="small"):
        _keep(restoring)
        points = restoring.points()
        if not points:
            st.caption("Nothing is kept yet. While you edit, a state is kept every ten minutes.")
            return
        with st.container(key="restore-points", gap=None):
            for point in points:
                _offer(point, restoring)
        st.caption("Going back is one step to undo, and what stands now is kept first.")


def said_of(point: RestorePoint) -> str:
    """Say which state it is."""
    return plain(point.name or _NAMELESS)


def _keep(restoring: Restoring) -> None:
    key = f"keep-state-{restoring.flow_id}"
    with (
        st.form(f"{key}-form", clear_on_submit=True, border=False),
        st.container(horizontal=True, gap="small", vertical_alignment="bottom", wrap=False),
    ):
        st.text_input(
            "Keep this state as…",
            key=key,
            max_chars=LONGEST_NAME,
            placeholder="Before the new reviewer",
        )
        st.form_submit_button(
            "Keep", on_click=lambda: restoring.keep(str(widgets.value_of(key) or ""))
        )


def _offer(point: RestorePoint, restoring: Restoring) -> None:
    when = moment(point.at, now=time.time())
    with st.container(
        key=f"restore-point-{point.number}",
        horizontal=True,
        gap="small",
        vertical_alignment="center",
        wrap=False,
    ):
        name = said_of(point) if not point.by_hand else f"**{said_of(point)}**"
        st.markdown(f"{name} :small[:gray[{plain(when)}]]", width="stretch")
        st.button(
            "Go back to it",
            key=f"go-back-{restoring.flow_id}-{point.number}",
            type="tertiary",
            icon=":material/restore:",
            on_click=restoring.go_back,
            args=(point,),
        )
