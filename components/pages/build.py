"""Build: the page where a flow is drawn, run and watched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

import streamlit as st
from pydantic import JsonValue

from components import state, widgets
from components.addresses import addresses_of
from components.beside import show_beside
from components.canvas import CanvasView, PastRun, RunOffer, intent_of, mount_canvas
from components.canvas.protocol import apply_outbox
from components.field_change import INSERTED, FieldChange, edit_of
from components.inspector import Reactions, Subject, inspect
from components.lanes import LanesView, mount_lanes
from components.ledger import FlowLedger
from components.offer import Offer, make_offer, models_to_choose, no_offer
from components.services import Services
from flows.document.advice import Advice
from flows.document.edits import Edit, RemoveNodes
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.errors import ConnectionsError, EditRefused, StoreError
from flows.ids import FlowId, NodeId
from flows.models.agent_limits import limits_of
from flows.plan.advice import Known, find_advice
from flows.plan.changed import changed_nodes
from flows.plan.checks import find_problems
from flows.run.messages import encode_message, snapshot_of
from flows.store.history import RunRow
from flows.store.library import StoredFlow

_LONGEST_STORY = 100_000


def show_page(services: Services, stored: StoredFlow | None) -> None:
    """Draw the canvas of the flow, what runs under it, and the inspector beside it."""
    if stored is None:
        st.caption("Choose another flow above, or make a new one.")
        return
    problems = find_problems(stored.flow)
    offer = _offer(services, stored, problems)
    every = (*problems, *offer.problems)
    advice = (*offer.advice, *_advice(services, stored.flow, problems))
    with st.container(key="desk", horizontal=True, gap="small", wrap=False):
        with st.container(key="board", gap="small", width="stretch"):
            told = (*every, *(each.problem for each in advice))
            _show_canvas(services, stored, offer, told, advice=advice)
            _show_lanes(services, stored, offer)
        show_beside(
            form=partial(_show_inspector, services, stored, every, advice),
            code=partial(_show_code, services, stored, every),
        )


def _offer(services: Services, stored: StoredFlow, problems: Sequence[Problem]) -> Offer:
    try:
        return make_offer(stored.flow, problems, services.connections)
    except ConnectionsError as error:
        return no_offer(str(error))


def _show_canvas(
    services: Services,
    stored: StoredFlow,
    offer: Offer,
    problems: Sequence[Problem],
    *,
    advice: Sequence[Advice],
) -> None:
    key = state.canvas_key(stored.id)
    outbox = intent_of(widgets.value_of(key)).outbox
    view = CanvasView(
        flow_id=stored.id,
        rev=stored.rev,
        flow=stored.flow,
        addresses=addresses_of(services),
        run=RunOffer(label=offer.label, why_not=offer.why_not, inputs=stored.inputs),
        problems=tuple(problems),
        advice=tuple(advice),
        models=offer.models,
        acks={each: services.store.flows.acked(stored.id, each) for each in outbox.clients},
        refused=state.refusals_of(stored.id),
        selection=state.selection_of(stored.id, kept=stored.selection),
        can_undo=stored.can_undo,
        can_redo=stored.can_redo,
        past=_past_run(services, stored, is_first=widgets.value_of(key) is None),
    )
    mount_canvas(
        view,
        key=key,
        on_outbox=partial(_take_outbox, services, stored.id),
        on_selection=partial(_take_selection, services, stored.id),
        on_inputs=partial(_take_inputs, services, stored.id),
    )


def _past_run(services: Services, stored: StoredFlow, *, is_first: bool) -> PastRun | None:
    rows = services.store.runs.list(stored.id, limit=1)
    ran = services.flow_of_run(rows[0].id) if rows else None
    if ran is None:
        return None
    told = _story(services, rows[0]) if is_first else None
    return PastRun(rows[0].id, changed_nodes(ran, stored.flow), told)


def _story(services: Services, row: RunRow) -> JsonValue:
    """Tell a run that is over with the page itself: events come later. None where it is long."""
    trace = services.runner.fold(row.id) if row.ended_at is not None else None
    if trace is None or trace.ended_at is None:
        return None
    story = encode_message(snapshot_of(trace, now=trace.ended_at))
    told: JsonValue = None
    if len(story) <= _LONGEST_STORY:
        told = json.loads(story.partition(b"data: ")[2])
    return told


def _show_lanes(services: Services, stored: StoredFlow, offer: Offer) -> None:
    view = LanesView(
        flow_id=stored.id,
        flow=stored.flow,
        addresses=addresses_of(services),
        shared_processor=offer.shared_processor,
    )
    mount_lanes(view, key=state.lanes_key(stored.id))


def _advice(services: Services, flow: Flow, problems: Sequence[Problem]) -> tuple[Advice, ...]:
    try:
        known = Known(limits=limits_of(flow, services.connections))
    except ConnectionsError:
        return ()
    return find_advice(flow, known, problems=problems)


def _show_inspector(
    services: Services,
    stored: StoredFlow,
    problems: Sequence[Problem],
    advice: Sequence[Advice],
) -> None:
    subject = Subject(
        flow_id=stored.id,
        flow=stored.flow,
        selection=state.selection_of(stored.id, kept=stored.selection),
        problems=problems,
        advice=advice,
        models=_models(services, stored.flow),
        typed=stored.inputs,
        outputs=partial(_last_outputs, services, stored.id),
        ran=partial(_last_ran, services, stored.id),
    )
    reactions = Reactions(
        change=partial(_change_field, services, stored.id),
        edit=partial(_edit, services, stored.id),
        select=partial(_select, services, stored.id),
        remove=partial(_remove, services, stored.id),
    )
    inspect(subject, reactions)


def _last_outputs(services: Services, flow_id: FlowId) -> dict[NodeId, JsonValue]:
    """Read what the nodes gave in the flow's last run."""
    rows = services.store.runs.list(flow_id, limit=1)
    trace = services.runner.fold(rows[0].id) if rows else None
    nodes = trace.nodes.items() if trace else ()
    return {NodeId(key): node.output for key, node in nodes if node.status == "finished"}


