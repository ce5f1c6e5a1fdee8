"""Recorder: stamps the events of one run and hands them on as records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from flows.ids import NodeKey, RunId
from flows.trace.events import (
    Event,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
)


class Recorder:
    """Numbers events from 1 and times them: one wall-clock reading plus the loop's own clock.

    What a node says after its end is dropped: a cancelled call may still be speaking.
    """

    def __init__(
        self, run_id: RunId, *, clock: Callable[[], float], sink: Callable[[Record], None]
    ):
        self._run_id, self._sink = run_id, sink
        self._time = asyncio.get_running_loop().time
        self._zero = clock() - self._time()
        self._seq = 0
        self._ended: set[NodeKey] = set()

    def emit(self, event: Event) -> None:
        """Make the event the next record."""
        if not isinstance(event, RunStarted | RunFinished | RunFailed | RunCancelled):
            if event.node in self._ended:
                return
            if isinstance(event, NodeFinished | NodeFailed | NodeSkipped | NodeCancelled):
                self._ended.add(event.node)
        self._seq += 1
        self._sink(Record(self._run_id, self._seq, self._zero + self._time(), event))
