"""Order: a run that was asked for, from the asking to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.document.files import flow_values
from flows.ids import FlowId, RunId
from flows.plan.plan import Plan
from flows.run.deps import Deps
from flows.run.inputs import fill_inputs
from flows.run.run import Run
from flows.trace.events import Measured, NodeCancelled, Record, RunEnd, RunFailed, RunStarted
from flows.trace.fold import RunTrace
from flows.trace.reuse import Reuse


@dataclass(slots=True)
class Order:
    """What to run, and the run once it exists. Can be cancelled before that.

    `earlier`: what it is given of an earlier run, or the run it measures.
    """

    run_id: RunId
    flow_id: FlowId
    plan: Plan
    inputs: str | Mapping[str, str]
    earlier: Reuse | Measured | None = None
    run: Run | None = None
    task: asyncio.Task[None] | None = None
    cancelled: str | None = None
    last_seq: int = 0
    has_ended: bool = False

    def begin(self, deps: Deps) -> Run:
        """Make the run, cancelled already if the order is."""
        self.run = run = Run(
            self.plan, self.inputs, deps=deps, run_id=self.run_id, earlier=self.earlier
        )
        if self.cancelled is not None:
            run.cancel(self.cancelled)
        return run

    def note(self, record: Record) -> None:
        """Remember how far the run got."""
        self.last_seq = record.seq
        self.has_ended = isinstance(record.event, RunEnd)

    def cancel(self, reason: str) -> None:
        """Stop the run, or see to it that it stops as soon as it starts."""
        self.cancelled = reason
        if self.run is not None:
            self.run.cancel(reason)


def refuse(order: Order, error: str) -> Iterator[Record]:
    """Yield the whole of a run that cannot even start, and why."""
    flow = order.plan.flow
    inputs = {str(key): value for key, value in fill_inputs(flow, order.inputs).items()}
    now = time.time()
    yield Record(order.run_id, 1, now, RunStarted(flow=flow_values(flow), inputs=inputs))
    yield Record(order.run_id, 2, now, RunFailed(error=error))


def break_off(order: Order, trace: RunTrace | None, error: str) -> Iterator[Record]:
    """Yield the ends that a broken run still owes."""
    if trace is None:
        yield from refuse(order, error)
        return
    now = time.time()
    open_nodes = [node.key for node in trace.nodes.values() if node.ended_at is None]
    for seq, key in enumerate(open_nodes, start=order.last_seq + 1):
        yield Record(order.run_id, seq, now, NodeCancelled(key, reason=error))
    if not order.has_ended:
        seq = order.last_seq + len(open_nodes) + 1
        yield Record(order.run_id, seq, now, RunFailed(error=error))
