"""RunRequest: the run that a page asks for, from its words to its start."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from flows.errors import StoreError
from flows.ids import FlowId, NodeId, RunId

if TYPE_CHECKING:
    from components.services import Services
    from flows.document.model import Flow
    from flows.plan.plan import Plan
    from flows.trace.events import Measured
    from flows.trace.reuse import Reuse

_LOG: Final = logging.getLogger(__name__)


class RefusedError(Exception):
    """What a page asks for is not done; the text says why. `status`: the answer's number."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Again(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a run goes back to an earlier one, `run`, whose inputs it is given.

    `how`: "from" the node `node` on; only what "failed"; "measure": its flow as it was, one call
    after another.
    """

    run: str
    how: Literal["from", "failed", "measure"]
    node: str = ""


class RunRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the Run button sends. `inputs`: input node id → text; of no account with `again`."""

    flow: str
    rev: int = 0
    inputs: dict[str, str] = {}
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class _Start:
    plan: Plan
    inputs: Mapping[str, str]
    earlier: Reuse | Measured | None = None


def read_run_request(body: bytes) -> RunRequest:
    """Read a request. Raises RefusedError when it is none."""
    try:
        return msgspec.json.decode(body, type=RunRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RefusedError(400, f"The request cannot be read: {error}.") from error


def start_run(opened: Services, asked: RunRequest) -> RunId:
    """Start what is asked for. Raises RefusedError, or the FlowsError that stands against it."""
    from components.offer import make_offer
    from flows.plan.plan import plan_flow

    flow_id = FlowId(asked.flow)
    stored = opened.store.flows.get(flow_id)
    if stored is None:
        raise RefusedError(404, f'There is no flow "{flow_id}". It may have been deleted.')
    if stored.rev < asked.rev:
        raise RefusedError(409, "This page is ahead of what is kept. Load it again.")
    if asked.again is None:
        start = _Start(plan_flow(stored.flow), asked.inputs)
    else:
        start = _start_again(opened, asked.again, stored.flow)
    why_not = make_offer(start.plan.flow, (), opened.connections).why_not
    if why_not:
        raise RefusedError(422, why_not)
    run_id = opened.runner.start(start.plan, start.inputs, flow_id=flow_id, earlier=start.earlier)
    if asked.again is None:
        _keep_inputs(opened, flow_id, asked.inputs)
    return run_id


def _start_again(opened: Services, again: Again, flow: Flow) -> _Start:
    from flows.plan.plan import plan_flow
    from flows.trace.measured import as_measured, one_after_another
    from flows.trace.reuse import reuse_before, reuse_finished, texts_of_inputs

    trace = opened.runner.fold(RunId(again.run))
    if trace is None:
        raise RefusedError(404, f'There is no run "{again.run}".')
    if trace.status == "running":
        raise RefusedError(409, "That run still goes on. Wait for its end, or stop it.")
    if again.how == "measure":
        measured = as_measured(trace)
        flow = one_after_another(trace)
        return _Start(plan_flow(flow), texts_of_inputs(trace, flow), measured)
    plan = plan_flow(flow)
    inputs = texts_of_inputs(trace, flow)
    if again.how == "from":
        return _Start(plan, inputs, reuse_before(trace, plan, NodeId(again.node)))
    return _Start(plan, inputs, reuse_finished(trace, plan))


def _keep_inputs(opened: Services, flow_id: FlowId, inputs: Mapping[str, str]) -> None:
    typed = {NodeId(node): text for node, text in inputs.items()}
    try:
        opened.store.flows.set_inputs(flow_id, typed)
    except StoreError as error:  # the run goes on all the same, and says it is not saved
        _LOG.warning("What was typed is not kept. %s", error)
