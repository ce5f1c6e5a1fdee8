"""Library: the page of all flows of this home, as pictures; what is deleted can be brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from components import state, trash, widgets
from components.flow_cards import show_card
from components.flow_changes import FlowChanges
from components.flow_name import ask_for_name
from components.header import GoToFlow, HeaderIntent
from components.services import Services
from components.text import plain
from flows.ids import FlowId
from flows.share.archive import write_archive
from flows.store.library import FlowRow, Library
from flows.store.trash import DeletedFlow
from flows.trace.facts import fold, words_of

_FIRST: Final = 24
_MOST_DELETED: Final = 50
_STYLES: Final = (Path(__file__).with_name("templates.css"), Path(__file__).with_suffix(".css"))

Tags = Mapping[FlowId, tuple[str, ...]]


def show_page(services: Services, want: Callable[[HeaderIntent], None]) -> None:
    """Draw a card for every flow that is looked for; `want` is told which one is to be opened."""
    for style in _STYLES:
        st.html(style)
    library, changes = services.store.flows, FlowChanges(services)
    with st.container(key="template-page", width=1320, gap="small"):
        rows, tags = library.list(), library.tags()
        found = [row for row in rows if _is_wanted(row, tags.get(row.id, ()))]
        _head(library, len(rows), found=len(found))
        _offer_tags(tags)
        _offer_undo(library, changes)
        _show_cards(services, found, tags, changes=changes, go_to=lambda each: want(GoToFlow(each)))
        if not found:
            st.caption("No flow is called so." if rows else "There is no flow. Make a new one.")
        _offer_deleted(library.deleted(limit=_MOST_DELETED), changes)
    renamed = state.renamed_flow()
    row = next((each for each in rows if each.id == renamed), None)
    if row is not None:
        ask_for_name(row, tags.get(row.id, ()), changes)


def _head(library: Library, count: int, *, found: int) -> None:
    said = f"{count:,}" if found == count else f"{found:,} of {count:,}"
    with st.container(
        key="library-head", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(f"### Flows :small[:gray[{said}]]", width="content")
        st.space("stretch")
        st.text_input(
            "Search flows",
            key=state.FLOW_SEARCH,
            type="search",
            live=True,
            placeholder="Search by name or tag",
            icon=":material/search:",
            label_visibility="collapsed",
            width=280,
        )
        st.download_button(
            "Download all",
            partial(write_all, library),
            file_name="flows.fanfold.zip",
            mime="application/zip",
            key="download-all",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
            help="Every flow as a JSON file of its own, in one zip",
        )


def write_all(library: Library) -> bytes:
    """Pack the flows as they are when they are taken away."""
    return write_archive(library.documents())


def _offer_tags(tags: Tags) -> None:
    every = sorted({tag for words in tags.values() for tag in words})
    if every:
        st.pills(
            "Only with this tag",
            every,
            key=state.FLOW_TAG,
            format_func=plain,
            label_visibility="collapsed",
        )


def _is_wanted(row: FlowRow, tags: Sequence[str]) -> bool:
    tag = widgets.value_of(state.FLOW_TAG)
    if tag and tag not in tags:
        return False
    said = fold(" ".join((row.name, *tags)))
    return all(word in said for word in words_of(str(widgets.value_of(state.FLOW_SEARCH) or "")))


def _offer_undo(library: Library, changes: FlowChanges) -> None:
    """Offer to bring back what was just deleted, as long as it is in the trash."""
    flow_id = state.just_deleted()
    gone = next((each for each in library.deleted(limit=_MOST_DELETED) if each.id == flow_id), None)
    if gone is not None:
        said = f"**{plain(gone.name)}** was deleted."
        trash.offer_undo(said, partial(changes.bring_back, gone.id))


def _show_cards(
    services: Services,
    found: Sequence[FlowRow],
    tags: Tags,
    *,
    changes: FlowChanges,
    go_to: Callable[[FlowId], None],
) -> None:
    listed = state.flows_listed(first=_FIRST)
    rows = found[:listed]
    last = services.store.runs.latest(row.id for row in rows)
    with st.container(key="template-cards"):
        for row in rows:
            show_card(
                services.store.flows,
                row,
                tags=tags.get(row.id, ()),
                last_run=last.get(row.id),
                changes=changes,
                go_to=go_to,
            )
    if len(found) > listed:
        st.button(
            f"Show more: {len(found) - listed:,} are not shown",
            key="more-flows",
            on_click=state.list_more_flows,
            args=(listed + 2 * _FIRST,),
        )


def _offer_deleted(deleted: Sequence[DeletedFlow], changes: FlowChanges) -> None:
    trash.offer_deleted(
        [trash.Gone(each.id, plain(each.name), each.at) for each in deleted],
        changes.bring_back,
        title=f"Deleted flows ({len(deleted)})",
        note="What they ran stands on the Runs page all the time.",
    )
