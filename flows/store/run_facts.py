"""RunFacts in their table: what the runs of a home are told apart and found by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select

from flows.errors import RecordFileError
from flows.ids import RunId
from flows.store.tables import facts, records, runs
from flows.trace.events import RunStarted, decode_record
from flows.trace.facts import facts_of

_AT_ONCE: Final = 200


def put(connection: Connection, run_id: RunId, start: RunStarted) -> None:
    """Keep the facts of a new run."""
    connection.execute(insert(facts).values(_row(run_id, start)))


def fill(connection: Connection) -> None:
    """Write the facts of every run anew: an older Fanfold had none, or wrote them otherwise."""
    connection.execute(delete(facts))
    ids = connection.execute(select(runs.c.id)).scalars().all()
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        first = and_(records.c.run_id.in_(some), records.c.seq == 1)
        lines = connection.execute(select(records.c.line).where(first)).scalars().all()
        if rows := [row for line in lines for row in _read(line)]:
            connection.execute(insert(facts), rows)


def _read(line: str) -> Iterator[dict[str, Any]]:
    """Read a run's first record; one that cannot be read keeps no home from opening."""
    try:
        record = decode_record(line)
    except RecordFileError:
        return
    if isinstance(record.event, RunStarted):
        yield _row(record.run, record.event)


def _row(run_id: RunId, start: RunStarted) -> dict[str, Any]:
    told = facts_of(start)
    return {
        "run_id": run_id,
        "input": told.input,
        "model": told.model,
        "settings": told.settings,
        "said": told.said,
    }
