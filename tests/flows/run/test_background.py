"""The background runner: runs go on, are kept and are shown, whatever pages do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from flows.document.files import flow_values
from flows.errors import FlowsError, InputError, StoreError
from flows.ids import FlowId, NodeKey, RunId
from flows.plan.plan import plan_flow
from flows.run.background import BackgroundRunner
from flows.run.deps import Deps
from flows.run.messages import (
    NOTHING_RAN,
    FlowChanged,
    Message,
    NodesChanged,
    RunChanged,
    RunView,
    Snapshot,
    TextCame,
)
from flows.store.store import Store, open_store
from flows.trace.events import NodeFinished, RunCancelled, RunFailed, RunFinished, RunStarted
from tests.flows.run.puppets import MODEL, WAIT_S, Puppets
from tests.flows.store.records import records_of
from tests.shapes import shape
from tests.waiting import wait_until

FLOW = shape("in > a b")
PLAN = plan_flow(FLOW)
OTHER = FlowId("other")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home, {}) as opened:
        yield opened


@pytest.fixture
def puppets() -> Puppets:
    return Puppets()


@pytest.fixture
def runner(store: Store, puppets: Puppets) -> Iterator[BackgroundRunner]:
    opened = BackgroundRunner(store, open_deps=puppets.deps)
    yield opened
    opened.close()


@pytest.fixture
def flow_id(store: Store) -> FlowId:
    return store.flows.create(FLOW).id


class Viewer:
    """A browser: folds the messages it gets into what it would show."""

    def __init__(self, watched) -> None:
        self._watched = watched
        self.run: RunView | None = None
        self.statuses: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    async def next(self) -> Message:
        async with asyncio.timeout(WAIT_S):
            message: Message = (await anext(self._watched)).message
        match message:
            case Snapshot():
                self.run, self.texts = message.run, dict(message.texts)
                self.statuses = {key: node.status for key, node in message.nodes.items()}
            case NodesChanged():
                self.statuses |= {key: node.status for key, node in message.nodes.items()}
            case TextCame():
                for key, text in message.texts.items():
                    self.texts[key] = self.texts.get(key, "") + text
            case RunChanged():
                self.run = message.run
            case FlowChanged():
                pass
        return message

    async def until(self, **statuses: str) -> None:
        """Look until the nodes stand so."""
        while self.statuses != statuses:
            await self.next()

    async def until_text(self, **texts: str) -> None:
        while self.texts != texts:
            await self.next()

    async def until_end(self) -> RunView:
        while self.run is None or self.run.ended is None:
            await self.next()
        return self.run


@asynccontextmanager
async def watching(
    runner: BackgroundRunner, flow_id: FlowId, *, run_id: RunId | None = None
) -> AsyncIterator[Viewer]:
    """Watch a flow; inside the block the first snapshot has come."""
    async with aclosing(runner.watch(flow_id, run_id=run_id)) as watched:
        viewer = Viewer(watched)
        await viewer.next()
        yield viewer


def wait_for_end(runner: BackgroundRunner, run_id: RunId) -> None:
    def has_ended() -> bool:
        trace = runner.fold(run_id)
        return trace is not None and trace.status != "running"

    wait_until(has_ended)


async def test_a_flow_that_never_ran_is_shown_as_such(runner, flow_id):
    async with aclosing(runner.watch(flow_id)) as watched:
        assert (await anext(watched)).message == NOTHING_RAN


async def test_a_run_is_shown_from_its_start_to_its_end(runner, puppets, flow_id):
    async with watching(runner, flow_id) as viewer:
        run_id = runner.start(PLAN, "hi", flow_id=flow_id)
        await viewer.until(a="running", b="running")
        puppets.say("a", "Good ")
        puppets.say("a", "day")
        await viewer.until_text(a="Good day")
        puppets.finish("a", "Good day")
        await viewer.until(a="finished", b="running")
        puppets.fail("b", "b broke")
        await viewer.until(a="finished", b="failed")
        run = await viewer.until_end()
    assert (run.id, run.flow, run.status, run.model) == (run_id, "shape", "failed", MODEL)
    assert (run.outputs, run.errors) == ({"a": "Good day"}, {"b": "b broke"})


async def test_a_node_is_shown_with_all_there_is_to_say(runner, puppets, flow_id):
    async with watching(runner, flow_id) as viewer:
        runner.start(PLAN, "hi", flow_id=flow_id)
        puppets.stumble("a", "429")
        puppets.finish("a", {"n": 1})
        await viewer.until(a="finished", b="running")
        async with watching(runner, flow_id) as late:
            pass
        assert late.run is not None
    async with aclosing(runner.watch(flow_id)) as watched:
        snapshot = (await anext(watched)).message
    node = snapshot.nodes[NodeKey("a")]
    assert (node.status, node.attempts, node.tokens, node.output) == ("finished", 2, 5, {"n": 1})
    assert (node.error, node.reason, node.model) == ("", "", MODEL)
    assert [(retry.error, retry.delay_s) for retry in node.retries] == [("429", 0.5)]
    assert node.queued <= node.started <= node.retries[0].at <= node.ended


async def test_text_of_an_attempt_that_failed_is_taken_back(runner, puppets, flow_id):
    async with watching(runner, flow_id) as viewer:
        runner.start(PLAN, "hi", flow_id=flow_id)
        puppets.say("a", "Half an ans")
        await viewer.until_text(a="Half an ans")
        puppets.stumble("a", "broke off")
        await viewer.until_text()
        puppets.say("a", "All of it")
        await viewer.until_text(a="All of it")


async def test_whoever_comes_late_sees_everything_and_then_follows(runner, puppets, flow_id):
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.say("a", "One, ")
    async with watching(runner, flow_id) as early:
        await early.until_text(a="One, ")
        async with watching(runner, flow_id) as late:
            assert (late.run.id, late.texts) == (run_id, {"a": "One, "})
            assert late.statuses == {"a": "running", "b": "running"}
            puppets.say("a", "two")
            await late.until_text(a="One, two")
            await early.until_text(a="One, two")


async def test_everybody_sees_the_same(runner, puppets, flow_id):
    async with watching(runner, flow_id) as one, watching(runner, flow_id) as two:
        runner.start(PLAN, "hi", flow_id=flow_id)
        for word in ("to ", "be ", "or ", "not ", "to ", "be "):
            puppets.say("b", word)
        puppets.finish("a", "x")
        puppets.finish("b", "y")
        assert await one.until_end() == await two.until_end()
        assert one.statuses == two.statuses == {"a": "finished", "b": "finished"}
        assert one.texts == two.texts == {"b": "to be or not to be "}


async def test_a_new_run_of_the_flow_takes_the_place_of_the_last(runner, puppets, flow_id):
    first = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.say("a", "old")
    async with watching(runner, flow_id) as viewer:
        await viewer.until_text(a="old")
        runner.cancel(first)
        await viewer.until_end()
        second = runner.start(PLAN, "hi", flow_id=flow_id)
        while viewer.run.id != second:
            await viewer.next()
        assert viewer.texts == {}


async def test_one_given_run_is_followed_whatever_else_starts(runner, puppets, flow_id):
    first = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.wait_for("a", "b")
    async with watching(runner, flow_id, run_id=first) as viewer:
        second = runner.start(PLAN, "hi", flow_id=flow_id)
        async with watching(runner, flow_id) as other:
            while other.run.id != second:
                await other.next()
            runner.cancel(first)
            assert (await viewer.until_end()).id == first
            assert other.run.status == "running"


async def test_runs_of_other_flows_are_not_shown(runner, puppets, store, flow_id):
    async with watching(runner, store.flows.create(FLOW).id) as viewer:
        run_id = runner.start(PLAN, "hi", flow_id=flow_id)
        puppets.wait_for("a", "b")
        runner.cancel(run_id)
        wait_for_end(runner, run_id)
        runner.notify(viewer_flow := store.flows.list()[0].id, FlowChanged(rev=9))
        assert viewer_flow != flow_id
        assert await viewer.next() == FlowChanged(rev=9)


async def test_a_change_of_the_document_is_told_to_all_who_watch_the_flow(runner, flow_id):
    async with watching(runner, flow_id) as one, watching(runner, flow_id) as two:
        runner.notify(flow_id, FlowChanged(rev=3, client="tab"))
        assert await one.next() == await two.next() == FlowChanged(rev=3, client="tab")


async def test_a_browser_that_reads_too_slowly_is_shown_everything_anew(
    runner, puppets, flow_id, monkeypatch
):
    monkeypatch.setattr("flows.run.watcher.LONGEST", 3)
    async with watching(runner, flow_id) as slow, watching(runner, flow_id) as quick:
        runner.start(PLAN, "hi", flow_id=flow_id)
        await quick.until(a="running", b="running")
        said = ""
        for number in range(20):
            puppets.say("a", f"{number} ")
            said += f"{number} "
            await quick.until_text(a=said)
        runner.notify(flow_id, FlowChanged(rev=7))
        seen = [await slow.next()]
        while slow.texts != {"a": said}:
            seen.append(await slow.next())
        assert FlowChanged(rev=7) in seen
        assert len(seen) <= 4
        puppets.say("a", "end")
        await slow.until_text(a=f"{said}end")


async def test_all_that_happened_is_in_the_store(runner, puppets, store, flow_id):
    async with watching(runner, flow_id) as viewer:
        run_id = runner.start(PLAN, "hi", flow_id=flow_id)
        puppets.say("a", "x")
        puppets.finish("a", "x")
        puppets.finish("b", "y")
        await viewer.until_end()
    records = runner.records(run_id)
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert (records[0].event, records[-1].event) == (
        RunStarted(flow_values(FLOW), {"in": "hi"}, model=MODEL),
        RunFinished({"a": "x", "b": "y"}),
    )
    await asyncio.to_thread(wait_until, lambda: store.runs.records(run_id) == records)
    (row,) = store.runs.list(flow_id)
    assert (row.id, row.name, row.status) == (run_id, "shape", "finished")


async def test_a_run_that_goes_on_can_be_read_at_any_time(runner, puppets, flow_id):
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.finish("a", "x")
    async with watching(runner, flow_id) as viewer:
        await viewer.until(a="finished", b="running")
        finished = [
            r.event.output for r in runner.records(run_id) if isinstance(r.event, NodeFinished)
        ]
        assert finished == ["x"]
        assert runner.fold(run_id).status == "running"


async def test_a_past_run_is_shown_from_the_store(store, flow_id, puppets):
    store.runs.append(records_of("r1"), flow_id=flow_id)
    store.runs.append(records_of("r2", at=2000.0), flow_id=flow_id)
    runner = BackgroundRunner(store, open_deps=puppets.deps)
    try:
        async with watching(runner, flow_id) as newest:
            assert (newest.run.id, newest.run.status, newest.run.ended) == ("r2", "finished", 5.0)
        async with watching(runner, flow_id, run_id=RunId("r1")) as given:
            assert (given.run.id, given.texts) == ("r1", {"a": "Grüße \n🪭"})
        assert runner.fold(RunId("r1")) == store.runs.trace(RunId("r1"))
        assert runner.fold(RunId("r0")) is None
    finally:
        runner.close()


async def test_a_run_of_another_process_is_followed_to_its_end(runner, home, flow_id, monkeypatch):
    monkeypatch.setattr("flows.run.background.LOOK_AGAIN_S", 0.01)
    records = records_of("r1", at=time.time())
    with open_store(home, {}) as elsewhere:
        elsewhere.runs.append(records[:3], flow_id=flow_id)
        async with watching(runner, flow_id) as viewer:
            assert (viewer.run.status, viewer.statuses) == ("running", {"a": "running"})
            assert not runner.cancel(RunId("r1"))
            elsewhere.runs.append(records[3:], flow_id=flow_id)
            assert (await viewer.until_end()).status == "finished"


async def test_many_ended_runs_do_not_stay_in_memory(runner, puppets, store, flow_id):
    for _ in range(8):
        async with watching(runner, flow_id) as viewer:
            run_id = runner.start(PLAN, "hi", flow_id=flow_id)
            while viewer.run is None or viewer.run.id != run_id:
                await viewer.next()
            runner.cancel(run_id)
            await viewer.until_end()
    ended = ["cancelled"] * 8
    await asyncio.to_thread(
        wait_until, lambda: [row.status for row in store.runs.list(flow_id)] == ended
    )
    assert len(runner._hub._runs) <= 5


def test_inputs_that_do_not_fit_are_refused_at_once(runner, flow_id):
    with pytest.raises(InputError, match='"out" is no input of this flow'):
        runner.start(PLAN, {"out": "x"}, flow_id=flow_id)


def test_a_run_is_cancelled_by_its_id(runner, puppets, flow_id):
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.wait_for("a", "b")
    assert runner.cancel(run_id)
    wait_for_end(runner, run_id)
    assert runner.records(run_id)[-1].event == RunCancelled("stopped by hand")


def test_an_unknown_run_cannot_be_cancelled(runner):
    assert not runner.cancel(RunId("r0"))


def test_a_run_may_be_stopped_before_the_models_are_there(runner, puppets, flow_id):
    puppets.may_open.clear()
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    while not runner.cancel(run_id):
        pass
    puppets.may_open.set()
    wait_for_end(runner, run_id)
    assert runner.fold(run_id).status == "cancelled"


def test_warming_opens_the_models_before_the_first_run(runner, puppets):
    runner.warm()
    assert puppets.opened.wait(WAIT_S)


def test_a_start_without_models_is_a_failed_run_with_the_reason(runner, puppets, store, flow_id):
    puppets.trouble = "connections.toml is broken. Mend it."
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    wait_for_end(runner, run_id)
    assert [record.event for record in runner.records(run_id)] == [
        RunStarted(flow_values(FLOW), {"in": "hi"}),
        RunFailed("connections.toml is broken. Mend it."),
    ]


def test_once_the_trouble_is_mended_runs_go(runner, puppets, flow_id):
    puppets.trouble = "connections.toml is broken. Mend it."
    wait_for_end(runner, runner.start(PLAN, "hi", flow_id=flow_id))
    puppets.trouble = ""
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.finish("a", "x")
    puppets.finish("b", "y")
    wait_for_end(runner, run_id)
    assert runner.fold(run_id).status == "finished"


def test_a_mistake_of_ours_ends_one_run_and_no_other(store, puppets, flow_id, caplog):
    def broken(name: str, _run_id: RunId):
        raise ZeroDivisionError(name)

    opened = [replace(Deps(executor=puppets), open_trace=broken), Deps(executor=puppets)]

    @asynccontextmanager
    async def deps():
        puppets._loop = asyncio.get_running_loop()
        yield opened[0]

    runner = BackgroundRunner(store, open_deps=deps)
    try:
        run_id = runner.start(PLAN, "hi", flow_id=flow_id)
        wait_for_end(runner, run_id)
        end = runner.records(run_id)[-1].event
    finally:
        runner.close()
    assert isinstance(end, RunFailed)
    assert "ZeroDivisionError" in end.error


def test_a_text_that_cannot_be_written_is_mended(runner, puppets, flow_id):
    run_id = runner.start(PLAN, "hi", flow_id=flow_id)
    puppets.say("a", "half \ud83d")
    puppets.finish("a", "half \ud83d")
    puppets.finish("b", "y")
    wait_for_end(runner, run_id)
    assert runner.fold(run_id).outputs == {"a": "half ?", "b": "y"}


async def test_a_store_that_refuses_loses_nothing(runner, puppets, store, monkeypatch):
    monkeypatch.setattr("flows.run.saver.AGAIN_AFTER_S", 0.01)
    flow_id, keep = store.flows.create(FLOW).id, store.runs.append

    def refuse(*_args, **_kwargs) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(store.runs, "append", refuse)
    async with watching(runner, flow_id) as viewer:
        run_id = runner.start(PLAN, "hi", flow_id=flow_id)
        puppets.finish("a", "x")
        while not (viewer.run and viewer.run.unsaved):
            await viewer.next()
        puppets.finish("b", "y")
        run = await viewer.until_end()
    assert run.unsaved == "This run is not being saved. The disk is full."
    records = runner.records(run_id)
    assert isinstance(records[-1].event, RunFinished)
    monkeypatch.setattr(store.runs, "append", keep)
    await asyncio.to_thread(wait_until, lambda: store.runs.records(run_id) == records)


async def test_closing_ends_runs_keeps_their_ends_and_lets_watchers_go(store, puppets, flow_id):
    runner = BackgroundRunner(store, open_deps=puppets.deps)
    async with watching(runner, flow_id) as viewer:
        run_id = runner.start(PLAN, "hi", flow_id=flow_id)
        await viewer.until(a="running", b="running")
        begun = time.monotonic()
        await asyncio.to_thread(runner.close)
        assert time.monotonic() - begun < 2.0
        assert (await viewer.until_end()).status == "cancelled"
        with pytest.raises(StopAsyncIteration):
            await viewer.next()
    assert store.runs.records(run_id)[-1].event == RunCancelled("Fanfold was closed")
    assert puppets.closed.is_set()
    assert not any(thread.name == "fanfold-runs" for thread in threading.enumerate())


def test_closing_while_the_models_are_still_being_opened_ends_the_thread(store, puppets, flow_id):
    puppets.may_open.clear()
    runner = BackgroundRunner(store, open_deps=puppets.deps)
    runner.warm()
    runner.start(PLAN, "hi", flow_id=flow_id)
    runner.close()
    puppets.may_open.set()
    runner._thread.join(WAIT_S)
    assert not runner._thread.is_alive()


def test_after_closing_nothing_starts(store, puppets, flow_id):
    runner = BackgroundRunner(store, open_deps=puppets.deps)
    runner.close()
    runner.close()
    with pytest.raises(FlowsError, match="Fanfold is closing"):
        runner.start(PLAN, "hi", flow_id=flow_id)


def test_a_program_that_forgets_to_close_still_ends_and_keeps_its_runs(home: Path):
    script = f"""
from pathlib import Path
from flows.plan.plan import plan_flow
from flows.run.background import BackgroundRunner
from flows.store.store import open_store
from tests.flows.run.puppets import Puppets
from tests.shapes import shape
store, puppets = open_store(Path({str(home)!r}), {{}}), Puppets()
flow = store.flows.create(shape("in > a"))
runner = BackgroundRunner(store, open_deps=puppets.deps)
runner.start(plan_flow(flow.flow), "hi", flow_id=flow.id)
puppets.wait_for("a")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], timeout=30, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    with open_store(home, {}) as store:
        assert [row.status for row in store.runs.list()] == ["cancelled"]
