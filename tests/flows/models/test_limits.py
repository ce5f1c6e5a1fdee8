"""The limits of a connection: how many requests at once, how many in a minute."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from agents import Agent, RunConfig, Runner

from flows.models.clock import NodeClock, begin_clock
from flows.models.connections import Api, Connection
from flows.models.limits import Limiter, limiter_of
from tests.flows.models.asking import LAB, asking
from tests.model_server import Answer, Break, Gate, Hang, ModelServer, Refuse
from tests.virtual_time import run_in_virtual_time

APIS: tuple[Api, ...] = ("chat_completions", "responses")


def lab(server: ModelServer, api: Api = "chat_completions", **limits: int) -> Connection:
    return replace(LAB, base_url=server.base_url, api=api, **limits)


def on_virtual_clock(
    work: Callable[[Limiter], Coroutine[Any, Any, Any]], **limits: int | None
) -> Any:
    async def run() -> Any:
        now = asyncio.get_running_loop().time
        return await work(Limiter(**{"at_once": None, "per_minute": None, **limits}, now=now))

    return run_in_virtual_time(run())


async def begin(limiter: Limiter, began: list[tuple[str, float]], name: str, work_s: float) -> None:
    turn = await limiter.take()
    began.append((name, asyncio.get_running_loop().time()))
    await asyncio.sleep(work_s)
    limiter.give_back(turn)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_turns_are_given_first_come_first_served():
    async def work(limiter: Limiter) -> list[tuple[str, float]]:
        began: list[tuple[str, float]] = []
        async with asyncio.TaskGroup() as group:
            for name in "abcde":
                group.create_task(begin(limiter, began, name, 1.0))
        return began

    began = on_virtual_clock(work, at_once=2)
    assert began == [("a", 0.0), ("b", 0.0), ("c", 1.0), ("d", 1.0), ("e", 2.0)]


def test_no_minute_has_more_turns_than_are_allowed():
    async def work(limiter: Limiter) -> list[tuple[str, float]]:
        began: list[tuple[str, float]] = []
        async with asyncio.TaskGroup() as group:
            for name in "abcde":
                group.create_task(begin(limiter, began, name, 50.0))
                await asyncio.sleep(5)
        return began

    began = on_virtual_clock(work, per_minute=2)
    assert began == [("a", 0.0), ("b", 5.0), ("c", 60.0), ("d", 65.0), ("e", 120.0)]


def test_both_limits_hold_together():
    async def work(limiter: Limiter) -> list[tuple[str, float]]:
        began: list[tuple[str, float]] = []
        async with asyncio.TaskGroup() as group:
            for name in "abc":
                group.create_task(begin(limiter, began, name, 10.0))
        return began

    assert on_virtual_clock(work, at_once=1, per_minute=2) == [("a", 0), ("b", 10), ("c", 60)]


@pytest.mark.parametrize("limits", [{"at_once": 1}, {"per_minute": 1}], ids=["slots", "rate"])
def test_one_who_is_cancelled_leaves_the_line_and_the_next_one_goes(limits):
    async def work(limiter: Limiter) -> list[tuple[str, float]]:
        began: list[tuple[str, float]] = []
        tasks = [asyncio.create_task(begin(limiter, began, name, 60.0)) for name in "abc"]
        await settle()
        tasks[1].cancel()
        await asyncio.wait(tasks)
        return began

    assert on_virtual_clock(work, **limits) == [("a", 0.0), ("c", 60.0)]


def test_a_turn_that_came_to_one_just_cancelled_goes_to_the_next():
    async def work(limiter: Limiter) -> list[tuple[str, float]]:
        began: list[tuple[str, float]] = []
        first = await limiter.take()
        tasks = [asyncio.create_task(begin(limiter, began, name, 0.0)) for name in "ab"]
        await settle()
        limiter.give_back(first)
        tasks[0].cancel()
        await asyncio.wait(tasks)
        return began

    assert on_virtual_clock(work, at_once=1, per_minute=2) == [("b", 0.0)]


def test_a_loop_that_died_with_its_turns_does_not_hold_them():
    limiter = Limiter(at_once=1, per_minute=None)
    asyncio.run(limiter.take())
    asyncio.run(asyncio.wait_for(limiter.take(), 1))


def test_turns_go_from_one_event_loop_to_another():
    limiter = Limiter(at_once=1, per_minute=None)

    async def elsewhere(waits: asyncio.Event, loop: asyncio.AbstractEventLoop) -> str:
        taking = asyncio.create_task(limiter.take())
        await settle()
        loop.call_soon_threadsafe(waits.set)
        limiter.give_back(await taking)
        return "through"

    async def here() -> str:
        turn = await limiter.take()
        waits = asyncio.Event()
        there = elsewhere(waits, asyncio.get_running_loop())
        running = asyncio.create_task(asyncio.to_thread(asyncio.run, there))
        await waits.wait()
        limiter.give_back(turn)
        return await running

    assert asyncio.run(here()) == "through"


def test_a_connection_has_one_limiter_in_a_process_and_none_without_limits():
    limited = replace(LAB, max_concurrency=2)
    assert limiter_of(limited) is limiter_of(replace(LAB, max_concurrency=2))
    assert limiter_of(limited) is not limiter_of(replace(limited, name="other"))
    assert limiter_of(LAB) is None


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("streamed", [True, False])
async def test_a_connection_has_no_more_requests_open_than_it_allows(api, streamed):
    gate = Gate()
    with ModelServer(default=Answer("Through.", gate=gate)) as server:
        async with asking(lab(server, api, max_concurrency=2)) as asker:
            asked = [asyncio.create_task(asker.ask("lab/any", streamed=streamed)) for _ in range(6)]
            await asyncio.to_thread(server.wait_for, 2)
            await settle()
            assert len(server.log) == 2
            gate.open()
            assert await asyncio.gather(*asked) == ["Through."] * 6
        assert server.max_at_once() == 2


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    "script",
    [Refuse(429), Break(after=1), Break(after=0), Answer("")],
    ids=["refused", "broken", "cut", "empty"],
)
async def test_a_call_that_failed_gives_its_turn_back(api, script):
    with ModelServer(bad=script, good=Answer("Fine.")) as server:
        async with asking(lab(server, api, max_concurrency=1)) as asker:
            await asyncio.gather(asker.ask("lab/bad"), return_exceptions=True)
            assert await asker.ask("lab/good") == "Fine."


@pytest.mark.parametrize("api", APIS)
async def test_a_turn_lasts_until_the_stream_has_ended_or_was_closed(api):
    with ModelServer(slow=Hang(after=1), good=Answer("Fine.")) as server:
        limited = lab(server, api, max_concurrency=1)
        async with asking(limited, replace(lab(server), name="free")) as asker:
            begun = asyncio.Event()
            first = asyncio.create_task(asker.ask("lab/slow", begun=begun))
            await begun.wait()
            second = asyncio.create_task(asker.ask("lab/good"))
            await asker.ask("free/good")  # meanwhile the second would have been sent long ago
            assert [entry.model for entry in server.log] == ["slow", "good"]
            first.cancel()
            assert await second == "Fine."
        slow, _, good = server.log
        assert slow.closed_early
        assert (slow.end or 0) <= good.start


async def test_retries_count_as_requests(monkeypatch):
    monkeypatch.setattr("flows.models.limits.MINUTE_S", 3)
    with ModelServer(default=[Refuse(429, retry_after_s=0), Answer()]) as server:
        async with asking(lab(server, requests_per_minute=1)) as asker:
            await asyncio.gather(asker.ask("lab/any"), return_exceptions=True)
            await asker.ask("lab/any")
        first, second = server.log
    assert second.start - first.start > 1.5  # at once without the limit


@pytest.mark.parametrize("api", APIS)
async def test_an_agent_that_is_a_tool_gets_the_turn_its_caller_had(api):
    with ModelServer(default=Answer("Fine.")) as server:
        async with asking(lab(server, api, max_concurrency=1)) as asker:
            config = RunConfig(model_provider=asker.models)
            caller = Agent(name="caller", model="lab/any")
            run = Runner.run_streamed(caller, "Hi", run_config=config)
            async for event in run.stream_events():
                if event.type == "run_item_stream_event":  # the answer is complete: tools go now
                    assert await asker.ask("lab/any") == "Fine."
        assert server.max_at_once() == 1


async def test_a_clock_stands_only_while_a_call_waits_and_none_is_out():
    told: list[str] = []
    clock = NodeClock(stop=lambda: told.append("stop"), go_on=lambda: told.append("go on"))
    with clock.waiting():
        with clock.calling(), clock.waiting():
            told.append("one is out")
        told.append("one waits")
    with clock.calling():
        pass
    assert told == ["stop", "go on", "one is out", "stop", "one waits", "go on"]


def test_a_clock_stands_while_the_model_is_loaded_for_the_call_that_is_out() -> None:
    told: list[str] = []
    clock = NodeClock(stop=lambda: told.append("stop"), go_on=lambda: told.append("go on"))
    with clock.calling():
        with clock.loading():
            told.append("it is loaded")
        told.append("it is asked")
        with clock.calling(), clock.loading():
            told.append("another works")
    assert told == ["stop", "it is loaded", "go on", "it is asked", "another works"]
    assert clock.waited_s == clock.loading_s > 0


def test_a_clock_tells_when_it_stands_for_the_model_and_not_for_another_wait() -> None:
    told: list[str] = []
    clock = begin_clock(load=lambda: told.append("load"), loaded=lambda: told.append("loaded"))
    with clock.waiting():
        told.append("its turn comes")
        with clock.loading(), clock.loading():
            told.append("twice at once")
        told.append("it waits on")
    with clock.calling(), clock.calling(), clock.loading():
        told.append("another works")
    assert told == [
        "its turn comes",
        "load",
        "twice at once",
        "loaded",
        "it waits on",
        "another works",
    ]
