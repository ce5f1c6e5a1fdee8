"""Acks: which edits of a browser tab have been taken, so that none is done twice."""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from flows.ids import FlowId
from flows.store.tables import acks

_FORGOTTEN_AFTER_S: Final = 7 * 24 * 3600.0


def last_seq(connection: Connection, flow_id: FlowId, client: str) -> int:
    """Return the number of the last edit taken from the tab, 0 for none."""
    query = select(acks.c.seq).where(_of(flow_id, client))
    return connection.execute(query).scalar() or 0


def take(connection: Connection, flow_id: FlowId, *, client: str, seq: int) -> bool:
    """Note the edit as taken; say whether it is new. Edits without a tab or number always are."""
    if not client or seq < 1:
        return True
    if seq <= last_seq(connection, flow_id, client):
        return False
    now = time.time()
    noted = update(acks).where(_of(flow_id, client)).values(seq=seq, seen_at=now)
    if connection.execute(noted).rowcount == 0:
        first = {"flow_id": flow_id, "client": client, "seq": seq, "seen_at": now}
        connection.execute(insert(acks).values(first))
        old = and_(acks.c.flow_id == flow_id, acks.c.seen_at < now - _FORGOTTEN_AFTER_S)
        connection.execute(delete(acks).where(old))
    return True


def _of(flow_id: FlowId, client: str) -> ColumnElement[bool]:
    return and_(acks.c.flow_id == flow_id, acks.c.client == client)
