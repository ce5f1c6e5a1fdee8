"""Engine: what the scheduler costs a node, and how close it comes to the shortest possible run.

Processor time is `time.process_time`. Every run goes through `Run.batches`, as the app's do, with
its events and records kept in memory, with retries and a timeout armed on every node, on the loop
that runs go on. A run of a hundred nodes lasts a few milliseconds and would measure how
cold the caches are, so one reading repeats it for about 0.3 s on one loop. Each shape is also run
as a person would write it by hand on bare asyncio: in the same process, on a loop of the same kind,
repeated as long, in turns. Figures are medians of five.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from flows.document.files import read_values
from flows.document.model import AgentNode
from flows.ids import NodeKey, RunId
from flows.plan.plan import Plan, plan_flow
from flows.run.deps import Deps
from flows.run.executor import Emit, NodeResult
from flows.run.loop import new_loop
from flows.run.run import Run
from flows.trace.events import NodeFinished, Record
from tests.bench.table import Row

TIMES = 5
READING_S = 0.3
MOST_US = 25.0
MOST_TIMES = 5.0
TASKS = 5_000
BAR_TASK_US = 4.8
ANSWER = NodeResult("done")
INPUT = {"id": "in", "name": "in", "type": "input"}

Edges = list[tuple[str, str]]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A shape to run: its layers of nodes and its edges; `seconds` where its nodes take time."""

    nodes: list[str]
    edges: Edges
    seconds: dict[str, float]

    def plan(self, **run: Any) -> Plan:
        """Plan it, with a timeout and retries on every node."""
        armed = {"type": "agent", "timeout_s": 600, "retries": 2}
        return _plan([{"id": n, "name": n, **armed} for n in self.nodes], self.edges, run)


class Sleepers:
    """An executor whose nodes yield once, or sleep for their seconds."""

    def __init__(self, seconds: dict[str, float] | None = None, *, each: float = 0.0) -> None:
        self._seconds, self._each = seconds or {}, each

    async def call(
        self, run_id: RunId, key: NodeKey, *, spec: AgentNode, inputs: str, emit: Emit
    ) -> NodeResult:
        """Answer after the node's time."""
        await asyncio.sleep(self._seconds.get(key, self._each))
        return ANSWER


def measure_engine() -> Iterator[Row]:
    """Measure all shapes."""
    yield _task_row()
    for name, drawing in _shapes().items():
        yield from _processor_rows(name, drawing)
    yield from _uneven_rows()
    yield from _map_rows()
    yield _memory_row()


# Processor time


def _processor_rows(name: str, drawing: Drawing) -> Iterator[Row]:
    plan, ours, hand, tasks = drawing.plan(), [], [], []
    for _ in range(TIMES + 1):
        tasks.append(_task_us())
        ours.append(_processor_us(lambda: _run(plan, Sleepers())) / len(drawing.nodes))
        hand.append(_processor_us(lambda: _by_hand(drawing)) / len(drawing.nodes))
    ours, hand, tasks = ours[1:], hand[1:], tasks[1:]  # the first of each warms up
    ratios = [one / other for one, other in zip(ours, hand, strict=True)]
    there = [one / task * BAR_TASK_US for one, task in zip(ours, tasks, strict=True)]
    yield Row(f"engine, {name}: processor time a node", ours, "µs", MOST_US)
    yield Row(f"engine, {name}: where a task takes {BAR_TASK_US} µs", there, "µs", MOST_US)
    yield Row(f"engine, {name}: hand-written asyncio", hand, "µs")
    yield Row(f"engine, {name}: against hand-written", ratios, "×", MOST_TIMES)


def _task_row() -> Row:
    """What this machine, now, takes for a task: the measure of the figures a node."""
    costs = [_task_us() for _ in range(TIMES)]
    said = f"asyncio: a task made and awaited ({BAR_TASK_US} µs where the bars were set)"
    return Row(said, costs, "µs")


