"""Recorder: stamps the events of one run and puts them in line as records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from flows.ids import RunId
from flows.trace.events import Event, Record


class Recorder:
    """Numbers events from 1 and times them: one wall-clock reading plus the loop's own clock.

    Records go into `line`; `wake` is called before one is put into an empty line, since who finds
    the line empty goes to sleep.
    """

    __slots__ = ("_line", "_run_id", "_seq", "_time", "_wake", "_zero")

    def __init__(
        self,
        run_id: RunId,
        *,
        clock: Callable[[], float],
        line: list[Record],
        wake: Callable[[], object],
    ) -> None:
        self._run_id, self._line, self._wake = run_id, line, wake
        self._time = asyncio.get_running_loop().time
        self._zero = clock() - self._time()
        self._seq = 0

    def emit(self, event: Event) -> None:
        """Make the event the next record."""
        self._seq = seq = self._seq + 1
        if not self._line:
            self._wake()
        self._line.append(Record(self._run_id, seq, self._zero + self._time(), event))
