"""The patterns of a run, seen from a real HTTP server: what overlaps, waits and is closed."""

import asyncio
import gc
import json
import operator
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from flows.ids import NodeKey
from flows.models.connections import load_connections
from flows.models.local import LocalServer
from flows.plan.plan import plan_flow
from flows.run.deps import open_deps
from flows.run.run import Run
from flows.trace.events import LoadingBegan, LoadingEnded, NodeFinished, NodeStarted
from flows.trace.fold import build_trace
from flows.trace.summary import summarise
from flows.trace.timing import measure
from tests.flows.models.processes import until
from tests.flows.run.over_http import (
    APIS,
    deps_on,
    events_of,
    hold_laws,
    of_model,
    on_event,
    play,
    run_on,
)
from tests.model_server import Answer, Entry, Gate, Hang, ModelServer, Refuse
from tests.shapes import shape

DIAMOND = "in > fast slow; fast > child; slow child > fold"


def models(*nodes: str) -> dict[str, dict[str, str]]:
    """Give each node the model of its own name."""
    return {node: {"model": f"test/{node}"} for node in nodes}


def statuses(trace) -> dict[str, str]:
    return {key: node.status for key, node in trace.nodes.items()}


@pytest.mark.parametrize("api", APIS)
async def test_as_ready_a_fast_branch_goes_on_before_the_slow_one_ends(api, tmp_path):
    gate = Gate()
    flow = shape(DIAMOND, **models("fast", "slow", "child", "fold"))
    with ModelServer(slow=Answer(gate=gate)) as server:
        running = asyncio.create_task(run_on(server, flow, tmp_path, api=api))
        both = {"slow", "child"}
        await asyncio.to_thread(server.wait_until, lambda log: both <= {e.model for e in log})
        assert of_model(server.log, "slow").end is None
        gate.open()
        trace, _ = await running
    assert trace.status == "finished"


@pytest.mark.parametrize("api", APIS)
async def test_by_stage_the_next_stage_waits_for_the_slow_branch(api, tmp_path):
    gate = Gate()
    flow = shape(DIAMOND, run={"start": "by_stage"}, **models("fast", "slow", "child", "fold"))
    open_gate = on_event(NodeFinished, "fast", lambda _: gate.open())
    with ModelServer(slow=Answer(gate=gate, chunk_s=0.05)) as server:
        _, records = await run_on(server, flow, tmp_path, api=api, watch=open_gate)
        slow, child = (of_model(server.log, model) for model in ("slow", "child"))
    assert events_of(records, NodeFinished) == ["fast", "slow", "child", "fold"]
    assert (slow.end or 0) <= child.start


@pytest.mark.parametrize("api", APIS)
async def test_a_limit_of_two_never_shows_three_at_once(api, tmp_path):
    flow = shape("in > a b c d e f g h i j", run={"max_concurrency": 2})
    with ModelServer(default=Answer(delay_s=0.03)) as server:
        trace, records = await run_on(server, flow, tmp_path, api=api)
        assert (server.max_at_once(), len(server.log)) == (2, 10)
    assert events_of(records, NodeStarted) == list("abcdefghij")
    assert trace.status == "finished"


@pytest.mark.parametrize("api", APIS)
async def test_cancel_closes_the_connections_of_all_others_at_once(api, tmp_path):
    gate = Gate()
    flow = shape(
        "in > a b first; first > bad", run={"on_failure": "cancel"}, **models("first", "bad")
    )
    with ModelServer(default=Hang(after=1), first=Answer(gate=gate), bad=Refuse(400)) as server:
        running = asyncio.create_task(run_on(server, flow, tmp_path, api=api))
        await asyncio.to_thread(server.wait_for, 3)
        gate.open()
        trace, _ = await running
        log = await asyncio.to_thread(server.wait_until, all_ended, timeout_s=1)
    assert [entry.closed_early for entry in log if entry.model == "plain"] == [True, True]
    assert (trace.status, statuses(trace)) == (
        "failed",
        {"a": "cancelled", "b": "cancelled", "first": "finished", "bad": "failed"},
    )


@pytest.mark.parametrize("api", APIS)
async def test_collect_delivers_the_survivors(api, tmp_path):
    flow = shape("in > a bad c > pick", run={"on_failure": "collect"}, **models("bad"))
    with ModelServer(default=Answer("Fine."), bad=Refuse(400)) as server:
        trace, _ = await run_on(server, flow, tmp_path, api=api)
    assert (trace.status, trace.outputs, [*trace.errors]) == (
        "finished",
        {"pick": "Fine."},
        ["bad"],
    )
    assert trace.nodes["pick"].message == "## a\nFine.\n\n## c\nFine."


