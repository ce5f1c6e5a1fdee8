"""Trash: the way back to what was deleted, at once and from the list of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import streamlit as st

from components.text import moment, plain

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Gone(Generic[Key]):
    """Something deleted: its key, what it is called (Markdown), and when it went.

    `at`: seconds since the epoch.
    """

    key: Key
    name: str
    at: float


def offer_undo(sentence: str, bring_back: Callable[[], None]) -> None:
    """Say what was just deleted, in Markdown, and offer to bring it back."""
    with st.container(
        key="undo-bar", border=True, horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(sentence, width="stretch")
        st.button(
            "Undo", key="undo-delete", icon=":material/undo:", type="tertiary", on_click=bring_back
        )


def offer_deleted(
    gone: Sequence[Gone[Key]], bring_back: Callable[[Key], None], *, title: str, note: str = ""
) -> None:
    """List what can be brought back, folded; nothing where there is nothing."""
    if not gone:
        return
    with st.expander(title, key="deleted"):
        st.caption(f"They are kept for 30 days. {note}".strip())
        now = time.time()
        for each in gone:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                when = f":small[:gray[{plain(moment(each.at, now=now))}]]"
                st.markdown(f"{each.name} {when}", width="stretch")
                st.button(
                    "Bring back",
                    key=f"bring-back-{each.key}",
                    type="tertiary",
                    on_click=partial(bring_back, each.key),
                )
