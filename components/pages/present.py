"""Present: the page for people who look on: the canvas and the results, large, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from components import state
from components.addresses import addresses_of
from components.lanes import LanesView, mount_lanes
from components.past_canvas import flow_id_of, show_past_canvas
from components.services import Services
from components.text import plain
from flows.document.model import Flow
from flows.document.placeholders import as_text
from flows.ids import FlowId, RunId
from flows.store.history import RunRow
from flows.trace.fold import RunTrace
from flows.trace.sample import WRITTEN, is_sample

_STYLE: Final = Path(__file__).with_suffix(".css")


def show_page(services: Services, name: str, *, runs_page: Page) -> None:
    """Show a run, or the newest run of a flow; `name`: its id."""
    st.html(_STYLE)
    row = _find(services, name)
    trace = services.runner.fold(row.id) if row else None
    flow = services.flow_of_run(row.id) if row else None
    if row is None or trace is None or flow is None:
        st.info(
            f"There is no run to present under “{plain(name)}”. Run the flow first, or choose a "
            "run on the Runs page and present that."
        )
        st.page_link(runs_page, label="Runs")
        return
    with st.container(key="present-head", horizontal=True, vertical_alignment="center"):
        label = f" :small[:orange[{WRITTEN}]]" if is_sample(trace) else ""
        st.markdown(f"## {plain(flow.name)}{label}", width="stretch")
        st.page_link(runs_page, label="Leave", help="Esc", query_params=_words(row))
    show_past_canvas(services, row, flow, trace=trace, reruns=False, presented=True)
    view = LanesView(
        flow_id=flow_id_of(row),
        flow=flow,
        addresses=addresses_of(services),
        follow=row.id,
        presented=True,
        about=about(flow, trace),
    )
    mount_lanes(view, key=state.lanes_key(FlowId(row.id)))


def about(flow: Flow, trace: RunTrace) -> str:
    """Say in Markdown what the flow is for, and what it was given in this run."""
    given = [
        f"**{node.name}**\n\n{as_text(trace.inputs[node.id])}"
        for node in flow.nodes
        if trace.inputs.get(node.id)
    ]
    return "\n\n".join(part for part in (flow.description, *given) if part)


def _words(row: RunRow) -> dict[str, str]:
    return {"flow": st.query_params.get("flow", ""), "run": row.id}


def _find(services: Services, name: str) -> RunRow | None:
    rows = services.store.runs.list(FlowId(name), limit=1)
    return rows[0] if rows else services.store.runs.get(RunId(name))
