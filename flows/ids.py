"""Ids: how nodes, flows and runs are named."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Container
from typing import NewType

NodeId = NewType("NodeId", str)
"""A node's id inside one flow; matches `NODE_ID_PATTERN`."""

NodeKey = NewType("NodeKey", str)
"""One piece of work of a run: a node's id, or `node[i]` for item i of its `for_each`."""

FlowId = NewType("FlowId", str)
"""A flow's id in the library. Belongs to the store, never to the file."""

RunId = NewType("RunId", str)
"""The id of one execution of a plan; safe in URLs and file names."""

NODE_ID_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
_LONGEST = 64


def new_flow_id() -> FlowId:
    """Make an unguessable flow id of 16 characters."""
    return FlowId(secrets.token_hex(8))


def new_run_id() -> RunId:
    """Make an unguessable run id of 16 characters."""
    return RunId(secrets.token_hex(8))


def node_id_from_name(name: str, *, taken: Container[str]) -> NodeId:
    """Make a free node id that reads like the name: `Legal review` becomes `legal_review`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not stem or not stem[0].isalpha():
        stem = f"node_{stem}".rstrip("_")
    stem = stem[: _LONGEST - 5].rstrip("_")
    return free_node_id(stem, taken=taken)


def free_node_id(stem: str, *, taken: Container[str]) -> NodeId:
    """Return the stem if it is free, else the first free of `stem_2`, `stem_3` and so on."""
    number, candidate = 1, stem
    while candidate in taken:
        number += 1
        candidate = f"{stem[: _LONGEST - len(str(number)) - 1]}_{number}"
    return NodeId(candidate)


def item_key(node: NodeId, index: int) -> NodeKey:
    """Name item `index` (from 0) of a `for_each` node."""
    return NodeKey(f"{node}[{index}]")


def node_of(key: NodeKey) -> NodeId:
    """Return the node a key belongs to: `node[3]` → `node`."""
    return NodeId(key.partition("[")[0])


def item_index(key: NodeKey) -> int | None:
    """Return which item of its node a key is, from 0; None for a node's own key."""
    digits = key.partition("[")[2].rstrip("]")
    return int(digits) if digits.isdecimal() else None
