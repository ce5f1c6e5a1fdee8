"""Tags: a few words on a flow, to find it by. They belong to a home and not to the flow's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from flows.errors import StoreError
from flows.ids import FlowId
from flows.store import trash
from flows.store.tables import flows, tags

MOST_TAGS: Final = 12
LONGEST_TAG: Final = 40


def put(connection: Connection, flow_id: FlowId, words: Iterable[str]) -> None:
    """Let the flow have these tags and no others. Raises StoreError for too many or a long one."""
    every = sorted({" ".join(word.split()) for word in words} - {""})
    if len(every) > MOST_TAGS or any(len(word) > LONGEST_TAG for word in every):
        raise StoreError(
            f"A flow has at most {MOST_TAGS} tags of at most {LONGEST_TAG} letters. Shorten them."
        )
    connection.execute(delete(tags).where(tags.c.flow_id == flow_id))
    if every:
        connection.execute(insert(tags), [{"flow_id": flow_id, "tag": word} for word in every])


def list_tags(connection: Connection) -> Mapping[FlowId, tuple[str, ...]]:
    """Return the tags of every flow that has some, in alphabetical order."""
    query = (
        select(tags.c.flow_id, tags.c.tag)
        .join(flows, flows.c.id == tags.c.flow_id)
        .where(trash.is_there())
        .order_by(tags.c.tag)
    )
    found: dict[FlowId, tuple[str, ...]] = {}
    for flow_id, tag in connection.execute(query):
        found[flow_id] = (*found.get(flow_id, ()), tag)
    return found