def _last_ran(services: Services, flow_id: FlowId) -> frozenset[NodeId]:
    """Return the nodes of the flow's last run."""
    rows = services.store.runs.list(flow_id, limit=1)
    ran = services.flow_of_run(rows[0].id) if rows else None
    return frozenset(node.id for node in ran.nodes) if ran else frozenset()


def _models(services: Services, flow: Flow) -> dict[str, str]:
    try:
        return models_to_choose(flow, services.connections)
    except ConnectionsError:
        return {"": "default"}


def _show_code(services: Services, stored: StoredFlow, problems: Sequence[Problem]) -> None:
    from components.code_panel import CodeSubject, show_code  # for those who look at the code

    def written() -> str:
        from flows.share.python_code import python_code

        kept = services.store.flows.get(stored.id) or stored
        return python_code(kept.flow, services.connections)

    show_code(
        CodeSubject(
            flow_id=stored.id,
            flow=stored.flow,
            addresses=addresses_of(services),
            connections=lambda: services.connections,
            written=written,
            problems=problems,
        )
    )


def _take_outbox(services: Services, flow_id: FlowId) -> None:
    outbox = intent_of(widgets.value_of(state.canvas_key(flow_id))).outbox
    refused = apply_outbox(outbox, ledger=FlowLedger(services, flow_id))
    state.add_refusals(flow_id, refused)


def _take_selection(services: Services, flow_id: FlowId) -> None:
    _select(services, flow_id, intent_of(widgets.value_of(state.canvas_key(flow_id))).selection)


def _take_inputs(services: Services, flow_id: FlowId) -> None:
    inputs = intent_of(widgets.value_of(state.canvas_key(flow_id))).inputs
    services.store.flows.set_inputs(flow_id, inputs)


def _select(services: Services, flow_id: FlowId, nodes: Sequence[NodeId]) -> None:
    state.select(flow_id, nodes)
    services.store.flows.select(flow_id, nodes)


def _change_field(services: Services, flow_id: FlowId, change: FieldChange) -> None:
    ledger = FlowLedger(services, flow_id)
    key = state.field_key(flow_id, change.owner, change.name)
    widgets.note_refused(key, text=None)
    try:
        ran = _last_ran(services, flow_id) if change.name.endswith(INSERTED) else ()
        ledger.apply(lambda flow: edit_of(flow, change, ran=ran))
    except (EditRefused, StoreError) as error:
        state.add_notice(str(error))
        if isinstance(change.value, str):
            widgets.note_refused(key, text=change.value)


def _remove(services: Services, flow_id: FlowId, nodes: Sequence[NodeId]) -> None:
    _edit(services, flow_id, RemoveNodes(ids=tuple(nodes)))


def _edit(services: Services, flow_id: FlowId, edit: Edit) -> None:
    ledger = FlowLedger(services, flow_id)
    try:
        ledger.apply(lambda _flow: edit)
    except (EditRefused, StoreError) as error:
        state.add_notice(str(error))
