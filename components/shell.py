"""Shell: what stands around every page, and which page the address names."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NoReturn, assert_never

import streamlit as st
from streamlit.navigation.page import Page

from components import state
from components.given import Given, GivenFlow, GivenLink, GivenRun
from components.header import (
    MOST_FLOWS,
    CopyFlow,
    GoToFlow,
    HeaderIntent,
    HeaderView,
    NewFlow,
    OpenFile,
    PlaySample,
    PresentFlow,
    RecordAgain,
    SeeFlows,
    show_header,
)
from components.open_file import ask_for_file
from components.opening import Address, NothingToOpenError, create_copy, open_flow, read_address
from components.pages import (
    arrival,
    build,
    connections,
    guide,
    library,
    present,
    runs,
    templates,
)
from components.restore_menu import Restoring
from components.samples import keep_sample, record_again
from components.services import Services, services
from components.share_menu import SharedFlow
from components.text import plain
from flows.document.files import write_flow
from flows.document.model import Flow, empty_flow
from flows.errors import EditRefused, StoreError
from flows.ids import FlowId, RunId
from flows.store.library import StoredFlow
from flows.store.points import RestorePoint
from flows.templates import list_templates, load_template

_STYLE = Path(__file__).parent / "shell.css"


def show() -> None:
    """Draw the page that the address names, for the flow that it names."""
    opened = services()
    arriving = _arriving()
    stored, trouble = (None, "") if arriving else _open(opened)
    title = f"{stored.flow.name} · Fanfold" if stored else "Fanfold"
    st.set_page_config(page_title=title, layout="wide")
    st.html(_STYLE)
    pages = _pages(opened, stored, arriving=arriving)
    current = st.navigation(list(pages.values()), position="hidden")
    if presented := st.query_params.get("present"):
        present.show_page(opened, presented, runs_page=pages["runs"])
        return
    view = HeaderView(
        stored=stored,
        flows=opened.store.flows.list(limit=MOST_FLOWS),
        templates=list_templates(),
        pages=pages,
        current=current,
        restoring=_restoring(opened, stored) if stored else None,
        shared=_shared(opened, stored) if stored else None,
    )
    show_header(
        view,
        document=partial(_document, opened, stored),
        want=state.want,
    )
    _do(state.wanted(), opened, pages)
    for sentence, duration in state.take_notices():
        st.toast(plain(sentence), icon=":material/info:", duration=duration)
    if trouble:
        st.error(plain(trouble))
    current.run()


def _arriving() -> arrival.Arrival | None:
    """Read whether the address brings a flow from elsewhere."""
    words = {each: st.query_params.get(each, "") for each in ("link", "given")}
    return arrival.Arrival(**words) if any(words.values()) else None


def _open(opened: Services) -> tuple[StoredFlow | None, str]:
    address = read_address(st.query_params)
    if _all_are_deleted(opened, address):
        return None, ""
    made = state.made_of(address.template) if not address.flow else None
    try:
        stored = open_flow(Address(flow=made) if made else address, opened.store.flows)
    except NothingToOpenError as error:
        return None, str(error)
    if address.template:
        state.note_made(address.template, stored.id)
    state.note_open(stored.id)
    if st.query_params.get("flow") != stored.id or "template" in st.query_params:
        st.query_params.pop("template", None)
        st.query_params["flow"] = stored.id
    return stored, ""


def _all_are_deleted(opened: Services, address: Address) -> bool:
    """Whether somebody emptied the library: then nothing is put into it that nobody asked for."""
    flows = opened.store.flows
    return address == Address() and not flows.list(limit=1) and bool(flows.deleted(limit=1))


def _document(opened: Services, stored: StoredFlow | None) -> str:
    """Write the flow as it is when it is taken away, which may be after this page was drawn."""
    now = opened.store.flows.get(stored.id) if stored else None
    return write_flow(now.flow) if now else ""


def _shared(opened: Services, stored: StoredFlow) -> SharedFlow:
    def now() -> Flow:
        kept = opened.store.flows.get(stored.id)
        return kept.flow if kept else stored.flow

    def program(flow: Flow) -> str:
        from flows.share.python_code import python_code  # for those who open the menu alone

        return python_code(flow, opened.connections)

    return SharedFlow(stored.id, now, program)


def _restoring(opened: Services, stored: StoredFlow) -> Restoring:
    return Restoring(
        flow_id=stored.id,
        points=partial(opened.store.flows.points, stored.id),
        keep=partial(_keep_state, opened, stored.id),
        go_back=partial(_go_back, opened, stored.id),
    )


def _keep_state(opened: Services, flow_id: FlowId, name: str) -> None:
    try:
        opened.store.flows.keep_point(flow_id, name)
    except StoreError as error:
        state.add_notice(str(error))


def _go_back(opened: Services, flow_id: FlowId, point: RestorePoint) -> None:
    try:
        stored = opened.store.flows.go_back(flow_id, point.number)
    except (EditRefused, StoreError) as error:
        state.add_notice(str(error))
    else:
        opened.announce(flow_id, stored.rev, client="", seq=0)
        state.add_notice("The flow is as it was then. Undo brings back what stood before.")


def _pages(
    opened: Services, stored: StoredFlow | None, *, arriving: arrival.Arrival | None
) -> dict[str, Page]:
    def show_first() -> None:
        if arriving:
            arrival.show_page(opened, arriving, build_page=first)
        else:
            build.show_page(opened, stored)

    first = st.Page(show_first, title="Build", url_path="", default=True)
    past = partial(runs.show_page, opened, stored, build_page=first, want=state.want)
    return {
        "build": first,
        "runs": st.Page(past, title="Runs", url_path="runs"),
        "flows": st.Page(
            partial(library.show_page, opened, state.want), title="Flows", url_path="flows"
        ),
        "templates": st.Page(
            partial(templates.show_page, opened.home, state.want),
            title="Templates",
            url_path="templates",
        ),
        "connections": st.Page(
            partial(connections.show_page, opened), title="Connections", url_path="connections"
        ),
        "guide": st.Page(
            partial(guide.show_page, build_page=first), title="Guide", url_path="guide"
        ),
    }


def _do(wanted: HeaderIntent | None, opened: Services, pages: Mapping[str, Page]) -> None:
    page = pages["build"]
    keep = partial(_keep, opened, page)
    match wanted:
        case None:
            pass
        case GoToFlow(flow_id=flow_id):
            _go(page, flow_id)
        case NewFlow() | CopyFlow():
            keep(_new_flow(wanted))
        case OpenFile():
            ask_for_file(partial(_take, opened, pages))
        case PlaySample(template=name):
            state.forget_wanted()
            _play(keep_sample(opened, name), pages["runs"])
        case RecordAgain(template=name):
            _go(page, record_again(opened, name).id)
        case PresentFlow() | SeeFlows():
            _turn(wanted, pages)
        case _:
            assert_never(wanted)


def _turn(wanted: PresentFlow | SeeFlows, pages: Mapping[str, Page]) -> NoReturn:
    """Turn to what takes the place of the page that is shown."""
    state.forget_wanted()
    if isinstance(wanted, PresentFlow):
        st.query_params["present"] = wanted.flow_id
        st.rerun()
    st.switch_page(pages["flows"], query_params=_words())


def _keep(opened: Services, page: Page, flow: Flow) -> NoReturn:
    _go(page, create_copy(flow, opened.store.flows).id)


def _new_flow(wanted: NewFlow | CopyFlow) -> Flow:
    if isinstance(wanted, CopyFlow):
        return wanted.flow
    return empty_flow() if wanted.template is None else load_template(wanted.template)


def _words() -> dict[str, str]:
    """Say in an address which flow is open."""
    flow_id = st.query_params.get("flow")
    return {"flow": flow_id} if flow_id else {}


def _go(page: Page, flow_id: FlowId) -> NoReturn:
    state.forget_wanted()
    st.switch_page(page, query_params={"flow": flow_id})


def _take(opened: Services, pages: Mapping[str, Page], given: Given) -> NoReturn:
    """Show what was given: a flow as a link that is clicked shows it, a run among the others.

    Raises StoreError and RecordFileError where a run cannot be kept.
    """
    page = pages["build"]
    match given:
        case GivenLink(text=text):
            words = {"link": text}
        case GivenFlow():
            words = {"given": state.note_given(given)}
        case GivenRun(records=records, source=source):
            run_id = opened.store.runs.keep_file(records, name=source)
            state.choose_run(run_id)
            state.confirm(f"Opened the run from {source}.")
            page, words = pages["runs"], {**_words(), "run": run_id}
        case _:
            assert_never(given)
    state.clear_upload()
    state.forget_wanted()
    st.switch_page(page, query_params=words)


def _play(run_id: RunId | None, page: Page) -> None:
    if run_id is not None:
        state.choose_run(run_id)
        words = {"flow": st.query_params.get("flow", ""), "run": run_id}
        st.switch_page(page, query_params={**words, "play": secrets.token_hex(3)})
