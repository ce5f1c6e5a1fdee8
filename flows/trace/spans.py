"""NodeSpan: a step inside a node's work, as the SDK's span told it: a model call, a tool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from flows.trace.events import SpanEnded, SpanKind, Usage


@dataclass(frozen=True, slots=True)
class NodeSpan:
    """A step and its times, in seconds since the epoch; the rest is as in `SpanEnded`."""

    kind: SpanKind
    started_at: float
    ended_at: float
    name: str = ""
    model: str = ""
    usage: Usage | None = None
    triggered: bool = False
    error: str = ""


def span_at(event: SpanEnded, at: float) -> NodeSpan:
    """Read a step from its event and the time of its record, in seconds since the epoch."""
    ended = at - event.ago_s
    return NodeSpan(
        kind=event.kind,
        started_at=ended - event.lasted_s,
        ended_at=ended,
        name=event.name,
        model=event.model,
        usage=event.usage,
        triggered=event.triggered,
        error=event.error,
    )


def in_order(spans: Sequence[NodeSpan]) -> list[NodeSpan]:
    """Put steps in the order in which they began; one that holds others stands before them."""
    return sorted(spans, key=lambda span: (span.started_at, -span.ended_at))


def say_spans(spans: Sequence[NodeSpan], *, start: float) -> tuple[str, ...]:
    """Say each step on a line, in order, its times from `start`, in seconds since the epoch."""
    return tuple(" · ".join(_parts(span, start)) for span in in_order(spans))


def _parts(span: NodeSpan, start: float) -> Iterator[str]:
    yield _called(span)
    began, ended = max(span.started_at - start, 0.0), max(span.ended_at - start, 0.0)
    yield f"{began:.2f} → {ended:.2f} s"
    if span.model:
        yield span.model
    if span.usage is not None:
        yield f"{span.usage.total_tokens:,} tok"
    if span.kind == "guardrail":
        yield "triggered" if span.triggered else "passed"
    if span.error:  # why a model call failed is said where the node's attempts are
        yield "failed" if span.kind in {"generation", "response"} else f"failed: {span.error}"


def _called(span: NodeSpan) -> str:
    match span.kind:
        case "generation" | "response":
            return "Model call"
        case "function":
            return f"Tool {span.name}"
        case "agent":
            return f"Agent {span.name}"
        case "handoff":
            return f"Handoff {span.name}"
        case "guardrail":
            return f"Guardrail {span.name}"
        case _:
            assert_never(span.kind)
