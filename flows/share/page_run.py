"""Page run: what a page knows of a recorded run; times are seconds since its start."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from flows.document.placeholders import as_text
from flows.ids import NodeKey
from flows.share.caveats import INVENTED
from flows.trace.duration import say_stretch
from flows.trace.events import (
    HandedOff,
    NodeRetried,
    Record,
    TextDelta,
    ToolCalled,
    ToolReturned,
)
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.timing import last_moment, measure, shown_chain, worked

_BEAT_S = 0.1
_DIGITS = 4  # as the app's own messages: a time rounded twice otherwise would read otherwise


class WaitData(msgspec.Struct, frozen=True):
    """A failed attempt and the wait after it."""

    at: float
    delay: float
    error: str


class PartData(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened to one node or item; `works` is false for one whose items do the work.

    `status`: as in the trace, or "reused" where the output is that of an earlier run.
    `json`: the output is a list or an object. `pieces`: when which text came. `output` is left
    out where it is what the pieces say. `took`: from when to when it worked, and how long.
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
    took: str = ""


class RunData(msgspec.Struct, frozen=True):
    """A recorded run; `at`: when it began, in seconds since the epoch, None for an invented one.

    `caveat`: what has to stand beside its sums. `critical`, `chain`: none where it was made to go
    one after another, and all waited for all.
    """

    status: str
    at: float | None
    wall: float
    sequential: float
    overlap: float
    critical: float | None
    chain: tuple[str, ...]
    caveat: str
    model: str
    error: str
    errors: Mapping[str, str]
    inputs: Mapping[str, str]
    parts: Mapping[str, PartData]


def tell_run(trace: RunTrace, records: Iterable[Record], *, longest: int, caveat: str) -> RunData:
    """Return what a page shows of a run; no text has more letters than `longest`."""
    start = trace.started_at
    timing = measure(trace)
    works = {node.key for node in worked(trace)}
    pieces, calls = _heard(records, start=start)
    return RunData(
        status=trace.status if trace.ended_at is not None else "interrupted",
        at=None if caveat == INVENTED else round(start, _DIGITS),
        wall=round(max(timing.wall_s, last_moment(trace) - start), _DIGITS),
        sequential=round(timing.sequential_s, _DIGITS),
        overlap=round(timing.overlap, _DIGITS),
        critical=round(timing.critical_path_s, _DIGITS) if trace.measures is None else None,
        chain=shown_chain(trace, timing),
        caveat=caveat,
        model=trace.model,
        error=cut(trace.error, longest),
        errors={key: cut(error, longest) for key, error in trace.errors.items()},
        inputs={key: cut(as_text(value), longest) for key, value in trace.inputs.items()},
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
    output = cut(_written(node), longest)
    spoken = "".join(text for _, text in pieces)
    if len(spoken) > longest:
        pieces, spoken = (), ""
    started, ended = _since(start, node.begun_at), _since(start, node.ended_at)
    return PartData(
        status="reused" if node.reused else node.status,
        queued=None if node.reused else _since(start, node.queued_at),
        started=started,
        ended=ended,
        message=cut(node.message, longest),
        output="" if output == spoken else output,
        json=isinstance(node.output, dict | list),
        error=cut(node.error, longest),
        reason=cut(node.reason or node.warning, longest),
        waits=tuple(
            WaitData(round(each.at - start, _DIGITS), each.delay_s, cut(each.error, longest))
            for each in node.retries
        ),
        tokens=node.usage.total_tokens if node.usage else None,
        model=node.model,
        branches=", ".join(node.branches),
        why=cut(node.why, longest),
        works=works,
        pieces=tuple(pieces),
        calls=tuple((at, cut(text, longest)) for at, text in calls),
        took="" if started is None or ended is None else say_stretch(started, ended),
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


def cut(text: str, longest: int) -> str:
    """Leave out what a text has beyond so many letters, and say so."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest:,} more letters were left out here)"
