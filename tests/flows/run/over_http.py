"""Ways for tests to run a flow on the model server, through the real SDK."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from flows.document.model import Flow
from flows.models.connections import load_connections
from flows.plan.plan import plan_flow
from flows.run.deps import Deps, open_deps
from flows.run.run import Run
from flows.trace.events import (
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeSkipped,
    Record,
    RunEnd,
    RunStarted,
)
from flows.trace.fold import RunTrace, build_trace
from tests.model_server import Entry, ModelServer

APIS = ["chat_completions", "responses"]
Watch = Callable[[Run, Record], None]


def connect(server: ModelServer, home: Path, *, api: str = APIS[0], **fields: float) -> None:
    """Write a connections.toml whose connection "test" is the server; `fields`: its limits."""
    lines = [f'[test]\nbase_url = "{server.base_url}"\napi = "{api}"\ndefault_model = "plain"']
    lines += [f"{name} = {value}" for name, value in fields.items()]
    (home / "connections.toml").write_text("\n".join(lines))


@asynccontextmanager
async def deps_on(
    server: ModelServer, home: Path, *, api: str = APIS[0], **fields: float
) -> AsyncIterator[Deps]:
    """Open the deps of runs on the server."""
    connect(server, home, api=api, **fields)
    async with open_deps(load_connections(home, {}), model="test") as deps:
        yield deps


async def play(run: Run, watch: Watch | None = None) -> list[Record]:
    """Take a run to its end; `watch` sees every record as it comes."""
    records = []
    async for record in run.records():
        records.append(record)
        if watch is not None:
            watch(run, record)
    return records


async def run_on(
    server: ModelServer,
    flow: Flow,
    home: Path,
    *,
    api: str = APIS[0],
    watch: Watch | None = None,
    **fields: float,
) -> tuple[RunTrace, list[Record]]:
    """Run a flow on the server, in deps of its own."""
    async with deps_on(server, home, api=api, **fields) as deps:
        records = await play(Run(plan_flow(flow), "hi", deps=deps), watch)
    return build_trace(records), records


def on_event(kind: type[Any], node: str, act: Callable[[Run], None]) -> Watch:
    """Act when the first such event of the node is seen."""
    acted = False

    def watch(run: Run, record: Record) -> None:
        nonlocal acted
        if not acted and isinstance(record.event, kind) and record.event.node == node:
            acted = True
            act(run)

    return watch


def events_of(records: Sequence[Record], kind: type[Any]) -> list[str]:
    """Return the nodes of all events of a kind, in their order."""
    return [record.event.node for record in records if isinstance(record.event, kind)]


def hold_laws(records: Sequence[Record]) -> None:
    """Hold the laws of records: numbering, one start, one end, every queued key ended once."""
    assert [record.seq for record in records] == [*range(1, len(records) + 1)]
    assert [isinstance(record.event, RunStarted) for record in records].index(True) == 0
    assert sum(isinstance(record.event, RunStarted) for record in records) == 1
    assert [record for record in records if isinstance(record.event, RunEnd)] == [records[-1]]
    end = NodeFinished | NodeFailed | NodeSkipped | NodeCancelled
    ends = Counter(record.event.node for record in records if isinstance(record.event, end))
    assert set(ends.values()) <= {1}
    assert set(events_of(records, NodeQueued)) <= set(ends)


def closed_early(log: Sequence[Entry]) -> bool:
    """Say whether the client hung up on every request, and there was one."""
    return bool(log) and all(entry.closed_early for entry in log)


def of_model(log: Sequence[Entry], model: str) -> Entry:
    """Return the one request for a model."""
    (entry,) = [entry for entry in log if entry.model == model]
    return entry
