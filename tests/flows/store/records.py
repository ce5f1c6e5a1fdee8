"""Records of made-up runs, for tests of what keeps them."""

from __future__ import annotations

from flows.ids import NodeKey, RunId
from flows.trace.events import (
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunEnd,
    RunFinished,
    RunStarted,
    TextDelta,
)

A = NodeKey("a")


def records_of(run: str, *, at: float = 1000.0) -> tuple[Record, ...]:
    """Make a whole run of one node: a second an event, from `at` on."""
    flow = {"fanfold": 1, "name": f"Flow of {run}", "nodes": []}
    events = (
        RunStarted(flow=flow, inputs={"in": "hi"}, model="local/m"),
        NodeQueued(A),
        NodeStarted(A, message="hi"),
        TextDelta(A, text="Grüße \n🪭"),
        NodeFinished(A, output={"deep": [1, 2.5, None]}),
        RunFinished(outputs={"a": {"deep": [1, 2.5, None]}}),
    )
    return tuple(
        Record(RunId(run), seq, at + seq - 1, event) for seq, event in enumerate(events, start=1)
    )


def run_of(
    run: str,
    *,
    at: float,
    said: str = "hi",
    name: str = "Flow",
    end: RunEnd | None = None,
    **policy: object,
) -> list[Record]:
    """Make the records of a run that was given `said`; `end`: its last event, None as usual."""
    first, *middle, last = records_of(run, at=at)
    agent = {"id": "a", "type": "agent", "name": "First"}
    flow = {"fanfold": 1, "name": name, "nodes": [agent], "run": policy}
    start = RunStarted(flow=flow, inputs={"in": said}, model="local/m")
    return [
        Record(first.run, 1, at, start),
        *middle,
        Record(last.run, 6, last.at, end or last.event),
    ]
