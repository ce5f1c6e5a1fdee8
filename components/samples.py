"""Samples: a template's recorded run kept among the runs, and the run that takes its place."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import state
from components.header import HeaderIntent, RecordAgain
from components.offer import Offer, make_offer, no_offer
from components.opening import create_copy
from components.services import Services
from components.text import plain
from flows.errors import ConnectionsError, FlowsError
from flows.ids import RunId
from flows.plan.plan import plan_flow
from flows.store.library import StoredFlow
from flows.templates import load_template
from flows.templates.samples import load_sample, template_of
from flows.trace.fold import RunTrace


def keep_sample(opened: Services, template: str) -> RunId | None:
    """Keep the sample of a template with the other runs; None, and a notice, where it cannot be."""
    try:
        return opened.store.runs.keep_file(load_sample(template))
    except FlowsError as error:
        state.add_notice(str(error))
        return None


def asked_again(opened: Services, template: str) -> Offer:
    """Say who would answer where the sample of a template is recorded again."""
    try:
        return make_offer(load_template(template), (), opened.connections)
    except ConnectionsError as error:
        return no_offer(str(error))


def record_again(opened: Services, template: str) -> StoredFlow:
    """Make a flow of the template and run it on its examples; a notice says why it does not run."""
    stored = create_copy(load_template(template), opened.store.flows)
    offer = asked_again(opened, template)
    if offer.why_not:
        state.add_notice(offer.why_not)
    else:
        opened.runner.start(plan_flow(stored.flow), {}, flow_id=stored.id)
        state.add_notice(f"“{stored.flow.name}” runs on {offer.label}. Stop ends it.")
    return stored


def offer_recording(
    services: Services, trace: RunTrace, want: Callable[[HeaderIntent], None]
) -> None:
    """Offer to run the template of a sample; say before on which model it will be run."""
    template = template_of(trace)
    if template is None:
        return
    offer = asked_again(services, template)
    does = f"makes this flow yours and runs it at once, with its example, on {plain(offer.label)}"
    cannot = f"Makes this flow yours. It cannot run yet: {plain(offer.why_not)}"
    st.button(
        "Record again with your model",
        key="record-again",
        type="tertiary",
        icon=":material/fiber_manual_record:",
        on_click=want,
        args=(RecordAgain(template),),
        help=cannot if offer.why_not else f"One click {does}. Stop ends it.",
    )
