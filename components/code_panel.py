"""CodePanel: the flow's program beside its canvas, to read, to choose by and to take along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import streamlit as st

from components import state
from components.canvas.view import Addresses
from components.code import CodeView, mount_code
from components.code.told import Refused, told_of
from components.copy_button import show_copy_button
from components.text import plain
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.ids import FlowId
from flows.models.connections import Connections
from flows.share.python_code import Program, module_name


@dataclass(frozen=True, slots=True)
class CodeSubject:
    """What the panel speaks about. `written`: writes the program as it is when it is taken.

    `problems`: all that the canvas counts.
    """

    flow_id: FlowId
    flow: Flow
    addresses: Addresses
    connections: Callable[[], Connections]
    written: Callable[[], str]
    problems: Sequence[Problem]


def show_code(subject: CodeSubject) -> None:
    """Draw the program, or say why there is none."""
    flow = subject.flow  # where cards stand is in it only where notes stand beneath them
    drawn = flow if flow.notes else flow.model_copy(update={"layout": {}})
    told = state.made_of_value(
        state.program_key(subject.flow_id), drawn, lambda: told_of(drawn, subject.connections)
    )
    match told:
        case Refused(sentence=sentence, needs_mending=needs_mending):
            _refuse(sentence, subject.problems if needs_mending else ())
        case Program() as program:
            _show(subject, program)
        case _:
            assert_never(told)


def _refuse(sentence: str, problems: Sequence[Problem]) -> None:
    with st.container(key="no-code", gap="small"):
        st.markdown(plain(sentence))
        for each in problems:
            if each.severity == "error":
                st.markdown(f":red[●] {plain(each.message)}")


def _show(subject: CodeSubject, program: Program) -> None:
    name = f"{module_name(subject.flow.name)}.py"
    with st.container(
        key="code-tools", horizontal=True, gap="small", vertical_alignment="center", wrap=False
    ):
        st.caption(plain(name), width="stretch")
        show_copy_button(
            program.text,
            key=f"copy-code-{subject.flow_id}",
            testid="copy-code",
            label="Copy",
            or_else="Select and copy",
            is_quiet=True,
        )
        st.download_button(
            "Download",
            subject.written,
            file_name=name,
            mime="text/x-python",
            key=f"download-code-{subject.flow_id}",
            type="tertiary",
            on_click="ignore",
        )
    for remark in program.remarks:
        st.caption(plain(remark))
    view = CodeView(subject.flow_id, subject.flow, program, subject.addresses)
    mount_code(view, key=f"code-{subject.flow_id}")
