"""Outline: what a test compares of an imported flow, without its places and texts."""

from __future__ import annotations

from typing import Any

from flows.document.model import Flow
from flows.share.python_import import import_python


def links(flow: Flow) -> list[str]:
    """Write every edge in one line: `a > b`, `r.yes > a`, `a -tool- b`."""
    return [
        f"{edge.source}{f'.{edge.branch}' if edge.branch else ''} "
        f"{'>' if edge.kind == 'data' else f'-{edge.kind}-'} {edge.target}"
        for edge in flow.edges
    ]


def said(flow: Flow, node: str) -> dict[str, Any]:
    """Return what a node says beyond the defaults."""
    return flow.node(node).model_dump(exclude_defaults=True, exclude={"id", "type", "name"})


def run(flow: Flow) -> dict[str, Any]:
    """Return what the run's policy says beyond the defaults."""
    return flow.run.model_dump(exclude_defaults=True)


def remarks(source: str) -> list[str]:
    """Return what is remarked of a program."""
    return [str(remark) for remark in import_python(source).remarks]