def _task_us() -> float:
    async def nothing() -> None: ...

    async def make_tasks() -> None:
        for _ in range(TASKS):
            await asyncio.create_task(nothing())

    return _processor_us(make_tasks) / TASKS


def _processor_us(work: Callable[[], Awaitable[object]]) -> float:
    """Return the processor time of the work, repeated on one loop until the reading is long."""

    async def timed() -> float:
        count, start = 0, time.process_time()
        while (took := time.process_time() - start) < READING_S:
            await work()
            count += 1
        return took / count

    gc.collect()
    return _on_a_loop(timed()) * 1e6


def _on_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


async def _run(plan: Plan, executor: Sleepers) -> list[Record]:
    run = Run(plan, "hi", deps=Deps(executor=executor))
    return [record async for batch in run.batches() for record in batch]


async def _by_hand(drawing: Drawing) -> dict[str, str]:
    """Run the shape as one writes it by hand: a task a node that awaits its parents' tasks."""
    parents: dict[str, list[str]] = {node: [] for node in drawing.nodes}
    for source, target in drawing.edges:
        parents[target].append(source)
    tasks: dict[str, asyncio.Task[str]] = {}

    async def work(node: str) -> str:
        for parent in parents[node]:
            await tasks[parent]
        await asyncio.sleep(drawing.seconds.get(node, 0.0))
        return "done"

    for node in drawing.nodes:
        tasks[node] = asyncio.create_task(work(node))
    return {node: await task for node, task in tasks.items()}


# Wall time


def _uneven_rows() -> Iterator[Row]:
    drawing = _uneven()
    ready, staged = drawing.plan(), drawing.plan(start="by_stage")
    longest, first, barrier = _ideals(drawing)
    against: dict[str, list[float]] = {"path": [], "first": [], "stages": [], "hand": []}
    for _ in range(TIMES):
        wall, first_s = _on_a_loop(_timed(ready, drawing.seconds))
        against["path"].append(wall / longest)
        against["first"].append(first_s / first)
        wall, _ = _on_a_loop(_timed(staged, drawing.seconds))
        against["stages"].append(wall / barrier)
        start = time.perf_counter()
        _on_a_loop(_by_hand(drawing))
        against["hand"].append((time.perf_counter() - start) / longest)
    what = "engine, uneven 8×8"
    yield Row(f"{what}: against its critical path", against["path"], "×", 1.02)
    yield Row(f"{what}: hand-written asyncio", against["hand"], "×")
    yield Row(f"{what}: to the first end result", against["first"], "×", 1.03)
    yield Row(f"{what}: by_stage against a perfect barrier", against["stages"], "×", 1.01)


async def _timed(plan: Plan, seconds: dict[str, float]) -> tuple[float, float]:
    """Return the wall time of a run, and when its first end result was there."""
    start, first = time.perf_counter(), 0.0
    run = Run(plan, "hi", deps=Deps(executor=Sleepers(seconds)))
    ends = {NodeKey(node) for node in plan.ends}
    async for record in run.records():
        is_end = isinstance(record.event, NodeFinished) and record.event.node in ends
        first = first or (time.perf_counter() - start if is_end else 0.0)
    return time.perf_counter() - start, first


def _map_rows() -> Iterator[Row]:
    items, at_once, each_s = 1000, 50, 0.02
    ideal = items / at_once * each_s
    plan = _map(items, at_once)
    ours, hand = [], []
    for _ in range(TIMES):
        start = time.perf_counter()
        _on_a_loop(_run(plan, Sleepers(each=each_s)))
        ours.append((time.perf_counter() - start) / ideal)
        start = time.perf_counter()
        _on_a_loop(_map_by_hand(items, at_once, each_s))
        hand.append((time.perf_counter() - start) / ideal)
    what = "engine, for_each of 1,000 items of 20 ms, 50 at once"
    yield Row(f"{what}: against the ideal", ours, "×", 1.06)
    yield Row(f"{what}: hand-written asyncio", hand, "×")


