"""PastRuns: the history as a person looks through it: found, kept, deleted, brought back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    false,
    func,
    insert,
    or_,
    select,
)

from flows.errors import StoreError
from flows.ids import FlowId, RunId
from flows.store import run_trash
from flows.store.database import Database
from flows.store.history import History, RunRow
from flows.store.run_trash import DeletedRuns
from flows.store.tables import facts, files, flows, kept, runs
from flows.trace.facts import fold, words_of
from flows.trace.fold import RunStatus

_MOST_CALLED: Final = 10_000
"""So many flows of one word are looked up; SQLite takes 32,766 values in a query."""


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs are looked for. `words`: each is in a run's name, input or models.

    Its name is the one its flow had when it ran, and the one the flow has now. `status`: how they
    ended, None for all. `besides`: one that is left out.
    """

    words: str = ""
    status: RunStatus | None = None
    flow_id: FlowId | None = None
    only_kept: bool = False
    besides: RunId | None = None


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as it is listed. `input`: its first words; `settings`: those that are not as usual.

    `renamed`: what its flow is called now, where that is another name; else empty. `file`: what it
    came from, as “the file x”; empty for a run of this home.
    """

    row: RunRow
    input: str
    model: str
    settings: str
    renamed: str
    file: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What a list would hold, for a look at whether it is still as it was."""

    count: int
    running: int
    newest_at: float | None


class PastRuns:
    """The runs of a database. Every call is one transaction and may come from any thread."""

    def __init__(self, database: Database, history: History) -> None:
        self._database = database
        self._history = history

    def find(self, query: RunQuery, *, limit: int) -> tuple[ListedRun, ...]:
        """List the runs that are looked for, the newest first."""
        return self._look(_LISTED.where(*self._wanted(query)).limit(limit))

    def get(self, run_id: RunId) -> ListedRun | None:
        """Return a run as it is listed, or None when there is none of this id."""
        found = self._look(_LISTED.where(runs.c.id == run_id, run_trash.is_there()))
        return found[0] if found else None

    def tally(self, query: RunQuery) -> Tally:
        """Count the runs that are looked for."""
        running = func.sum(case((runs.c.status == "running", 1), else_=0))
        columns = (func.count(), func.coalesce(running, 0), func.max(runs.c.started_at))
        wanted = self._wanted(query)
        with self._database.reading() as connection:
            return Tally(*connection.execute(_joined(*columns).where(*wanted)).one())

    def beside(self, row: RunRow) -> RunId | None:
        """Return the run to compare this one with: the one before it of its flow, else another."""
        same_flow = runs.c.flow_id == row.flow_id if row.flow_id else false()
        before = runs.c.started_at <= row.started_at
        nearness = case(
            (and_(same_flow, before), 0), (same_flow, 1), (runs.c.name == row.name, 2), else_=3
        )
        wanted = _ids(*self._wanted(RunQuery(besides=row.id)))
        wanted = wanted.order_by(nearness, runs.c.started_at.desc(), runs.c.id).limit(1)
        with self._database.reading() as connection:
            found: RunId | None = connection.execute(wanted).scalar()
            return found

    def keep(self, run_id: RunId) -> None:
        """Keep the run from every clearing. Raises StoreError when there is no such run."""
        with self._database.writing() as connection:
            _check(connection, run_id)
            connection.execute(delete(kept).where(kept.c.run_id == run_id))
            connection.execute(insert(kept).values(run_id=run_id, at=time.time()))

    def let_go(self, run_id: RunId) -> None:
        """Let clearings take the run like any other."""
        with self._database.writing() as connection:
            connection.execute(delete(kept).where(kept.c.run_id == run_id))

    def delete(self, run_id: RunId) -> DeletedRuns:
        """Put a run into the trash, a kept one too. Raises StoreError while it goes on."""
        with self._database.writing() as connection:
            _check(connection, run_id)
            gone = run_trash.put(connection, _ids(runs.c.id == run_id, _is_over()))
        if gone is None:
            raise StoreError("This run still goes on. Stop it before you delete it.")
        return gone

    def clear(self, query: RunQuery) -> DeletedRuns | None:
        """Put all that are looked for into the trash, but for those that are kept or go on."""
        not_kept = runs.c.id.not_in(select(kept.c.run_id))
        wanted = _ids(*self._wanted(query), not_kept, _is_over())
        with self._database.writing() as connection:
            return run_trash.put(connection, wanted)

    def clearable(self, query: RunQuery) -> int:
        """Count what `clear` would put into the trash."""
        not_kept = runs.c.id.not_in(select(kept.c.run_id))
        wanted = _joined(func.count()).where(*self._wanted(query), not_kept, _is_over())
        with self._database.reading() as connection:
            return int(connection.execute(wanted).scalar_one())

    def bring_back(self, batch: str) -> None:
        """Take what one press deleted out of the trash. Raises StoreError when it is not there."""
        with self._database.writing() as connection:
            if not run_trash.take_out(connection, batch):
                raise StoreError("This is no longer among the deleted runs.")

    def deleted(self, *, limit: int) -> tuple[DeletedRuns, ...]:
        """List what is in the trash, the latest deleted first."""
        with self._database.reading() as connection:
            return run_trash.list_deleted(connection, limit=limit)

    def sweep(self) -> None:
        """Take away for good what has been in the trash for long."""
        with self._database.writing() as connection:
            run_trash.sweep(connection, now=time.time())

    def _wanted(self, query: RunQuery) -> list[ColumnElement[bool]]:
        """Return what a run must be like to be among those looked for."""
        return [*_conditions(query), *self._found_by(words_of(query.words))]

    def _found_by(self, words: Sequence[str]) -> Iterator[ColumnElement[bool]]:
        """Look for each word in what a run says and in what its flow is called now.

        Names are folded here: what folds accents in a database is another thing in each of them.
        """
        names = self._folded_names() if words else {}
        said = func.coalesce(facts.c.said, func.lower(runs.c.name))
        for word in words:
            called = [flow_id for flow_id, name in names.items() if word in name][:_MOST_CALLED]
            yield or_(said.contains(word, autoescape=True), runs.c.flow_id.in_(called))

    def _folded_names(self) -> Mapping[FlowId, str]:
        with self._database.reading() as connection:
            rows = connection.execute(select(flows.c.id, flows.c.name))
            return {row.id: fold(row.name) for row in rows}

    def _look(self, query: Select[Any]) -> tuple[ListedRun, ...]:
        """Read runs; what seems to go on is looked at again: its process may be gone."""
        found = self._read(query)
        if all(each.row.status != "running" for each in found):
            return found
        self._history.find_interrupted()
        return self._read(query)

    def _read(self, query: Select[Any]) -> tuple[ListedRun, ...]:
        with self._database.reading() as connection:
            return tuple(_listed(row) for row in connection.execute(query))


