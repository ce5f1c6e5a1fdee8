"""OpenFile: the dialog that takes what is to be opened: from a file, a link or a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from components import state, widgets
from components.given import Given, read_file, read_pasted
from components.text import plain
from flows.document.problem import Problem
from flows.errors import FlowFileError, FlowsError

_A_FILE = "file"
_MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class _Handed:
    """What was handed over: a file's bytes under its name, or a text."""

    name: str
    content: bytes | str


@st.dialog("Open", on_dismiss=state.forget_wanted)
def ask_for_file(take: Callable[[Given], None]) -> None:
    """Ask for a flow or a run and hand it to `take`, or list all that is wrong with it.

    `take` may raise FlowsError, which is said here too. The dialog is drawn with every page until
    it is dismissed: one drawn without it would close it.
    """
    handed = _ask()
    if handed is None:
        return
    try:
        take(_read(handed))
    except FlowFileError as error:
        _list_problems(handed.name, error.problems)
    except FlowsError as error:
        st.error(plain(str(error)))


def _ask() -> _Handed | None:
    """Draw the places for a file and for a text; return what was given last, None for nothing."""
    key = state.upload_key()
    last = f"given-{key}"
    file = st.file_uploader(  # of any kind: what Streamlit refuses, it refuses without a word
        "A flow as JSON, a run, or Python",
        key=key,
        on_change=widgets.put_choice,
        args=(last, _A_FILE),
    )
    with st.form(f"paste-{key}", border=False):
        pasted = st.text_area(
            "Or paste a link, the JSON itself, or Python",
            key=f"pasted-{key}",
            height=80,
            placeholder="http://…/?link=…",
        )
        pressed = st.form_submit_button(
            "Open", key=f"open-{key}", type="primary", on_click=widgets.put_choice, args=(last, "")
        )
    if file and widgets.value_of(last) == _A_FILE:
        return _Handed(file.name, file.getvalue())
    if pasted.strip():
        return _Handed("What was pasted", pasted)
    if pressed:
        st.error("Nothing is pasted yet. Paste a link or a flow's text above, or choose a file.")
    else:
        st.caption(
            "A flow's file or link or a run's file from any Fanfold, or a Python program on the "
            "Agents SDK, such as OpenAI's Agent Builder exports. You look at a flow before it is "
            "kept; nothing of it is run."
        )
    return None


def _read(handed: _Handed) -> Given:
    if isinstance(handed.content, str):
        return read_pasted(handed.content)
    return read_file(handed.name, handed.content)


def _list_problems(name: str, problems: Sequence[Problem]) -> None:
    st.error(f"{plain(name)} is not opened. Mend this and choose it again:")
    st.markdown("\n".join(f"- {plain(each.message)}" for each in problems[:_MOST_PROBLEMS]))
    if len(problems) > _MOST_PROBLEMS:
        st.caption(f"And {len(problems) - _MOST_PROBLEMS} more.")
