"""Records, their fold and their sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.document.files import flow_values
from flows.errors import RecordFileError
from flows.trace.events import (
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    SpanEnded,
    TextDelta,
    Usage,
    decode_record,
    decode_records,
    encode_record,
)
from flows.trace.fold import NodeTrace, Retry, TraceFold, build_trace
from flows.trace.summary import summarise
from flows.trace.timing import Timing, measure
from tests.shapes import shape

FLOW = shape("in > a b > c")


def story(*facts: tuple[float, object]) -> list[Record]:
    start = (0.0, RunStarted(flow=flow_values(FLOW), inputs={"in": "hi"}, model="local/x"))
    return [
        Record(run="r", seq=seq, at=100.0 + at, event=event)
        for seq, (at, event) in enumerate([start, *facts], start=1)
    ]


DIAMOND = story(
    (0.0, NodeQueued("a")),
    (0.0, NodeQueued("b")),
    (0.0, NodeStarted("a", "hi")),
    (0.5, NodeStarted("b", "hi")),
    (0.6, TextDelta("a", "A")),
    (1.0, NodeRetried("a", 1, "429", 0.5)),
    (1.6, TextDelta("a", "AA")),
    (2.0, NodeFinished("a", "AA", Usage(2, 3, 4, 7), "local/x", "a")),
    (2.5, NodeFinished("b", "B")),
    (2.5, NodeQueued("c")),
    (2.5, NodeStarted("c", "both")),
    (3.0, NodeFinished("c", {"k": 1})),
    (3.0, RunFinished({"c": {"k": 1}})),
)

events = st.sampled_from([record.event for record in DIAMOND]) | st.sampled_from(
    [NodeFailed("a", "e"), NodeSkipped("b", "r"), NodeCancelled("c", "r")]
)


@given(events, st.integers(1, 9), st.floats(0, 2e9))
def test_a_record_is_equal_after_a_round_trip_through_its_line(event, seq, at):
    record = Record(run="r", seq=seq, at=at, event=event)
    assert decode_record(encode_record(record)) == record


def test_a_line_is_plain_json_with_the_events_name():
    line = encode_record(Record(run="r", seq=3, at=1.5, event=NodeStarted("a", "hi")))
    assert line == (
        b'{"run":"r","seq":3,"at":1.5,"event":{"type":"node_started","node":"a","message":"hi"}}'
    )


def test_a_line_that_is_no_record_is_named():
    lines = [encode_record(DIAMOND[0]), b"", b'{"run": 1}']
    with pytest.raises(RecordFileError, match=r"^Line 3: This is not a record of a run"):
        list(decode_records(lines))


def test_a_line_that_nests_without_end_is_answered_with_its_number():
    with pytest.raises(RecordFileError, match=r"^Line 1: .* it nests too deeply\.$"):
        list(decode_records([b'{"event":' * 100_000]))


def test_the_fold_tells_what_happened_to_a_node():
    assert build_trace(DIAMOND).nodes["a"] == NodeTrace(
        key="a",
        status="finished",
        queued_at=100.0,
        started_at=100.0,
        ended_at=102.0,
        message="hi",
        text="AA",
        output="AA",
        retries=(Retry(101.0, 1, "429", 0.5),),
        usage=Usage(2, 3, 4, 7),
        model="local/x",
        last_agent="a",
    )


def test_record_by_record_and_all_at_once_tell_the_same_story():
    fold = TraceFold()
    for record in DIAMOND:
        fold.add(record)
    assert fold.trace == build_trace(DIAMOND)


def test_add_names_the_node_it_changed():
    fold = TraceFold()
    assert [fold.add(record) for record in DIAMOND[:4]] == [None, "a", "b", "a"]


def test_the_sums_are_taken_from_records_alone():
    assert measure(build_trace(DIAMOND)) == Timing(
        wall_s=3.0,
        sequential_s=4.5,
        critical_path_s=2.5,
        critical_path=("b", "c"),
        overlap=1.5,
        barrier_s=0.0,
        limit_s=0.0,
        retry_s=1.5,
        loading_s=0.0,
    )


def test_retries_take_the_failed_attempts_and_their_waits_but_not_what_was_done_before():
    called = SpanEnded("a", "function", name="look up", lasted_s=0.2)
    records = story(
        (0.0, NodeStarted("a")),
        (1.0, called),
        (1.5, NodeRetried("a", 1, "429", 0.5)),
        (2.2, NodeRetried("a", 2, "429", 1.0)),
        (4.0, NodeFinished("a", "A")),
        (4.0, NodeStarted("b")),
        (4.5, NodeRetried("b", 1, "500", 2.0)),
        (5.0, NodeCancelled("b", "stopped by hand")),
        (5.0, RunCancelled("stopped by hand")),
    )
    assert measure(build_trace(records)).retry_s == pytest.approx(0.5 + 0.5 + 1.2 + 1.0)


def test_a_running_run_is_measured_up_to_now():
    timing = measure(build_trace(DIAMOND[:6]), now=101.0)
    assert (timing.wall_s, timing.sequential_s) == (1.0, 1.5)


def test_a_loser_of_a_race_is_not_in_the_critical_path():
    records = story(
        (0.0, NodeStarted("a")),
        (0.0, NodeStarted("b")),
        (1.0, NodeFinished("a", "A")),
        (1.0, NodeStarted("c")),
        (1.5, NodeCancelled("b", "nobody needs it")),
        (2.0, NodeFinished("c", "C")),
        (2.0, RunFinished({"c": "C"})),
    )
    assert measure(build_trace(records)).critical_path == ("a", "c")


def test_what_was_cancelled_is_not_in_the_critical_path_of_a_run_that_failed():
    records = story(
        (0.0, NodeStarted("a")),
        (0.0, NodeStarted("b")),
        (1.0, NodeFailed("a", "no such model")),
        (1.5, NodeCancelled("b", '"a" failed')),
        (1.5, RunFailed("no such model")),
    )
    assert measure(build_trace(records)).critical_path == ("a",)


def test_the_critical_path_of_a_cancelled_run_is_what_it_had_spent_its_time_on():
    records = story(
        (0.0, NodeStarted("a")),
        (1.5, NodeCancelled("a", "stopped by hand")),
        (1.5, RunCancelled("stopped by hand")),
    )
    assert measure(build_trace(records)).critical_path == ("a",)


def test_items_count_and_their_container_does_not():
    records = story(
        (0.0, NodeStarted("a")),
        (0.0, NodeStarted("a[0]")),
        (0.0, NodeStarted("a[1]")),
        (1.0, NodeFinished("a[0]", "x")),
        (2.0, NodeFinished("a[1]", "y")),
        (2.0, NodeFinished("a", ["x", "y"])),
        (2.0, RunFinished({})),
    )
    assert measure(build_trace(records)).sequential_s == 3.0


def test_the_summary_holds_every_field_the_command_line_promises():
    summary = summarise(build_trace(DIAMOND))
    assert summary == {
        "run_id": "r",
        "status": "finished",
        "outputs": {"c": {"k": 1}},
        "errors": {},
        "error": "",
        "nodes": {
            "a": {
                "status": "finished",
                "start_s": 0.0,
                "end_s": 2.0,
                "queue_s": 0.0,
                "attempts": 2,
                "usage": {
                    "requests": 2,
                    "input_tokens": 3,
                    "output_tokens": 4,
                    "total_tokens": 7,
                },
            },
            "b": {
                "status": "finished",
                "start_s": 0.5,
                "end_s": 2.5,
                "queue_s": 0.5,
                "attempts": 1,
                "usage": None,
            },
            "c": {
                "status": "finished",
                "start_s": 2.5,
                "end_s": 3.0,
                "queue_s": 0.0,
                "attempts": 1,
                "usage": None,
            },
        },
        "wall_s": 3.0,
        "sequential_s": 4.5,
        "critical_path_s": 2.5,
        "critical_path": ["b", "c"],
        "overlap": 1.5,
        "barrier_s": 0.0,
        "limit_s": 0.0,
        "retry_s": 1.5,
    }
