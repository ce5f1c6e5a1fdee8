"""RunTrash: runs that were deleted and can still be brought back, a press at a time."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    func,
    insert,
    literal,
    select,
    true,
)

from flows.ids import RunId
from flows.store.tables import runs, trashed_runs
from flows.store.trash import KEPT_S


@dataclass(frozen=True, slots=True)
class DeletedRuns:
    """What one press deleted: `count` runs, one of them of the flow `name`.

    `at`: when, seconds since the epoch.
    """

    batch: str
    name: str
    count: int
    at: float


def is_there() -> ColumnElement[bool]:
    """Hold for the runs that are not in the trash."""
    return runs.c.id.not_in(select(trashed_runs.c.run_id))


def put(connection: Connection, ids: Select[Any]) -> DeletedRuns | None:
    """Mark the runs whose ids are selected as deleted; None when there are none."""
    batch = secrets.token_hex(8)
    chosen = ids.subquery()
    rows = select(chosen.c[0], literal(batch), literal(time.time()))
    connection.execute(insert(trashed_runs).from_select(["run_id", "batch", "at"], rows))
    found = _list(connection, trashed_runs.c.batch == batch, limit=1)
    return found[0] if found else None


def take_out(connection: Connection, batch: str) -> bool:
    """Take the marks of one press away; return whether there were any."""
    marks = delete(trashed_runs).where(trashed_runs.c.batch == batch)
    return bool(connection.execute(marks).rowcount)


def take_out_run(connection: Connection, run_id: RunId) -> None:
    """Take the mark of one run away, if it has one."""
    connection.execute(delete(trashed_runs).where(trashed_runs.c.run_id == run_id))


def list_deleted(connection: Connection, *, limit: int) -> tuple[DeletedRuns, ...]:
    """List what can be brought back, the latest deleted first."""
    return _list(connection, true(), limit=limit)


def sweep(connection: Connection, *, now: float) -> None:
    """Take away for good what was deleted long ago."""
    old = select(trashed_runs.c.run_id).where(trashed_runs.c.at < now - KEPT_S)
    connection.execute(delete(runs).where(runs.c.id.in_(old)))


def _list(
    connection: Connection, which: ColumnElement[bool], *, limit: int
) -> tuple[DeletedRuns, ...]:
    at = func.max(trashed_runs.c.at)
    query = (
        select(trashed_runs.c.batch, func.min(runs.c.name), func.count(), at)
        .join(runs, runs.c.id == trashed_runs.c.run_id)
        .where(which)
        .group_by(trashed_runs.c.batch)
        .order_by(at.desc(), trashed_runs.c.batch)
        .limit(limit)
    )
    return tuple(DeletedRuns(*row) for row in connection.execute(query))
