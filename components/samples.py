"""Samples: a template's recorded run kept among the runs, and the run that takes its place."""

from __future__ import annotations

from components import state
from components.offer import make_offer
from components.opening import create_copy
from components.services import Services
from flows.errors import ConnectionsError, FlowsError
from flows.ids import RunId
from flows.plan.plan import plan_flow
from flows.store.library import StoredFlow
from flows.templates import load_template
from flows.templates.samples import load_sample


def keep_sample(opened: Services, template: str) -> RunId | None:
    """Keep the sample of a template with the other runs; None, and a notice, where it cannot be."""
    try:
        return opened.store.runs.keep_file(load_sample(template))
    except FlowsError as error:
        state.add_notice(str(error))
        return None


def record_again(opened: Services, template: str) -> StoredFlow:
    """Make a flow of the template and run it on its examples; a notice says why it does not run."""
    stored = create_copy(load_template(template), opened.store.flows)
    try:
        why_not = make_offer(stored.flow, (), opened.connections).why_not
    except ConnectionsError as error:
        why_not = str(error)
    if why_not:
        state.add_notice(why_not)
    else:
        opened.runner.start(plan_flow(stored.flow), {}, flow_id=stored.id)
    return stored
