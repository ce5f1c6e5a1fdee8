"""Page data: what a page knows of its flow and run, as JSON that its script reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from flows.document.files import read_values
from flows.document.model import Flow, Node
from flows.ids import NodeId
from flows.plan.curve import CARD_HEIGHT, CARD_WIDTH
from flows.plan.graph import data_edges, steps_of
from flows.share.look import SIGNS
from flows.share.page_run import RunData, cut, tell_run
from flows.share.picture import (
    DEFAULT_MODEL,
    Band,
    Card,
    Picture,
    picture_of,
)
from flows.share.reading import Passage, passages_of, policy_of
from flows.trace.events import Record, RunStarted
from flows.trace.fold import build_trace


class CardData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A node: what its card shows and what can be read about it."""

    id: str
    type: str
    name: str
    x: float
    y: float
    icon: str = ""
    label: str = ""
    preview: str = ""
    many: bool = False
    passages: tuple[Passage, ...] = ()


class LinkData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link between two cards."""

    source: str
    target: str
    kind: str
    branch: str = ""


class BandData(msgspec.Struct, frozen=True):
    """A stage: its place behind the cards, its head and its nodes."""

    left: float
    top: float
    width: float
    height: float
    head: str
    nodes: tuple[str, ...]


class PageData(msgspec.Struct, frozen=True):
    """Everything a page shows. `ends`: the nodes whose outputs are the result.

    `size`: of a card, across and down; `signs`: type → its sign's lines; `blank`: its contents
    were left out.
    """

    name: str
    description: str
    policy: str
    cards: tuple[CardData, ...]
    links: tuple[LinkData, ...]
    bands: tuple[BandData, ...]
    ends: tuple[str, ...]
    size: tuple[float, float]
    signs: Mapping[str, str]
    blank: bool
    run: RunData | None


def flow_data(flow: Flow, *, longest: int, blank: bool) -> PageData:
    """Return what a page shows of a flow.

    `longest`: how many letters a text has at the most; the rest is left out, and it is said so.
    `blank`: what is shown had its contents left out before.
    """
    return _data(flow, picture_of(flow), longest=longest, blank=blank, run=None)


def run_data(records: Sequence[Record], *, longest: int, blank: bool, caveat: str) -> PageData:
    """Return what a page shows of a run. Raises FlowFileError when its flow is none.

    `caveat`: what has to stand beside its sums.
    """
    trace = build_trace(records)
    flow = read_values(trace.flow)
    run = tell_run(trace, records, longest=longest, caveat=caveat)
    return _data(flow, picture_of(flow), longest=longest, blank=blank, run=run)


def flow_of(records: Iterable[Record]) -> Flow:
    """Return the flow that was run. Raises FlowFileError when it is none."""
    starts = (record.event.flow for record in records if isinstance(record.event, RunStarted))
    return read_values(next(starts, None))


def encode_data(data: PageData) -> str:
    """Write the data as JSON in which no text can end the script element around it."""
    # by way of Python's JSON: half a character in a foreign text must not stop the page
    text = json.dumps(msgspec.to_builtins(data), ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", "replace").decode("utf-8")


def _data(
    flow: Flow, picture: Picture, *, longest: int, blank: bool, run: RunData | None
) -> PageData:
    passages = {node.id: _passages(node, longest) for node in flow.nodes}
    return PageData(
        name=flow.name,
        description=cut(flow.description, longest),
        policy=policy_of(flow),
        cards=tuple(
            CardData(
                id=card.id,
                type=card.type,
                name=card.name,
                x=card.x,
                y=card.y,
                icon=card.icon,
                label=_label(card, run),
                preview=card.preview,
                many=card.many,
                passages=passages[card.id],
            )
            for card in picture.cards
        ),
        links=tuple(
            LinkData(link.source, link.target, link.kind, link.branch or "")
            for link in picture.links
        ),
        bands=tuple(_band(band) for band in picture.bands),
        ends=_ends(flow),
        size=(CARD_WIDTH, CARD_HEIGHT),
        signs=SIGNS,
        blank=blank,
        run=run,
    )


def _label(card: Card, run: RunData | None) -> str:
    """Name the model that answered, where a run tells it."""
    if run is None or card.type != "agent":
        return card.label
    part = run.parts.get(card.id)
    if part is not None and part.model:
        return part.model
    return run.model if run.model and card.label == DEFAULT_MODEL else card.label


def _passages(node: Node, longest: int) -> tuple[Passage, ...]:
    return tuple(
        Passage(each.title, cut(each.text, longest), code=each.code) for each in passages_of(node)
    )


def _band(band: Band) -> BandData:
    box = band.box
    return BandData(box.left, box.top, box.width, box.height, band.head, band.nodes)


def _ends(flow: Flow) -> tuple[NodeId, ...]:
    sources = {edge.source for edge in data_edges(flow)}
    return tuple(node.id for node in steps_of(flow) if node.id not in sources)
