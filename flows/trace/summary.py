"""Summary: a run in one JSON object, for `run --json` and `trace --json` alike."""

from __future__ import annotations

from typing import Any

import msgspec

from flows.ids import item_index, node_of
from flows.trace.events import Usage
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.measured import times_faster
from flows.trace.spans import NodeSpan, in_order
from flows.trace.timing import last_moment, measure


def summarise(trace: RunTrace) -> dict[str, Any]:
    """Return the run's sums as JSON values; times in seconds, `start_s` and `end_s` from its start.

    `status`, `outputs` (end node id → value), `errors` (node key → sentence), `error`, `nodes`
    (id → status, start_s, end_s, queue_s, attempts, usage, and where there are any: error, warning,
    branches, items (key → the same), reused, spans: the steps inside its work), `wall_s`,
    `sequential_s`, `critical_path_s`, `critical_path`, `overlap`, `barrier_s`, `limit_s`,
    `retry_s`, `loading_s` where the embedded model was loaded (of the run, and of nodes), `run_id`;
    `reused_from`, the run whose results were reused; `measured` (`run_id`, `wall_s`, and `faster`:
    how many times as long this run took; null where the two cannot be compared).
    """
    timing = measure(trace)
    at = trace.ended_at if trace.ended_at is not None else last_moment(trace)
    return {
        "run_id": trace.run_id,
        "status": trace.status,
        "outputs": dict(trace.outputs),
        "errors": dict(trace.errors),
        "error": trace.error,
        "nodes": _nodes(trace, at=at),
        "wall_s": _rounded(timing.wall_s),
        "sequential_s": _rounded(timing.sequential_s),
        "critical_path_s": _rounded(timing.critical_path_s),
        "critical_path": list(timing.critical_path),
        "overlap": _rounded(timing.overlap),
        "barrier_s": _rounded(timing.barrier_s),
        "limit_s": _rounded(timing.limit_s),
        "retry_s": _rounded(timing.retry_s),
        **({"loading_s": _rounded(timing.loading_s)} if timing.loading_s else {}),
        **_earlier(trace),
    }


def _earlier(trace: RunTrace) -> dict[str, Any]:
    """Say what a run has to do with an earlier one, if it has."""
    if trace.reused_from:
        return {"reused_from": trace.reused_from}
    if trace.measures is None:
        return {}
    times = times_faster(trace)
    return {
        "measured": {
            "run_id": trace.measures.run,
            "wall_s": _rounded(trace.measures.wall_s),
            "faster": None if times is None else _rounded(times),
        }
    }


def _nodes(trace: RunTrace, *, at: float) -> dict[str, Any]:
    """Write every node, with its items under it."""
    nodes: dict[str, Any] = {}
    for key, node in trace.nodes.items():
        values = _node(node, zero=trace.started_at, at=at)
        container = nodes.get(node_of(key))
        if item_index(key) is None or container is None:
            nodes[key] = values
        else:
            container.setdefault("items", {})[key] = values
    return nodes


def _node(node: NodeTrace, *, zero: float, at: float) -> dict[str, Any]:
    values: dict[str, Any] = {
        "status": node.status,
        "start_s": _since(node.started_at, zero),
        "end_s": _since(node.ended_at, zero),
        "queue_s": _rounded(node.queue_s(at)),
        "attempts": node.attempts,
        "usage": None if node.usage is None else _usage(node.usage),
    }
    if node.error or node.reason:
        values["error"] = node.error or node.reason
    if node.warning:
        values["warning"] = node.warning
    if node.reused:
        values["reused"] = True
    if node.branches:
        values["branches"] = list(node.branches)
    if node.loading_s:
        values["loading_s"] = _rounded(node.loading_s)
    if node.spans:
        values["spans"] = [_span(each, zero=zero) for each in in_order(node.spans)]
    return values


def _span(span: NodeSpan, *, zero: float) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": span.kind,
        "name": span.name,
        "start_s": _since(span.started_at, zero),
        "end_s": _since(span.ended_at, zero),
        "model": span.model,
        "usage": None if span.usage is None else _usage(span.usage),
        "error": span.error,
    }
    return values | ({"triggered": span.triggered} if span.kind == "guardrail" else {})


def _usage(usage: Usage) -> dict[str, int]:
    return {name: int(count) for name, count in msgspec.structs.asdict(usage).items()}


def _since(at: float | None, zero: float) -> float | None:
    return None if at is None else _rounded(at - zero)


def _rounded(seconds: float) -> float:
    return round(seconds, 6)
