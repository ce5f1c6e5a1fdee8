"""Clocks: one timer for all, and none that rings for what is over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flows.models.clock import begin_clock, running_clock
from flows.run.clocks import Clock, Clocks
from flows.trace.events import NodeRetried
from flows.trace.fold import build_trace
from tests.actors import Actors, play
from tests.shapes import shape
from tests.virtual_time import run_in_virtual_time

Told = list[tuple[str, float]]


@dataclass(eq=False)
class Call:
    left_s: float | None
    ring: Callable[[], None]
    deadline: float | None = None


async def rung(stop_at: dict[str, float], *, seconds: dict[str, float], until: float) -> Told:
    loop = asyncio.get_running_loop()
    calls: dict[str, Call] = {}
    clocks = Clocks(loop, calls)
    told: Told = []

    def ring(name: str) -> None:
        told.append((name, loop.time()))

    for name, limit in seconds.items():
        calls[name] = Call(limit, partial(ring, name))
        clock = Clock(clocks, calls[name])
        clock.start()
        if name in stop_at:
            loop.call_later(stop_at[name], clock.stop)
            loop.call_later(stop_at[name] + 10, clock.start)
    await asyncio.sleep(until)
    clocks.close()
    return told


def test_clocks_ring_in_the_order_of_their_time():
    told = run_in_virtual_time(rung({}, seconds={"a": 3, "b": 1, "c": 2}, until=9))
    assert told == [("b", 1.0), ("c", 2.0), ("a", 3.0)]


def test_a_clock_that_stood_rings_as_much_later():
    told = run_in_virtual_time(rung({"a": 1}, seconds={"a": 3, "b": 4}, until=30))
    assert told == [("b", 4.0), ("a", 13.0)]


def test_the_clock_of_what_is_over_is_not_started_again():
    async def over() -> float | None:
        clocks = Clocks(asyncio.get_running_loop(), {})
        call = Call(600, lambda: None)
        clock = Clock(clocks, call)
        clock.start()
        clock.stop()
        call.left_s = None
        clock.start()
        clocks.close()
        return call.deadline

    assert run_in_virtual_time(over()) is None


def test_clocks_that_ring_together_ring_in_the_order_of_their_start():
    told = run_in_virtual_time(rung({}, seconds={"a": 2, "b": 1, "c": 2, "d": 1}, until=9))
    assert told == [("b", 1.0), ("d", 1.0), ("a", 2.0), ("c", 2.0)]


def test_a_time_limit_that_rings_between_two_tries_names_the_try_that_failed():
    class Stumbling(Actors):
        async def call(self, run_id, key, *, spec, inputs, emit):
            emit(NodeRetried(key, attempt=1, error="The server is overloaded.", delay_s=60))
            return await super().call(run_id, key, spec=spec, inputs=inputs, emit=emit)

    flow = shape("in > a", a={"timeout_s": 2})
    trace = build_trace(run_in_virtual_time(play(flow, Stumbling({"a": 60}))))
    assert trace.error == (
        '"a" took longer than its 2 s and was stopped. Raise its timeout, or make its work '
        "smaller. A try before that failed: The server is overloaded."
    )


def test_a_node_that_waits_for_its_connection_does_not_use_its_time_up():
    class Waiting(Actors):
        async def call(self, *args, **rest):
            begin_clock()
            with running_clock().waiting():
                await asyncio.sleep(60)
            return await super().call(*args, **rest)

    trace = build_trace(
        run_in_virtual_time(play(shape("in > a", a={"timeout_s": 2}), Waiting({"a": 1})))
    )
    assert (trace.status, trace.ended_at) == ("finished", 1061.0)
