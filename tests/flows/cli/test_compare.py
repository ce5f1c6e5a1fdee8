"""`trace --with`: two recorded runs side by side on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.comparison import comparison_values
from flows.document.files import flow_values
from flows.trace.events import (
    NodeFailed,
    NodeFinished,
    NodeStarted,
    Record,
    RunFailed,
    RunFinished,
    RunStarted,
    Usage,
    encode_record,
)
from flows.trace.fold import build_trace
from tests.flows.cli.calling import answer
from tests.shapes import shape

FLOW = flow_values(shape("in > a > b", a={"name": "First"}))
Call = Callable[..., tuple[int, str, str]]


def story(run: str, *facts: tuple[float, object], flow: object = FLOW) -> list[Record]:
    start = (0.0, RunStarted(flow=flow, inputs={"in": "hi"}))
    every = enumerate([start, *facts], start=1)
    return [Record(run, seq, 100.0 + at, event) for seq, (at, event) in every]


QUICK = story(
    "quick",
    (0.0, NodeStarted("a", "hi")),
    (1.0, NodeFinished("a", "A", Usage(1, 10, 20, 30))),
    (1.0, NodeStarted("b", "A")),
    (2.0, NodeFinished("b", "B")),
    (2.0, RunFinished({"b": "B"})),
)
BROKEN = story(
    "broken",
    (0.0, NodeStarted("a", "hi")),
    (4.0, NodeFailed("a", "It broke.")),
    (4.0, RunFailed("It broke.", errors={"a": "It broke."})),
)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process; return its exit code, stdout and stderr."""

    return lambda *words: answer(capsys, words)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[list[Record]], str]:
    """Write a run file; return its path."""

    def keep(records: list[Record]) -> str:
        path = tmp_path / f"{records[0].run}.fanfold-run.jsonl"
        path.write_bytes(b"".join(encode_record(each) + b"\n" for each in records))
        return str(path)

    return keep


def rows(out: str) -> list[list[str]]:
    return [line.split() for line in out.splitlines() if line.strip()]


def test_the_figures_of_both_runs_stand_beside_their_difference(call, kept):
    code, out, _ = call("trace", kept(QUICK), "--with", kept(BROKEN))
    told = rows(out)
    assert code == 0
    assert ["A", "shape", "·", "finished", "in", "2.00", "s", "·", "quick"] in told
    assert ["wall", "2.00", "s", "4.00", "s", "+2.00", "s"] in told
    assert ["tokens", "30", "not", "told"] in told
    assert ["errors", "0", "1", "+1"] in told
    assert ["First", "1.00", "s", "failed", "4.00", "s", "+3.00", "s"] in told
    assert ["b", "1.00", "s", "—"] in told
    assert ["B:", "It", "broke."] in told
    assert ["b,", "A:", "B"] in told
    assert ["b,", "B:", "no", "result"] in told


def test_a_run_beside_itself_has_no_difference(call, kept):
    _, out, _ = call("trace", kept(QUICK), "--with", kept(QUICK))
    assert ["wall", "2.00", "s", "2.00", "s", "same"] in rows(out)
    assert "b: the same in both." in out


def test_json_is_the_comparison_as_values(call, kept):
    code, out, _ = call("trace", kept(QUICK), "--with", kept(BROKEN), "--json")
    told = json.loads(out)
    assert code == 0
    assert told == comparison_values(build_trace(QUICK), build_trace(BROKEN))
    assert told["first"] == {"run_id": "quick", "flow": "shape", "status": "finished", "error": ""}
    assert told["sums"][0] == {
        "name": "wall",
        "unit": "s",
        "first": 2.0,
        "second": 4.0,
        "difference": 2.0,
    }
    assert told["nodes"][0]["difference"] == 3.0
    assert told["results"] == [{"name": "b", "first": "B", "second": None, "same": False}]
    assert told["remarks"] == ["B: It broke."]


def test_each_file_that_cannot_be_read_is_named(call, kept, tmp_path):
    no_run = tmp_path / "no.jsonl"
    no_run.write_text("# Notes\n")
    code, out, err = call("trace", kept(QUICK), "--with", str(no_run))
    assert (code, out) == (2, "")
    assert err.startswith(f'"{no_run}": Line 1: This is not a record of a run')
    code, _, err = call("trace", str(tmp_path / "gone"), "--with", kept(QUICK))
    assert code == 2
    assert err.startswith(f'"{tmp_path / "gone"}" cannot be read:')


def test_a_word_too_few_is_usage(call, kept):
    code, _, err = call("trace", kept(QUICK), "--with")
    assert code == 2
    assert "--with" in err


def test_a_run_whose_flow_cannot_be_read_is_told_and_compared(call, kept):
    strange = story("strange", (0.0, NodeStarted("a", "hi")), flow={"nodes": [1, {"id": "a"}]})
    assert call("trace", kept(strange))[0] == 0
    code, out, _ = call("trace", kept(strange), "--with", kept(QUICK))
    assert code == 0
    assert "They ran different flows" in out
