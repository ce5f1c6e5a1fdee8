"""OpenFile: the dialog that reads a flow from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components import state
from components.text import plain
from flows.document.files import read_flow
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.errors import FlowFileError

_MOST_PROBLEMS = 50


@st.dialog("Open a flow", on_dismiss=state.forget_wanted)
def ask_for_file(on_flow: Callable[[Flow], None]) -> None:
    """Ask for a file; hand over the flow in it, or list all that is wrong with it.

    It is drawn with every page until it is dismissed: one drawn without it would close it.
    """
    file = st.file_uploader(
        "A flow as JSON", type=["json"], key=state.upload_key(), label_visibility="collapsed"
    )
    if file is None:
        st.caption("A file that was downloaded here, or written by hand. Opening it runs nothing.")
        return
    try:
        flow = read_flow(file.getvalue())
    except FlowFileError as error:
        _list_problems(file.name, error.problems)
    else:
        state.clear_upload()
        on_flow(flow)


def _list_problems(name: str, problems: Sequence[Problem]) -> None:
    st.error(f"{plain(name)} is not opened. Mend this and choose it again:")
    st.markdown("\n".join(f"- {plain(each.message)}" for each in problems[:_MOST_PROBLEMS]))
    if len(problems) > _MOST_PROBLEMS:
        st.caption(f"And {len(problems) - _MOST_PROBLEMS} more.")
