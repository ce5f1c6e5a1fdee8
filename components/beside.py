"""Beside: the column beside the canvas: the form of what is chosen, the code, or both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, get_args

import streamlit as st

from components import state

_Shown = Literal["form", "code", "both"]
_WORDS: Final = {"form": "Form", "code": "Code", "both": "Both"}


def show_beside(form: Callable[[], None], code: Callable[[], None]) -> None:
    """Draw the column: what this session wants to see in it. `form` and `code` draw their part."""
    with st.container(key="beside", width=274, border=True, gap="small"):
        shown = _head()
        if shown != "code":
            with st.container(key="inspector", gap="small"):
                form()
        if shown != "form":
            with st.container(key="code-panel", gap="small"):
                code()


def _head() -> _Shown:
    with st.container(
        key="beside-head", horizontal=True, gap="small", vertical_alignment="center", wrap=False
    ):
        shown: _Shown = st.segmented_control(
            "Beside the canvas",
            get_args(_Shown),
            default="form",
            required=True,
            format_func=_WORDS.__getitem__,
            key=state.BESIDE,
            label_visibility="collapsed",
            width="stretch",
            persist_state="session",
        )
        if shown != "form":
            _offer_width()
    return shown


def _offer_width() -> None:
    is_wide = state.is_code_wide()
    st.button(
        "Narrow" if is_wide else "Wide",
        key="code-width",
        type="tertiary",
        on_click=state.widen_code,
        kwargs={"wide": not is_wide},
    )
    if is_wide:
        st.html("<span hidden data-wide></span>")