@pytest.mark.parametrize("api", APIS)
async def test_a_race_closes_the_losers_connection(api, tmp_path):
    gate = Gate()
    flow = shape("in > quick slow > pick", pick={"needs": "any"}, **models("quick", "slow"))
    with ModelServer(quick=Answer("First.", gate=gate), slow=Hang(after=1)) as server:
        running = asyncio.create_task(run_on(server, flow, tmp_path, api=api))
        await asyncio.to_thread(server.wait_for, 2)
        gate.open()
        trace, _ = await running
        log = await asyncio.to_thread(server.wait_until, all_ended, timeout_s=1)
    assert of_model(log, "slow").closed_early
    assert (trace.status, trace.nodes["slow"].status) == ("finished", "cancelled")
    assert trace.nodes["pick"].message == "First."


@pytest.mark.parametrize("api", APIS)
async def test_a_429_is_tried_again_after_the_time_it_asks_for(api, tmp_path):
    script = [Refuse(429, "Slow down", retry_after_s=0.3), Answer("At last.")]
    with ModelServer(plain=script) as server:
        trace, _ = await run_on(server, shape("in > a"), tmp_path, api=api)
        first, second = server.log
    node = trace.nodes["a"]
    (retry,) = node.retries
    assert (node.status, node.output, node.attempts) == ("finished", "At last.", 2)
    assert (retry.attempt, retry.delay_s, second.start - first.start >= 0.3) == (1, 0.3, True)
    assert "takes no more requests for now (429: Slow down)" in retry.error


@pytest.mark.parametrize("api", APIS)
async def test_results_fold_in_drawn_order_though_they_come_in_reverse(api, tmp_path):
    gates = {"a": Gate(), "b": Gate()}
    flow = shape("in > a b c > pick", **models("a", "b", "c"))
    scripts = {name: Answer(name.upper(), gate=gate) for name, gate in gates.items()}

    def open_next(run, record):
        on_event(NodeFinished, "c", lambda _: gates["b"].open())(run, record)
        on_event(NodeFinished, "b", lambda _: gates["a"].open())(run, record)

    with ModelServer(c=Answer("C"), **scripts) as server:
        trace, records = await run_on(server, flow, tmp_path, api=api, watch=open_next)
    assert events_of(records, NodeFinished) == ["c", "b", "a", "pick"]
    assert trace.nodes["pick"].message == "## a\nA\n\n## b\nB\n\n## c\nC"


@pytest.mark.parametrize("api", APIS)
async def test_a_connections_limit_holds_across_runs(api, tmp_path):
    flow = shape("in > a b c d")
    with ModelServer(default=Answer(delay_s=0.03)) as server:
        async with deps_on(server, tmp_path, api=api, max_concurrency=2) as deps:
            runs = [Run(plan_flow(flow), "hi", deps=deps) for _ in range(2)]
            await asyncio.gather(*[play(run) for run in runs])
        assert (server.max_at_once(), len(server.log)) == (2, 8)


async def test_a_connections_limit_holds_across_runs_with_deps_of_their_own(tmp_path):
    flow = shape("in > a b c d")
    with ModelServer(default=Answer(delay_s=0.03)) as server:
        runs = [run_on(server, flow, tmp_path, max_concurrency=2) for _ in range(2)]
        await asyncio.gather(*runs)
        assert (server.max_at_once(), len(server.log)) == (2, 8)


