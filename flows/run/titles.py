"""Titles: what the items of a `for_each` are, those that still wait among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.document.files import read_values
from flows.document.model import AgentNode, Flow
from flows.document.placeholders import Values, as_text, sole_placeholder
from flows.errors import FlowFileError, NodeError
from flows.ids import NodeId, NodeKey
from flows.run.items import items_of
from flows.trace.events import Json
from flows.trace.fold import RunTrace

LONGEST_TITLE: Final = 400
"""How many characters of an item are told, where there are few."""

MOST_CHARACTERS: Final = 80_000
"""As many are told of all items together."""


def titles_of(trace: RunTrace, key: NodeKey) -> tuple[str, ...]:
    """Return the beginnings of the items of a `for_each` that has begun; none of another node."""
    node = trace.nodes.get(key)
    if node is None or not node.items:
        return ()
    try:
        items = _items(read_values(trace.flow), NodeId(key), trace)
    except (FlowFileError, NodeError):  # a file from elsewhere; its items are numbered all the same
        return ()
    longest = min(LONGEST_TITLE, MOST_CHARACTERS // max(len(items), 1))
    return tuple(as_text(each)[:longest] for each in items)


def _items(flow: Flow, node_id: NodeId, trace: RunTrace) -> Sequence[Json]:
    node = next((each for each in flow.nodes if each.id == node_id), None)
    if not isinstance(node, AgentNode) or node.for_each is None:
        return ()
    source = node.for_each.items
    if isinstance(source, str) and sole_placeholder(source) is None:
        return ()  # a text written around placeholders may be longer than the whole file
    inputs = {NodeId(each): value for each, value in trace.inputs.items()}
    outputs = {NodeId(each): told.output for each, told in trace.nodes.items() if "[" not in each}
    return items_of(node, node.for_each, Values(inputs=inputs, outputs=outputs))
