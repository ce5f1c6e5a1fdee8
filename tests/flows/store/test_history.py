"""The history: runs are kept as they go; one whose process is gone is interrupted."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.errors import RecordFileError, StoreError
from flows.ids import FlowId, RunId
from flows.store.history import RunRow
from flows.store.store import Store, open_store
from flows.trace.events import Record, RunCancelled, RunFailed, RunFinished
from flows.trace.flaws import Flaws
from flows.trace.fold import build_trace
from tests.flows.store.records import A, records_of

FLOW = FlowId("f1")
RUN = RunId("r1")
RECORDS = records_of(RUN)
GONE = "Fanfold ended before this run did. Run it again."


def row_of(run: str, status: str, *, ended_at: float | None, flow: str | None = FLOW) -> RunRow:
    flow_id = FlowId(flow) if flow else None
    return RunRow(RunId(run), flow_id, f"Flow of {run}", status, 1000.0, ended_at)


def test_records_come_back_as_they_were_kept(store: Store):
    store.runs.append(RECORDS, flow_id=FLOW)
    assert store.runs.records(RUN) == RECORDS


def test_records_may_come_in_pieces(store: Store):
    for record in RECORDS:
        store.runs.append([record], flow_id=FLOW)
    assert store.runs.records(RUN) == RECORDS


def test_records_that_are_there_already_do_no_harm(store: Store):
    store.runs.append(RECORDS[:4], flow_id=FLOW)
    store.runs.append(RECORDS[2:], flow_id=FLOW)
    store.runs.append(RECORDS, flow_id=FLOW)
    assert store.runs.records(RUN) == RECORDS


def test_records_of_several_runs_may_come_together(store: Store):
    others = records_of("r2")
    store.runs.append([*RECORDS, *others], flow_id=FLOW)
    assert (store.runs.records(RUN), store.runs.records(RunId("r2"))) == (RECORDS, others)


def test_a_run_without_its_start_is_refused(store: Store):
    with pytest.raises(StoreError, match='"r1" cannot be kept: its start is missing'):
        store.runs.append(RECORDS[1:])
    assert store.runs.list() == ()


def test_records_are_kept_all_or_none(store: Store):
    with pytest.raises(StoreError, match='"r2" cannot be kept'):
        store.runs.append([*RECORDS, *records_of("r2")[1:]])
    assert (store.runs.records(RUN), store.runs.list()) == ((), ())


@pytest.mark.parametrize(
    "end, status",
    [
        (RECORDS[-1].event, "finished"),
        (RunFailed(error="broke"), "failed"),
        (RunCancelled(reason="stopped"), "cancelled"),
    ],
)
def test_a_run_is_listed_with_how_it_ended(store: Store, end, status: str):
    store.runs.append([*RECORDS[:-1], Record(RUN, 6, 1005.0, end)], flow_id=FLOW)
    assert store.runs.list() == (row_of("r1", status, ended_at=1005.0),)
    assert store.runs.get(RUN) == row_of("r1", status, ended_at=1005.0)


def test_a_run_that_goes_on_is_listed_as_running(store: Store):
    store.runs.append(RECORDS[:3])
    assert store.runs.list() == (row_of("r1", "running", ended_at=None, flow=None),)


def test_runs_are_listed_newest_first_by_flow_and_not_more_than_asked_for(store: Store):
    for number in range(6):
        flow_id = FlowId(f"f{number % 2}")
        store.runs.append(records_of(f"r{number}", at=1000.0 + number), flow_id=flow_id)
    assert [row.id for row in store.runs.list()] == ["r5", "r4", "r3", "r2", "r1", "r0"]
    assert [row.id for row in store.runs.list(FlowId("f1"))] == ["r5", "r3", "r1"]
    assert [row.id for row in store.runs.list(limit=2)] == ["r5", "r4"]
    latest = store.runs.latest([FlowId("f0"), FlowId("f1"), FlowId("never run")])
    assert {flow_id: row.id for flow_id, row in latest.items()} == {"f0": "r4", "f1": "r5"}


def test_there_is_nothing_under_an_unknown_id(store: Store):
    assert (store.runs.get(RUN), store.runs.records(RUN), store.runs.trace(RUN)) == (None, (), None)


def test_a_deleted_run_is_gone_with_its_records(store: Store):
    store.runs.append(RECORDS)
    store.past.delete(RUN)
    assert (store.runs.get(RUN), store.runs.records(RUN)) == (None, ())


def test_the_story_of_an_ended_run_is_read_once_and_is_gone_with_the_run(store: Store):
    store.runs.append(RECORDS[:-1], flow_id=FLOW)
    assert store.runs.trace(RUN) is not store.runs.trace(RUN)
    store.runs.append(RECORDS, flow_id=FLOW)
    ended = store.runs.trace(RUN)
    assert ended == build_trace(RECORDS)
    assert store.runs.trace(RUN) is ended
    store.past.delete(RUN)
    assert store.runs.trace(RUN) is None


def test_a_run_outlives_its_flow(store: Store):
    store.runs.append(RECORDS, flow_id=FLOW)
    store.flows.delete(FLOW)
    assert store.runs.list(FLOW) == (row_of("r1", "finished", ended_at=1005.0),)


def test_closing_the_store_marks_what_still_runs_as_interrupted(
    home: Path, environ: Mapping[str, str]
):
    with open_store(home, environ) as store:
        store.runs.append(RECORDS[:4], flow_id=FLOW)
    with open_store(home, environ) as later:
        assert later.runs.list() == (row_of("r1", "interrupted", ended_at=1003.0),)


def test_an_interrupted_run_keeps_its_story_and_its_nodes_are_cancelled(
    home: Path, environ: Mapping[str, str]
):
    with open_store(home, environ) as store:
        store.runs.append(RECORDS[:4], flow_id=FLOW)
    with open_store(home, environ) as later:
        trace = later.runs.trace(RUN)
    assert trace is not None
    assert (trace.status, trace.ended_at, trace.error) == ("interrupted", 1003.0, GONE)
    node = trace.nodes[A]
    assert (node.status, node.ended_at, node.reason) == ("cancelled", 1003.0, GONE)
    assert node.text == "Grüße \n🪭"


def test_a_run_of_another_living_process_goes_on(home: Path, environ: Mapping[str, str]):
    with open_store(home, environ) as mine, open_store(home, environ) as other:
        other.runs.append(RECORDS[:3], flow_id=FLOW)
        running = row_of("r1", "running", ended_at=None)
        assert mine.runs.list() == (running,)
        with open_store(home, environ) as third:
            assert third.runs.list() == (running,)
        other.runs.append(RECORDS[3:], flow_id=FLOW)
        assert mine.runs.list() == (row_of("r1", "finished", ended_at=1005.0),)


def test_a_run_of_a_killed_process_is_interrupted_while_others_live(
    store: Store, home: Path, environ: Mapping[str, str]
):
    script = f"""
