"""Library: the flows that are kept, each with its revision, its past and its draft."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from flows.document.files import pack_flow, read_flow, write_flow
from flows.document.model import Flow
from flows.errors import EditRefused, FlowFileError, StoreError
from flows.ids import FlowId, NodeId, new_flow_id
from flows.store import acks, past, points, tags, trash
from flows.store.database import Database
from flows.store.points import RestorePoint
from flows.store.tables import flows
from flows.store.trash import DeletedFlow


@dataclass(frozen=True)
class StoredFlow:
    """A flow as the library has it. `rev` rises with all that is done to it; `updated_at`: epoch s.

    `selection` and `inputs` are the draft: what is selected, what was last typed to run it.
    """

    id: FlowId
    rev: int
    flow: Flow
    can_undo: bool
    can_redo: bool
    updated_at: float
    selection: tuple[NodeId, ...] = ()
    inputs: Mapping[NodeId, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FlowRow:
    """One line of the list of flows."""

    id: FlowId
    name: str
    rev: int
    updated_at: float


_COLUMNS = (flows.c.id, flows.c.name, flows.c.rev, flows.c.updated_at)


class Library:
    """The flows of a database. Every call is one transaction and may come from any thread.

    `client` and `seq` name an edit by the browser tab it comes from and its number there: one
    already taken changes nothing. Calls about a flow that is not there raise StoreError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, flow: Flow) -> StoredFlow:
        """Keep a new flow under a new id. Raises EditRefused when it cannot be kept."""
        flow_id, now = new_flow_id(), time.time()
        row = {
            "id": flow_id,
            "rev": 1,
            "name": flow.name,
            "document": _document_of(flow),
            "step": 0,
            "selection": "[]",
            "inputs": "{}",
            "updated_at": now,
        }
        with self._database.writing() as connection:
            connection.execute(insert(flows).values(row))
        return StoredFlow(flow_id, 1, flow, can_undo=False, can_redo=False, updated_at=now)

    def get(self, flow_id: FlowId) -> StoredFlow | None:
        """Return the flow, or None when there is none of this id."""
        with self._database.reading() as connection:
            row = connection.execute(select(flows).where(_is(flow_id))).one_or_none()
            return None if row is None else _stored(connection, row)

    def list(self, *, limit: int | None = None) -> tuple[FlowRow, ...]:
        """List the flows, the latest changed first."""
        query = select(*_COLUMNS).where(trash.is_there())
        query = query.order_by(flows.c.updated_at.desc(), flows.c.id).limit(limit)
        with self._database.reading() as connection:
            return tuple(FlowRow(*row) for row in connection.execute(query))

    def same_as(self, flow: Flow) -> FlowRow | None:
        """Return a flow that is this one to the letter, None when there is none."""
        query = select(*_COLUMNS).where(and_(flows.c.document == pack_flow(flow), trash.is_there()))
        query = query.order_by(flows.c.updated_at.desc()).limit(1)
        with self._database.reading() as connection:
            return next((FlowRow(*row) for row in connection.execute(query)), None)

    def documents(self) -> tuple[tuple[str, str], ...]:
        """Return the name and the file's text of every flow; one that is broken as it is kept."""
        query = select(flows.c.name, flows.c.document).where(trash.is_there()).order_by(flows.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple((row.name, _file_of(row.document)) for row in rows)

    def delete(self, flow_id: FlowId) -> None:
        """Put the flow into the trash, with its past: for all it is gone; its runs stay."""
        with self._database.writing() as connection:
            if connection.execute(select(flows.c.id).where(_is(flow_id))).first():
                trash.put(connection, flow_id)

    def bring_back(self, flow_id: FlowId) -> None:
        """Take the flow out of the trash as it was. Raises StoreError when it is not there."""
        with self._database.writing() as connection:
            if not trash.take_out(connection, flow_id):
                raise StoreError("This flow is no longer among the deleted ones.")

    def deleted(self, *, limit: int) -> tuple[DeletedFlow, ...]:
        """List the flows in the trash, the latest deleted first."""
        with self._database.reading() as connection:
            return trash.list_deleted(connection, limit=limit)

    def sweep(self) -> None:
        """Take away for good what has been in the trash for long; its runs stay."""
        with self._database.writing() as connection:
            trash.sweep(connection, now=time.time())

    def tags(self) -> Mapping[FlowId, tuple[str, ...]]:
        """Return the tags of every flow that has some."""
        with self._database.reading() as connection:
            return tags.list_tags(connection)

    def set_tags(self, flow_id: FlowId, words: Iterable[str]) -> None:
        """Let the flow have these tags and no others. Raises StoreError for what are none."""
        with self._database.writing() as connection:
            _locked(connection, flow_id)
            tags.put(connection, flow_id, words)

    def change(
        self,
        flow_id: FlowId,
        change: Callable[[Flow], Flow],
        *,
        client: str = "",
        seq: int = 0,
    ) -> StoredFlow:
        """Keep what `change` makes of the flow as one step to undo.

        Raises what `change` raises, and EditRefused when its result is no flow that can be kept.
        """

        def step(connection: Connection, row: Row[Any]) -> dict[str, Any]:
            old = _flow_of(row)
            new = change(old)
            if new == old:
                return {}
            kept = _kept(new)
            points.keep_now_and_then(connection, row)
            return kept | {"step": past.push(connection, row)}

        return self._do(flow_id, step, client=client, seq=seq)

    def undo(self, flow_id: FlowId, *, client: str = "", seq: int = 0) -> StoredFlow:
        """Go back by one change; with none left the flow stays."""
        return self._move(flow_id, -1, client=client, seq=seq)

    def redo(self, flow_id: FlowId, *, client: str = "", seq: int = 0) -> StoredFlow:
        """Do the change again that was undone last; with none left the flow stays."""
        return self._move(flow_id, +1, client=client, seq=seq)

    def points(self, flow_id: FlowId) -> tuple[RestorePoint, ...]:
        """List the states of the flow that are kept to go back to, the latest first."""
        with self._database.reading() as connection:
            return points.list_points(connection, flow_id)

    def keep_point(self, flow_id: FlowId, name: str) -> None:
        """Keep the flow as it stands under a name. Raises StoreError for a name that is none."""
        with self._database.writing() as connection:
            points.keep(connection, _locked(connection, flow_id), name=name)

    def go_back(
        self, flow_id: FlowId, number: int, *, client: str = "", seq: int = 0
    ) -> StoredFlow:
        """Go back to what was kept, as one step to undo; what stands now is kept before.

        Raises StoreError when the restore point is no longer there.
        """

        def step(connection: Connection, row: Row[Any]) -> dict[str, Any]:
            document = points.document_of(connection, flow_id, number)
            if document == row.document:
                return {}
            kept = _kept(_read(document, flow_id=flow_id))
            points.keep_by_itself(connection, row, name="Before going back")
            return kept | {"step": past.push(connection, row)}

        return self._do(flow_id, step, client=client, seq=seq)

    def bump(self, flow_id: FlowId, *, client: str = "", seq: int = 0) -> StoredFlow:
        """Raise the revision alone, so that a browser takes back an edit that was refused."""
        return self._do(flow_id, lambda _connection, _row: {}, client=client, seq=seq)

    def acked(self, flow_id: FlowId, client: str) -> int:
        """Return the number of the last edit taken from a browser tab, 0 for none."""
        with self._database.reading() as connection:
            return acks.last_seq(connection, flow_id, client)

    def select(self, flow_id: FlowId, ids: Iterable[NodeId]) -> None:
        """Keep what is selected; the revision stays."""
        self._note(flow_id, selection=json.dumps(list(ids)))

    def set_inputs(self, flow_id: FlowId, inputs: Mapping[NodeId, str]) -> None:
        """Keep what was last typed to run the flow; the revision stays."""
        self._note(flow_id, inputs=json.dumps(dict(inputs), ensure_ascii=False))

    def _move(self, flow_id: FlowId, by: int, *, client: str, seq: int) -> StoredFlow:
        def step(connection: Connection, row: Row[Any]) -> dict[str, Any]:
            document = past.move(connection, row, to=row.step + by)
            if document is None:
                return {}
            name = _read(document, flow_id=row.id).name
            values = {"document": document, "name": name, "step": row.step + by}
            return values | {"updated_at": time.time()}

        return self._do(flow_id, step, client=client, seq=seq)

    def _do(
        self,
        flow_id: FlowId,
        step: Callable[[Connection, Row[Any]], dict[str, Any]],
        *,
        client: str,
        seq: int,
    ) -> StoredFlow:
        with self._database.writing() as connection:
            row = _locked(connection, flow_id)
            if acks.take(connection, flow_id, client=client, seq=seq):
                values = step(connection, row) | {"rev": row.rev + 1}
                connection.execute(update(flows).where(flows.c.id == flow_id).values(values))
                row = _locked(connection, flow_id)
            return _stored(connection, row)

    def _note(self, flow_id: FlowId, **values: str) -> None:
        with self._database.writing() as connection:
            _locked(connection, flow_id)
            connection.execute(update(flows).where(flows.c.id == flow_id).values(values))


def _is(flow_id: FlowId) -> ColumnElement[bool]:
    return and_(flows.c.id == flow_id, trash.is_there())


def _locked(connection: Connection, flow_id: FlowId) -> Row[Any]:
    query = select(flows).where(_is(flow_id)).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StoreError(
            f'There is no flow "{flow_id}" in the library. It may have been deleted in another tab.'
        )
    return row


def _stored(connection: Connection, row: Row[Any]) -> StoredFlow:
    can_undo, can_redo = past.reach(connection, row.id, row.step)
    return StoredFlow(
        id=row.id,
        rev=row.rev,
        flow=_flow_of(row),
        can_undo=can_undo,
        can_redo=can_redo,
        updated_at=row.updated_at,
        selection=tuple(json.loads(row.selection)),
        inputs=json.loads(row.inputs),
    )


def _flow_of(row: Row[Any]) -> Flow:
    return _read(row.document, flow_id=row.id)


def _file_of(document: str) -> str:
    try:
        return write_flow(_parse(document))
    except FlowFileError:
        return document


@lru_cache(maxsize=8)
def _parse(document: str) -> Flow:
    """Read a document; a page asks for the same one many times between two edits."""
    return read_flow(document)


def _read(document: str, *, flow_id: FlowId) -> Flow:
    try:
        return _parse(document)
    except FlowFileError as error:
        raise StoreError(f'The flow "{flow_id}" in the library cannot be read: {error}') from error


def _kept(flow: Flow) -> dict[str, Any]:
    return {"document": _document_of(flow), "name": flow.name, "updated_at": time.time()}


def _document_of(flow: Flow) -> str:
    """Write the flow, and read it once: what could not be opened again is not kept."""
    document = pack_flow(flow)
    try:
        _parse(document)
    except FlowFileError as error:
        raise EditRefused(f"The flow cannot be kept so: {error}") from error
    return document
