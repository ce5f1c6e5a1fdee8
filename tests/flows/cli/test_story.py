"""The story in a terminal: a fallback is no success, items wait from their `for_each` on."""

import io

import pytest
from rich.console import Console

from flows.cli.story import print_story, story_table, sums_line
from flows.document.files import flow_values
from flows.templates.samples import load_sample
from flows.trace.events import (
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunFinished,
    RunStarted,
)
from flows.trace.fold import RunTrace, build_trace
from flows.trace.timing import measure
from tests.shapes import shape


def trace_of(*facts: tuple[float, object]) -> RunTrace:
    start = (0.0, RunStarted(flow=flow_values(shape("in > a")), inputs={"in": "hi"}, model="m"))
    return build_trace(
        Record(run="r", seq=seq, at=100.0 + at, event=event)
        for seq, (at, event) in enumerate([start, *facts], start=1)
    )


def lines(trace: RunTrace, *, width: int = 80) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width).print(story_table(trace, at=104.0, width=width))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_a_fallback_is_called_so_in_the_table_and_counted_in_the_sums():
    late = NodeFinished("a", "so be it", error="took longer than its 1 s")
    trace = trace_of((0.0, NodeStarted("a")), (1.0, late), (1.0, RunFinished({"a": "so be it"})))
    assert [line.split()[:2] for line in lines(trace) if line.strip().startswith("a ")] == [
        ["a", "fallback"]
    ]
    assert sums_line(trace, measure(trace)).startswith("finished in 1.00 s, 1 with a fallback · ")


def test_what_the_time_went_into_is_said_under_the_sums(capsys: pytest.CaptureFixture[str]):
    print_story(build_trace(load_sample("rate_limited")))
    *_, sums = capsys.readouterr().out.partition("sum of calls")
    assert "Sydney and 3 others waited for their turn, up to 4.6 s" in " ".join(sums.split())


def test_an_item_is_counted_from_one_and_waits_from_the_start_of_its_for_each():
    trace = trace_of(
        (0.0, NodeStarted("a", items=2)),
        (2.0, NodeQueued("a[1]")),
        (2.0, NodeStarted("a[1]")),
        (4.0, NodeFinished("a[1]", "B")),
    )
    (row,) = [line for line in lines(trace) if line.strip().startswith("a 2")]
    assert row.count("·") == row.count("━")
    assert "finished" in row


def test_a_row_is_never_wider_than_the_terminal():
    trace = trace_of((0.0, NodeStarted("a")), (4.0, NodeFinished("a", "A")))
    assert max(len(line) for line in lines(trace, width=60)) <= 60
