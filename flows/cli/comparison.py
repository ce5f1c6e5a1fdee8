"""Comparison: two recorded runs side by side, for people at a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.document.placeholders import as_text
from flows.trace.comparison import SMALL, Comparison, NodePair, ResultPair, Stretch, Unit, compare
from flows.trace.ending import say_status
from flows.trace.fold import RunTrace
from flows.trace.remarks import LETTERS, remarks_on
from flows.trace.timing import measure
from flows.trace.verdict import say_verdict

_NONE = "—"


def print_comparison(first: RunTrace, second: RunTrace) -> None:
    """Print who is who, the sums and nodes with their difference, the verdict, and the results."""
    console = Console(highlight=False)
    told = compare(first, second)
    for letter, trace in zip(LETTERS, (first, second), strict=True):
        console.print(Text(_said(letter, trace)))
    console.print(comparison_table(told))
    if verdict := say_verdict(first, second):
        console.print(Text(verdict))
    for remark in remarks_on(first, second):
        console.print(Text(remark, style="yellow"))
    for pair in told.results:
        console.print(Text("\n".join(_result(pair))))


def comparison_table(told: Comparison) -> Table:
    """Lay out the sums that either run has, and below them every node's own work."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", overflow="fold")
    for name in (*LETTERS, "B − A"):
        table.add_column(name, justify="right")
    for each in told.sums:
        if each.first or each.second:
            figures = (_figure(value, each.unit) for value in (each.first, each.second))
            table.add_row(each.name, *figures, _difference(each.difference, each.unit))
    table.add_section()
    for pair in told.nodes:
        table.add_row(Text(pair.name), *_node(pair))
    return table


def comparison_values(first: RunTrace, second: RunTrace) -> dict[str, Any]:
    """Return the comparison as JSON values; times in seconds, of a node from its run's start.

    `first`, `second`: run_id, flow, status, error. `sums` and `nodes`: name, both sides, and
    `difference`, the second's less the first's; null where one does not tell it. `results`: name,
    both sides, `same`. `verdict`: which was faster, and why. `remarks`: sentences.
    """
    told = compare(first, second)
    return {
        "first": _run_values(first),
        "second": _run_values(second),
        "sums": [
            {
                "name": each.name,
                "unit": each.unit,
                "first": _rounded(each.first),
                "second": _rounded(each.second),
                "difference": _rounded(each.difference),
            }
            for each in told.sums
        ],
        "nodes": [_node_values(pair) for pair in told.nodes],
        "results": [
            {"name": each.name, "first": each.first, "second": each.second, "same": each.is_same}
            for each in told.results
        ],
        "verdict": say_verdict(first, second),
        "remarks": list(remarks_on(first, second)),
    }


def _said(letter: str, trace: RunTrace) -> str:
    name = as_text(trace.flow.get("name", ""))
    took = f"{say_status(trace.status)} in {measure(trace).wall_s:.2f} s"
    return f"{letter}  {name} · {took} · {trace.run_id}"


def _figure(value: float | None, unit: Unit) -> str:
    if value is None:
        return "not told"
    match unit:
        case "s":
            return f"{value:.2f} s"
        case "×":
            return f"{value:.2f} ×"
        case "count":
            return f"{value:,.0f}"


def _difference(value: float | None, unit: Unit) -> str:
    if value is None:
        return ""
    if abs(value) < SMALL[unit]:
        return "same"
    return f"{'+' if value > 0 else '−'}{_figure(abs(value), unit)}"


def _node(pair: NodePair) -> Iterator[Text]:
    for stretch, has in zip((pair.first, pair.second), pair.is_in, strict=True):
        yield Text(_stretch(stretch) if has else "not in it")
    yield Text(_difference(pair.difference_s, "s"))


def _stretch(stretch: Stretch | None) -> str:
    if stretch is None:
        return _NONE
    if stretch.reused:
        return "reused"
    is_done = stretch.status == "finished"
    if stretch.status in {"skipped", "idle"} or not (stretch.busy_s or is_done):
        return say_status(stretch.status)
    status = "" if stretch.status == "finished" else f"{say_status(stretch.status)} "
    return f"{status}{_figure(stretch.busy_s, 's')}"


def _result(pair: ResultPair) -> Iterator[str]:
    if pair.is_same:
        yield f"{pair.name}: the same in both."
        return
    for letter, output in zip(LETTERS, (pair.first, pair.second), strict=True):
        yield f"{pair.name}, {letter}: {'no result' if output is None else as_text(output)}"


def _run_values(trace: RunTrace) -> dict[str, Any]:
    return {
        "run_id": trace.run_id,
        "flow": trace.flow.get("name", ""),
        "status": trace.status,
        "error": trace.error,
    }


def _node_values(pair: NodePair) -> dict[str, Any]:
    return {
        "key": pair.key,
        "name": pair.name,
        "first": _stretch_values(pair.first),
        "second": _stretch_values(pair.second),
        "difference": _rounded(pair.difference_s),
    }


def _stretch_values(stretch: Stretch | None) -> dict[str, Any] | None:
    if stretch is None:
        return None
    return {
        "status": stretch.status,
        "start_s": _rounded(stretch.start_s),
        "end_s": _rounded(stretch.end_s),
        "queue_s": _rounded(stretch.queue_s),
        "held_s": _rounded(stretch.held_s),
        "busy_s": _rounded(stretch.busy_s),
        "items": stretch.items,
        "is_critical": stretch.is_critical,
        "reused": stretch.reused,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
