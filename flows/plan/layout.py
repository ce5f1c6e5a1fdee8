"""Layout: where cards stand when nobody placed them: a column for every stage."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flows.document.model import Flow, InputNode, Position
from flows.ids import NodeId
from flows.plan.graph import attached_agents, data_edges, stages_of
from flows.plan.memory import remembered
from flows.plan.sight import in_sight

COLUMN = 320
"""Pixels from one stage's centre to the next."""

ROW = 160
"""Pixels from one card's centre to the next in a stage: stages one under the other stay apart."""


def arrange(flow: Flow) -> dict[NodeId, Position]:
    """Place every node: inputs left, then the stages; attached agents below; few edges cross."""
    columns: list[Sequence[NodeId]] = [
        [node.id for node in flow.nodes if isinstance(node, InputNode)],
        *stages_of(flow),
    ]
    placed: dict[NodeId, Position] = {}
    for number, column in enumerate(columns):
        ordered = _near_parents(flow, column, placed)
        columns[number] = ordered
        placed |= _column(ordered, x=number * COLUMN)
    heights = in_sight(
        flow, columns, {node: at.y for node, at in placed.items()}, step=COLUMN, row=ROW
    )
    placed = {node: Position(x=at.x, y=heights[node]) for node, at in placed.items()}
    return placed | _left_over(flow, placed)


@remembered
def complete_layout(flow: Flow) -> dict[NodeId, Position]:
    """Return the flow's layout, with the nodes that have no place put where `arrange` would."""
    if all(node.id in flow.layout for node in flow.nodes):
        return flow.layout
    return arrange(flow) | flow.layout


def drawn_stages(flow: Flow) -> tuple[tuple[NodeId, ...], ...]:
    """Return the stages as a reader meets them on the drawing: in each from the top down."""
    places = complete_layout(flow)
    return tuple(
        tuple(sorted(stage, key=lambda node: (places[node].y, places[node].x)))
        for stage in stages_of(flow)
    )


def _near_parents(
    flow: Flow, column: Sequence[NodeId], placed: dict[NodeId, Position]
) -> list[NodeId]:
    """Order a column by the mean height of each node's parents (the barycentre heuristic)."""
    heights: dict[NodeId, list[float]] = {node: [] for node in column}
    for edge in data_edges(flow):
        if edge.target in heights and edge.source in placed:
            heights[edge.target].append(placed[edge.source].y)
    return sorted(
        column, key=lambda node: sum(heights[node]) / len(heights[node]) if heights[node] else 0.0
    )


def _column(nodes: Sequence[NodeId], *, x: float) -> dict[NodeId, Position]:
    top = -(len(nodes) - 1) * ROW / 2
    return {node: Position(x=x, y=top + row * ROW) for row, node in enumerate(nodes)}


def _left_over(flow: Flow, placed: dict[NodeId, Position]) -> dict[NodeId, Position]:
    """Put attached agents under those who use them; what lies on a cycle goes in a last row."""
    lowest = max((place.y for place in placed.values()), default=0.0)
    users = {edge.target: edge.source for edge in flow.edges if edge.kind != "data"}
    at = {node: placed[users[node]].x for node in attached_agents(flow) if users[node] in placed}
    left = [node.id for node in flow.nodes if node.id not in placed]
    row: dict[NodeId, Position] = {}
    free = -math.inf
    for node in sorted(left, key=lambda node: at.get(node, 0.0)):
        x = max(at.get(node, 0.0), free)
        row[node] = Position(x=x, y=lowest + ROW * 1.25)
        free = x + COLUMN * 0.75  # a card and a gap
    return row
