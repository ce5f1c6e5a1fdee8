"""Remarks: what has to be known of two runs before their figures are compared."""

from __future__ import annotations

import pytest

from flows.document.files import flow_values
from flows.document.model import Flow
from flows.trace.events import Event, NodeFailed, NodeFinished, Record, RunFinished, RunStarted
from flows.trace.fold import RunTrace, build_trace
from flows.trace.remarks import remarks_on
from tests.shapes import shape

FLOW = shape("in > a > b")


def ran(*ends: Event, flow: Flow = FLOW, said: str = "hi") -> RunTrace:
    start = RunStarted(flow=flow_values(flow), inputs={"in": said})
    events = [start, *ends, RunFinished({})]
    return build_trace(Record("r", seq, float(seq), event) for seq, event in enumerate(events, 1))


def other(drawing: str) -> Flow:
    return shape(drawing).model_copy(update={"name": "Other"})


def by(model: str) -> RunTrace:
    return ran(NodeFinished("a", "A", model=model), NodeFinished("b", "B", model="openai/b"))


@pytest.mark.parametrize(
    "second,said",
    [
        (by("openai/a"), []),
        (by("openai/other"), []),
        (ran(NodeFinished("a", "A", model="openai/a"), NodeFailed("b", "It broke.")), []),
        (ran(said="bye"), []),
        (ran(flow=FLOW.model_copy(update={"name": "Other"})), []),
        (ran(flow=other("in > a > c d")), ["Only in A: b.", "Only in B: c, d."]),
        (
            ran(flow=other("in > a b c d e f g h i j k")),
            ["Only in B: c, d, e, f, g, h, i, j, 1 more."],
        ),
        (ran(flow=other("in > x > y")), ["No step is in both."]),
        (
            ran(flow=FLOW.model_copy(update={"description": "Another"})),
            ["Between them only how the flow is drawn or described was changed."],
        ),
        (ran(flow=shape("in > a > b; in > b")), ["Changed between them: 1 link new."]),
    ],
)
def test_what_two_runs_have_not_in_common_is_said(second: RunTrace, said: list[str]) -> None:
    assert list(remarks_on(by("openai/a"), second)) == said
