"""Runs: the page of past runs; one chosen opens to its whole trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from components import state
from components.addresses import addresses_of
from components.header import HeaderIntent, RecordAgain
from components.lanes import LanesView, mount_lanes
from components.past_canvas import flow_id_of, show_past_canvas
from components.services import Services
from components.share_menu import show_run_menu
from components.text import moment, plain, span, tell_apart
from flows.document.model import Flow
from flows.errors import RecordFileError, StoreError
from flows.ids import FlowId, RunId
from flows.share.archive import file_stem
from flows.store.history import RunRow
from flows.store.library import StoredFlow
from flows.templates.samples import is_sample_id, template_of
from flows.trace.flaws import Flaws, flaws_of
from flows.trace.fold import RunTrace
from flows.trace.run_file import read_run_file
from flows.trace.sample import WRITTEN, is_sample

_MOST = 200
_LOOK_S = 1.0
_SIGNS = {
    "running": ":blue[●] running",
    "finished": ":green[●] finished",
    "failed": ":red[●] failed",
    "cancelled": ":gray[●] cancelled",
    "interrupted": ":orange[●] interrupted",
}


def show_page(
    services: Services,
    stored: StoredFlow | None,
    *,
    build_page: Page,
    want: Callable[[HeaderIntent], None],
) -> None:
    """Draw the list of runs, and the trace of the chosen one; `want`: what is wanted of it."""
    with st.container(key="desk", horizontal=True, gap="small", wrap=False):
        with st.container(key="past-runs", width=300, border=True, gap="small"):
            only = _only_flow(stored)
            rows = _rows(services, only)
            _offer_file(services)
            chosen = _choose(rows, services.store.runs.flaws(row.id for row in rows))
            if not rows:
                _await_a_run(services, only)
        with st.container(key="board", gap="small", width="stretch"):
            if chosen is None:
                st.caption("A run shows here with its lanes, its result and every status.")
            else:
                _show_run(services, chosen, build_page, want=want)


def _only_flow(stored: StoredFlow | None) -> FlowId | None:
    """Ask whether runs of other flows are left out; return the flow whose are listed."""
    st.markdown("**Past runs**")
    only = stored is not None and st.toggle("Only of this flow", key=state.ONLY_THIS_FLOW)
    return stored.id if only and stored else None


def _rows(services: Services, only: FlowId | None) -> tuple[RunRow, ...]:
    """List the latest runs, and the one that the address asks for where it is not among them."""
    rows = services.store.runs.list(only, limit=_MOST)
    asked = services.store.runs.get(RunId(st.query_params.get("run", "")))
    return rows if asked is None or asked in rows else (asked, *rows)


def _offer_file(services: Services) -> None:
    """Take a run file and show its run with the others: nothing of it is run."""
    file = st.file_uploader(
        "Open a run file",
        type=["jsonl"],
        key=f"run-{state.upload_key()}",
        help="A run that was downloaded here, or written by the command line with --record. "
        "Opening it runs nothing.",
    )
    if file is None:
        return
    try:
        run_id = services.store.runs.keep_file(read_run_file(file.getvalue()))
    except (RecordFileError, StoreError) as error:
        st.error(f"{plain(file.name)} is not opened. {plain(str(error))}")
        return
    state.clear_upload()
    state.choose_run(run_id)
    st.query_params["run"] = run_id
    st.rerun()


@st.fragment(run_every=_LOOK_S)
def _await_a_run(services: Services, flow_id: FlowId | None) -> None:
    """Draw the page anew once there is a run: one may just be starting."""
    if services.store.runs.list(flow_id, limit=1):
        st.rerun()


def _choose(rows: Sequence[RunRow], flaws: Mapping[RunId, Flaws]) -> RunRow | None:
    if not rows:
        st.caption("No run yet. Press Run on the Build page.")
        st.caption(
            "Runs of the command line stand in files: write one with "
            "`run FLOW --record OUT.fanfold-run.jsonl` and open it above."
        )
        return None
    known = {row.id: row for row in rows}
    asked = RunId(st.query_params.get("run", ""))
    state.put_first(state.CHOSEN_RUN, asked if asked in known else rows[0].id, among=known)
    names = _names(rows)
    chosen = st.radio(
        "Past runs",
        list(known),
        key=state.CHOSEN_RUN,
        format_func=lambda each: names[each],
        captions=[_caption(row, flaws.get(row.id, Flaws())) for row in rows],
        label_visibility="collapsed",
        width="stretch",
        on_change=_take_choice,
    )
    return known.get(RunId(str(chosen)))


def _take_choice() -> None:
    st.query_params.pop("play", None)
    st.query_params["run"] = str(state.value_of(state.CHOSEN_RUN))


def _names(rows: Sequence[RunRow]) -> dict[RunId, str]:
    now = time.time()
    return tell_apart(
        {row.id: f"{plain(row.name)} :small[:gray[{_when(row, now=now)}]]" for row in rows}
    )


def _when(row: RunRow, *, now: float) -> str:
    """Say when a run began; the times of a sample are invented and say nothing."""
    return "sample" if is_sample_id(row.id) else moment(row.started_at, now=now)


def _caption(row: RunRow, flaws: Flaws) -> str:
    sign = _sign(row, flaws)
    if row.ended_at is None or is_sample_id(row.id):
        return sign
    return f"{sign} · {span(row.ended_at - row.started_at)}"


def _sign(row: RunRow, flaws: Flaws) -> str:
    """Say how the run ended, and how much of it went wrong all the same."""
    if row.status != "finished":
        return _SIGNS[row.status]
    failed = [f"{flaws.failed} failed"] if flaws.failed else []
    instead = [f"{flaws.fallbacks} by fallback"] if flaws.fallbacks else []
    words = [*failed, *instead]
    return ", ".join([":orange[●] finished", *words]) if words else _SIGNS[row.status]


def _show_run(
    services: Services, row: RunRow, build_page: Page, *, want: Callable[[HeaderIntent], None]
) -> None:
    trace = services.runner.fold(row.id)
    flow = services.flow_of_run(row.id)
    if trace is None or flow is None:
        st.error("This run cannot be read: its records are not complete.")
        return
    _headline(services, row, trace, flow, build_page=build_page, want=want)
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
    row: RunRow,
    trace: RunTrace,
    flow: Flow,
    *,
    build_page: Page,
    want: Callable[[HeaderIntent], None],
) -> None:
    written = is_sample(trace)
    model = "" if written else f" :small[:gray[{plain(trace.model)}]]"
    with st.container(
        key="run-headline", horizontal=True, gap="small", vertical_alignment="center"
    ):
        st.markdown(
            f"**{plain(row.name)}** · {_sign(row, flaws_of(trace))} · {_when(row, now=0)}{model}",
            width="stretch",
        )
        _offer_recording(trace, want)
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
            help="The records of the run: they can be read anywhere, without a key",
        )
        show_run_menu(row.id, flow, partial(services.runner.records, row.id))
        if row.flow_id is not None and services.store.flows.get(row.flow_id) is not None:
            st.page_link(
                build_page,
                label="Open in Build",
                help="The flow as it is now; it may have changed since this run",
                query_params={"flow": str(row.flow_id)},
            )


def _offer_recording(trace: RunTrace, want: Callable[[HeaderIntent], None]) -> None:
    template = template_of(trace)
    if template is not None:
        st.button(
            "Record again with your model",
            key="record-again",
            type="tertiary",
            icon=":material/fiber_manual_record:",
            on_click=want,
            args=(RecordAgain(template),),
        )
