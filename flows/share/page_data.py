"""Page data: what a page knows of its flow and run, as JSON that its script reads.

Times are seconds since the run's start.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from flows.document.files import read_values
from flows.document.model import Flow, Node
from flows.document.placeholders import as_text
from flows.ids import NodeId, NodeKey
from flows.plan.graph import data_edges, steps_of
from flows.share.look import SIGNS
from flows.share.picture import (
    CARD_HEIGHT,
    CARD_WIDTH,
    DEFAULT_MODEL,
    Band,
    Card,
    Picture,
    picture_of,
)
from flows.share.reading import Passage, passages_of, policy_of
from flows.trace.events import (
    HandedOff,
    NodeRetried,
    Record,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolReturned,
)
from flows.trace.fold import NodeTrace, RunTrace, build_trace
from flows.trace.timing import last_moment, measure, worked

_BEAT_S = 0.1
_DIGITS = 3


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


class WaitData(msgspec.Struct, frozen=True):
    """A failed attempt and the wait after it."""

    at: float
    delay: float
    error: str


class PartData(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened to one node or item; `works` is false for one whose items do the work.

    `json`: the output is a list or an object. `pieces`: when which text came. `output` is left
    out where it is what the pieces say.
    """

    status: str
    queued: float | None = None
    started: float | None = None
    ended: float | None = None
    message: str = ""
    output: str = ""
    json: bool = False
    error: str = ""
    reason: str = ""
    waits: tuple[WaitData, ...] = ()
    tokens: int | None = None
    model: str = ""
    branches: str = ""
    why: str = ""
    works: bool = True
    pieces: tuple[tuple[float, str], ...] = ()
    calls: tuple[tuple[float, str], ...] = ()


class RunData(msgspec.Struct, frozen=True):
    """A recorded run; `at`: when it began, in seconds since the epoch."""

    status: str
    at: float
    wall: float
    sequential: float
    overlap: float
    critical: float
    chain: tuple[str, ...]
    model: str
    error: str
    errors: Mapping[str, str]
    inputs: Mapping[str, str]
    parts: Mapping[str, PartData]


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


def run_data(records: Sequence[Record], *, longest: int, blank: bool) -> PageData:
    """Return what a page shows of a run. Raises FlowFileError when its flow is none."""
    trace = build_trace(records)
    flow = read_values(trace.flow)
    run = _run(trace, records, longest=longest)
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
        description=_cut(flow.description, longest),
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
        Passage(each.title, _cut(each.text, longest), code=each.code) for each in passages_of(node)
    )


def _band(band: Band) -> BandData:
    box = band.box
    return BandData(box.left, box.top, box.width, box.height, band.head, band.nodes)


def _ends(flow: Flow) -> tuple[NodeId, ...]:
    sources = {edge.source for edge in data_edges(flow)}
    return tuple(node.id for node in steps_of(flow) if node.id not in sources)


def _run(trace: RunTrace, records: Iterable[Record], *, longest: int) -> RunData:
    start = trace.started_at
    timing = measure(trace)
    works = {node.key for node in worked(trace)}
    pieces, calls = _heard(records, start=start)
    return RunData(
        status=trace.status if trace.ended_at is not None else "interrupted",
        at=round(start, _DIGITS),
        wall=round(max(timing.wall_s, last_moment(trace) - start), _DIGITS),
        sequential=round(timing.sequential_s, _DIGITS),
        overlap=round(timing.overlap, _DIGITS),
        critical=round(timing.critical_path_s, _DIGITS),
        chain=timing.critical_path,
        model=trace.model,
        error=_cut(trace.error, longest),
        errors={key: _cut(error, longest) for key, error in trace.errors.items()},
        inputs={key: _cut(as_text(value), longest) for key, value in trace.inputs.items()},
        parts={
            key: _part(
                node,
                start=start,
                longest=longest,
                works=key in works,
                pieces=pieces.get(key, ()),
                calls=calls.get(key, ()),
            )
            for key, node in trace.nodes.items()
        },
    )


_Said = Sequence[tuple[float, str]]


def _part(
    node: NodeTrace, *, start: float, longest: int, works: bool, pieces: _Said, calls: _Said
) -> PartData:
    output = _cut(_written(node), longest)
    spoken = "".join(text for _, text in pieces)
    if len(spoken) > longest:
        pieces, spoken = (), ""
    return PartData(
        status=node.status,
        queued=_since(start, node.queued_at),
        started=_since(start, node.started_at),
        ended=_since(start, node.ended_at),
        message=_cut(node.message, longest),
        output="" if output == spoken else output,
        json=isinstance(node.output, dict | list),
        error=_cut(node.error, longest),
        reason=_cut(node.reason or node.warning, longest),
        waits=tuple(
            WaitData(round(each.at - start, _DIGITS), each.delay_s, _cut(each.error, longest))
            for each in node.retries
        ),
        tokens=node.usage.total_tokens if node.usage else None,
        model=node.model,
        branches=", ".join(node.branches),
        why=_cut(node.why, longest),
        works=works,
        pieces=tuple(pieces),
        calls=tuple((at, _cut(text, longest)) for at, text in calls),
    )


def _written(node: NodeTrace) -> str:
    if node.output is None or isinstance(node.output, str):
        return node.output or ""
    return json.dumps(node.output, ensure_ascii=False, indent=2)


def _heard(
    records: Iterable[Record], *, start: float
) -> tuple[dict[NodeKey, list[tuple[float, str]]], dict[NodeKey, list[tuple[float, str]]]]:
    """Gather what models wrote, a piece a beat, and what agents called; a retry begins anew."""
    pieces: dict[NodeKey, list[tuple[float, str]]] = {}
    calls: dict[NodeKey, list[tuple[float, str]]] = {}
    for record in records:
        at = round(record.at - start, _DIGITS)
        match record.event:
            case TextDelta(node=node, text=text):
                _append(pieces.setdefault(node, []), at, text)
            case NodeRetried(node=node):
                pieces.pop(node, None)
            case ToolCalled(node=node, tool=tool, arguments=arguments):
                calls.setdefault(node, []).append((at, f"calls {tool} {arguments}".strip()))
            case ToolReturned(node=node, output=output):
                calls.setdefault(node, []).append((at, f"gets {output}"))
            case HandedOff(node=node, source=source, target=target):
                calls.setdefault(node, []).append((at, f"{source} hands off to {target}"))
            case _:
                pass
    return pieces, calls


def _append(pieces: list[tuple[float, str]], at: float, text: str) -> None:
    if pieces and at - pieces[-1][0] < _BEAT_S:
        pieces[-1] = (pieces[-1][0], pieces[-1][1] + text)
    else:
        pieces.append((at, text))


def _since(start: float, at: float | None) -> float | None:
    return None if at is None else round(at - start, _DIGITS)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest:,} more letters were left out here)"
