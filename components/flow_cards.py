"""FlowCard: a flow of the library as its picture, with what can be done to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape

import streamlit as st

from components import state, widgets
from components.flow_changes import FlowChanges
from components.pictures import figures_of, picture_of_any
from components.text import moment
from flows.document.files import write_flow
from flows.errors import StoreError
from flows.ids import FlowId
from flows.share.archive import file_name_of
from flows.share.svg import Scheme
from flows.store.history import RunRow
from flows.store.library import FlowRow, Library

_RENAME, _DUPLICATE, _DELETE = "Rename, tags…", "Duplicate", "Delete"


@dataclass(frozen=True, slots=True)
class _Look:
    picture: str
    figures: str
    file_name: str


def show_card(
    library: Library,
    row: FlowRow,
    *,
    tags: Sequence[str],
    last_run: RunRow | None,
    changes: FlowChanges,
    go_to: Callable[[FlowId], None],
) -> None:
    """Draw the card of a flow; what is pressed is told to `changes` and `go_to`."""
    look = _look(library, row.id, row.rev, st.context.theme.type or "auto")
    with st.container(key=f"template-flow-{row.id}", border=True, gap="small"):
        st.html(_said(row, look, tags, last_run))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button("Open", key=f"open-{row.id}", on_click=go_to, args=(row.id,))
            st.space("stretch")
            st.download_button(
                "JSON",
                partial(_document, library, row.id),
                file_name=look.file_name,
                mime="application/json",
                key=f"take-{row.id}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
            _offer_more(row, changes)


def _offer_more(row: FlowRow, changes: FlowChanges) -> None:
    key = f"more-{row.id}"

    def take() -> None:
        match widgets.value_of(key):
            case "Duplicate":
                changes.duplicate(row.id)
            case "Delete":
                changes.delete(row.id)
            case _:
                state.rename_flow(row.id)

    st.menu_button("More", [_RENAME, _DUPLICATE, _DELETE], key=key, type="tertiary", on_click=take)


def _document(library: Library, flow_id: FlowId) -> str:
    stored = library.get(flow_id)
    return write_flow(stored.flow) if stored else ""


def _said(row: FlowRow, look: _Look, tags: Sequence[str], last_run: RunRow | None) -> str:
    now = time.time()
    marks = "".join(f"<span>{escape(tag)}</span>" for tag in tags)
    return (
        f'<div class="ff-template"><div class="ff-picture">{look.picture}</div>'
        f'<h4 title="{escape(row.name)}">{escape(row.name) or "(no name)"}</h4>'
        f'<p class="ff-figures">{escape(look.figures)} · changed '
        f"{moment(row.updated_at, now=now)}</p>{_told(last_run, now)}"
        f'<p class="ff-tags">{marks}</p></div>'
    )


def _told(run: RunRow | None, now: float) -> str:
    if run is None:
        return '<p class="ff-figures">not run yet</p>'
    when = moment(run.ended_at or run.started_at, now=now)
    return (
        f'<p class="ff-figures"><i class="ff-dot ff-{run.status}"></i>'
        f"last run {run.status} {when}</p>"
    )


@lru_cache(maxsize=600)
def _look(library: Library, flow_id: FlowId, _rev: int, scheme: Scheme) -> _Look:
    """Draw a flow once for each of its revisions: the page is drawn anew at every press."""
    try:
        stored = library.get(flow_id)
    except StoreError as error:
        return _Look(f"<p>{escape(str(error))}</p>", "cannot be read", "flow.fanfold.json")
    if stored is None:
        return _Look("", "deleted", "flow.fanfold.json")
    flow = stored.flow
    return _Look(picture_of_any(flow, scheme), figures_of(flow), file_name_of(flow))
