"""Past: the other states of a flow, those to go back to and those that were undone."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, func, insert, select

from flows.ids import FlowId
from flows.store.tables import steps

MOST_STEPS: Final = 50
"""How many changes of a flow can be undone."""


def push(connection: Connection, row: Row[Any]) -> int:
    """Keep the flow's present document as its past, drop what was undone, return the next step."""
    here = row.step
    passed = (steps.c.step >= here) | (steps.c.step <= here - MOST_STEPS)
    connection.execute(delete(steps).where(and_(steps.c.flow_id == row.id, passed)))
    _keep(connection, row)
    return int(here) + 1


def move(connection: Connection, row: Row[Any], *, to: int) -> str | None:
    """Take the document of a neighbouring step out and keep the present one in its place.

    Returns None, and changes nothing, when there is no such step.
    """
    there = and_(steps.c.flow_id == row.id, steps.c.step == to)
    document = connection.execute(select(steps.c.document).where(there)).scalar()
    if document is None:
        return None
    connection.execute(delete(steps).where(there))
    _keep(connection, row)
    return str(document)


def reach(connection: Connection, flow_id: FlowId, step: int) -> tuple[bool, bool]:
    """Say whether the flow at this step can be undone, and redone."""
    ends = select(func.min(steps.c.step), func.max(steps.c.step))
    first, last = connection.execute(ends.where(steps.c.flow_id == flow_id)).one()
    return (first is not None and first < step, last is not None and last > step)


def _keep(connection: Connection, row: Row[Any]) -> None:
    values = {"flow_id": row.id, "step": row.step, "document": row.document}
    connection.execute(insert(steps).values(values))
