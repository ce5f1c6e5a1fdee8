"""Past runs: found by what they are, kept, deleted and brought back; of older homes too."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from flows.errors import StoreError
from flows.ids import FlowId, RunId
from flows.store import past_runs
from flows.store.past_runs import RunQuery, Tally
from flows.store.store import Store, open_store
from flows.store.tables import SCHEMA
from flows.store.trash import KEPT_S
from flows.trace.events import RunCancelled, RunFailed
from tests.flows.store.records import records_of, run_of
from tests.shapes import shape

ALL = RunQuery()
ONE, TWO, THREE = RunId("r1"), RunId("r2"), RunId("r3")
F1, F2 = FlowId("f1"), FlowId("f2")


@pytest.fixture
def filled(store: Store) -> Store:
    """Three runs, the newest is r3: of two flows, finished, failed and cancelled."""
    store.runs.append(run_of("r1", at=1000.0, said="Lisbon or Genf?"), flow_id=F1)
    failed = RunFailed(error="broke", errors={"a": "broke"})
    store.runs.append(
        run_of("r2", at=2000.0, said="Zürich 100%_", end=failed, start="by_stage"), flow_id=F1
    )
    cancelled = RunCancelled(reason="stopped")
    store.runs.append(run_of("r3", at=3000.0, name="Other", end=cancelled), flow_id=F2)
    return store


def ids(store: Store, query: RunQuery = ALL, limit: int = 100) -> list[str]:
    return [each.row.id for each in store.past.find(query, limit=limit)]


def test_a_listed_run_says_what_tells_it_apart(filled: Store):
    told = filled.past.get(TWO)
    assert told is not None
    assert (told.row.status, told.input, told.model, told.settings, told.is_kept) == (
        "failed",
        "Zürich 100%_",
        "local/m",
        "by_stage",
        False,
    )


@pytest.mark.parametrize(
    "query, found",
    [
        (ALL, ["r3", "r2", "r1"]),
        (RunQuery(words="ZÜRICH"), ["r2"]),
        (RunQuery(words="zurich"), ["r2"]),
        (RunQuery(words="LÍSBÓN"), ["r1"]),
        (RunQuery(words="genf lisbon"), ["r1"]),
        (RunQuery(words="other"), ["r3"]),
        (RunQuery(words="100%"), ["r2"]),
        (RunQuery(words="%_"), ["r2"]),
        (RunQuery(words="nowhere"), []),
        (RunQuery(status="failed"), ["r2"]),
        (RunQuery(status="interrupted"), []),
        (RunQuery(flow_id=F1), ["r2", "r1"]),
        (RunQuery(words="flow", status="finished", flow_id=F1), ["r1"]),
        (RunQuery(besides=THREE), ["r2", "r1"]),
        (RunQuery(only_kept=True), []),
    ],
)
def test_runs_are_found_by_what_is_looked_for(filled: Store, query: RunQuery, found: list[str]):
    assert ids(filled, query) == found
    assert filled.past.tally(query).count == len(found)


def test_a_run_is_found_by_what_its_flow_was_called_and_by_what_it_is_called_now(store: Store):
    flow = store.flows.create(shape("in > a").model_copy(update={"name": "Entwurf"}))
    other = store.flows.create(shape("in > a").model_copy(update={"name": "Entwurf"}))
    store.runs.append(run_of("r1", at=1000.0, name="Entwurf"), flow_id=flow.id)
    store.runs.append(run_of("r2", at=2000.0, name="Entwurf"), flow_id=other.id)
    store.flows.change(flow.id, lambda each: each.model_copy(update={"name": "Übersetzung"}))
    assert ids(store, RunQuery(words="entwurf")) == ["r2", "r1"]
    assert ids(store, RunQuery(words="ubersetzung")) == ["r1"]
    assert ids(store, RunQuery(words="ubersetzung lisbon")) == []
    assert store.past.tally(RunQuery(words="Ubersetzung")).count == 1
    assert store.past.clearable(RunQuery(words="Ubersetzung")) == 1
    assert [each.renamed for each in store.past.find(ALL, limit=9)] == ["", "Übersetzung"]


def test_no_more_are_listed_than_asked_for_and_all_are_counted(filled: Store):
    assert ids(filled, limit=2) == ["r3", "r2"]
    assert filled.past.tally(ALL) == Tally(count=3, running=0, newest_at=3000.0)


def test_a_tally_counts_what_goes_on(filled: Store):
    filled.runs.append(records_of("r4", at=4000.0)[:3])
    assert filled.past.tally(ALL) == Tally(count=4, running=1, newest_at=4000.0)
    assert filled.past.tally(RunQuery(words="nowhere")) == Tally(0, 0, None)


def test_a_run_left_by_a_dead_process_is_listed_as_interrupted(
    store: Store, home: Path, environ: Mapping[str, str]
):
    other = open_store(home, environ)
    other.runs.append(records_of("r1")[:3])
    other._presence.die()
    told = store.past.get(ONE)
    assert told is not None
    assert told.row.status == "interrupted"
    assert [each.row.status for each in store.past.find(ALL, limit=9)] == ["interrupted"]
    other._database.close()


def test_a_kept_run_is_marked_until_it_is_let_go(filled: Store):
    filled.past.keep(ONE)
    filled.past.keep(ONE)
    assert ids(filled, RunQuery(only_kept=True)) == ["r1"]
    filled.past.let_go(ONE)
    assert ids(filled, RunQuery(only_kept=True)) == []


def test_a_deleted_run_is_gone_for_all_and_comes_back_whole(filled: Store):
    before = filled.past.get(TWO), filled.runs.records(TWO)
    gone = filled.past.delete(TWO)
    assert (gone.name, gone.count) == ("Flow", 1)
    assert ids(filled) == ["r3", "r1"]
    assert (filled.past.get(TWO), filled.runs.get(TWO), filled.runs.trace(TWO)) == (None,) * 3
    assert [row.id for row in filled.runs.list(F1)] == ["r1"]
    assert filled.runs.latest([F1])[F1].id == "r1"
    filled.past.bring_back(gone.batch)
    assert (filled.past.get(TWO), filled.runs.records(TWO)) == before
    assert filled.past.deleted(limit=9) == ()


def test_a_run_that_goes_on_is_not_deleted(store: Store):
    store.runs.append(records_of("r1")[:3])
    with pytest.raises(StoreError, match="still goes on"):
        store.past.delete(ONE)
    assert (store.past.clear(ALL), ids(store)) == (None, ["r1"])


def test_what_is_no_longer_there_is_said(filled: Store):
    gone = filled.past.delete(ONE)
    for change in (filled.past.delete, filled.past.keep):
        with pytest.raises(StoreError, match="no longer there"):
            change(ONE)
    filled.past.bring_back(gone.batch)
    with pytest.raises(StoreError, match="no longer among the deleted runs"):
        filled.past.bring_back(gone.batch)


def test_clearing_takes_what_is_looked_for_but_never_what_is_kept(filled: Store):
    filled.past.keep(ONE)
    assert filled.past.clearable(RunQuery(flow_id=F1)) == 1
    gone = filled.past.clear(RunQuery(flow_id=F1))
    assert gone is not None
    assert (gone.count, ids(filled)) == (1, ["r3", "r1"])
    assert filled.past.clear(RunQuery(flow_id=F1)) is None


def test_what_one_press_deleted_comes_back_together(filled: Store):
    first = filled.past.delete(ONE)
    rest = filled.past.clear(ALL)
    assert rest is not None
    assert [(each.batch, each.count) for each in filled.past.deleted(limit=9)] == [
        (rest.batch, 2),
        (first.batch, 1),
    ]
    filled.past.bring_back(rest.batch)
    assert ids(filled) == ["r3", "r2"]


def test_what_was_deleted_long_ago_is_swept_for_good(filled: Store, monkeypatch):
    filled.past.delete(ONE)
    filled.past.sweep()
    assert len(filled.past.deleted(limit=9)) == 1
    later = time.time() + KEPT_S + 1
    monkeypatch.setattr(time, "time", lambda: later)
    filled.past.sweep()
    assert (filled.past.deleted(limit=9), filled.runs._records(ONE)) == ((), ())
    assert ids(filled) == ["r3", "r2"]


def test_a_deleted_run_comes_back_when_its_file_is_opened(filled: Store):
    told = filled.runs.records(ONE)
    filled.past.delete(ONE)
    filled.runs.keep_file(told)
    assert ids(filled) == ["r3", "r2", "r1"]


def test_a_run_is_compared_with_the_one_before_it_of_its_flow(filled: Store):
    assert filled.past.beside(filled.runs.get(TWO)) == ONE
    assert filled.past.beside(filled.runs.get(ONE)) == TWO
    assert filled.past.beside(filled.runs.get(THREE)) == TWO
    filled.past.clear(RunQuery(besides=THREE))
    assert filled.past.beside(filled.runs.get(THREE)) is None


def test_a_run_of_no_flow_is_compared_with_one_of_its_name(filled: Store):
    filled.runs.append(run_of("r4", at=4000.0, name="Flow"))
    assert filled.past.beside(filled.runs.get(RunId("r4"))) == TWO


def test_the_questions_can_be_asked_of_postgres(store: Store):
    query = RunQuery(words="a b", status="failed", flow_id=F1, only_kept=True, besides=ONE)
    asked = past_runs._LISTED.where(*store.past._wanted(query)).limit(5)
    said = str(asked.compile(dialect=postgresql.dialect()))
    assert said.count("LIKE") == 2
    assert "ESCAPE '/'" in said


# homes of an older Fanfold

NEW = ("run_facts", "run_kept", "run_trash", "run_files")


def make_older(home: Path, number: int) -> None:
    """Turn a home into one of schema 3: without the tables that are new since."""
    with sqlite3.connect(home / "fanfold.db") as connection:
        for table in NEW:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE fanfold_schema SET number = ?", [number])
    connection.close()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_older_home_opens_without_loss_and_its_runs_are_found(home: Path, number: int):
    with open_store(home, {}) as store:
        store.runs.append(run_of("r1", at=1000.0, said="Lisbon"), flow_id=F1)
        store.runs.append(run_of("r2", at=2000.0, max_concurrency=2), flow_id=F1)
        before = store.past.find(ALL, limit=9), store.runs.records(ONE)
    make_older(home, number)
    with open_store(home, {}) as store:
        assert (store.past.find(ALL, limit=9), store.runs.records(ONE)) == before
        assert ids(store, RunQuery(words="lisbon")) == ["r1"]
        store.past.keep(TWO)
        store.past.delete(ONE)
    with sqlite3.connect(home / "fanfold.db") as connection:
        (kept_number,) = connection.execute("SELECT number FROM fanfold_schema").fetchone()
    connection.close()
    assert kept_number == SCHEMA == 6
    with open_store(home, {}) as store:
        assert ids(store) == ["r2"]


def test_a_home_that_knew_no_files_notes_the_next_one(home: Path):
    with open_store(home, {}) as store:
        store.runs.keep_file(run_of("r1", at=1000.0), name="lost.jsonl")
    with sqlite3.connect(home / "fanfold.db") as connection:
        connection.execute("DROP TABLE run_files")
        connection.execute("UPDATE fanfold_schema SET number = 5")
    connection.close()
    with open_store(home, {}) as store:
        store.runs.keep_file(run_of("r2", at=2000.0), name="other.jsonl")
        assert [each.file for each in store.past.find(ALL, limit=9)] == ["other.jsonl", ""]


def test_a_home_whose_runs_were_not_folded_finds_them_by_either_writing(home: Path):
    with open_store(home, {}) as store:
        store.runs.append(run_of("r1", at=1000.0, said="Übersetzung"), flow_id=F1)
    with sqlite3.connect(home / "fanfold.db") as connection:
        connection.execute("UPDATE run_facts SET said = 'flow local/m übersetzung'")
        connection.execute("UPDATE fanfold_schema SET number = 4")
    connection.close()
    with open_store(home, {}) as store:
        assert ids(store, RunQuery(words="ubersetzung")) == ["r1"]
        assert ids(store, RunQuery(words="ÜBERSETZUNG")) == ["r1"]


def test_a_record_that_cannot_be_read_keeps_no_older_home_from_opening(home: Path):
    with open_store(home, {}) as store:
        store.runs.append(run_of("r1", at=1000.0, name="Sound"))
        store.runs.append(run_of("r2", at=2000.0, name="Broken"))
    with sqlite3.connect(home / "fanfold.db") as connection:
        connection.execute("UPDATE records SET line = 'no' WHERE run_id = 'r2' AND seq = 1")
    connection.close()
    make_older(home, 3)
    with open_store(home, {}) as store:
        assert ids(store) == ["r2", "r1"]
        assert ids(store, RunQuery(words="broken")) == ["r2"]


def test_a_run_that_an_older_fanfold_adds_meanwhile_is_listed_by_its_name(filled: Store):
    with filled._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM run_facts")
    told = filled.past.get(THREE)
    assert told is not None
    assert (told.row.name, told.input, told.model, told.settings) == ("Other", "", "", "")
    assert ids(filled, RunQuery(words="OTHER")) == ["r3"]
