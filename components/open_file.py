"""OpenFile: the dialog that reads a flow from a file, a link or a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components import state
from components.text import plain
from flows.document.files import read_flow
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.errors import FlowFileError, FlowsError
from flows.share.link import read_pasted

if TYPE_CHECKING:
    from flows.share.python_import import Remark

_MOST_PROBLEMS = 50


@st.dialog("Open a flow", on_dismiss=state.forget_wanted)
def ask_for_file(on_flow: Callable[[Flow], None]) -> None:
    """Ask for a flow; hand over the flow in it, or list all that is wrong with it.

    It is drawn with every page until it is dismissed: one drawn without it would close it.
    """
    file = st.file_uploader(
        "A flow as JSON, or Python",
        type=["json", "py"],
        key=state.upload_key(),
        label_visibility="collapsed",
    )
    pasted = st.text_area(
        "Or paste a link, or the JSON itself",
        key=f"pasted-{state.upload_key()}",
        height=80,
        placeholder="http://…/?link=…",
    )
    if file is None and not pasted.strip():
        st.caption(
            "A flow that was downloaded here, or a Python program on the Agents SDK. "
            "It is read; nothing of it is run."
        )
        return
    name = file.name if file else "What was pasted"
    try:
        flow, remarks = _read(name, file.getvalue()) if file else (read_pasted(pasted), ())
    except FlowFileError as error:
        _list_problems(name, error.problems)
    except FlowsError as error:
        st.error(plain(str(error)))
    else:
        if not remarks or _is_taken(remarks):
            state.clear_upload()
            on_flow(flow)


def _read(name: str, content: bytes) -> tuple[Flow, Sequence[Remark]]:
    if not name.endswith(".py"):
        return read_flow(content), ()
    from flows.share.python_import import (  # most starts need none of it
        decode_source,
        import_python,
    )

    imported = import_python(decode_source(content, filename=name), filename=name)
    return imported.flow, imported.remarks


def _is_taken(remarks: Sequence[Remark]) -> bool:
    """List what the flow cannot say of the program; say whether it is taken all the same."""
    st.warning("The flow cannot say all of this program. What it leaves out stands on it as notes:")
    st.markdown("\n".join(f"- {plain(str(each))}" for each in remarks[:_MOST_PROBLEMS]))
    if len(remarks) > _MOST_PROBLEMS:
        st.caption(f"And {len(remarks) - _MOST_PROBLEMS} more.")
    return st.button("Open the flow", key="open-imported", type="primary")


def _list_problems(name: str, problems: Sequence[Problem]) -> None:
    st.error(f"{plain(name)} is not opened. Mend this and choose it again:")
    st.markdown("\n".join(f"- {plain(each.message)}" for each in problems[:_MOST_PROBLEMS]))
    if len(problems) > _MOST_PROBLEMS:
        st.caption(f"And {len(problems) - _MOST_PROBLEMS} more.")
