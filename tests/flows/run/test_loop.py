"""Loops that runs go on: as fast as there are, and as exact as asyncio's own."""

import asyncio
import sys
import time

import pytest

from flows.run.loop import new_loop


def test_its_time_is_exact_to_far_below_a_millisecond():
    async def times() -> set[float]:
        loop = asyncio.get_running_loop()
        until = time.monotonic() + 0.003
        seen = set()
        while time.monotonic() < until:
            seen.add(loop.time())
        return seen

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert len(runner.run(times())) > 30


def test_a_timeout_of_it_rings_at_its_time():
    async def time_out() -> float:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.sleep(60)
        return time.monotonic() - began

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert 0.048 < runner.run(time_out()) < 1


def test_without_uvloop_it_is_asyncios_own(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    loop = new_loop()
    loop.close()
    assert type(loop).__module__.startswith("asyncio.")
