"""Stories: recorded runs that tests share, written by hand so that every time is known."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from flows.document.files import flow_values
from flows.document.model import Flow
from flows.ids import NodeKey, RunId
from flows.trace.events import (
    Event,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeRetried,
    NodeStarted,
    Record,
    RunFailed,
    RunFinished,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolReturned,
    Usage,
)
from tests.shapes import shape

START = 1_765_000_000.0

patient = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # inventing a flow takes long where the processor is shared


def records(*told: tuple[float, Event]) -> tuple[Record, ...]:
    """Number events; times are seconds since the run's start."""
    return tuple(
        Record(run=RunId("7b7b0d89"), seq=seq, at=START + at, event=event)
        for seq, (at, event) in enumerate(told, start=1)
    )


def story(
    flow: Flow | None = None,
    *,
    text: str = "A fine answer.",
    given: str = "a school garden",
    model: str = "test/plain",
) -> tuple[Record, ...]:
    """Tell a run of `in > a b > out`: a tried twice, b called a tool, out folds; three seconds."""
    flow = flow or shape("in > a b > out")
    a, b, out = NodeKey("a"), NodeKey("b"), NodeKey("out")
    usage = Usage(requests=1, input_tokens=20, output_tokens=4, total_tokens=24)
    return records(
        (0.0, RunStarted(flow_values(flow), {"in": given}, {"python": "3.11.7"}, model)),
        (0.0, NodeQueued(a)),
        (0.0, NodeStarted(a, message=given)),
        (0.0, NodeQueued(b)),
        (0.0, NodeStarted(b, message=given)),
        (0.5, NodeRetried(a, attempt=1, error=f"Too many requests: {text}", delay_s=0.25)),
        (1.0, ToolCalled(b, "c1", "search", f'{{"q": "{text}"}}')),
        (1.2, ToolReturned(b, "c1", f"found {text}")),
        (1.5, TextDelta(a, text[:5])),
        (1.75, TextDelta(a, text[5:])),
        (1.75, NodeFinished(b, output={"said": text}, usage=usage, model=model)),
        (2.0, NodeFinished(a, output=text, usage=usage, model=model)),
        (2.0, NodeQueued(out)),
        (2.0, NodeStarted(out, message=f"## a\n{text}")),
        (3.0, NodeFinished(out, output=f"In short: {text}", usage=usage, model=model)),
        (3.0, RunFinished(outputs={"out": f"In short: {text}"})),
    )


def failed_story(*, text: str = "The answer was cut off.") -> tuple[Record, ...]:
    """Tell a run in which `b` fails after a second and `out` never comes."""
    told = [(each.at - START, each.event) for each in story() if not _is_of(each, "b", "out")]
    before = [(at, event) for at, event in told if not isinstance(event, RunFinished)]
    b = NodeKey("b")
    return records(
        *sorted(
            [
                *before,
                (0.0, NodeQueued(b)),
                (0.0, NodeStarted(b, message="a school garden")),
                (1.0, NodeFailed(b, error=text)),
            ],
            key=lambda each: each[0],
        ),
        (2.0, RunFailed(error=f"b: {text}", errors={"b": text})),
    )


def _is_of(record: Record, *nodes: str) -> bool:
    return getattr(record.event, "node", "") in nodes


def renamed(flow: Flow, name: str) -> Flow:
    """Call the flow and all of its nodes by this name."""
    nodes = tuple(node.model_copy(update={"name": name}) for node in flow.nodes)
    return flow.model_copy(update={"name": name, "description": name, "nodes": nodes})


def without_end(told: tuple[Record, ...]) -> tuple[Record, ...]:
    """Break the story off before its last record."""
    return told[:-1]
