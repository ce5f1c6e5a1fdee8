"""LaneRoom: how many lanes a past run has, so that its page gives them room."""

from __future__ import annotations

from typing import Final

from flows.document.model import Flow
from flows.ids import NodeId, NodeKey
from flows.plan.graph import stages_of
from flows.trace.fold import RunTrace

_FEW_ITEMS: Final = 12
"""So few items are unfolded from the start, as `chart.js` does."""


def room_style(flow: Flow, trace: RunTrace) -> str:
    """Return the CSS that tells the page how many lanes there are, for `runs.css` to fit them."""
    stages = stages_of(flow)
    counts = (_items(trace, node) + 1 for stage in stages for node in stage)
    return f":root {{ --run-lanes: {sum(counts)}; --run-stages: {len(stages)}; }}"


def _items(trace: RunTrace, node: NodeId) -> int:
    told = trace.nodes.get(NodeKey(node))
    items = told.items if told else None
    return items if items is not None and items <= _FEW_ITEMS else 0
