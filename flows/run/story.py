"""Story: a run told again: what its watchers were told, each message with its moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from flows.ids import FlowId
from flows.run.live import LiveRun
from flows.run.messages import Message, body_of, snapshot_of
from flows.run.steps import say_steps
from flows.trace.events import Record
from flows.trace.fold import RunTrace

Scene: TypeAlias = tuple[float, Message]
"""Seconds since the run's start, and what is told then."""

_EVERY_S = 0.03
_DIGITS = 4
_FEWEST = 100  # so many moments a run has at the least, if so much happens in it
_ENCODER = msgspec.json.Encoder()


def tell_story(records: Sequence[Record], *, end: RunTrace) -> Iterator[Scene]:
    """Yield the messages of a run that is over, in order; the first is a snapshot.

    `end`: how it ended; where its records have no end, that is told last.
    """
    live = LiveRun(end.run_id, FlowId(""))
    at = 0.0
    for moment in _moments(records):
        for record in moment:
            live.add(record)
        at = moment[-1].at
        yield from ((_since(at, end), message) for message in live.news(now=at))
    if not live.has_ended:
        over = at if end.ended_at is None else end.ended_at
        yield _since(over, end), snapshot_of(end, now=over)


def encode_story(scenes: Iterable[Scene], *, end: RunTrace) -> bytes:
    """Write a story as JSON: `scenes`, each `[seconds, event, body]`, and its `steps`.

    A step is `[seconds, words]`: what happens at a moment at which nodes changed. The first is the
    run's beginning, the last its end.
    """
    every = list(scenes)
    told = [(at, message.event, body_of(message)) for at, message in every]
    return _ENCODER.encode({"scenes": told, "steps": list(say_steps(every, end=end))})


def _moments(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Put together what came too fast for eyes; a short run still has its moments."""
    every_s = min(_EVERY_S, (records[-1].at - records[0].at) / _FEWEST)
    moment: list[Record] = []
    for record in records:
        if moment and record.at - moment[0].at > every_s:
            yield moment
            moment = []
        moment.append(record)
    if moment:
        yield moment


def _since(at: float, run: RunTrace) -> float:
    return round(max(at - run.started_at, 0.0), _DIGITS)
