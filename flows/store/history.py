"""History: the runs that are kept, a row for each and a line for each of its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, insert, select, update

from flows.errors import RecordFileError, StoreError
from flows.ids import FlowId, RunId
from flows.store import run_facts, run_trash
from flows.store.database import Database
from flows.store.presence import Presence
from flows.store.tables import files, records, runs, trashed_runs
from flows.trace.events import (
    Record,
    RunCancelled,
    RunEnd,
    RunFailed,
    RunFinished,
    RunStarted,
    decode_record,
    encode_record,
)
from flows.trace.flaws import Flaws, flaws_at_end
from flows.trace.fold import NodeTrace, RunStatus, RunTrace, build_trace
from flows.trace.timing import last_moment

_STATUS: Final[dict[type[RunEnd], RunStatus]] = {
    RunFinished: "finished",
    RunFailed: "failed",
    RunCancelled: "cancelled",
}


_TRACES: Final = 4
"""So many ended runs are held as they were read: pages and their feeds ask for the same one."""

_LONGEST_NAME: Final = 255
"""How many letters of a file's name are kept."""

_GONE: Final = "Fanfold ended before this run did. Run it again."


@dataclass(frozen=True)
class RunRow:
    """One line of the list of runs; times in seconds since the epoch.

    `interrupted`: its process ended before the run did; `ended_at` is then its last sign of life.
    """

    id: RunId
    flow_id: FlowId | None
    name: str
    status: RunStatus
    started_at: float
    ended_at: float | None


