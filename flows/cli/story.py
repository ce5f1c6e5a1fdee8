"""Story: a run's trace as a table and its sums, for people at a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.ids import NodeKey, node_of
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.timing import Timing, last_moment, measure

COLOURS = {
    "idle": "dim",
    "queued": "magenta",
    "running": "blue",
    "finished": "green",
    "failed": "red",
    "skipped": "dim",
    "cancelled": "yellow",
}
_BAR = 32


def print_story(trace: RunTrace) -> None:
    """Print who ran when, beside a bar for each, then the sums."""
    console = Console(highlight=False)
    console.print(story_table(trace, at=trace.ended_at or last_moment(trace)))
    console.print(Text(sums_line(trace, measure(trace))))
    if trace.error:
        console.print(Text(trace.error, style="red" if trace.status == "failed" else "yellow"))


def story_table(trace: RunTrace, *, at: float) -> Table:
    """Lay out a row for each node, with its bar on the run's time. `at`: epoch seconds."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("node", "status", "start", "seconds", "tokens"):
        table.add_column(name, justify="left" if name in ("node", "status") else "right")
    table.add_column("time", no_wrap=True)
    names = node_names(trace)
    span = max(at - trace.started_at, 1e-9)
    for key, node in trace.nodes.items():
        table.add_row(*_cells(names.get(node_of(key), key), trace, node, at=at, span=span))
    return table


def node_names(trace: RunTrace) -> dict[str, str]:
    """Map node ids to the names people gave them."""
    nodes = trace.flow.get("nodes", [])
    return {str(node["id"]): str(node["name"]) for node in nodes}


def sums_line(trace: RunTrace, timing: Timing) -> str:
    """Say the run's sums in one line."""
    chain = " → ".join(node_names(trace).get(node, node) for node in timing.critical_path)
    return (
        f"{trace.status} in {timing.wall_s:.2f} s · one after another {timing.sequential_s:.2f} s "
        f"· overlap {timing.overlap:.2f} · critical path {timing.critical_path_s:.2f} s ({chain})"
    )


def _cells(
    name: str, trace: RunTrace, node: NodeTrace, *, at: float, span: float
) -> tuple[Text, ...]:
    start = "" if node.started_at is None else f"{node.started_at - trace.started_at:.2f}"
    tokens = "" if node.usage is None else str(node.usage.total_tokens)
    seconds = "" if node.started_at is None else f"{node.busy_s(at):.2f}"
    colour = COLOURS[node.status]
    return (
        Text(_label(name, node.key)),
        Text(node.status, style=colour),
        Text(start),
        Text(seconds),
        Text(tokens),
        Text(_bar(trace, node, at=at, span=span), style=colour),
    )


def _label(name: str, key: NodeKey) -> str:
    _, bracket, item = key.partition("[")
    return f"{name} {bracket}{item}" if bracket else name


def _bar(trace: RunTrace, node: NodeTrace, *, at: float, span: float) -> str:
    begin = node.queued_at if node.queued_at is not None else node.started_at
    if begin is None:
        return ""
    end = node.ended_at if node.ended_at is not None else at
    start = node.started_at if node.started_at is not None else end

    def column(moment: float) -> int:
        return round((moment - trace.started_at) / span * _BAR)

    waiting, working = column(start) - column(begin), max(column(end) - column(start), 1)
    return " " * column(begin) + "·" * waiting + "━" * working
