"""History: how long it takes to list the runs of a home that has run for months."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flows.document.files import flow_values
from flows.ids import FlowId, NodeKey, RunId
from flows.store.past_runs import RunQuery
from flows.store.store import Store, open_store
from flows.templates import load_template
from flows.trace.events import (
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunFailed,
    RunFinished,
    RunStarted,
)
from tests.bench.table import Row

TIMES = 5
RUNS = 5_000
LISTED = 200
MOST_S = 1.0
FLOW = FlowId("flow")
NODE = NodeKey("optimist")
WORDS = ("Lisbon", "Geneva", "Zürich", "Porto", "Basel")


def measure_history() -> list[Row]:
    """Fill a home with runs; list the newest, those that are looked for, and all."""
    with tempfile.TemporaryDirectory() as home, open_store(Path(home), {}) as store:
        _fill(store)
        looked_for = RunQuery(words="zürich 4", status="failed", flow_id=FLOW)
        return [
            _row(f"{RUNS:,} runs: the newest {LISTED} listed", store, RunQuery(), LISTED),
            _row(f"{RUNS:,} runs: searched and filtered", store, looked_for, LISTED),
            _row(f"{RUNS:,} runs: all of them listed", store, RunQuery(), RUNS),
        ]


def _row(what: str, store: Store, query: RunQuery, limit: int) -> Row:
    def read() -> None:
        store.past.tally(query)
        store.past.clearable(query)
        found = store.past.find(query, limit=limit)
        store.runs.flaws(each.row.id for each in found)

    return Row(what, [_seconds(read) for _ in range(TIMES)], "s", MOST_S)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _fill(store: Store) -> None:
    values = flow_values(load_template("three_views"))
    every = [record for number in range(RUNS) for record in _records(number, values)]
    store.runs.append(every, flow_id=FLOW)


def _records(number: int, values: dict[str, object]) -> Iterator[Record]:
    said = f"Should we open an office in {WORDS[number % len(WORDS)]}? Plan {number}. " + "w " * 100
    end = RunFailed(error="broke") if number % 3 else RunFinished(outputs={NODE: "Yes."})
    events = (
        RunStarted(flow=values, inputs={"idea": said}, model="openai/m"),
        NodeQueued(NODE),
        NodeStarted(NODE, message=said),
        NodeFinished(NODE, output="Yes."),
        end,
    )
    for seq, event in enumerate(events, start=1):
        yield Record(RunId(f"run{number}"), seq, 1e9 + number * 60 + seq, event)
