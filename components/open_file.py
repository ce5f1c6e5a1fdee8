"""OpenFile: the dialog that takes a flow: from a file, a link or a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import streamlit as st

from components import state
from components.text import plain
from flows.document.files import read_flow
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.errors import FlowFileError, FlowsError
from flows.share.link import find_link, is_json, read_link

if TYPE_CHECKING:
    from flows.share.python_import import Remark

_A_FILE = "file"
_MOST_PROBLEMS = 50
_OTHER_FILES = {
    (".jsonl",): "is a recorded run. Open it on the Runs page.",
    (".html", ".htm"): "is a page to look at, in a browser. Ask for the flow as JSON.",
    (".zip",): "holds several files. Unpack it and open one flow of it at a time.",
    (
        ".svg",
        ".png",
        ".md",
    ): "is a picture or a text to read. Ask for the flow as JSON, or for its link.",
}
_IS_PYTHON = re.compile(r"^(?:from|import)\s+agents\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given to be opened: a file's bytes under its name, or a text."""

    name: str
    content: bytes | str


@dataclass(frozen=True, slots=True)
class _ReadFlow:
    """A flow that can be kept; `remarks`: what it cannot say of the program it was read from."""

    flow: Flow
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class _ReadLink:
    """A link that carries a flow."""

    text: str


@st.dialog("Open a flow", on_dismiss=state.forget_wanted)
def ask_for_file(on_flow: Callable[[Flow], None], on_link: Callable[[str], None]) -> None:
    """Ask for a flow; hand over the flow in it, or list all that is wrong with it.

    A link is handed over as it is, to be looked at before it is kept. The dialog is drawn with
    every page until it is dismissed: one drawn without it would close it.
    """
    given = _ask()
    if given is None:
        return
    try:
        found = _read(given)
    except FlowFileError as error:
        _list_problems(given.name, error.problems)
    except FlowsError as error:
        st.error(plain(str(error)))
    else:
        _hand_over(found, on_flow, on_link)


def _hand_over(
    found: _ReadFlow | _ReadLink, on_flow: Callable[[Flow], None], on_link: Callable[[str], None]
) -> None:
    match found:
        case _ReadLink(text=text):
            state.clear_upload()
            on_link(text)
        case _ReadFlow(flow=flow, remarks=remarks):
            if not remarks or _is_taken(remarks):
                state.clear_upload()
                on_flow(flow)
        case _:
            assert_never(found)


def _ask() -> _Given | None:
    """Draw the places for a file and for a text; return what was given last, None for nothing."""
    key = state.upload_key()
    last = f"given-{key}"
    file = st.file_uploader(  # of any kind: what Streamlit refuses, it refuses without a word
        "A flow as JSON, or Python",
        key=key,
        on_change=state.put_choice,
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
            "Open", key=f"open-{key}", type="primary", on_click=state.put_choice, args=(last, "")
        )
    if file and state.value_of(last) == _A_FILE:
        return _Given(file.name, file.getvalue())
    if pasted.strip():
        return _Given("What was pasted", pasted)
    if pressed:
        st.error("Nothing is pasted yet. Paste a link or a flow's text above, or choose a file.")
    else:
        st.caption(
            "A flow's file or link from any Fanfold, or a Python program on the Agents SDK. "
            "It is read; nothing of it is run."
        )
    return None


def _read(given: _Given) -> _ReadFlow | _ReadLink:
    if isinstance(given.content, str):
        return _read_pasted(given.content)
    name, content = given.name, given.content
    if not content.strip():
        raise FlowsError(f"{name} is empty. Download the flow anew, or ask for it again.")
    for endings, sentence in _OTHER_FILES.items():
        if name.lower().endswith(endings):
            raise FlowsError(f"{name} {sentence}")
    if name.endswith(".py"):
        return _read_python(content, name)
    return _ReadFlow(read_flow(content))


def _read_pasted(text: str) -> _ReadFlow | _ReadLink:
    if _IS_PYTHON.search(text):
        return _read_python(text.encode(errors="replace"), "pasted.py")
    if is_json(text):
        return _ReadFlow(read_flow(text))
    link = find_link(text)
    read_link(link)
    return _ReadLink(link)


def _read_python(content: bytes, name: str) -> _ReadFlow:
    from flows.share.python_import import (  # most starts need none of it
        decode_source,
        import_python,
    )

    imported = import_python(decode_source(content, filename=name), filename=name)
    if imported.remarks:
        st.caption(plain(imported.summary))
    else:
        state.add_notice(imported.summary)
    return _ReadFlow(imported.flow, imported.remarks)


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
