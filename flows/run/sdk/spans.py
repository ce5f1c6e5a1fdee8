"""Span: what the SDK tells of the steps inside a node's work, through its own TracingProcessor.

A node that asks its model once has one agent span and one model span, which say what its own times
say already: they are kept back until there is more to tell of the node. What went in and came out
stands in the records already, and is not read here.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from agents import (
    AgentSpanData,
    FunctionSpanData,
    GenerationSpanData,
    GuardrailSpanData,
    HandoffSpanData,
    ResponseSpanData,
    Span,
    Trace,
    TracingProcessor,
    add_trace_processor,
    set_trace_processors,
)

from flows.ids import NodeKey
from flows.run.executor import Emit
from flows.trace.events import SpanEnded, Usage

MOST_SPANS: Final = 200
"""So many are told of one node at the most: an agent may call its tools for long."""

LONGEST_NAME: Final = 120
_DIGITS: Final = 4
_MODEL_CALLS: Final = frozenset({"generation", "response"})


@dataclass(frozen=True, slots=True)
class _Ended:
    """A span's end. `at`: when, by the clock of the reader's loop."""

    event: SpanEnded
    at: float


class SpanReader:
    """Reads the spans of one node's work, on the loop and in the thread it is made in."""

    def __init__(self, key: NodeKey, emit: Emit) -> None:
        self._key, self._emit = key, emit
        self._time = asyncio.get_running_loop().time
        self._thread = threading.get_ident()
        self._open: dict[str, float] = {}
        self._call: _Ended | None = None
        self._agent: _Ended | None = None
        self._had_agent = self._is_closed = False
        self._told = 0

    def start(self, span_id: str) -> bool:
        """Note when a span began; false where its end is not to be told."""
        if self._is_closed or threading.get_ident() != self._thread:
            return False
        self._open[span_id] = self._time()
        return True

    def end(self, span: Span[Any]) -> None:
        """Tell a span that has ended, or keep it back while it says nothing new."""
        if threading.get_ident() != self._thread or span.span_id not in self._open:
            return
        now = self._time()
        lasted_s = now - self._open.pop(span.span_id)
        event = read_span(self._key, span, lasted_s=round(lasted_s, _DIGITS))
        if event is None:
            return
        ended = _Ended(event, now)
        if event.kind == "agent":
            self._end_agent(ended)
        elif event.kind in _MODEL_CALLS and not (event.error or self._told or self._call):
            self._call = ended
        else:
            self._tell(self._call, ended)
            self._call = None

    def close(self) -> tuple[str, ...]:
        """Tell nothing any more; return the ids of the spans that have not ended."""
        self._is_closed = True
        left = tuple(self._open)
        self._open.clear()
        return left

    def _end_agent(self, ended: _Ended) -> None:
        if self._had_agent:
            self._tell(self._agent, ended)
            self._agent = None
        else:
            self._had_agent, self._agent = True, ended

    def _tell(self, *every: _Ended | None) -> None:
        for each in every:
            if each is not None and self._told < MOST_SPANS:
                self._told += 1
                ago_s = round(self._time() - each.at, _DIGITS)
                self._emit(msgspec.structs.replace(each.event, ago_s=ago_s))


def read_span(key: NodeKey, span: Span[Any], *, lasted_s: float) -> SpanEnded | None:
    """Take from a span what is told of it; None for a kind that is not told.

    Of an error only the SDK's own words: what it quotes may be anything.
    """
    error = _shown(span.error["message"]) if span.error else ""
    match span.span_data:
        case AgentSpanData(name=name):
            return SpanEnded(key, "agent", _shown(name), lasted_s, error=error)
        case GenerationSpanData(model=model, usage=usage):
            used = _read_usage(usage)
            return SpanEnded(key, "generation", "", lasted_s, 0.0, _shown(model), used, error=error)
        case ResponseSpanData(response=response, usage=usage):
            model = "" if response is None else _shown(response.model)
            used = _read_usage(usage)
            return SpanEnded(key, "response", "", lasted_s, 0.0, model, used, error=error)
        case FunctionSpanData(name=name):
            return SpanEnded(key, "function", _shown(name), lasted_s, error=error)
        case HandoffSpanData(from_agent=source, to_agent=target):
            name = f"{_shown(source)} → {_shown(target)}"
            return SpanEnded(key, "handoff", name, lasted_s, error=error)
        case GuardrailSpanData(name=name, triggered=triggered):
            name = _shown(name)
            return SpanEnded(key, "guardrail", name, lasted_s, triggered=triggered, error=error)
        case _:
            return None


def _shown(text: object) -> str:
    plain = " ".join(str(text or "").split())
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def _read_usage(usage: object) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    counts = {name: usage.get(name) for name in Usage.__struct_fields__}
    return Usage(**{name: count for name, count in counts.items() if isinstance(count, int)})


class SpanProcessor(TracingProcessor):
    """Hands every span to the reader in whose work it began; keeps and sends nothing.

    A span may end in another context than it began in: an answer is closed wherever it is left.
    """

    def __init__(self) -> None:
        self._readers: dict[str, SpanReader] = {}

    def on_span_start(self, span: Span[Any]) -> None:
        """Find out whose it is."""
        reader = _READER.get()
        if reader is not None and reader.start(span.span_id):
            self._readers[span.span_id] = reader

    def on_span_end(self, span: Span[Any]) -> None:
        """Pass it on."""
        reader = self._readers.pop(span.span_id, None)
        if reader is not None:
            reader.end(span)

    def forget(self, reader: SpanReader) -> None:
        """Let go of a node's spans: what ends after its work is nobody's."""
        for span_id in reader.close():
            self._readers.pop(span_id, None)

    def on_trace_start(self, trace: Trace) -> None:
        """Nothing is read from traces."""

    def on_trace_end(self, trace: Trace) -> None:
        """Nothing is read from traces."""

    def shutdown(self) -> None:
        """Nothing is open."""

    def force_flush(self) -> None:
        """Nothing is kept back here."""


_READER: ContextVar[SpanReader | None] = ContextVar("span reader", default=None)
_PROCESSOR: Final = SpanProcessor()
_IN_USE: list[SpanProcessor] = []  # the SDK does not say which processors it has


@contextmanager
def read_spans(key: NodeKey, emit: Emit) -> Iterator[None]:
    """Tell the spans of all that is begun inside as the node's, as far as they add to its times."""
    reader = SpanReader(key, emit)
    token = _READER.set(reader)
    try:
        yield
    finally:
        _READER.reset(token)
        _PROCESSOR.forget(reader)


def keep_traces_here() -> None:
    """Read spans, and take the SDK's uploader out: they go nowhere outside this process."""
    set_trace_processors([_PROCESSOR])
    _IN_USE[:] = [_PROCESSOR]


def upload_traces() -> None:
    """Read spans, and leave the SDK's uploader as it is."""
    if not _IN_USE:
        add_trace_processor(_PROCESSOR)
        _IN_USE.append(_PROCESSOR)
