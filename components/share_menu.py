"""ShareMenu: the ways in which a flow, or a run, leaves for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import streamlit as st
from streamlit.navigation.page import Page

from components.copy_button import show_copy_button
from components.text import plain
from flows.document.files import write_flow
from flows.document.model import Flow
from flows.errors import FlowsError
from flows.ids import FlowId, RunId
from flows.share.archive import file_stem
from flows.share.blank import blank_flow
from flows.share.link import LinkError, write_link
from flows.share.python_code import module_name
from flows.trace.events import Record

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})
_TRAVELS: Final = (
    "In it: steps, links, instructions, names of models, the examples of inputs. Not in it: what "
    "you typed to run it, its runs, tags, keys."
)
_TRAVELS_BLANK: Final = (
    "In it: the shape alone, with kinds of steps and limits. Not in it: names, texts, examples, "
    "models, what you typed, keys."
)
_RUN_TRAVELS: Final = (
    "In it: the flow as it ran, **what was typed into its inputs**, all that steps wrote, times, "
    "names of models. Not in it: keys, other runs."
)
_RUN_TRAVELS_BLANK: Final = (
    "In it: the shape, counts of tokens, and times, with what has to be known of them. Not in it: "
    "what was typed, what steps wrote, names, texts, keys."
)
_JSON: Final = "application/json"
_MOST_PREVIEWED: Final = 100
"""Browsers draw Mermaid charts of more steps slowly, or refuse."""


@dataclass(frozen=True, slots=True)
class SharedFlow:
    """A flow that can be shared, as it is when it is taken. `python`: writes its program."""

    id: FlowId
    now: Callable[[], Flow]
    python: Callable[[Flow], str]


@dataclass(frozen=True, slots=True)
class _Way:
    """One kind of file: what it is called, what it is good for, how it is made."""

    label: str
    use: str
    ending: str
    mime: str
    icon: str
    write: Callable[[Flow], str]


def _ways() -> tuple[_Way, ...]:
    """Return the files a flow can be; what writes them is loaded for those who open the menu."""
    from flows.share.mermaid import write_mermaid
    from flows.share.page import write_page
    from flows.share.svg import write_svg

    return (
        _Way("One page", "for anyone with a browser", "html", "text/html", "web", write_page),
        _Way("Picture", "SVG, light and dark", "svg", "image/svg+xml", "image", write_svg),
        _Way("Mermaid", "for READMEs, wikis", "mmd", "text/plain", "account_tree", write_mermaid),
        _Way(
            "JSON",
            "the file for someone with Fanfold",
            "fanfold.json",
            _JSON,
            "data_object",
            write_flow,
        ),
    )


def show_share_menu(shared: SharedFlow, *, runs_page: Page) -> None:
    """Draw the menu of a flow; what is in it is made when it is open, files when they are taken."""
    menu = st.popover(
        "Share flow",
        icon=":material/ios_share:",
        type="tertiary",
        key=f"share-{shared.id}",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu, st.container(key="share-menu", gap="xsmall"):
        blank = _ask_for_blank(f"share-blank-{shared.id}")
        st.caption(_TRAVELS_BLANK if blank else _TRAVELS)
        try:
            flow = _flow(shared, blank=blank)
        except FlowsError as error:
            st.error(plain(str(error)))
            return
        _offer_link(flow, shared, blank=blank)
        for way in _ways():
            _offer(way, shared, flow, blank=blank)
        _offer_python(shared, flow, blank=blank)
        _preview_mermaid(shared, flow)
        st.page_link(
            runs_page,
            label="A run with its results is shared on the Runs page",
            icon=":material/arrow_forward:",
            query_params={"flow": str(shared.id)},
        )


def show_run_menu(run_id: RunId, flow: Flow, records: Callable[[], Sequence[Record]]) -> None:
    """Draw the menu of a run: the page that plays it, and its report."""
    menu = st.popover(
        "Share run",
        icon=":material/ios_share:",
        type="tertiary",
        key=f"share-run-{run_id}",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu, st.container(key="share-menu", gap="xsmall"):
        blank = _ask_for_blank(f"share-run-blank-{run_id}")
        st.caption(_RUN_TRAVELS_BLANK if blank else _RUN_TRAVELS)
        stem = "run-without-contents" if blank else file_stem(flow.name)
        _take(
            ("One page", "for anyone with a browser: plays the run", "web"),
            partial(_run_page, records, blank=blank),
            file_name=f"{stem}-{run_id[:8]}.html",
            mime="text/html",
        )
        _take(
            ("Report", "the run in Markdown", "description"),
            partial(_run_report, records, blank=blank),
            file_name=f"{stem}-{run_id[:8]}.md",
            mime="text/markdown",
        )
        st.caption(
            "For someone with Fanfold: **Download run**, always whole. They give the file to "
            "**Open**."
        )
        _offer_presented(run_id)


def link_of(flow: Flow, *, page: str) -> str:
    """Return the address that carries the flow to the app at `page`. Raises LinkError."""
    at = urlsplit(page)
    return urlunsplit((at.scheme, at.netloc, "/", f"link={write_link(flow)}", ""))


def _offer_presented(run_id: RunId) -> None:
    """Offer the address that shows the run to those who look on, in this Fanfold."""
    at = urlsplit(st.context.url or "")
    link = urlunsplit((at.scheme, at.netloc, "/", f"present={run_id}", ""))
    where = "on this machine" if at.hostname in _THIS_MACHINE else "for all who reach it"
    said = f"It opens the run, presented, {where}: in the Fanfold at {at.netloc}."
    _show_address(link, said, "Copy link to Present", ("copy-presented", str(run_id)))


def _show_address(link: str, said: str, label: str, button: tuple[str, str]) -> None:
    """Show an address with a button that copies it; `button`: what it is, and of what."""
    with st.container(key="share-link", gap="xsmall"):
        show_copy_button(
            link,
            key="-".join(button),
            testid=button[0],
            label=label,
            or_else="Select the link below and copy it",
        )
        st.caption(said)
        st.code(link, language=None)


def _ask_for_blank(key: str) -> bool:
    return st.toggle("Without contents", key=key)


def _flow(shared: SharedFlow, *, blank: bool) -> Flow:
    flow = shared.now()
    return blank_flow(flow) if blank else flow


def _run_page(records: Callable[[], Sequence[Record]], *, blank: bool) -> str:
    from flows.share.page import write_page

    return write_page(records(), without_contents=blank)


def _run_report(records: Callable[[], Sequence[Record]], *, blank: bool) -> str:
    from flows.share.report import write_report

    return write_report(records(), without_contents=blank)


def _offer_link(flow: Flow, shared: SharedFlow, *, blank: bool) -> None:
    try:
        link = link_of(flow, page=st.context.url or "")
    except LinkError as error:
        st.caption(plain(str(error)))
    else:
        _show_address(link, _said_of(link), "Copy link", ("copy-link", f"{shared.id}-{blank}"))


def _said_of(link: str) -> str:
    """Say where the link opens; an address of this machine leads nobody else to this Fanfold."""
    said = "For someone with Fanfold: it opens in any, **pasted into Open**, and is read before it "
    said += "is kept."
    at = urlsplit(link)
    if at.hostname in _THIS_MACHINE:
        said += f" A click leads to the reader's own machine, {at.netloc}."
    return said


def _offer(way: _Way, shared: SharedFlow, flow: Flow, *, blank: bool) -> None:
    _take(
        (way.label, way.use, way.icon),
        partial(_written, shared, way.write, blank=blank),
        file_name=f"{file_stem(flow.name)}.{way.ending}",
        mime=way.mime,
    )


def _written(shared: SharedFlow, write: Callable[[Flow], str], *, blank: bool) -> str:
    return write(_flow(shared, blank=blank))


def _offer_python(shared: SharedFlow, flow: Flow, *, blank: bool) -> None:
    """Offer the program, or say why there is none: it is short to write and then is right."""
    try:
        shared.python(flow)
    except FlowsError as error:
        st.caption(f"**Python** is not offered. {plain(str(error))}")
        return
    _take(
        ("Python", "over the Agents SDK alone", "code"),
        partial(_written, shared, shared.python, blank=blank),
        file_name=f"{module_name(flow.name)}.py",
        mime="text/x-python",
    )


def _take(
    said: tuple[str, str, str], data: Callable[[], str], *, file_name: str, mime: str
) -> None:
    label, use, icon = said
    st.download_button(
        f"{label} :small[:gray[{use}]]",
        data,
        file_name=file_name,
        mime=mime,
        key=f"share-as-{file_name.rpartition('.')[2]}",
        icon=f":material/{icon}:",
        type="tertiary",
        on_click="ignore",
        width="stretch",
    )


def _preview_mermaid(shared: SharedFlow, flow: Flow) -> None:
    if not st.toggle("Show the Mermaid chart", key=f"share-mermaid-{shared.id}"):
        return
    from flows.share.mermaid import write_mermaid

    chart = write_mermaid(flow)
    if len(flow.nodes) <= _MOST_PREVIEWED:
        st.mermaid_chart(chart, alt="The flow as a Mermaid chart")
    with st.container(key="share-mermaid-text"):
        st.code(chart, language=None)
