"""Header: the one row over every page: which product, which flow, which page."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import Page

from components import widgets
from components.restore_menu import Restoring, show_restore_menu
from components.share_menu import SharedFlow, show_share_menu
from components.text import moment, plain, tell_apart
from flows.document.model import Flow
from flows.ids import FlowId
from flows.share.archive import file_name_of
from flows.store.library import FlowRow, StoredFlow
from flows.templates import Template

MOST_FLOWS = 30
"""How many flows the menu lists; all stand on their own page."""

_TAKES = (
    "The flow's file, with the examples of its inputs. What you typed to run it is not in it: see "
    "“Keep as example”."
)
_EMPTY = "empty"
_ALL = FlowId("")


@dataclass(frozen=True, slots=True)
class NewFlow:
    """Make a flow: of this template, or an empty one."""

    template: str | None


@dataclass(frozen=True, slots=True)
class CopyFlow:
    """Make a flow like this one."""

    flow: Flow


@dataclass(frozen=True, slots=True)
class GoToFlow:
    """Open a flow of the library."""

    flow_id: FlowId


@dataclass(frozen=True, slots=True)
class OpenFile:
    """Open a flow from a file, a link or a text."""


@dataclass(frozen=True, slots=True)
class PlaySample:
    """Play the recorded run that ships with this template."""

    template: str


@dataclass(frozen=True, slots=True)
class RecordAgain:
    """Make a flow of this template and run it, on the person's own model."""

    template: str


@dataclass(frozen=True, slots=True)
class SeeFlows:
    """Go to the page of all flows."""


@dataclass(frozen=True, slots=True)
class PresentFlow:
    """Show a flow to people who look on."""

    flow_id: FlowId


HeaderIntent = (
    NewFlow | CopyFlow | GoToFlow | OpenFile | PlaySample | PresentFlow | RecordAgain | SeeFlows
)


@dataclass(frozen=True, slots=True)
class HeaderView:
    """What the header shows. `flows`: the latest first. `current`: the page that is shown.

    `restoring`: what is kept of the flow, `shared`: how it leaves; None without a flow.
    """

    stored: StoredFlow | None
    flows: Sequence[FlowRow]
    templates: Sequence[Template]
    pages: Mapping[str, Page]
    current: Page
    restoring: Restoring | None = None
    shared: SharedFlow | None = None


def show_header(
    view: HeaderView,
    *,
    document: Callable[[], str],
    want: Callable[[HeaderIntent], None],
) -> None:
    """Draw the header; `want` is told what is wanted of it, before anything is drawn anew.

    `document` gives the flow's file at the moment when it is taken away.
    """
    with st.container(
        key="header", horizontal=True, gap="small", vertical_alignment="center", wrap=False
    ):
        st.html('<div class="fanfold-brand">Fanfold</div>', width="content")
        _choose_flow(view, want)
        _make_flow(view, want)
        if view.stored is not None:
            _download(view.stored.flow, document)
        if view.shared is not None:
            show_share_menu(view.shared, runs_page=view.pages["runs"])
        if view.stored is not None and view.current is view.pages["build"]:
            _offer_presenting(view.stored.id, want)
        if view.restoring is not None:
            show_restore_menu(view.restoring)
        st.space("stretch")
        _links(view)


def _choose_flow(view: HeaderView, want: Callable[[HeaderIntent], None]) -> None:
    if not view.flows:
        return
    here = view.stored
    names = {_ALL: "All flows…"} | _names(view.flows[:MOST_FLOWS])

    def take() -> None:
        chosen = widgets.value_of("flows")
        if chosen == _ALL:
            want(SeeFlows())
        elif chosen is not None and (here is None or chosen != here.id):
            want(GoToFlow(FlowId(chosen)))

    st.menu_button(
        plain(here.flow.name) if here else "Flows",
        list(names),
        key="flows",
        format_func=lambda each: names[each],
        type="tertiary",
        on_click=take,
    )


def _names(rows: Sequence[FlowRow]) -> dict[FlowId, str]:
    """Name every flow, with the time of its last change."""
    now = time.time()
    return tell_apart(
        {
            row.id: f"{plain(row.name)} :small[:gray[{moment(row.updated_at, now=now)}]]"
            for row in rows
        }
    )


def _make_flow(view: HeaderView, want: Callable[[HeaderIntent], None]) -> None:
    """Offer new flows. The menu is another one in another flow and page: leaving closes it."""
    here = f"{view.stored.id if view.stored else ''}-{view.current.url_path}"
    menu = st.popover("New", icon=":material/add:", type="tertiary", key=f"new-{here}")
    with menu.container(key="new-menu", gap=None):
        for heading, group in _grouped(view.templates).items():
            if heading:
                st.caption(heading)
            for template in group:
                _offer_template(template, want)
            if not heading:
                _link_templates(view)
    st.button(
        "Open",
        key="open-json",
        icon=":material/folder_open:",
        type="tertiary",
        on_click=want,
        args=(OpenFile(),),
    )


def _link_templates(view: HeaderView) -> None:
    st.page_link(
        view.pages["templates"],
        label="All templates, as pictures…",
        icon=":material/dashboard:",
        query_params=_words(view),
    )


def _grouped(templates: Sequence[Template]) -> dict[str, list[Template | None]]:
    """Group what can be made under headings, first without one; None is an empty flow."""
    patterns: list[Template | None] = []
    real: list[Template | None] = []
    for template in templates[1:]:
        (patterns if template.is_pattern else real).append(template)
    return {"": [None, *templates[:1]], "Patterns": patterns, "Real flows": real}


def _offer_template(template: Template | None, want: Callable[[HeaderIntent], None]) -> None:
    title, shows = ("Empty flow", "One input, and all the rest is yours.")
    if template is not None:
        mark = " · needs a larger model" if template.needs_larger_model else ""
        title, shows = f"{template.title}{mark}", template.shows.partition(". ")[0]
    name = template.name if template else None
    st.button(
        f"**{plain(title)}** :small[:gray[{plain(shows)}]]",
        key=f"make-{name or _EMPTY}",
        type="tertiary",
        width="stretch",
        on_click=want,
        args=(NewFlow(name),),
    )


def _download(flow: Flow, document: Callable[[], str]) -> None:
    st.download_button(
        "Download JSON",
        document,
        file_name=file_name_of(flow),
        mime="application/json",
        key="download-json",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=_TAKES,
    )


def _offer_presenting(flow_id: FlowId, want: Callable[[HeaderIntent], None]) -> None:
    st.button(
        "Present",
        key="present-flow",
        icon=":material/slideshow:",
        type="tertiary",
        help="Shows this flow large, step by step, with the results of its newest run",
        on_click=want,
        args=(PresentFlow(flow_id),),
    )


def _links(view: HeaderView) -> None:
    for name, page in view.pages.items():
        with st.container(
            key=f"link-{name}-{'here' if page is view.current else 'there'}", width="content"
        ):
            st.page_link(page, label=page.title, query_params=_words(view))


def _words(view: HeaderView) -> dict[str, str]:
    """Say in an address which flow is open."""
    return {"flow": str(view.stored.id)} if view.stored else {}
