"""The pace: the first change at once, those that follow soon after it together."""

from __future__ import annotations

import asyncio

from flows.run.pace import EVERY_S, Pace
from tests.virtual_time import run_in_virtual_time


async def told_at(*changes: float) -> list[float]:
    """Change at these moments and return when that was told."""
    loop, told = asyncio.get_running_loop(), []
    pace = Pace(lambda: told.append(round(loop.time(), 6)))
    for at in changes:
        if at > loop.time():
            await asyncio.sleep(at - loop.time())
        pace.change()
    await asyncio.sleep(1.0)
    return told


def test_a_change_after_a_quiet_time_is_told_at_once():
    assert run_in_virtual_time(told_at(1.0, 2.0, 3.0)) == [1.0, 2.0, 3.0]


def test_changes_of_one_moment_are_told_first_and_then_together():
    assert run_in_virtual_time(told_at(1.0, 1.0, 1.0)) == [1.0, 1.0 + EVERY_S]


def test_a_change_is_told_before_the_loop_does_anything_else():
    async def work() -> list[str]:
        done: list[str] = []
        asyncio.get_running_loop().call_soon(done.append, "other work")
        Pace(lambda: done.append("told")).change()
        await asyncio.sleep(0)
        return done

    assert run_in_virtual_time(work()) == ["told", "other work"]


def test_changes_close_together_are_told_no_more_often_than_eyes_need():
    burst = [1.0 + step / 1000 for step in range(64)]
    told = [round(1.0 + number * EVERY_S, 6) for number in range(5)]
    assert run_in_virtual_time(told_at(*burst)) == told


def test_an_end_does_not_wait_and_is_told_once():
    async def work() -> list[float]:
        loop, told = asyncio.get_running_loop(), []
        pace = Pace(lambda: told.append(round(loop.time(), 6)))
        pace.change()
        await asyncio.sleep(0.01)
        pace.change()
        pace.flush()
        await asyncio.sleep(1.0)
        return told

    assert run_in_virtual_time(work()) == [0.0, 0.01]
