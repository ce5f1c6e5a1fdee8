"""Progress: how a run goes, on stderr: a live table on a terminal, a line an end elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console, RenderableType
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
from flows.trace.fold import RunTrace, TraceFold
from flows.trace.timing import measure


class Progress(Protocol):
    """Shows a run while it goes."""

    def show(self, record: Record, fold: TraceFold) -> None:
        """Show what the record, already folded, has changed."""
        ...


@contextmanager
def getting_ready(file: TextIO) -> Iterator[None]:
    """Say on a terminal that libraries are loaded, which takes seconds."""
    if not file.isatty():
        yield
        return
    with Console(file=file).status("Getting ready…"):
        yield


@contextmanager
def progress_for(file: TextIO, flow: Flow) -> Iterator[Progress]:
    """Choose the progress display for a file: live on a terminal, else lines."""
    if not file.isatty():
        yield Lines(file, flow)
        return
    console = Console(file=file, highlight=False)
    one_screen = sys.stdout.isatty()  # else results go where stdout goes, not over the table
    table = LiveTable(console)
    with Live(
        console=console,
        get_renderable=table.draw,
        refresh_per_second=8,
        redirect_stdout=one_screen,
    ):
        yield table


class LiveTable:
    """The story so far, redrawn in place as time goes on."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._trace: RunTrace | None = None

    def show(self, record: Record, fold: TraceFold) -> None:
        """Take in the story; the sums are printed once it has ended."""
        self._trace = fold.trace
        if isinstance(record.event, RunFinished | RunFailed | RunCancelled):
            self._console.print(Text(sums_line(fold.trace, measure(fold.trace))))
            if fold.trace.error:
                self._console.print(Text(fold.trace.error, style="red"))

    def draw(self) -> RenderableType:
        """Draw the story as it is now; called from the display's own thread."""
        trace = self._trace
        if trace is None:
            return Text("")
        at = time.time() if trace.ended_at is None else trace.ended_at
        return story_table(trace, at=at, width=self._console.width)


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
            case NodeFinished(node=key, reused=True):
                return f"{self._names.get(key, key)} reused"
            case NodeFinished(node=key, warning=warning, error=error):
                seconds = fold.node(key).busy_s(record.at)
                but = f", but: {warning}" if warning else ""
                but = f" with its fallback, for: {error}" if error else but
                return f"{self._names.get(key, key)} finished in {seconds:.2f} s{but}"
            case NodeFailed(node=key, error=error):
                return f"{self._names.get(key, key)} failed: {error}"
            case NodeSkipped(node=key, reason=reason):
                return f"{self._names.get(key, key)} skipped: {reason}"
            case NodeCancelled(node=key, reason=reason):
                return f"{self._names.get(key, key)} stopped: {reason}"
            case NodeRetried(node=key, error=error, delay_s=delay):
                return f"{self._names.get(key, key)} tries again in {delay:.1f} s: {error}"
            case RunFinished() | RunFailed() | RunCancelled():
                return sums_line(fold.trace, measure(fold.trace))
            case _:
                return ""
