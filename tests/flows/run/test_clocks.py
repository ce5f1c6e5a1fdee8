"""A clock measures the time it runs, and rings once."""

import asyncio

from flows.run.clocks import Clock, Clocks
from tests.virtual_time import run_in_virtual_time


def test_a_stopped_clock_keeps_the_seconds_it_has_left():
    async def work() -> list[float]:
        loop, rung = asyncio.get_running_loop(), list[float]()
        clocks = Clocks(loop)
        clock = Clock(2, ring=lambda: rung.append(loop.time()))
        clocks.start(clock)
        await asyncio.sleep(1)
        clocks.stop(clock)
        await asyncio.sleep(100)
        clocks.start(clock)
        await asyncio.sleep(100)
        return rung

    assert run_in_virtual_time(work()) == [102]
