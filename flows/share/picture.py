"""Picture: what is drawn of a flow: cards, links, and bands for the stages, all in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, assert_never

from flows.document.edits import edge_key
from flows.document.model import (
    AgentNode,
    ApprovalNode,
    Edge,
    Flow,
    InputNode,
    JoinNode,
    Node,
    Note,
    RouterNode,
)
from flows.ids import NodeId
from flows.plan.curve import CARD_HEIGHT, CARD_WIDTH
from flows.plan.graph import stages_of
from flows.plan.heads import stage_heads
from flows.plan.layout import complete_layout, drawn_stages

NOTE_WIDTH = 220

DEFAULT_MODEL = "Default model"
"""Stands for the model of an agent that names none."""

_SIDE, _ABOVE, _BELOW = 34, 46, 24
_MARGIN = 28
_LONGEST_PREVIEW = 160


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How far it reaches across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How far it reaches down."""
        return self.bottom - self.top

    def widened(self, *, across: float, above: float, below: float) -> Box:
        """Return the rectangle with room around it."""
        return Box(self.left - across, self.top - above, self.right + across, self.bottom + below)


@dataclass(frozen=True, slots=True)
class Card:
    """A node as it is drawn: `label` under its name, `preview` in its last line; x, y its centre.

    `many`: it is run once for every item of a list.
    """

    id: NodeId
    type: Literal["input", "agent", "router", "join", "approval"]
    name: str
    icon: str
    label: str
    preview: str
    x: float
    y: float
    many: bool

    @property
    def box(self) -> Box:
        """The card's outline."""
        across, down = CARD_WIDTH / 2, CARD_HEIGHT / 2
        return Box(self.x - across, self.y - down, self.x + across, self.y + down)


@dataclass(frozen=True, slots=True)
class Band:
    """A stage: where it lies behind its cards, and its head."""

    box: Box
    head: str
    nodes: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A flow as it is drawn. `links` are those between cards that are there; `box` holds all."""

    name: str
    cards: tuple[Card, ...]
    links: tuple[Edge, ...]
    bands: tuple[Band, ...]
    notes: tuple[Note, ...]
    box: Box


def picture_of(flow: Flow) -> Picture:
    """Place everything that is drawn of a flow, also of one full of mistakes."""
    layout = complete_layout(flow)
    nodes = {node.id: node for node in flow.nodes}.values()
    cards = {node.id: _card(node, x=layout[node.id].x, y=layout[node.id].y) for node in nodes}
    bands = _bands(flow, cards)
    notes = [Box(note.x, note.y, note.x + NOTE_WIDTH, note.y + CARD_HEIGHT) for note in flow.notes]
    drawn = [*(card.box for card in cards.values()), *(band.box for band in bands), *notes]
    return Picture(
        name=flow.name,
        cards=tuple(cards.values()),
        links=tuple(
            edge
            for edge in {edge_key(edge): edge for edge in flow.edges}.values()
            if edge.source in cards and edge.target in cards and edge.source != edge.target
        ),
        bands=bands,
        notes=flow.notes,
        box=_around(drawn).widened(across=_MARGIN, above=_MARGIN, below=_MARGIN),
    )


def _card(node: Node, *, x: float, y: float) -> Card:
    label, preview = said_of(node)
    return Card(
        id=node.id,
        type=node.type,
        name=node.name,
        icon=node.icon or "",
        label=label,
        preview=" ".join(preview[: 4 * _LONGEST_PREVIEW].split())[:_LONGEST_PREVIEW],
        x=x,
        y=y,
        many=isinstance(node, AgentNode) and node.for_each is not None,
    )


def said_of(node: Node) -> tuple[str, str]:
    """Return what stands under a node's name, and what it does in its own words."""
    match node:
        case InputNode():
            return "Input", node.example or node.description
        case AgentNode():
            return node.model or DEFAULT_MODEL, node.instructions or node.prompt
        case RouterNode():
            return "Router", node.ask if node.ask is not None else _branches(node)
        case JoinNode():
            return "Join", node.prompt
        case ApprovalNode():
            return "Approval", node.prompt
        case _:
            assert_never(node)


def _branches(node: RouterNode) -> str:
    branches = [*(rule.branch for rule in node.rules), node.otherwise or ""]
    return " · ".join(dict.fromkeys(branch for branch in branches if branch))


def _bands(flow: Flow, cards: dict[NodeId, Card]) -> tuple[Band, ...]:
    """Lay the stages out: columns of one height where they stand side by side, else each alone."""
    stages = stages_of(flow)
    boxes = [_around([cards[node].box for node in stage]) for stage in stages]
    heads = stage_heads(flow, stages)
    return tuple(
        Band(box.widened(across=_SIDE, above=_ABOVE, below=_BELOW), head, stage)
        for box, head, stage in zip(_aligned(boxes), heads, drawn_stages(flow), strict=True)
    )


def _aligned(boxes: Sequence[Box]) -> Sequence[Box]:
    if not boxes:
        return boxes
    whole = _around(boxes)
    columns = [Box(box.left, whole.top, box.right, whole.bottom) for box in boxes]
    # neighbours are enough where stages run from left to right, as they nearly always do
    in_order = sorted(columns, key=lambda box: box.left)
    crossing = any(one.right > other.left for one, other in pairwise(in_order))
    return boxes if crossing else columns


def _around(boxes: Iterable[Box]) -> Box:
    """Return the smallest rectangle around them all; a card's room where there is none."""
    drawn = list(boxes)
    if not drawn:
        return Box(0, 0, CARD_WIDTH, CARD_HEIGHT)
    return Box(
        min(box.left for box in drawn),
        min(box.top for box in drawn),
        max(box.right for box in drawn),
        max(box.bottom for box in drawn),
    )