@pytest.mark.parametrize("api", APIS)
async def test_requests_per_minute_hold_across_runs(api, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.models.limits.MINUTE_S", 0.6)
    flow = shape("in > a b")
    with ModelServer() as server:
        async with deps_on(server, tmp_path, api=api, requests_per_minute=3) as deps:
            runs = [Run(plan_flow(flow), "hi", deps=deps) for _ in range(2)]
            await asyncio.gather(*[play(run) for run in runs])
        starts = [entry.start for entry in server.log]
    assert len(starts) == 4
    assert starts[3] - starts[0] > 0.5 > starts[2] - starts[0]


async def test_a_nodes_clock_stands_while_it_waits_for_its_connection(tmp_path):
    flow = shape("in > a b", a={"model": "test/slow"}, b={"timeout_s": 1.5})
    with ModelServer(slow=Answer(delay_s=2)) as server:
        trace, _ = await run_on(server, flow, tmp_path, max_concurrency=1)
    assert statuses(trace) == {"a": "finished", "b": "finished"}


async def test_waiting_for_a_connection_is_no_work_and_counts_as_what_a_limit_cost(tmp_path):
    flow = shape("in > a b c")
    with ModelServer(default=Answer("Fine.", delay_s=0.3)) as server:
        trace, _ = await run_on(server, flow, tmp_path, max_concurrency=1)
    timing = measure(trace)
    waited = [trace.nodes[NodeKey(node)].waited_s for node in ("a", "b", "c")]
    assert [seconds > 0.1 for seconds in sorted(waited)] == [False, True, True]
    assert timing.overlap < 1.6  # with the waiting it would be 2
    assert timing.limit_s > timing.critical_path_s
    queued = [summarise(trace)["nodes"][node]["queue_s"] for node in ("a", "b", "c")]
    assert [seconds > 0.1 for seconds in sorted(queued)] == [False, True, True]


async def test_a_record_tells_how_long_the_embedded_model_was_being_loaded(tmp_path, monkeypatch):
    with ModelServer() as server:
        address = json.dumps({"address": server.base_url.removesuffix("/v1")})
        stands_in = f"import sys; print({address!r}, flush=True); sys.stdin.read()"
        command = (sys.executable, "-c", stands_in)
        loads = partial(LocalServer, command=command, weights=Path("weights.gguf"))
        monkeypatch.setattr("flows.models.local.LocalServer", loads)
        async with open_deps(load_connections(tmp_path, {}), model="local") as deps:
            plan = plan_flow(shape("in > a b"))
            cold, warm = [await play(Run(plan, "hi", deps=deps)) for _ in "12"]
    first, second = build_trace(cold), build_trace(warm)
    assert [*events_of(cold, LoadingBegan)] == [*events_of(cold, LoadingEnded)] == ["a", "b"]
    assert not events_of(warm, LoadingBegan | LoadingEnded)
    hold_laws(cold)
    loaded = [node.loading_s for node in first.nodes.values()]
    assert min(loaded) > 0
    assert measure(first).loading_s == max(loaded)
    assert [node.waited_s for node in first.nodes.values()] == loaded
    assert measure(second).loading_s == 0


@pytest.mark.parametrize("api", APIS)
async def test_a_nodes_clock_runs_once_its_call_has_its_turn(api, tmp_path):
    flow = shape("in > a", a={"timeout_s": 0.2, "retries": 0})
    with ModelServer(default=Hang(after=1)) as server:
        trace, _ = await run_on(server, flow, tmp_path, api=api, max_concurrency=1)
    assert trace.error == (
        '"a" took longer than its 0.2 s and was stopped. '
        "Raise its timeout, or make its work smaller."
    )


async def test_a_silent_server_is_given_up_after_its_connections_timeout(tmp_path):
    flow = shape("in > a", a={"retries": 0})
    with ModelServer(default=Hang()) as server:
        trace, _ = await run_on(server, flow, tmp_path, timeout_s=0.3)
    assert trace.error == (
        '"a": The connection "test" sent nothing for 0.3 s. Run again, or raise its timeout_s in '
        "connections.toml."
    )


@pytest.mark.parametrize("api", APIS)
async def test_cancelled_at_any_record_a_run_leaves_nothing_behind(api, tmp_path):
    flow = shape("in > a b > c", run={"max_concurrency": 2})
    with ModelServer() as server:
        async with deps_on(server, tmp_path, api=api, max_concurrency=1) as deps:
            plan = plan_flow(flow)
            whole = await play(Run(plan, "hi", deps=deps))
            threads = count_threads()
            ends = []
            for moment in range(len(whole)):
                run = Run(plan, "hi", deps=deps)
                if moment == 0:
                    run.cancel("enough")
                records = await play(run, cancel_at(moment))
                hold_laws(records)
                ends.append(build_trace(records).status)
                await until_alone()
                await asyncio.to_thread(server.wait_until, all_ended, timeout_s=5)
            assert ends[: len(ends) // 2] == ["cancelled"] * (len(ends) // 2)
            assert set(ends) <= {"cancelled", "finished"}  # the last records come all together
            assert count_threads() == threads


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
async def test_fifty_runs_leave_no_task_thread_or_connection(tmp_path):
    plan = plan_flow(shape("in > a b > c"))
    with ModelServer() as server:
        async with deps_on(server, tmp_path) as deps:
            await play(Run(plan, "hi", deps=deps))
            before = open_things()
            for _ in range(50):
                await play(Run(plan, "hi", deps=deps))
            await at_most(before)
    await until_alone()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
async def test_opening_and_closing_leaves_nothing_either(tmp_path):
    flow = shape("in > a b")
    with ModelServer() as server:
        await run_on(server, flow, tmp_path)
        await asyncio.to_thread(server.wait_until, all_ended)
        before = open_things()
        for _ in range(5):
            await run_on(server, flow, tmp_path)
        await at_most(before)


async def until_alone() -> None:
    """Wait until no task is left but this one.

    The client library leaves the generators of a broken-off stream to the event loop, which
    closes each in a task of a few turns.
    """
    async with asyncio.timeout(10):
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)


async def at_most(before: tuple[int, int, int]) -> None:
    """Wait until no more is open than before: the server's ends close a moment after ours."""
    async with asyncio.timeout(10):
        await until(lambda: all(map(operator.le, open_things(), before)))


def open_things() -> tuple[int, int, int]:
    """Count what a run could leave behind: tasks, threads, open files and sockets."""
    gc.collect()
    files = len(list(Path("/proc/self/fd").iterdir()))  # the server's ends too: it is a thread here
    return len(asyncio.all_tasks()), count_threads(), files


def count_threads() -> int:
    """Count the threads, the event loop's own pool left out: it grows to its size."""
    pools = ("asyncio_", "uvloop_")
    return sum(not thread.name.startswith(pools) for thread in threading.enumerate())


def cancel_at(moment: int):
    def watch(run: Run, record) -> None:
        if record.seq == moment:
            run.cancel("enough")

    return watch


def all_ended(log: Sequence[Entry]) -> bool:
    return all(entry.end is not None for entry in log)
