"""Opening the store: a new home, a foreign file, a full disk, a held lock, another database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from flows.errors import StoreError
from flows.store import sqlite
from flows.store.home import home_of
from flows.store.store import Store, open_store
from flows.store.tables import SCHEMA, TABLES
from tests.flows.store.records import records_of
from tests.shapes import shape

FLOW = shape("in > a")


def failure(home: Path, **environ: str) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(home, environ)
    return str(caught.value)


@pytest.fixture
def file(home: Path) -> Path:
    home.mkdir()
    return home / "fanfold.db"


def test_the_home_is_where_the_environment_says(tmp_path: Path):
    assert home_of({"FANFOLD_HOME": str(tmp_path / "x")}) == tmp_path / "x"


def test_a_home_may_be_said_with_a_tilde_or_from_here():
    assert home_of({"FANFOLD_HOME": "~/x"}) == Path.home() / "x"
    assert home_of({"FANFOLD_HOME": "x"}) == Path.cwd() / "x"


@pytest.mark.parametrize("environ", [{}, {"FANFOLD_HOME": ""}, {"FANFOLD_HOME": "  "}])
def test_without_a_word_the_home_is_the_users_data_folder(environ):
    assert home_of(environ).name == "fanfold"
    assert home_of(environ).is_absolute()


def test_a_missing_home_is_made(home: Path):
    with open_store(home / "deep" / "er", {}) as store:
        store.flows.create(FLOW)
    assert (home / "deep" / "er" / "fanfold.db").is_file()


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    assert failure(home) == (
        f'The folder "{home}" cannot be used: Not a directory. '
        "Allow writing to it, or name another folder in FANFOLD_HOME."
    )


def test_a_file_that_is_no_database_is_said_and_left_alone(file: Path):
    file.write_text("Dear diary, " * 100)
    assert failure(file.parent) == (
        f'The database "{file}" is not a database. Move the file away and start again, '
        "or name another folder in FANFOLD_HOME."
    )
    assert file.read_text() == "Dear diary, " * 100


def test_a_damaged_database_is_said(home: Path, file: Path):
    with open_store(home, {}) as store:
        for _ in range(50):
            store.flows.create(FLOW)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert failure(home) == (
        f'The database "{file}" is damaged. Put back a copy of it, or move the file away '
        "and start again."
    )


def test_the_database_of_another_program_is_said_and_left_alone(file: Path):
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()
    assert failure(file.parent) == (
        f'The database "{file}" belongs to another program. '
        "Name another one in FANFOLD_HOME or FANFOLD_DATABASE_URL."
    )
    with sqlite3.connect(file) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("songs",)]


def test_a_database_of_a_newer_fanfold_is_said(home: Path, file: Path):
    open_store(home, {}).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE fanfold_schema SET number = ?", [SCHEMA + 1])
    connection.close()
    assert failure(home) == (
        f'The database "{file}" was written by a newer Fanfold (tables {SCHEMA + 1}; this one '
        f"knows {SCHEMA}). Update Fanfold, or name another folder in FANFOLD_HOME."
    )


def test_a_failed_start_leaves_no_trace_of_its_process(file: Path):
    file.write_text("Dear diary, " * 100)
    failure(file.parent)
    assert list(file.parent.glob("processes/*")) == []


def test_a_full_disk_is_said_and_what_was_there_stays(home: Path, file: Path, store: Store):
    store.flows.create(FLOW)
    # The tables fill 15 pages; with no page more the file is as full as a disk can be.
    for connection in held_connections(store):
        connection.execute("PRAGMA max_page_count = 1").close()
    with pytest.raises(StoreError) as caught:
        store.runs.append([r for n in range(200) for r in records_of(f"r{n}")])
    assert str(caught.value) == (
        f'The database "{file}" cannot grow: the disk is full. Free some space and try again.'
    )
    assert (len(store.flows.list()), store.runs.list()) == (1, ())


def test_a_database_that_may_not_be_written_is_said(file: Path, store: Store):
    for connection in held_connections(store):
        connection.execute("PRAGMA query_only = ON").close()
    with pytest.raises(StoreError) as caught:
        store.flows.create(FLOW)
    assert str(caught.value) == (
        f'The database "{file}" cannot be written. Allow writing to the file and its folder, '
        "or name another folder in FANFOLD_HOME."
    )


def test_a_database_that_another_program_holds_is_said(file: Path, store: Store):
    for connection in held_connections(store):
        connection.execute("PRAGMA busy_timeout = 0").close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as caught:
        store.flows.create(FLOW)
    other.execute("ROLLBACK")
    other.close()
    assert str(caught.value) == (
        f'The database "{file}" is held by another program for more than 5 seconds. '
        "Close that program and try again."
    )
    store.flows.create(FLOW)


def test_readers_do_not_wait_for_a_writer(file: Path, store: Store):
    created = store.flows.create(FLOW)
    for connection in held_connections(store):
        connection.execute("PRAGMA busy_timeout = 0").close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM flows")
    assert store.flows.get(created.id) == created
    other.execute("ROLLBACK")
    other.close()


def held_connections(store: Store):
    """Yield the driver's own connections of the pool, to spoil them."""
    with store._database._engine.connect() as connection:
        yield connection.connection.driver_connection


@pytest.mark.parametrize(
    "url, sentence",
    [
        ("postgres and a secret", "FANFOLD_DATABASE_URL is not a database URL."),
        ("nosuch://u:secret@h/d", 'FANFOLD_DATABASE_URL names the database kind "nosuch"'),
        ("sqlite://", "FANFOLD_DATABASE_URL names a database in memory"),
        ("sqlite:///:memory:", "FANFOLD_DATABASE_URL names a database in memory"),
        ("sqlite+aiosqlite:////tmp/secret.db", "FANFOLD_DATABASE_URL n"),
        ("mssql://u:secret@h/d", 'FANFOLD_DATABASE_URL needs the package "pyodbc"'),
    ],
)
def test_a_database_url_that_cannot_be_used_is_said_without_its_secrets(
    home: Path, url: str, sentence: str
):
    said = failure(home, FANFOLD_DATABASE_URL=url)
    assert said.startswith(sentence)
    assert "secret" not in said


def test_another_file_may_be_named_by_url(home: Path, tmp_path: Path):
    environ = {"FANFOLD_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    with open_store(home, environ) as store:
        created = store.flows.create(FLOW)
    with open_store(home, environ) as store:
        assert store.flows.get(created.id) == created
    assert not (home / "fanfold.db").exists()


def test_the_tables_can_be_made_in_postgres():
    for table in TABLES.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_many_starts_at_once_on_an_empty_home_all_work(home: Path):
    script = f"""
from pathlib import Path
from flows.store.store import open_store
with open_store(Path({str(home)!r}), {{}}) as store:
    print(len(store.flows.list()))
"""
    starts = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [start.communicate(timeout=60)[0] for start in starts] == ["0\n"] * 4


def test_the_waiting_time_of_the_sentence_is_the_one_of_the_database(store: Store):
    with store._database.reading() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert waits == sqlite.WAIT_S * 1000