import sys
from pathlib import Path
from flows.store.store import open_store
from tests.flows.store.records import records_of
store = open_store(Path({str(home)!r}), {dict(environ)!r})
store.runs.append(records_of("r1")[:2], flow_id="f1")
print("kept", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "kept\n"
        assert store.runs.list() == (row_of("r1", "running", ended_at=None),)
        other.kill()
        other.wait()
        assert store.runs.list() == (row_of("r1", "interrupted", ended_at=1001.0),)
    assert list((home / "processes").glob("*.lock")) != []


def test_a_start_sweeps_up_after_dead_processes(home: Path, environ: Mapping[str, str]):
    with open_store(home, environ):
        dead = home / "processes" / "0123456789abcdef.lock"
        dead.touch()
        living = set(home.glob("processes/*.lock")) - {dead}
        with open_store(home, environ):
            assert dead not in set(home.glob("processes/*.lock"))
            assert living < set(home.glob("processes/*.lock"))
    assert list(home.glob("processes/*.lock")) == []


def test_five_thousand_runs_are_listed_within_a_second(store: Store):
    store.runs.append(
        [
            record
            for number in range(5000)
            for record in records_of(f"r{number}", at=float(number))[:1]
        ],
        flow_id=FLOW,
    )
    begun = time.perf_counter()
    rows = store.runs.list(limit=5000)
    assert time.perf_counter() - begun < 1.0
    assert len(rows) == 5000


# runs of files


def test_a_run_of_a_file_is_listed_under_no_flow(store: Store):
    assert store.runs.keep_file(RECORDS) == RUN
    assert store.runs.list() == (row_of("r1", "finished", ended_at=1005.0, flow=None),)
    assert store.runs.records(RUN) == RECORDS


def test_a_run_of_a_file_without_an_end_was_interrupted(store: Store):
    store.runs.keep_file(RECORDS[:4])
    assert store.runs.list() == (row_of("r1", "interrupted", ended_at=1003.0, flow=None),)


def test_a_run_that_is_kept_already_stays_as_it_is(store: Store):
    store.runs.append(RECORDS, flow_id=FLOW)
    store.runs.keep_file(RECORDS[:4])
    assert store.runs.list() == (row_of("r1", "finished", ended_at=1005.0),)


def test_another_run_of_a_known_id_is_refused(store: Store):
    store.runs.append(RECORDS, flow_id=FLOW)
    with pytest.raises(RecordFileError, match='Another run is kept under the id "r1"'):
        store.runs.keep_file(records_of("r1", at=2000.0))
    assert store.runs.records(RUN) == RECORDS


def test_what_went_wrong_in_runs_is_read_from_their_ends(store: Store):
    failed = RunFailed(error="broke", errors={"a": "broke", "b[1]": "broke too"})
    store.runs.append([*RECORDS[:-1], Record(RUN, 6, 1005.0, failed)])
    instead = RunFinished(outputs={"a": "so be it"}, fallbacks=("a",))
    store.runs.append([*records_of("r2")[:-1], Record(RunId("r2"), 6, 1005.0, instead)])
    store.runs.append(records_of("r3")[:4])
    runs = [RunId("r1"), RunId("r2"), RunId("r3")]
    assert store.runs.flaws(runs) == {RUN: Flaws(failed=2), RunId("r2"): Flaws(fallbacks=1)}
    assert store.runs.flaws([]) == {}


def test_a_run_of_a_file_is_listed_with_the_name_of_its_file(store: Store):
    store.runs.keep_file(RECORDS, name=" gift\0 of\nMay.jsonl ")
    listed = store.past.get(RUN)
    assert listed is not None
    assert listed.file == "gift of May.jsonl"


def test_a_run_of_this_home_does_not_come_from_a_file_that_holds_it_too(store: Store):
    store.runs.append(RECORDS, flow_id=FLOW)
    store.runs.keep_file(RECORDS, name="mine.jsonl")
    listed = store.past.get(RUN)
    assert listed is not None
    assert listed.file == ""
