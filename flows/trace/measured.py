"""Measured: how much faster a run was than the same one after another. Only said if measured."""

from __future__ import annotations

from typing import Final

from flows.document.files import read_values
from flows.document.model import Flow
from flows.errors import ReuseError
from flows.ids import NodeKey
from flows.trace.events import Measured
from flows.trace.fold import RunTrace
from flows.trace.sample import is_sample
from flows.trace.timing import measure, worked

_LEAST: Final = 1.05
"""Below this the two took the same time."""


def as_measured(trace: RunTrace) -> Measured:
    """Note of a run what another one is held against. Raises ReuseError when it cannot be."""
    if is_sample(trace):
        raise ReuseError("The timings of a sample are invented. Run the flow, then measure it.")
    if trace.status != "finished" or trace.reused_from or trace.measures is not None:
        raise ReuseError("Only a whole run that finished can be measured. Run the flow first.")
    return Measured(trace.run_id, trace.model, measure(trace).wall_s, _finished(trace))


def one_after_another(trace: RunTrace) -> Flow:
    """Return the flow that ran, with one call at a time. Raises FlowFileError."""
    flow = read_values(trace.flow)
    policy = flow.run.model_copy(update={"max_concurrency": 1})
    return flow.model_copy(update={"run": policy})


def times_faster(trace: RunTrace) -> float | None:
    """Return how many times as long this run took as the one it measures.

    None where it measures none, did not finish, or where the two did not do the same work on the
    same default model.
    """
    of = trace.measures
    if of is None or of.wall_s <= 0 or trace.status != "finished":
        return None
    is_same = (_finished(trace), trace.model) == (of.finished, of.model)
    return measure(trace).wall_s / of.wall_s if is_same else None


def say_measured(trace: RunTrace) -> str:
    """Say in a sentence what this run has measured; empty while there is nothing to say."""
    of = trace.measures
    if of is None or trace.status == "running":
        return ""
    times = times_faster(trace)
    if times is None:
        return "Not measured: this run did not do the same work as the one side by side"
    walls = f"(measured: {measure(trace).wall_s:.1f} s → {of.wall_s:.1f} s{_where(trace)})"
    if times < _LEAST:
        return f"No faster than one after another {walls}"
    return f"{times:.1f} × faster than one after another {walls}"


def _where(trace: RunTrace) -> str:
    """Say of the embedded model what holds its figures down."""
    local = any(node.model.startswith("local/") for node in worked(trace))
    return ", both on one shared processor" if local else ""


def _finished(trace: RunTrace) -> tuple[NodeKey, ...]:
    return tuple(sorted(node.key for node in worked(trace) if node.status == "finished"))
