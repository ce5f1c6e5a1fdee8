"""Points: states of a flow that are kept by name and by time, so that it can go back to them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, func, insert, select

from flows.errors import StoreError
from flows.ids import FlowId
from flows.store.tables import points

EVERY_S: Final = 600.0
"""How long a flow is edited before a state of it is kept again by itself, in seconds."""

MOST_BY_ITSELF: Final = 50
"""How many states of a flow are kept that nobody named; the oldest go first."""

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class RestorePoint:
    """A state that was kept; `at`: when, seconds since the epoch. `by_hand`: somebody named it."""

    number: int
    name: str
    at: float
    by_hand: bool


def keep(connection: Connection, row: Row[Any], *, name: str) -> None:
    """Keep the flow as it stands under this name. Raises StoreError for none or a long one."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise StoreError(
            f"Give the state a name of 1 to {LONGEST_NAME} letters, so that you find it again."
        )
    _add(connection, row, name=name.strip(), by_hand=True)


def keep_by_itself(connection: Connection, row: Row[Any], *, name: str) -> None:
    """Keep the flow as it stands, where that is not what was kept last; drop the oldest."""
    last = _last(connection, row.id)
    if last is not None and last.document == row.document:
        return
    number = _add(connection, row, name=name, by_hand=False)
    query = (
        select(points.c.number)
        .where(and_(points.c.flow_id == row.id, points.c.by_hand.is_(False)))
        .order_by(points.c.number.desc())
        .offset(MOST_BY_ITSELF)
        .limit(1)
    )
    oldest = connection.execute(query).scalar() if number > MOST_BY_ITSELF else None
    if oldest is not None:
        passed = and_(points.c.number <= oldest, points.c.by_hand.is_(False))
        connection.execute(delete(points).where(and_(points.c.flow_id == row.id, passed)))


def keep_now_and_then(connection: Connection, row: Row[Any]) -> None:
    """Keep the flow as it stands before an edit, when nothing was kept for a while."""
    last = _last(connection, row.id)
    if last is None or time.time() - last.at >= EVERY_S:
        keep_by_itself(connection, row, name="")


def document_of(connection: Connection, flow_id: FlowId, number: int) -> str:
    """Return the document that was kept. Raises StoreError when it is no longer there."""
    there = and_(points.c.flow_id == flow_id, points.c.number == number)
    document = connection.execute(select(points.c.document).where(there)).scalar()
    if document is None:
        raise StoreError("This restore point is no longer kept. Choose another one.")
    return str(document)


def list_points(connection: Connection, flow_id: FlowId) -> tuple[RestorePoint, ...]:
    """List what is kept of the flow, the latest first."""
    columns = (points.c.number, points.c.name, points.c.at, points.c.by_hand)
    query = select(*columns).where(points.c.flow_id == flow_id).order_by(points.c.number.desc())
    return tuple(RestorePoint(*row) for row in connection.execute(query))


def _last(connection: Connection, flow_id: FlowId) -> Row[Any] | None:
    query = select(points).where(points.c.flow_id == flow_id).order_by(points.c.number.desc())
    return connection.execute(query.limit(1)).one_or_none()


def _add(connection: Connection, row: Row[Any], *, name: str, by_hand: bool) -> int:
    highest = select(func.max(points.c.number)).where(points.c.flow_id == row.id)
    number = int(connection.execute(highest).scalar() or 0) + 1
    values = {
        "flow_id": row.id,
        "number": number,
        "name": name,
        "at": time.time(),
        "by_hand": by_hand,
        "document": row.document,
    }
    connection.execute(insert(points).values(values))
    return number
