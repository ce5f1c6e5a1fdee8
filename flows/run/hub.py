"""Hub: who watches which flow, and what they are told. Used from every thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from flows.ids import FlowId, RunId
from flows.run.live import LiveRun
from flows.run.messages import NOTHING_RAN, Message, snapshot_of
from flows.run.watcher import Parcel, Watcher
from flows.trace.events import Record
from flows.trace.fold import RunTrace

KEPT: Final = 4
"""How many ended runs are kept in memory, for pages that come right after their end."""


class Hub:
    """The runs of this process and their watchers, under one lock.

    A watcher always has the whole before it gets the changes: both are handed out under the lock.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._guard = threading.RLock()
        self._runs: dict[RunId, LiveRun] = {}
        self._watchers: dict[FlowId, set[Watcher]] = {}

    def open(self, run_id: RunId, flow_id: FlowId) -> None:
        """Expect the records of a new run."""
        with self._guard:
            self._runs[run_id] = LiveRun(run_id, flow_id)

    def add(self, record: Record) -> None:
        """Take in a record of a run; its watchers hear of it at the next `publish`."""
        with self._guard:
            self._runs[record.run].add(record)

    def publish(self, run_id: RunId) -> None:
        """Tell the watchers what changed."""
        with self._guard:
            run = self._runs[run_id]
            if run.has_started:
                self._publish(run)

    def mark_unsaved(self, run_id: RunId, reason: str) -> None:
        """Tell that a run's records are not kept, and why; empty: they are again."""
        with self._guard:
            run = self._runs[run_id]
            run.unsaved = reason
            if run.is_announced:
                _tell(self._shown(run), [run.sums(now=self._clock())])

    def release(self, run_id: RunId) -> None:
        """Let go of the oldest ended runs; this one, kept to its end, is one of them soon."""
        with self._guard:
            self._runs[run_id].is_kept = True
            over = [run for run in self._runs.values() if run.is_kept and run.is_told]
            for old in over[:-KEPT]:
                del self._runs[old.id]

    def forget_ended(self) -> None:
        """Let go of every ended run: what is still there of them is read from the store again."""
        with self._guard:
            ended = [run.id for run in self._runs.values() if run.is_kept and run.is_told]
            for run_id in ended:
                del self._runs[run_id]

    def trace(self, run_id: RunId) -> RunTrace | None:
        """Return the story of a run in memory, None when it is not, or has not started."""
        with self._guard:
            run = self._runs.get(run_id)
            return run.trace if run is not None and run.has_started else None

    def notify(self, flow_id: FlowId, message: Message) -> None:
        """Tell all who watch the flow."""
        with self._guard:
            _tell(self._watchers.get(flow_id, ()), [message])

    def show(self, watcher: Watcher, stored: RunTrace | None) -> None:
        """Show the watcher everything, and from then on what changes.

        `stored`: the run to show when no newer one of this process is there.
        """
        with self._guard:
            run = self._run_for(watcher, stored)
            if run is not None:
                self._publish(run)  # the others get what is due; it is in the snapshot
                snapshot = run.snapshot(now=self._clock())
            elif stored is not None:
                snapshot = snapshot_of(stored, now=self._clock())
            else:
                snapshot = NOTHING_RAN
            self._watchers.setdefault(watcher.flow_id, set()).add(watcher)
            watcher.showing = snapshot.run.id if snapshot.run is not None else None
            _tell([watcher], [snapshot])

    def leave(self, watcher: Watcher) -> None:
        """Tell the watcher nothing more."""
        with self._guard:
            watchers = self._watchers.get(watcher.flow_id, set())
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(watcher.flow_id, None)

    def end(self) -> None:
        """Let every watcher's line end."""
        with self._guard:
            for watchers in self._watchers.values():
                for watcher in watchers:
                    watcher.end()

    def _run_for(self, watcher: Watcher, stored: RunTrace | None) -> LiveRun | None:
        if watcher.run_id is not None:
            run = self._runs.get(watcher.run_id)
            return run if run is not None and run.has_started else None
        runs = [r for r in self._runs.values() if r.flow_id == watcher.flow_id and r.has_started]
        newest = max(runs, key=lambda run: run.started_at, default=None)
        if newest is None or (stored is not None and stored.started_at > newest.started_at):
            return None
        return newest

    def _publish(self, run: LiveRun) -> None:
        watchers = self._shown(run)
        if not watchers:
            run.forget_news()
            return
        _tell(watchers, run.news(now=self._clock()))
        for watcher in watchers:
            watcher.showing = run.id

    def _shown(self, run: LiveRun) -> list[Watcher]:
        """Return who sees this run; a new one takes the place of the last."""
        is_new = not run.is_announced
        return [
            watcher
            for watcher in self._watchers.get(run.flow_id, ())
            if watcher.showing == run.id or (is_new and watcher.run_id in {None, run.id})
        ]


def _tell(watchers: Iterable[Watcher], messages: Iterable[Message]) -> None:
    for message in messages:
        parcel = Parcel(message)
        for watcher in watchers:
            watcher.tell(parcel)
