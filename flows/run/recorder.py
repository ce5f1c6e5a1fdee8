"""Recorder: stamps the events of one run and hands them on as records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from flows.ids import RunId
from flows.trace.events import Event, Record


class Recorder:
    """Numbers events from 1 and times them: one wall-clock reading plus the loop's own clock."""

    def __init__(
        self, run_id: RunId, *, clock: Callable[[], float], sink: Callable[[Record], None]
    ):
        self._run_id, self._sink = run_id, sink
        self._time = asyncio.get_running_loop().time
        self._zero = clock() - self._time()
        self._seq = 0

    def emit(self, event: Event) -> None:
        """Make the event the next record."""
        self._seq = seq = self._seq + 1
        self._sink(Record(self._run_id, seq, self._zero + self._time(), event))