class History:
    """The runs of a database. Every call is one transaction and may come from any thread."""

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._presence = presence
        self._read_ended = lru_cache(_TRACES)(self._read_trace)

    def append(self, batch: Sequence[Record], *, flow_id: FlowId | None = None) -> None:
        """Keep records of one run or several; those kept already are left out.

        A RunStarted makes the run's row, under `flow_id`. Raises StoreError for a run without one.
        """
        with self._database.writing() as connection:
            for run_id, of_run in groupby(batch, key=lambda record: record.run):
                self._append_run(connection, run_id, tuple(of_run), flow_id=flow_id)

    def records(self, run_id: RunId) -> tuple[Record, ...]:
        """Return the records of a run in order; none when there is no such run."""
        return () if self.get(run_id) is None else self._records(run_id)

    def trace(self, run_id: RunId) -> RunTrace | None:
        """Return the story of a run as far as it is kept, or None when there is none of this id."""
        row = self.get(run_id)
        if row is None:
            return None
        return self._read_trace(row) if row.ended_at is None else self._read_ended(row)

    def keep_file(self, content: Sequence[Record], *, name: str = "") -> RunId:
        """Keep a run as its file has it, under no flow; one without an end was interrupted.

        `name`: what it comes from, empty for a sample; a run that is there
        already did not come from it. One that was deleted comes back. Raises RecordFileError when
        another run of this id is kept.
        """
        run_id = content[0].run
        known = self._records(run_id)
        if any(kept != given for kept, given in zip(known, content, strict=False)):
            raise RecordFileError(f'Another run is kept under the id "{run_id}" of this file.')
        if not known:
            self.append(content)
            self._note_file(run_id, name)
            if not isinstance(content[-1].event, RunEnd):
                values = {"status": "interrupted", "ended_at": content[-1].at}
                with self._database.writing() as connection:
                    connection.execute(update(runs).where(runs.c.id == run_id).values(values))
        with self._database.writing() as connection:
            run_trash.take_out_run(connection, run_id)
        return run_id

    def _note_file(self, run_id: RunId, name: str) -> None:
        said = " ".join(name.replace("\0", " ").split())[:_LONGEST_NAME]
        if said:
            with self._database.writing() as connection:
                connection.execute(insert(files).values(run_id=run_id, name=said))

    def flaws(self, run_ids: Iterable[RunId]) -> dict[RunId, Flaws]:
        """Return what went wrong in each of these runs that has an end."""
        every = records.alias()
        seq = select(func.max(every.c.seq)).where(every.c.run_id == runs.c.id).scalar_subquery()
        is_last = and_(records.c.run_id == runs.c.id, records.c.seq == seq)
        query = select(records.c.line).select_from(runs.join(records, is_last))
        with self._database.reading() as connection:
            lines = connection.execute(query.where(runs.c.id.in_(tuple(run_ids)))).scalars().all()
        ends = (decode_record(line) for line in lines)
        return {
            each.run: flaws_at_end(each.event) for each in ends if isinstance(each.event, RunEnd)
        }

    def get(self, run_id: RunId) -> RunRow | None:
        """Return the run's row, or None when there is none of this id."""
        found = self._rows(_ROWS.where(runs.c.id == run_id))
        return found[0] if found else None

    def list(self, flow_id: FlowId | None = None, limit: int = 200) -> tuple[RunRow, ...]:
        """List the latest runs, of one flow or of all, the newest first."""
        query = _ROWS if flow_id is None else _ROWS.where(runs.c.flow_id == flow_id)
        return self._rows(query.limit(limit))

    def close_open_runs(self) -> None:
        """Mark what this process leaves without an end as interrupted."""
        self._interrupt((self._presence.mark,))

    def find_interrupted(self) -> None:
        """Mark the runs as interrupted that processes which are gone left without an end."""
        query = select(runs.c.process).where(runs.c.status == "running").distinct()
        with self._database.reading() as connection:
            marks = connection.execute(query).scalars().all()
        gone = tuple(mark for mark in marks if self._is_gone(mark))
        if gone:
            self._interrupt(gone)

    def latest(self, flow_ids: Iterable[FlowId]) -> dict[FlowId, RunRow]:
        """Return the last run of each of these flows that was ever run."""
        other = runs.alias()
        deleted = select(trashed_runs.c.run_id)
        last = select(func.max(other.c.started_at)).where(
            other.c.flow_id == runs.c.flow_id, other.c.id.not_in(deleted)
        )
        of_these = and_(
            runs.c.flow_id.in_(tuple(flow_ids)), runs.c.started_at == last.scalar_subquery()
        )
        return {row.flow_id: row for row in self._rows(_ROWS.where(of_these)) if row.flow_id}

    def _read_trace(self, row: RunRow) -> RunTrace:
        trace = build_trace(self._records(row.id))
        return _broken_off(trace, row) if row.status == "interrupted" else trace

    def _records(self, run_id: RunId) -> tuple[Record, ...]:
        query = select(records.c.line).where(records.c.run_id == run_id).order_by(records.c.seq)
        with self._database.reading() as connection:
            lines = connection.execute(query).scalars().all()
        try:
            return tuple(decode_record(line) for line in lines)
        except RecordFileError as error:
            raise StoreError(f'The run "{run_id}" cannot be read: {error}') from error

    def _rows(self, query: Select[Any]) -> tuple[RunRow, ...]:
        found = self._read_rows(query)
        if all(row.status != "running" for row in found):
            return found
        self.find_interrupted()
        return self._read_rows(query)

    def _read_rows(self, query: Select[Any]) -> tuple[RunRow, ...]:
        with self._database.reading() as connection:
            return tuple(RunRow(*row) for row in connection.execute(query))

    def _is_gone(self, mark: str) -> bool:
        # A shared database also holds runs of other homes; whether those live cannot be seen here.
        judged = self._database.is_file or self._presence.is_known(mark)
        return judged and not self._presence.is_alive(mark)

    def _interrupt(self, marks: Iterable[str]) -> None:
        last_sign = (
            select(func.max(records.c.at)).where(records.c.run_id == runs.c.id).scalar_subquery()
        )
        left = and_(runs.c.status == "running", runs.c.process.in_(tuple(marks)))
        values = {"status": "interrupted", "ended_at": last_sign}
        with self._database.writing() as connection:
            connection.execute(update(runs).where(left).values(values))

    def _append_run(
        self,
        connection: Connection,
        run_id: RunId,
        batch: Sequence[Record],
        *,
        flow_id: FlowId | None,
    ) -> None:
        if isinstance(batch[0].event, RunStarted):
            self._start(connection, batch[0], batch[0].event, flow_id=flow_id)
        last = connection.execute(_LAST_SEQ.where(runs.c.id == run_id)).one_or_none()
        if last is None:
            raise StoreError(f'The run "{run_id}" cannot be kept: its start is missing.')
        new = [record for record in batch if record.seq > (last[0] or 0)]
        if new:
            connection.execute(insert(records), [_row(record) for record in new])
        if new and isinstance(end := new[-1].event, RunEnd):
            values = {"status": _STATUS[type(end)], "ended_at": new[-1].at}
            connection.execute(update(runs).where(runs.c.id == run_id).values(values))

    def _start(
        self,
        connection: Connection,
        first: Record,
        event: RunStarted,
        *,
        flow_id: FlowId | None,
    ) -> None:
        if connection.execute(select(runs.c.id).where(runs.c.id == first.run)).one_or_none():
            return
        row = {
            "id": first.run,
            "flow_id": flow_id,
            "name": str(event.flow.get("name", "")),
            "status": "running",
            "started_at": first.at,
            "ended_at": None,
            "process": self._presence.mark,
        }
        connection.execute(insert(runs).values(row))
        run_facts.put(connection, first.run, event)


_ROWS: Final = (
    select(
        runs.c.id, runs.c.flow_id, runs.c.name, runs.c.status, runs.c.started_at, runs.c.ended_at
    )
    .where(run_trash.is_there())
    .order_by(runs.c.started_at.desc(), runs.c.id)
)

_LAST_SEQ: Final = (
    select(func.max(records.c.seq))
    .select_from(runs.outerjoin(records, records.c.run_id == runs.c.id))
    .group_by(runs.c.id)
)


def _row(record: Record) -> dict[str, object]:
    line = encode_record(record).decode()
    return {"run_id": record.run, "seq": record.seq, "at": record.at, "line": line}


def _broken_off(trace: RunTrace, row: RunRow) -> RunTrace:
    """Give a run whose process is gone the end that nobody could write."""
    at = last_moment(trace) if row.ended_at is None else row.ended_at
    nodes = {key: _stopped(node, at) for key, node in trace.nodes.items()}
    return replace(trace, status="interrupted", ended_at=at, nodes=nodes, error=_GONE)


def _stopped(node: NodeTrace, at: float) -> NodeTrace:
    if node.ended_at is not None:
        return node
    return replace(node, status="cancelled", ended_at=at, reason=_GONE)
