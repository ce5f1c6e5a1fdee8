"""Story: a run's trace as a table and its sums, for people at a terminal."""

from __future__ import annotations

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.ids import NodeKey, node_of
from flows.trace.causes import say_causes
from flows.trace.comparison import names_in
from flows.trace.ending import say_status
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.measured import say_measured
from flows.trace.spans import say_spans
from flows.trace.timing import Timing, last_moment, measure, waits_since, worked

COLOURS = {
    "idle": "dim",
    "queued": "magenta",
    "loading": "magenta",
    "running": "blue",
    "finished": "green",
    "fallback": "yellow",
    "reused": "dim",
    "failed": "red",
    "skipped": "dim",
    "cancelled": "yellow",
}
_SHORTEST_BAR, _LONGEST_BAR = 8, 32
_TOLD_S = 0.05
_BESIDE = 45  # columns of a row that are neither name nor bar


def print_story(trace: RunTrace) -> None:
    """Print who ran when, beside a bar for each, the steps inside them, then the sums."""
    console = Console(highlight=False)
    at = trace.ended_at or last_moment(trace)
    console.print(story_table(trace, at=at, width=console.width))
    for line in step_lines(trace):
        console.print(Text(line, style="dim"))
    console.print(Text(sums_line(trace, measure(trace))))
    if why := say_causes(trace):
        console.print(Text(why))
    if trace.error:
        console.print(Text(trace.error, style="red" if trace.status == "failed" else "yellow"))


def story_table(trace: RunTrace, *, at: float, width: int) -> Table:
    """Lay out a row for each node, with its bar on the run's time, in `width` columns.

    `at`: epoch seconds.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("node", overflow="ellipsis", no_wrap=True)
    table.add_column("status", min_width=9)
    for name in ("start", "seconds", "tokens"):
        table.add_column(name, justify="right", min_width=len(name))
    table.add_column("time", no_wrap=True, overflow="crop")
    names = node_names(trace)
    nodes = [
        (_label(names.get(node_of(key), key), key), node) for key, node in [*trace.nodes.items()]
    ]
    longest = max((cell_len(name) for name, _ in nodes), default=0)
    bar = min(max(width - longest - _BESIDE, _SHORTEST_BAR), _LONGEST_BAR)
    span = max(at - trace.started_at, 1e-9)
    for name, node in nodes:
        table.add_row(*_cells(name, trace, node, at=at, columns=bar / span))
    return table


def step_lines(trace: RunTrace) -> list[str]:
    """Say the steps inside the nodes' work, under the name of each that has any to tell."""
    names = node_names(trace)
    lines: list[str] = []
    for key, node in trace.nodes.items():
        steps = say_spans(node.spans, start=trace.started_at)
        if steps:
            lines += [_label(names.get(node_of(key), key), key), *(f"  {step}" for step in steps)]
    return [*lines, ""] if lines else []


def node_names(trace: RunTrace) -> dict[str, str]:
    """Map node ids to the names people gave them."""
    return {str(key): name for key, name in names_in(trace).items()}


def sums_line(trace: RunTrace, timing: Timing) -> str:
    """Say the run's sums in one line."""
    chain = " → ".join(node_names(trace).get(node, node) for node in timing.critical_path)
    costs = [
        ("limits cost", timing.limit_s),
        ("barriers cost", timing.barrier_s),
        ("retries took", timing.retry_s),
        ("loading the model took", timing.loading_s),
    ]
    return " · ".join(
        [
            f"{say_status(trace.status)} in {timing.wall_s:.2f} s{_troubles(trace)}",
            *_earlier(trace),
            f"sum of calls {timing.sequential_s:.2f} s",
            f"overlap {timing.overlap:.2f}",
            f"critical path {timing.critical_path_s:.2f} s ({chain})",
            *(f"{name} {seconds:.2f} s" for name, seconds in costs if seconds >= _TOLD_S),
        ]
    )


def _earlier(trace: RunTrace) -> list[str]:
    """Say what the run has of an earlier one, or what it has measured."""
    reused = sum(node.reused for node in worked(trace))
    said = say_measured(trace)
    return [*([f"{reused} reused"] if reused else []), *([said] if said else [])]


def _troubles(trace: RunTrace) -> str:
    """Count what failed, and what stands in for a failure."""
    nodes = worked(trace)
    fallbacks = sum(has_fallback(node) for node in nodes)
    failed = sum(node.status == "failed" for node in nodes)
    counts = [(failed, "failed"), (fallbacks, "with a fallback")]
    return "".join(f", {count} {word}" for count, word in counts if count)


def has_fallback(node: NodeTrace) -> bool:
    """Say whether a node failed, and gave its fallback instead."""
    return node.status == "finished" and bool(node.error)


def _cells(
    name: str, trace: RunTrace, node: NodeTrace, *, at: float, columns: float
) -> tuple[Text, ...]:
    start = "" if node.begun_at is None else f"{node.begun_at - trace.started_at:.2f}"
    tokens = "" if node.usage is None else str(node.usage.total_tokens)
    seconds = "" if node.started_at is None else f"{node.busy_s(at):.2f}"
    status = _status(node)
    colour = COLOURS[status]
    return (
        Text(name),
        Text(say_status(status), style=colour),
        Text(start),
        Text(seconds),
        Text(tokens),
        Text(_bar(trace, node, at=at, columns=columns), style=colour),
    )


def _status(node: NodeTrace) -> str:
    if has_fallback(node):
        return "fallback"
    if node.loading_since is not None:
        return "loading"
    return "reused" if node.reused else node.status


def _label(name: str, key: NodeKey) -> str:
    _, bracket, item = key.partition("[")
    return f"{name} {int(item[:-1]) + 1}" if bracket else name


def _bar(trace: RunTrace, node: NodeTrace, *, at: float, columns: float) -> str:
    """Draw a node's waiting and working; `columns` is how many a second takes."""
    begin = waits_since(trace, node)
    if begin is None or node.reused:
        return ""
    end = node.ended_at if node.ended_at is not None else at
    start = node.begun_at if node.begun_at is not None else end

    def column(moment: float) -> int:
        return round((moment - trace.started_at) * columns)

    waiting, working = column(start) - column(begin), max(column(end) - column(start), 1)
    return " " * column(begin) + "·" * waiting + "━" * working
