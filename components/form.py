"""Form: the fields of one thing, each in step with the document.

A field shows what the document says; what is typed goes to `on_change` the moment it is done.
Text that is still being typed stays when the page is drawn again, and a field keeps the later of
two values. It hands changes to a callback instead of returning them: callbacks run before anything
is drawn and on whichever page comes next, so a text is kept that was left by clicking a link.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from pydantic import JsonValue

from components import state, widgets
from flows.ids import FlowId, NodeId

Option = TypeVar("Option", bound=str)
_LONGEST = 200_000
_LARGEST = float(2**53 - 1)


@dataclass(frozen=True, slots=True)
class Form:
    """Draws fields of `owner` (a node's id, or `flow`, or `run`) of one flow.

    `on_change(field, value)` is told what was typed. `ran` reads which nodes the last run knows.
    """

    flow_id: FlowId
    owner: str
    on_change: Callable[[str, JsonValue], None]
    ran: Callable[[], Container[NodeId]] = tuple

    def line(
        self, name: str, label: str, value: str, *, most: int = 200, hint: str = "", tip: str = ""
    ) -> None:
        """Draw a field for one line of text."""
        key, is_put = self._put(name, value)
        st.text_input(
            label,
            value="" if is_put else value,
            key=key,
            max_chars=most,
            placeholder=hint,
            help=tip or None,
            on_change=self._take,
            args=(name,),
        )

    def text(self, name: str, label: str, value: str, *, height: int, hint: str = "") -> None:
        """Draw a field for a longer text."""
        key, is_put = self._put(name, value)
        st.text_area(
            label,
            value="" if is_put else value,
            key=key,
            max_chars=_LONGEST,
            height=height,
            placeholder=hint,
            on_change=self._take,
            args=(name,),
        )

    def count(
        self,
        name: str,
        label: str,
        value: float | None,
        *,
        least: int,
        step: int = 1,
        hint: str = "",
    ) -> None:
        """Draw a field for a whole number; empty is null."""
        number = None if value is None else int(_within(value))
        key, is_put = self._put(name, number)
        st.number_input(
            label,
            value=None if is_put else number,
            key=key,
            min_value=least if number is None else min(least, number),
            step=step,
            placeholder=hint,
            on_change=self._take,
            args=(name,),
        )
        self._clear(name, number)

    def number(
        self,
        name: str,
        label: str,
        value: float | None,
        *,
        least: float,
        step: float,
        hint: str,
        tip: str | None = None,
    ) -> None:
        """Draw a field for a number; empty is null. `least` holds for what is typed."""
        number = None if value is None else _within(value)
        key, is_put = self._put(name, number)
        st.number_input(
            label,
            value=None if is_put else number,
            key=key,
            min_value=least if number is None else min(least, number),
            step=step,
            format="%g",
            placeholder=hint,
            help=tip,
            on_change=self._take,
            args=(name,),
        )
        self._clear(name, number)

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
        key, is_put = self._put(name, value)
        st.selectbox(
            label,
            known,
            index=0 if is_put else known.index(value),
            key=key,
            format_func=lambda each: options.get(each, each),
            accept_new_options=free,
            help=tip or None,
            on_change=self._take,
            args=(name,),
        )

    def switch(self, name: str, label: str, *, value: bool) -> None:
        """Draw a switch."""
        key, is_put = self._put(name, value)
        st.checkbox(
            label,
            value=False if is_put else value,
            key=key,
            on_change=self._take,
            args=(name,),
        )

    def insert(self, name: str, offered: Mapping[str, str], *, note: str = "") -> None:
        """Draw a menu of texts; the one that is chosen goes to the end of the field's text.

        `offered` maps texts to what is shown of them; `note` stands between field and menu.
        """
        if note:
            st.caption(note)
        key = state.field_key(self.flow_id, self.owner, f"{name}-insert")

        def take() -> None:
            text = str(widgets.value_of(state.field_key(self.flow_id, self.owner, name)) or "")
            gap = " " if text and not text[-1].isspace() else ""
            self.on_change(f"{name}-insert", f"{text}{gap}{widgets.value_of(key)}")

        st.menu_button(
            "Insert a value",
            list(offered),
            key=key,
            icon=":material/data_object:",
            format_func=lambda each: offered[each],
            type="tertiary",
            on_click=take,
        )

    def press(self, name: str, label: str, *, icon: str, value: JsonValue = True) -> None:
        """Draw a button; `on_change` is told the field's name and the value."""
        st.button(
            label,
            key=state.field_key(self.flow_id, self.owner, f"{name}-{icon}"),
            icon=f":material/{icon}:",
            type="tertiary",
            on_click=self.on_change,
            args=(name, value),
        )

    def _clear(self, name: str, value: float | None) -> None:
        """Draw what the browser presses, unseen, when a number is emptied.

        Streamlit lets only those numbers be emptied that were empty at first.
        """
        if value is not None:
            st.button(
                "Clear",
                key=state.field_key(self.flow_id, self.owner, f"{name}-clear"),
                on_click=self._empty,
                args=(name, value),
            )

    def _empty(self, name: str, value: float) -> None:
        widgets.note_emptied(state.field_key(self.flow_id, self.owner, name), value)
        self.on_change(name, None)

    def _put(self, name: str, value: JsonValue) -> tuple[str, bool]:
        """Put a value where another one was, and say so: then it must not be the initial one too.

        Else it must be, for the browser may have forgotten a field whose state is still here.
        """
        key = state.field_key(self.flow_id, self.owner, name)
        widgets.note_shown(key, value)
        return key, widgets.put_value(key, value)

    def _take(self, name: str) -> None:
        key = state.field_key(self.flow_id, self.owner, name)
        value = widgets.value_of(key)
        if widgets.note_shown(key, value) and not widgets.was_emptied(key, value):
            self.on_change(name, value)


def _within(value: float) -> float:
    """Return what a browser can show of a number that a file may say."""
    return min(max(float(value), -_LARGEST), _LARGEST)