async def _map_by_hand(items: int, at_once: int, each_s: float) -> list[str]:
    semaphore = asyncio.Semaphore(at_once)

    async def work() -> str:
        async with semaphore:
            await asyncio.sleep(each_s)
            return "done"

    return await asyncio.gather(*[work() for _ in range(items)])


def _memory_row() -> Row:
    """Measure the peak while 10,000 items run 50 at once, its records counted and let go of."""

    async def count() -> int:
        run = Run(plan, "hi", deps=Deps(executor=Sleepers()))
        return sum([len(batch) async for batch in run.batches()])

    plan = _map(10_000, 50)
    _on_a_loop(count())
    peaks = []
    for _ in range(3):
        gc.collect()
        tracemalloc.start()
        _on_a_loop(count())
        peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    return Row("engine, for_each of 10,000 items, 50 at once: peak memory", peaks, "MB")


# Shapes


def _shapes() -> dict[str, Drawing]:
    chain = [f"n{number}" for number in range(100)]
    return {
        "chain of 100": Drawing(chain, list(pairwise(chain)), {}),
        "fan-out of 100 with fan-in": _fan(100),
        "fan-out of 1,000 with fan-in": _fan(1000),
        "20 fully connected layers of 10": _layers(20, 10),
    }


def _fan(width: int) -> Drawing:
    middle = [f"n{number}" for number in range(width)]
    edges = [("first", node) for node in middle] + [(node, "last") for node in middle]
    return Drawing(["first", *middle, "last"], edges, {})


def _layers(count: int, width: int) -> Drawing:
    rows = [[f"r{row}_{place}" for place in range(width)] for row in range(count)]
    edges = [
        (source, target) for upper, lower in pairwise(rows) for source in upper for target in lower
    ]
    return Drawing([node for row in rows for node in row], edges, {})


def _uneven() -> Drawing:
    """Eight rows of eight; each node has two parents above it, and a log-normal time of its own."""
    chance = random.Random(8)
    rows = [[f"r{row}_{place}" for place in range(8)] for row in range(8)]
    edges = [
        (upper[(place + step) % 8], lower[place])
        for upper, lower in pairwise(rows)
        for place in range(8)
        for step in (0, 1)
    ]
    nodes = [node for row in rows for node in row]
    return Drawing(nodes, edges, {n: 0.1 * chance.lognormvariate(0.0, 0.6) for n in nodes})


def _ideals(drawing: Drawing) -> tuple[float, float, float]:
    """Return the critical path, the path to the first end, and the sum of the slowest per row."""
    done: dict[str, float] = {}
    for node in drawing.nodes:
        before = [done[source] for source, target in drawing.edges if target == node]
        done[node] = max(before, default=0.0) + drawing.seconds[node]
    sources = {source for source, _ in drawing.edges}
    ends = [done[node] for node in drawing.nodes if node not in sources]
    rows: dict[str, float] = {}
    for node, seconds in drawing.seconds.items():
        row = node.partition("_")[0]
        rows[row] = max(rows.get(row, 0.0), seconds)
    return max(ends), min(ends), sum(rows.values())


def _map(items: int, at_once: int) -> Plan:
    each = {
        "items": [f"item {number}" for number in range(items)],
        "max_concurrency": at_once,
        "max_items": items,
    }
    agent = {"id": "a", "name": "a", "type": "agent", "for_each": each, "timeout_s": 600}
    return _plan([agent | {"retries": 2}], [], {})


def _plan(nodes: list[dict[str, Any]], edges: Edges, run: dict[str, Any]) -> Plan:
    inner = {target for _, target in edges}
    starts = [("in", node["id"]) for node in nodes if node["id"] not in inner]
    values = {
        "fanfold": 1,
        "name": "bench",
        "nodes": [INPUT, *nodes],
        "edges": [{"source": source, "target": target} for source, target in starts + edges],
        "run": run,
    }
    return plan_flow(read_values(values))
