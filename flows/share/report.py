"""Report: a recorded run as a Markdown text: what ran, what came of it, how long it took."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flows.document.files import read_values
from flows.document.model import Flow
from flows.document.placeholders import as_text
from flows.ids import NodeId, NodeKey, item_index, node_of
from flows.share.blank import blank_records
from flows.share.caveats import caveat_of
from flows.share.mermaid import write_mermaid
from flows.trace.duration import say_duration, say_times
from flows.trace.ending import say_status
from flows.trace.events import Json, Record
from flows.trace.fold import NodeTrace, RunTrace, build_trace
from flows.trace.timing import last_moment, measure

MOST_ROWS = 500
"""The table has no more rows; the rest is counted below it."""

_SPECIAL = re.compile(r"[\\`*_\[\]|~$]|:(?=//)|(?<=www)\.|^(?:[#+=-]|\d+[.)](?= |$))")
_AFTER = {"finished": "done", "idle": "not run"}


def write_report(records: Sequence[Record], *, without_contents: bool = False) -> str:
    """Tell a run in Markdown. Foreign text in it is text. Raises FlowFileError without a flow."""
    told = blank_records(records) if without_contents else records
    trace = build_trace(told)
    flow = read_values(trace.flow)
    names = {node.id: node.name for node in flow.nodes}
    parts = [
        _head(flow, trace),
        _sums(trace, names, caveat=caveat_of(records)),
        _graph(flow),
        *_values("Input", trace.inputs, names),
        *_errors(trace, names),
        *_values("Result", trace.outputs, names),
        _table(trace, names),
        *_retries(trace, names),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(flow: Flow, trace: RunTrace) -> str:
    started = dt.datetime.fromtimestamp(trace.started_at, dt.UTC)
    facts = [f"Run {_text(trace.run_id)}", f"{started:%Y-%m-%d %H:%M:%S} UTC"]
    if trace.model:
        facts.append(f"model {_text(trace.model)}")
    facts += [f"{_text(name)} {_text(number)}" for name, number in trace.versions.items()]
    said = [f"# {_text(flow.name) or 'Flow'}", _text(flow.description), " · ".join(facts)]
    return "\n\n".join(each for each in said if each)


def _sums(trace: RunTrace, names: Mapping[NodeId, str], *, caveat: str) -> str:
    timing = measure(trace)
    chain = " → ".join(_text(names.get(node, node)) for node in timing.critical_path)
    rows = [
        f"**{_status(trace)}** in {say_duration(timing.wall_s)}",
        f"sum of calls {say_duration(timing.sequential_s)}",
        f"overlap {say_times(timing.overlap)}",
        f"critical path {say_duration(timing.critical_path_s)}" + (f" ({chain})" if chain else ""),
        caveat,
    ]
    return " · ".join(row for row in rows if row)


def _status(trace: RunTrace) -> str:
    return "broke off" if trace.ended_at is None else say_status(trace.status)


def _graph(flow: Flow) -> str:
    return f"## What ran\n\n```mermaid\n{write_mermaid(flow)}```"


def _values(title: str, values: Mapping[str, Json], names: Mapping[NodeId, str]) -> Iterator[str]:
    said = {key: text for key, value in values.items() if (text := _written(value)).strip()}
    if not said:
        return
    yield f"## {title}"
    for key, text in said.items():
        if len(said) > 1:
            yield f"### {_named(NodeKey(key), names)}"
        yield _fenced(text)


def _errors(trace: RunTrace, names: Mapping[NodeId, str]) -> Iterator[str]:
    lines = [
        f"- {_named(NodeKey(key), names)}: {_text(text)}" for key, text in trace.errors.items()
    ]
    if trace.error and not any(text in trace.error for text in trace.errors.values()):
        lines.insert(0, f"- {_text(trace.error)}")
    lines += [
        f"- {_named(key, names)}: {_text(node.warning)}"
        for key, node in trace.nodes.items()
        if node.warning
    ]
    if lines:
        yield "## Errors"
        yield "\n".join(lines)


def _table(trace: RunTrace, names: Mapping[NodeId, str]) -> str:
    at = trace.ended_at if trace.ended_at is not None else last_moment(trace)
    rows = [
        _row(
            [
                _named(key, names),
                _said(node),
                _since(node.started_at, trace.started_at),
                "" if node.started_at is None else f"{node.busy_s(at):.2f}",
                f"{node.queue_s(at):.2f}",
                str(node.attempts),
                "" if node.usage is None else f"{node.usage.total_tokens:,}",
                _text(node.model),
            ]
        )
        for key, node in trace.nodes.items()
    ]
    head = ["Node", "Status", "Start (s)", "Time (s)", "Queued (s)", "Attempts", "Tokens", "Model"]
    lines = ["## Nodes\n", _row(head), "|---|---|--:|--:|--:|--:|--:|---|", *rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines.append(f"\nand {len(rows) - MOST_ROWS:,} more")
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _said(node: NodeTrace) -> str:
    status = "reused" if node.reused else _AFTER.get(node.status, say_status(node.status))
    if node.status == "finished" and node.error:
        return f"{status}, with its fallback"
    if node.branches:
        return f"{status}, took {_text(', '.join(node.branches))}"
    return status


def _since(at: float | None, start: float) -> str:
    return "" if at is None else f"{at - start:.2f}"


def _retries(trace: RunTrace, names: Mapping[NodeId, str]) -> Iterator[str]:
    lines = [
        f"- {_named(key, names)}, attempt {retry.attempt}, at {_since(retry.at, trace.started_at)} "
        f"s: {_text(retry.error)} Tried again after {retry.delay_s:.2f} s."
        for key, node in trace.nodes.items()
        for retry in node.retries
    ]
    if lines:
        yield "## Tried again"
        yield "\n".join(lines[:MOST_ROWS])


def _named(key: NodeKey, names: Mapping[NodeId, str]) -> str:
    index = item_index(key)
    name = _text(names.get(node_of(key), "") or node_of(key))
    return name if index is None else f"{name}, item {index + 1}"


def _written(value: Json) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return as_text(value)


def _text(text: str) -> str:
    """Write a foreign text on one line so that Markdown and HTML take it as it is."""
    plain = _SPECIAL.sub(_escaped, " ".join(text.split()))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return f"{sign[:-1]}\\{sign[-1]}"


def _fenced(text: str) -> str:
    """Put a foreign text between fences longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}"
