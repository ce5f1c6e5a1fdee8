"""Trash: flows that were deleted and can still be brought back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from flows.ids import FlowId
from flows.store.tables import flows, trashed

KEPT_S: Final = 30 * 24 * 3600.0
"""How long a deleted flow can be brought back, in seconds."""


@dataclass(frozen=True, slots=True)
class DeletedFlow:
    """A flow in the trash; `at`: when it was deleted, seconds since the epoch."""

    id: FlowId
    name: str
    at: float


def is_there() -> ColumnElement[bool]:
    """Hold for the flows that are not in the trash."""
    return flows.c.id.not_in(select(trashed.c.flow_id))


def put(connection: Connection, flow_id: FlowId) -> None:
    """Mark the flow as deleted; all that belongs to it stays."""
    connection.execute(insert(trashed).values(flow_id=flow_id, at=time.time()))


def take_out(connection: Connection, flow_id: FlowId) -> bool:
    """Take the mark away; return whether there was one."""
    return bool(connection.execute(delete(trashed).where(trashed.c.flow_id == flow_id)).rowcount)


def list_deleted(connection: Connection, *, limit: int) -> tuple[DeletedFlow, ...]:
    """List what can be brought back, the latest deleted first."""
    query = (
        select(flows.c.id, flows.c.name, trashed.c.at)
        .join(trashed, trashed.c.flow_id == flows.c.id)
        .order_by(trashed.c.at.desc(), flows.c.id)
        .limit(limit)
    )
    return tuple(DeletedFlow(*row) for row in connection.execute(query))


def sweep(connection: Connection, *, now: float) -> None:
    """Take away for good what was deleted long ago."""
    old = select(trashed.c.flow_id).where(trashed.c.at < now - KEPT_S)
    connection.execute(delete(flows).where(flows.c.id.in_(old)))
