"""Steps inside a node's work: read from their records, put in order, said on a line each."""

from flows.document.files import flow_values
from flows.run.messages import view_node
from flows.share.blank import blank_records
from flows.trace.events import (
    NodeFinished,
    NodeStarted,
    Record,
    RunFinished,
    RunStarted,
    SpanEnded,
    Usage,
    decode_record,
    encode_record,
)
from flows.trace.fold import build_trace
from flows.trace.spans import NodeSpan
from flows.trace.summary import summarise
from tests.shapes import shape

STEPS = (
    (1.0, SpanEnded("a", "generation", "", 0.5, 0.25, "m", Usage(1, 20, 30, 1234))),
    (1.0, SpanEnded("a", "function", "look_up", 0.25, error="Error running tool")),
    (1.5, SpanEnded("a", "guardrail", "Polite", 0.125, triggered=True)),
    (1.5, SpanEnded("a", "handoff", "One → Two")),
    (1.75, SpanEnded("a", "response", "", 0.25, error="Error streaming response")),
    (2.0, SpanEnded("a", "agent", "One", 2.0)),
)


def records() -> list[Record]:
    facts = [
        (0.0, RunStarted(flow=flow_values(shape("in > a")), inputs={"in": "hi"})),
        (0.0, NodeStarted("a", "hi")),
        *STEPS,
        (2.0, NodeFinished("a", "A")),
        (2.0, RunFinished({"a": "A"})),
    ]
    return [Record("r", seq, 100.0 + at, event) for seq, (at, event) in enumerate(facts, start=1)]


def test_a_step_has_its_own_times():
    assert build_trace(records()).nodes["a"].spans[0] == NodeSpan(
        kind="generation",
        started_at=100.25,
        ended_at=100.75,
        model="m",
        usage=Usage(1, 20, 30, 1234),
    )


def test_steps_are_said_in_the_order_in_which_they_began():
    assert view_node(build_trace(records()).nodes["a"], start=100.0).spans == (
        "Agent One · 0.00 → 2.00 s",
        "Model call · 0.25 → 0.75 s · m · 1,234 tok",
        "Tool look_up · 0.75 → 1.00 s · failed: Error running tool",
        "Guardrail Polite · 1.38 → 1.50 s · triggered",
        "Model call · 1.50 → 1.75 s · failed",
        "Handoff One → Two · 1.50 → 1.50 s",
    )


def test_the_summary_holds_them_as_values():
    told = summarise(build_trace(records()))["nodes"]["a"]["spans"]
    assert [each["kind"] for each in told] == [
        "agent",
        "generation",
        "function",
        "guardrail",
        "response",
        "handoff",
    ]
    assert told[1] == {
        "kind": "generation",
        "name": "",
        "start_s": 0.25,
        "end_s": 0.75,
        "model": "m",
        "usage": {"requests": 1, "input_tokens": 20, "output_tokens": 30, "total_tokens": 1234},
        "error": "",
    }
    assert told[3]["triggered"] is True


def test_a_step_is_equal_after_a_round_trip_through_its_line():
    assert [decode_record(encode_record(each)) for each in records()] == records()


def test_a_run_without_contents_has_no_steps():
    assert not [
        each.event for each in blank_records(records()) if isinstance(each.event, SpanEnded)
    ]
