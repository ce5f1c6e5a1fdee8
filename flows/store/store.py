"""Store: the one database of flows and runs, for every thread of this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy import URL

from flows.errors import StoreError
from flows.store import sqlite
from flows.store.database import Database, read_url
from flows.store.history import History
from flows.store.library import Library
from flows.store.lock import FileLock
from flows.store.past_runs import PastRuns
from flows.store.presence import Presence

_FILE: Final = "fanfold.db"
_OPENING: Final = "opening.lock"


class Store:
    """`flows`: the library. `runs`: the history. `past`: the history as a person clears it.

    Open until `close`, from any thread.
    """

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._presence = presence
        self.flows = Library(database)
        self.runs = History(database, presence)
        self.past = PastRuns(database, self.runs)

    def close(self) -> None:
        """Mark what is left running as interrupted, and let go of the database."""
        try:
            self.runs.close_open_runs()
        except StoreError:  # the next start finds them by the mark of a dead process
            self._presence.die()
        else:
            self._presence.leave()
        self._database.close()

    @classmethod
    def at(cls, home: Path, url: URL) -> Self:
        """Open the database of this URL. Raises StoreError, and OSError for the home itself."""
        home.mkdir(parents=True, exist_ok=True)
        store = cls(Database(url), Presence(home))
        try:
            # two starts at once on an empty home would both make the tables
            with FileLock(home / _OPENING, patience_s=sqlite.WAIT_S):
                store._enter()
        except BaseException:
            store._database.close()
            store._presence.leave()
            raise
        return store

    def _enter(self) -> None:
        self._presence.enter()
        self._database.set_up()
        self.runs.find_interrupted()
        self.flows.sweep()
        self.past.sweep()
        self._presence.sweep()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(home: Path, environ: Mapping[str, str]) -> Store:
    """Open the database under `home`, or the one FANFOLD_DATABASE_URL names, and make its tables.

    Raises StoreError when the folder or the database cannot be used.
    """
    try:
        return Store.at(home, _url_of(home, environ))
    except OSError as error:
        raise StoreError(_sentence(home, error)) from error


def _url_of(home: Path, environ: Mapping[str, str]) -> URL:
    named = environ.get("FANFOLD_DATABASE_URL", "").strip()
    return read_url(named) if named else URL.create("sqlite", database=str(home / _FILE))


def _sentence(home: Path, error: OSError) -> str:
    reason = error.strerror or str(error)
    return (
        f'The folder "{home}" cannot be used: {reason}. '
        "Allow writing to it, or name another folder in FANFOLD_HOME."
    )
