"""The golden record file: a run that was recorded once is read for ever, and alike."""

from pathlib import Path

from flows.document.files import read_values
from flows.plan.plan import plan_flow
from flows.trace.events import decode_records, encode_record
from flows.trace.fold import build_trace
from flows.trace.reuse import reuse_finished
from flows.trace.run_file import read_run_file
from flows.trace.summary import summarise
from flows.trace.timing import measure
from tests.actors import Actors, play_again
from tests.virtual_time import run_in_virtual_time

GOLDEN = Path(__file__).parents[2] / "golden" / "run-1.fanfold-run.jsonl"


def test_every_line_is_the_same_after_a_round_trip():
    lines = GOLDEN.read_bytes().splitlines()
    assert [encode_record(record) for record in decode_records(lines)] == lines


def test_its_story_and_its_sums_are_what_they_were():
    trace = build_trace(read_run_file(GOLDEN.read_bytes()))
    timing = measure(trace)
    assert (timing.wall_s, timing.sequential_s) == (5.0, 8.0)
    assert timing.critical_path == ("b", "r", "m", "c")
    told = summarise(trace)
    assert (told["status"], told["errors"]) == ("finished", {"m[1]": "m[1] broke"})
    assert {key: node["status"] for key, node in told["nodes"].items()} == {
        "a": "finished",
        "b": "finished",
        "r": "finished",
        "s": "skipped",
        "m": "finished",
        "c": "finished",
        "d": "cancelled",
        "race": "finished",
    }


def test_it_can_be_gone_back_to():
    trace = build_trace(read_run_file(GOLDEN.read_bytes()))
    plan = plan_flow(read_values(trace.flow))
    again = play_again(plan.flow, Actors(), reuse_finished(trace, plan), "a school garden")
    second = build_trace(run_in_virtual_time(again))
    assert [key for key, node in second.nodes.items() if node.reused] == ["a"]
    assert second.status == "finished"
