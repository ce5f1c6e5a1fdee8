"""OwnGalleries: folders of one's own on the page of templates: their flows, and which they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Final

import streamlit as st

from components import state, widgets
from components.header import CopyFlow, HeaderIntent
from components.pictures import card_html, counted, figures_of, picture_of_any
from components.text import plain
from flows.errors import StoreError
from flows.share.svg import Scheme
from flows.store.galleries import Galleries
from flows.templates.gallery import MOST_FILES, FlowFile, Gallery, load_file, read_gallery

OWN: Final = "Your folders"
"""The kind of templates they are."""

_TYPED: Final = "gallery-folder"
_MOST_REFUSED: Final = 20


def offer_adding(galleries: Galleries) -> None:
    """Draw the button that asks for a folder."""
    with st.popover(
        "Add a folder", icon=":material/create_new_folder:", key="add-gallery", width="content"
    ):
        st.markdown("**Your own templates**")
        st.caption(
            "The flow files of a folder on this machine stand here beside the templates. They are "
            "read, never changed; nothing of them is run."
        )
        st.text_input("Folder", key=_TYPED, placeholder="/home/me/flows")
        st.button("Add", key="gallery-add", on_click=_add, args=(galleries,))


def show_galleries(
    galleries: Galleries,
    want: Callable[[HeaderIntent], None],
    scheme: Scheme,
    *,
    says_none: bool,
) -> None:
    """Draw every folder with a card a flow; `want` is told which one is to be used.

    `says_none`: where there is no folder, say how one is added.
    """
    try:
        folders = galleries.folders()
    except StoreError as error:
        st.error(plain(str(error)))
        return
    if says_none and not folders:
        st.caption("No folder yet. Add one: its flow files stand here, as pictures of themselves.")
    for place, folder in enumerate(folders):
        gallery = read_gallery(folder)
        _headline(galleries, gallery, place)
        with st.container(key=f"template-cards-{place}"):
            for number, file in enumerate(gallery.flows):
                _offer(file, f"{place}-{number}", want=want, scheme=scheme)
        _tell_refused(gallery)


def _add(galleries: Galleries) -> None:
    try:
        folder = galleries.add(str(widgets.value_of(_TYPED) or ""))
    except StoreError as error:
        state.add_notice(str(error))
        return
    gallery = read_gallery(folder)
    widgets.put_value(_TYPED, "")
    widgets.put_value(state.TEMPLATE_KIND, OWN)
    state.add_notice(f"{counted(len(gallery.flows), 'flow')} in {folder}.")


def _remove(galleries: Galleries, gallery: Gallery) -> None:
    try:
        galleries.remove(gallery.folder)
    except StoreError as error:
        state.add_notice(str(error))


def _headline(galleries: Galleries, gallery: Gallery, place: int) -> None:
    with st.container(
        key=f"gallery-head-{place}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        count = f":small[:gray[{counted(len(gallery.flows), 'flow')}]]"
        st.markdown(f"#### {plain(gallery.folder.name or str(gallery.folder))} {count}")
        st.caption(plain(str(gallery.folder)))
        st.space("stretch")
        st.button(
            "Remove",
            key=f"gallery-remove-{place}",
            type="tertiary",
            icon=":material/close:",
            help="The folder and its files stay as they are",
            on_click=partial(_remove, galleries, gallery),
        )
    if gallery.trouble:
        st.warning(plain(gallery.trouble))
    elif not gallery.flows:
        st.caption("No flow file (*.json) is in this folder itself.")


def _offer(
    file: FlowFile, key: str, *, want: Callable[[HeaderIntent], None], scheme: Scheme
) -> None:
    flow = load_file(file)
    with st.container(key=f"template-own-{key}", border=True, gap="small"):
        st.html(_card(file, scheme))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.space("stretch")
            st.button("Use this", key=f"use-own-{key}", on_click=want, args=(CopyFlow(flow),))


@lru_cache(maxsize=4 * MOST_FILES)
def _card(file: FlowFile, scheme: Scheme) -> str:
    """Draw a file once for as long as it stays as it is: the page is drawn anew at every press."""
    flow = load_file(file)
    return card_html(
        flow.name,
        flow.description,
        picture=picture_of_any(flow, scheme),
        figures=f"{file.path.name} · {figures_of(flow)}",
    )


def _tell_refused(gallery: Gallery) -> None:
    if not gallery.refused:
        return
    said = f"{counted(len(gallery.refused), 'file')} of {gallery.folder.name} cannot be shown"
    with st.expander(plain(said)):
        st.markdown(_listed(list(gallery.refused.items())[:_MOST_REFUSED]))


def _listed(refused: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{plain(name)}**: {plain(why)}" for name, why in refused)
