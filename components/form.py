"""Form: the fields of one thing, each in step with the document.

A field shows what the document says; what is typed goes to `on_change` the moment it is done.
Text that is still being typed stays when the page is drawn again, and a field keeps the later of
two values. It hands changes to a callback instead of returning them: callbacks run before anything
is drawn and on whichever page comes next, so a text is kept that was left by clicking a link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from pydantic import JsonValue

from components import state
from flows.ids import FlowId

Option = TypeVar("Option", bound=str)
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Form:
    """Draws fields of `owner` (a node's id, or `flow`, or `run`) of one flow.

    `on_change(field, value)` is told what was typed.
    """

    flow_id: FlowId
    owner: str
    on_change: Callable[[str, JsonValue], None]

    def line(
        self, name: str, label: str, value: str, *, most: int = 200, hint: str = "", tip: str = ""
    ) -> None:
        """Draw a field for one line of text."""
        st.text_input(
            label,
            key=self._show(name, value),
            max_chars=most,
            placeholder=hint,
            help=tip or None,
            on_change=self._take,
            args=(name,),
        )

    def text(self, name: str, label: str, value: str, *, height: int, hint: str = "") -> None:
        """Draw a field for a longer text."""
        st.text_area(
            label,
            key=self._show(name, value),
            max_chars=_LONGEST,
            height=height,
            placeholder=hint,
            on_change=self._take,
            args=(name,),
        )

    def number(
        self,
        name: str,
        label: str,
        value: float | None,
        *,
        least: float,
        step: float,
        hint: str = "",
        most: float | None = None,
    ) -> None:
        """Draw a field for a number, whole when `step` is an int; empty is null."""
        whole = isinstance(step, int)
        kind = int if whole else float
        st.number_input(
            label,
            key=self._show(name, None if value is None else kind(value)),
            value=None,
            min_value=kind(least),
            max_value=None if most is None else kind(most),
            step=kind(step),
            format=None if whole else "%g",
            placeholder=hint,
            on_change=self._take,
            args=(name,),
        )

    def choice(
        self,
        name: str,
        label: str,
        value: str,
        options: Mapping[str, str],
        *,
        free: bool = False,
        tip: str = "",
    ) -> None:
        """Draw a choice; `options` maps values to what is shown, `free` allows others."""
        known: Sequence[str] = list(options) if value in options else [*options, value]
        st.selectbox(
            label,
            known,
            key=self._show(name, value),
            format_func=lambda each: options.get(each, each),
            accept_new_options=free,
            help=tip or None,
            on_change=self._take,
            args=(name,),
        )

    def switch(self, name: str, label: str, *, value: bool) -> None:
        """Draw a switch."""
        st.checkbox(label, key=self._show(name, value), on_change=self._take, args=(name,))

    def _show(self, name: str, value: JsonValue) -> str:
        key = state.field_key(self.flow_id, self.owner, name)
        state.put_value(key, value)
        return key

    def _take(self, name: str) -> None:
        self.on_change(name, state.value_of(state.field_key(self.flow_id, self.owner, name)))
