"""Present: the page for people who look on: the canvas and the results, large, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st
from pydantic import JsonValue
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from components import state
from components.addresses import addresses_of
from components.lanes import LanesView, mount_lanes
from components.pages.slide import size_style, stands_beside
from components.past_canvas import (
    flow_id_of,
    show_drawn_canvas,
    show_past_canvas,
    typed_or_example,
)
from components.services import Services
from components.text import plain
from flows.document.model import Flow
from flows.document.placeholders import as_text
from flows.ids import FlowId, NodeId, RunId
from flows.store.history import RunRow
from flows.store.library import StoredFlow
from flows.templates import presented_name
from flows.trace.fold import RunTrace
from flows.trace.sample import WRITTEN, is_sample

_STYLE: Final = Path(__file__).with_suffix(".css")
_BESIDE: Final = Path(__file__).with_name("present_beside.css")


def show_page(services: Services, name: str, *, runs_page: Page) -> None:
    """Show a run, the newest run of a flow, or a flow that never ran as drawn; `name`: its id."""
    st.html(_STYLE)
    stored = services.store.flows.get(FlowId(name))
    row = _find(services, name)
    trace = services.runner.fold(row.id) if row else None
    ran = services.flow_of_run(row.id) if row else None
    if stored is not None and state.is_drawn(stored.id, ran=ran is not None):
        with _head(stored.flow, ""):
            _offer_leaving(None, runs_page)
        _show_flow(services, stored)
    elif row is not None and trace is not None and ran is not None:
        with _head(ran, WRITTEN if is_sample(trace) else ""):
            _offer_leaving(None if stored else row, runs_page)
        _show_run(services, row, ran, trace)
    else:
        st.info(
            f"There is no run to present under “{plain(name)}”. Run the flow first, or choose a "
            "run on the Runs page and present that."
        )
        st.page_link(runs_page, label="Runs")


def _head(flow: Flow, note: str) -> DeltaGenerator:
    head = st.container(key="present-head", horizontal=True, vertical_alignment="center")
    label = f" :small[:orange[{note}]]" if note else ""
    head.markdown(f"## {plain(presented_name(flow))}{label}", width="stretch")
    return head


def _offer_leaving(row: RunRow | None, runs_page: Page) -> None:
    """Lead back to the run, or to where its flow is built: None."""
    if row is None:
        # no link: to the page that is shown already it would leave the address as it is
        st.button("Leave", key="present-leave", type="tertiary", help="Esc", on_click=_leave)
        return
    words = {"flow": st.query_params.get("flow", ""), "run": row.id}
    st.page_link(runs_page, label="Leave", help="Esc", query_params=words)


def _leave() -> None:
    st.query_params.pop("present", None)
    state.forget_drawn()


def _share_page(flow: Flow) -> None:
    st.html(f"<style>{size_style(flow)}</style>")
    if stands_beside(flow):
        st.html(_BESIDE)


def _show_run(services: Services, row: RunRow, flow: Flow, trace: RunTrace) -> None:
    _share_page(flow)
    show_past_canvas(services, row, flow, trace=trace, reruns=False, presented=True)
    view = LanesView(
        flow_id=flow_id_of(row),
        flow=flow,
        addresses=addresses_of(services),
        follow=row.id,
        presented=True,
        about=about(flow, trace.inputs),
    )
    mount_lanes(view, key=state.lanes_key(FlowId(row.id)))


def _show_flow(services: Services, stored: StoredFlow) -> None:
    """Show a flow as drawn, and a run of it once there is one, as it goes."""
    _share_page(stored.flow)
    show_drawn_canvas(services, stored)
    view = LanesView(
        flow_id=stored.id,
        flow=stored.flow,
        addresses=addresses_of(services),
        presented=True,
        about=about(stored.flow, typed_or_example(stored)),
    )
    mount_lanes(view, key=f"{state.lanes_key(stored.id)}-presented")


def about(flow: Flow, inputs: Mapping[str, JsonValue] | Mapping[NodeId, str]) -> str:
    """Say in Markdown what the flow is for, and what it was given, or would be.

    What follows an empty line in its description is for who builds it.
    """
    given = [
        f"**{node.name}**\n\n{as_text(inputs[node.id])}"
        for node in flow.nodes
        if inputs.get(node.id)
    ]
    purpose = flow.description.strip().partition("\n\n")[0]
    return "\n\n".join(part for part in (purpose, *given) if part)


def _find(services: Services, name: str) -> RunRow | None:
    rows = services.store.runs.list(FlowId(name), limit=1)
    return rows[0] if rows else services.store.runs.get(RunId(name))