def _joined(*columns: ColumnElement[Any]) -> Select[Any]:
    every = (
        runs.outerjoin(facts, facts.c.run_id == runs.c.id)
        .outerjoin(kept, kept.c.run_id == runs.c.id)
        .outerjoin(files, files.c.run_id == runs.c.id)
        .outerjoin(flows, flows.c.id == runs.c.flow_id)
    )
    return select(*columns).select_from(every)


_LISTED: Final = _joined(
    runs.c.id,
    runs.c.flow_id,
    runs.c.name,
    runs.c.status,
    runs.c.started_at,
    runs.c.ended_at,
    func.coalesce(facts.c.input, ""),
    func.coalesce(facts.c.model, ""),
    func.coalesce(facts.c.settings, ""),
    case((flows.c.name != runs.c.name, flows.c.name), else_=""),
    func.coalesce(files.c.name, ""),
    kept.c.run_id.is_not(None),
).order_by(runs.c.started_at.desc(), runs.c.id)


def _listed(row: Any) -> ListedRun:
    said, model, settings, renamed, file, is_kept = row[6:]
    return ListedRun(RunRow(*row[:6]), said, model, settings, renamed, file, bool(is_kept))


def _conditions(query: RunQuery) -> Iterator[ColumnElement[bool]]:
    yield run_trash.is_there()
    if query.status is not None:
        yield runs.c.status == query.status
    if query.flow_id is not None:
        yield runs.c.flow_id == query.flow_id
    if query.only_kept:
        yield kept.c.run_id.is_not(None)
    if query.besides is not None:
        yield runs.c.id != query.besides


def _ids(*conditions: ColumnElement[bool]) -> Select[Any]:
    return _joined(runs.c.id).where(*conditions)


def _is_over() -> ColumnElement[bool]:
    return runs.c.status != "running"


def _check(connection: Connection, run_id: RunId) -> None:
    there = and_(runs.c.id == run_id, run_trash.is_there())
    if connection.execute(select(runs.c.id).where(there)).first() is None:
        raise StoreError("This run is no longer there. It may have been deleted in another tab.")
