"""SQLite: everything that only a SQLite database needs, its settings and its ways to fail."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

WAIT_S: Final = 5.0
"""How long a writer waits for another one before it gives up."""

WRITES: Final = "fanfold_writes"
"""The execution option of a connection that is going to write."""

Error: Final = sqlite3.Error
"""What the driver raises where the engine does not stand in between."""

_SETTINGS: Final = (
    f"PRAGMA busy_timeout = {int(WAIT_S * 1000)}",
    "PRAGMA foreign_keys = ON",
    # with WAL a crash of the app loses nothing, a power cut at most the last moments
    "PRAGMA synchronous = NORMAL",
)

_REMEDIES: Final = {
    "SQLITE_NOTADB": "is not a database. Move the file away and start again, or name another "
    "folder in FANFOLD_HOME.",
    "SQLITE_CORRUPT": "is damaged. Put back a copy of it, or move the file away and start again.",
    "SQLITE_READONLY": "cannot be written. Allow writing to the file and its folder, or name "
    "another folder in FANFOLD_HOME.",
    "SQLITE_PERM": "cannot be written. Allow writing to the file and its folder, or name another "
    "folder in FANFOLD_HOME.",
    "SQLITE_CANTOPEN": "cannot be opened. Check that its folder is there and may be written, or "
    "name another folder in FANFOLD_HOME.",
    "SQLITE_FULL": "cannot grow: the disk is full. Free some space and try again.",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error. Check the disk, or "
    "name another folder in FANFOLD_HOME.",
    "SQLITE_BUSY": f"is held by another program for more than {WAIT_S:.0f} seconds. Close that "
    "program and try again.",
    "SQLITE_LOCKED": f"is held by another program for more than {WAIT_S:.0f} seconds. Close that "
    "program and try again.",
}


def prepare(engine: Engine) -> None:
    """Make every connection of the engine wait for others, check keys, and begin as it should."""
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)


def use_wal(engine: Engine) -> None:
    """Let readers and a writer work at once. A disk that cannot keeps its ordinary journal."""
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA journal_mode = WAL")


def remedy_of(error: BaseException) -> str | None:
    """Say what a SQLite error means and what to do, as the end of a sentence about the file."""
    name = getattr(error, "sqlite_errorname", "")
    for code, remedy in _REMEDIES.items():
        if name == code or name.startswith(f"{code}_"):
            return remedy
    return None


def is_memory(database: str | None) -> bool:
    """Say whether this SQLite database would live in memory only."""
    return not database or database == ":memory:" or "mode=memory" in database


def file_of(database: str) -> Path:
    """Return the file of a SQLite database."""
    return Path(database).absolute()


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # transactions begin below, not by the driver's guess
    try:
        for setting in _SETTINGS:
            connection.execute(setting).close()
    except sqlite3.Error:
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    # A writer takes its place in the queue at once: a reader that turns writer halfway is
    # refused by SQLite without waiting when somebody else wrote in between.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN").close()
