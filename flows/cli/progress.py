"""Progress: how a run goes, on stderr: a live table on a terminal, a line an end elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from flows.cli.story import story_table, sums_line
from flows.document.model import Flow
from flows.plan.wording import titled
from flows.trace.events import (
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeRetried,
    NodeSkipped,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
)
from flows.trace.fold import TraceFold
from flows.trace.timing import measure


class Progress(Protocol):
    """Shows a run while it goes."""

    def show(self, record: Record, fold: TraceFold) -> None:
        """Show what the record, already folded, has changed."""
        ...


@contextmanager
def progress_for(file: TextIO, flow: Flow) -> Iterator[Progress]:
    """Choose the progress display for a file: live on a terminal, else lines."""
    if not file.isatty():
        yield Lines(file, flow)
        return
    console = Console(file=file, highlight=False)
    one_screen = sys.stdout.isatty()  # else results go where stdout goes, not over the table
    with Live(console=console, refresh_per_second=12, redirect_stdout=one_screen) as live:
        yield LiveTable(live)


class LiveTable:
    """The story so far, redrawn in place."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._drawn = 0.0

    def show(self, record: Record, fold: TraceFold) -> None:
        """Redraw, at most a dozen times a second; always at the end."""
        over = isinstance(record.event, RunFinished | RunFailed | RunCancelled)
        now = time.monotonic()
        if over or now - self._drawn > 1 / 12:
            self._drawn = now
            self._live.update(story_table(fold.trace, at=record.at), refresh=True)
        if over:
            trace = fold.trace
            self._live.console.print(Text(sums_line(trace, measure(trace))))
            if trace.error:
                self._live.console.print(Text(trace.error, style="red"))


class Lines:
    """A line for every end and retry, for logs."""

    def __init__(self, file: TextIO, flow: Flow) -> None:
        self._file = file
        self._names: dict[str, str] = {node.id: titled(node) for node in flow.nodes}

    def show(self, record: Record, fold: TraceFold) -> None:
        """Write a line where the record ends a node or the run."""
        line = self._line(record, fold)
        if line:
            print(line, file=self._file, flush=True)

    def _line(self, record: Record, fold: TraceFold) -> str:
        match record.event:
            case NodeFinished(node=key, warning=warning):
                seconds = fold.node(key).busy_s(record.at)
                but = f", but: {warning}" if warning else ""
                return f"{self._names.get(key, key)} finished in {seconds:.2f} s{but}"
            case NodeFailed(node=key, error=error):
                return f"{self._names.get(key, key)} failed: {error}"
            case NodeSkipped(node=key, reason=reason):
                return f"{self._names.get(key, key)} skipped: {reason}"
            case NodeCancelled(node=key, reason=reason):
                return f"{self._names.get(key, key)} cancelled: {reason}"
            case NodeRetried(node=key, error=error, delay_s=delay):
                return f"{self._names.get(key, key)} tries again in {delay:.1f} s: {error}"
            case RunFinished() | RunFailed() | RunCancelled():
                return sums_line(fold.trace, measure(fold.trace))
            case _:
                return ""
