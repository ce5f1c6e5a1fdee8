"""Shape: a flow drawn in one line, for the arrange part of a test."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flows.document.files import read_values
from flows.document.model import Flow


def shape(drawing: str, *, run: dict[str, Any] | None = None, **fields: dict[str, Any]) -> Flow:
    """Read `in > a b > out; in > out`: groups of ids, each linked to all of the next.

    Ids that begin with `in` are inputs, the others agents; `fields` adds to a node by its id, a
    `type` among them. Names are the ids. `r.yes > a` is the branch "yes" of a router.
    """
    ids: dict[str, None] = {}
    edges: dict[tuple[str, str], None] = {}
    for chain in drawing.split(";"):
        groups = [group.split() for group in chain.split(">")]
        ids |= {node.partition(".")[0]: None for group in groups for node in group}
        for sources, targets in pairwise(groups):
            edges |= {(source, target): None for source in sources for target in targets}
    return read_values(
        {
            "fanfold": 1,
            "name": "shape",
            "nodes": [_node(node, fields.get(node, {})) for node in ids],
            "edges": [_edge(source, target) for source, target in edges],
            "run": run or {},
        }
    )


def _edge(source: str, target: str) -> dict[str, Any]:
    node, _, branch = source.partition(".")
    return {"source": node, "target": target} | ({"branch": branch} if branch else {})


def _node(node_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    kind = "input" if node_id.startswith("in") else "agent"
    return {"id": node_id, "type": kind, "name": node_id, **fields}
