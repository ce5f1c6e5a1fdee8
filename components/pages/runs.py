"""Runs: the page of past runs; one chosen opens to its whole trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from components import state, widgets
from components.addresses import addresses_of
from components.header import CopyFlow, HeaderIntent
from components.lanes import LanesView, mount_lanes
from components.pages.compare import show_comparison
from components.pages.lane_room import room_style
from components.past_canvas import flow_id_of, show_past_canvas
from components.run_changes import RunChanges
from components.run_list import (
    FIRST,
    ask_query,
    await_change,
    offer_clearing,
    offer_deleted,
    offer_more,
    offer_undo,
    said_origin,
    said_when,
    show_runs,
    sign_of,
)
from components.samples import offer_recording
from components.services import Services
from components.share_menu import show_run_menu
from components.text import plain
from flows.document.model import Flow
from flows.errors import RecordFileError, StoreError
from flows.ids import FlowId, RunId
from flows.share.archive import file_stem
from flows.store.library import StoredFlow
from flows.store.past_runs import ListedRun, PastRuns, RunQuery
from flows.trace.flaws import flaws_of
from flows.trace.fold import RunTrace
from flows.trace.run_file import read_run_file
from flows.trace.sample import WRITTEN, is_sample

_STYLE: Final = Path(__file__).with_suffix(".css")
_COMPARE, _KEEP, _LET_GO, _DELETE = "Compare with…", "Keep", "No longer keep", "Delete"


def show_page(
    services: Services,
    stored: StoredFlow | None,
    *,
    build_page: Page,
    want: Callable[[HeaderIntent], None],
) -> None:
    """Draw the list of runs, and the chosen one; `want`: what is wanted of it.

    An address with a second run (`with`) shows the two side by side.
    """
    st.html(_STYLE)
    changes = _changes(services)
    first = _compared(services)
    with st.container(key="desk", horizontal=True, gap="small", wrap=False):
        with st.container(key="past-runs", width=300, border=True, gap="small"):
            chosen = _choose(services, stored, changes, first=first)
        with st.container(key="board", gap="small", width="stretch"):
            if first is not None:
                show_comparison(services, first, chosen)
            elif chosen is None:
                st.caption("A run shows here with its lanes, its result and every status.")
            else:
                _show_run(services, chosen, build_page, want=want)


def _changes(services: Services) -> RunChanges:
    return RunChanges(services.store.past, forget=services.runner.forget_ended)


def _compared(services: Services) -> ListedRun | None:
    """Return the run that another one is to stand beside, None when one is shown alone."""
    if "with" not in st.query_params:
        return None
    first = services.store.past.get(RunId(st.query_params.get("run", "")))
    if first is None:
        st.query_params.pop("with")
    return first


def _choose(
    services: Services,
    stored: StoredFlow | None,
    changes: RunChanges,
    *,
    first: ListedRun | None,
) -> ListedRun | None:
    """Draw the column of runs; return the one that is shown, `first` never."""
    past = services.store.past
    head = st.container(key="runs-head", horizontal=True, vertical_alignment="center", gap="small")
    if first is None:
        _offer_file(services)
    query = RunQuery()
    if past.tally(query).count:
        query = ask_query(stored.id if stored else None, besides=first.row.id if first else None)
    tally = past.tally(query)
    with head:
        title = "Compare with" if first else "Past runs"
        st.markdown(f"**{title}** :small[:gray[{tally.count:,}]]", width="stretch")
        if first is None:
            offer_clearing(past, query, changes)
    offer_undo(past, changes)
    listed = past.find(query, limit=state.runs_listed(first=FIRST))
    found = _with_asked(past, listed, query)
    chosen = _chosen(past, found, compared=first is not None)
    if found:
        flaws = services.store.runs.flaws(each.row.id for each in found)
        place = (state.COMPARED_RUN, "with") if first else (state.CHOSEN_RUN, "run")
        show_runs(found, flaws, key=place[0], address=place[1])
        offer_more(len(found), tally)
    else:
        _say_why_none(query)
    offer_deleted(past, changes)
    await_change(past, query, tally)
    return chosen


def _with_asked(past: PastRuns, found: Sequence[ListedRun], query: RunQuery) -> Sequence[ListedRun]:
    """List the run of the address first where others alone are listed and nothing is looked for."""
    asked = past.get(RunId(st.query_params.get("run", "")))
    if asked is None or asked in found or query != RunQuery(flow_id=query.flow_id):
        return found
    return [asked, *found]


def _chosen(past: PastRuns, found: Sequence[ListedRun], *, compared: bool) -> ListedRun | None:
    """Return the run of the address, else the one chosen last, else the newest that is listed.

    The one of the address is shown also where what is looked for leaves it out of the list. Nothing
    else takes the place of one to compare with that is gone.
    """
    key, address = (state.COMPARED_RUN, "with") if compared else (state.CHOSEN_RUN, "run")
    known = {each.row.id: each for each in found}
    asked = past.get(RunId(st.query_params.get(address, "")))
    if asked is None and compared:
        widgets.put_choice(key, None)
        return None
    if asked is None:
        widgets.put_first(key, found[0].row.id if found else None, among=known)
        return known.get(RunId(str(widgets.value_of(key))))
    widgets.put_choice(key, asked.row.id if asked.row.id in known else None)
    return asked


def _say_why_none(query: RunQuery) -> None:
    if query.besides is not None or query != RunQuery(flow_id=query.flow_id):
        st.caption("No run is like this. Change what you look for.")
        return
    st.caption("No run yet. Press Run on the Build page.")
    st.caption(
        "Runs of the command line stand in files: write one with "
        "`run FLOW --record OUT.fanfold-run.jsonl` and open it above."
    )


def _offer_file(services: Services) -> None:
    """Take a run file and show its run with the others: nothing of it is run."""
    file = st.file_uploader(
        "Open a run file",  # of any kind: what Streamlit refuses, it refuses without a word
        key=f"run-{state.upload_key()}",
        label_visibility="collapsed",
    )
    if file is None:
        return
    try:
        records = read_run_file(file.getvalue())
        was_here = services.store.past.get(records[0].run) is not None
        run_id = services.store.runs.keep_file(records, name=f"the file “{file.name}”")
    except (RecordFileError, StoreError) as error:
        st.error(f"{plain(file.name)} is not opened. {plain(str(error))}")
        return
    here = f"The run of {file.name} was here already. It is shown."
    state.confirm(here if was_here else f"Opened from {file.name}.")
    st.query_params["run"] = run_id  # first: a redraw that cuts in here finds the file still given
    state.choose_run(run_id)
    state.clear_upload()
    st.rerun()


def _show_run(
    services: Services,
    listed: ListedRun,
    build_page: Page,
    *,
    want: Callable[[HeaderIntent], None],
) -> None:
    row = listed.row
    trace = services.runner.fold(row.id)
    flow = services.flow_of_run(row.id)
    if trace is None or flow is None:
        st.error("This run cannot be read: its records are not complete.")
        return
    st.html(f"<style>{room_style(flow, trace)}</style>")
    _headline(services, listed, trace, flow, build_page=build_page, want=want)
    has_flow = row.flow_id is not None and services.store.flows.get(row.flow_id) is not None
    show_past_canvas(services, row, flow, trace=trace, reruns=has_flow)
    view = LanesView(
        flow_id=flow_id_of(row),
        flow=flow,
        addresses=addresses_of(services),
        follow=row.id,
        shared_processor=any(node.model.startswith("local/") for node in trace.nodes.values()),
        play=st.query_params.get("play", ""),
        note=WRITTEN.capitalize() if is_sample(trace) else "",
    )
    mount_lanes(view, key=state.lanes_key(FlowId(row.id)))


def _headline(
    services: Services,
    listed: ListedRun,
    trace: RunTrace,
    flow: Flow,
    *,
    build_page: Page,
    want: Callable[[HeaderIntent], None],
) -> None:
    row, written = listed.row, is_sample(trace)
    model = "" if written else f" :small[:gray[{plain(listed.model)}]]"
    came = plain(said_origin(listed))
    origin = f" :small[:gray[· :material/upload_file: {came}]]" if came else ""
    with st.container(
        key="run-headline", horizontal=True, gap="small", vertical_alignment="center"
    ):
        st.markdown(
            f"**{plain(row.name)}** · {sign_of(row, flaws_of(trace))} · "
            f"{said_when(row, now=0)}{model}{origin}",
            width="stretch",
        )
        offer_recording(services, trace, want)
        words = {"flow": st.query_params.get("flow", ""), "present": str(row.id)}
        st.page_link(build_page, label="Present", query_params=words)
        st.download_button(
            "Download run",
            partial(services.run_file, row.id),
            file_name=f"{file_stem(row.name)}-{row.id[:8]}.fanfold-run.jsonl",
            mime="application/jsonl",
            key="download-run",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help="All of the run: what was typed into it, every message and every answer. "
            "Any Fanfold opens it, and needs no key for that.",
        )
        show_run_menu(row.id, flow, partial(services.runner.records, row.id))
        _offer_changes(listed, _changes(services))
        if row.flow_id is None or services.store.flows.get(row.flow_id) is None:
            st.button(
                "Edit a copy",
                key="copy-flow",
                type="tertiary",
                icon=":material/edit:",
                on_click=want,
                args=(CopyFlow(flow),),
                help="Makes a flow of yours that is like the one which ran",
            )
        else:
            st.page_link(
                build_page,
                label="Open in Build",
                help="The flow as it is now; it may have changed since this run",
                query_params={"flow": str(row.flow_id)},
            )


def _offer_changes(listed: ListedRun, changes: RunChanges) -> None:
    run_id, key = listed.row.id, f"run-menu-{listed.row.id}"

    does = {
        _COMPARE: partial(changes.compare, listed.row),
        _KEEP: partial(changes.keep, run_id),
        _LET_GO: partial(changes.let_go, run_id),
        _DELETE: partial(changes.delete, run_id),
    }

    def take() -> None:
        does[widgets.value_of(key)]()

    entries = [_COMPARE, _LET_GO if listed.is_kept else _KEEP, _DELETE]
    st.menu_button(
        "This run",
        entries,
        key=key,
        type="tertiary",
        icon=":material/more_horiz:",
        on_click=take,
        help="This run: compare it, keep it, delete it",
    )
