"""Widget: what a widget of this session holds, what it showed, and what of it was refused."""

from __future__ import annotations

import time
from collections.abc import Container
from typing import Any, Final

import streamlit as st

_SHOWN: Final = "shown"
_REFUSED: Final = "refused_texts"
_EMPTIED: Final = "emptied_fields"
_LATE_S: Final = 3.0


def value_of(key: str) -> Any:
    """Return what a widget holds, None when there is none."""
    return st.session_state.get(key)


def put_value(key: str, value: object) -> bool:
    """Let a widget hold this value and say whether it held another one.

    Nothing is put where nothing changes, for that would end the typing in it, nor where something
    was refused: the person mends it there.
    """
    now = st.session_state.get(key)
    if key not in st.session_state or now == value or _refused_texts().get(key, value) == now:
        return False
    st.session_state[key] = value
    return True


def put_first(key: str, value: object, *, among: Container[Any]) -> None:
    """Let a choice hold this value when it holds nothing that can be chosen."""
    if st.session_state.get(key) not in among:
        st.session_state[key] = value


def put_choice(key: str, value: object) -> None:
    """Let a choice hold this value; called before it is drawn."""
    st.session_state[key] = value


def note_shown(key: str, value: object) -> bool:
    """Remember what a field of a form shows, and say whether that is news.

    Fields that are no longer drawn are sent once more with what they showed; that is no news.
    """
    shown: dict[str, object] = st.session_state.setdefault(_SHOWN, {})
    is_news = key not in shown or shown[key] != value
    shown[key] = value
    return is_news


def note_refused(key: str, *, text: str | None) -> None:
    """Remember a text that was refused, so that it stays in its field; None forgets it."""
    st.session_state[_REFUSED] = {**_refused_texts(), key: text}


def _refused_texts() -> dict[str, str | None]:
    texts: dict[str, str | None] = st.session_state.get(_REFUSED, {})
    return {key: text for key, text in texts.items() if text is not None}


def note_emptied(key: str, value: object) -> None:
    """Remember what a field showed that was just emptied, and when."""
    emptied = {**st.session_state.get(_EMPTIED, {}), key: (value, time.monotonic())}
    st.session_state[_EMPTIED] = emptied


def was_emptied(key: str, value: object) -> bool:
    """Whether a field sends what it showed before it was emptied: the browser did not know yet."""
    shown, at = st.session_state.get(_EMPTIED, {}).get(key, (None, 0.0))
    return value is not None and value == shown and time.monotonic() - at < _LATE_S
