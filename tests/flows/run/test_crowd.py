"""Ends that come in a crowd are handed on in their order, a few in each turn of the loop."""

import asyncio

from flows.ids import NodeKey
from flows.plan.plan import plan_flow
from flows.run.crowd import TOGETHER, Crowd
from flows.run.work import Work
from flows.trace.events import NodeEnd, NodeFinished
from tests.shapes import shape

STEP = next(iter(plan_flow(shape("in > a")).steps.values()))


def end_of(place: int) -> tuple[Work, NodeEnd]:
    key = NodeKey(f"a[{place}]")
    return Work(STEP, key, index=place), NodeFinished(key, place)


async def test_a_few_are_handed_on_at_once_and_the_others_in_the_next_turns():
    heard: list[int] = []
    crowd = Crowd(lambda work, _end: heard.append(work.index or 0))
    for place in range(3 * TOGETHER):
        crowd.take(*end_of(place))
    seen = [list(heard)]
    while crowd:
        await asyncio.sleep(0)
        seen.append(list(heard))
    assert seen == [list(range(each * TOGETHER)) for each in (1, 2, 3)]


async def test_one_that_comes_alone_is_handed_on_at_once_in_every_turn():
    heard: list[int] = []
    crowd = Crowd(lambda work, _end: heard.append(work.index or 0))
    for place in range(1, 4):
        crowd.take(*end_of(place))
        assert heard[-1] == place
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert not crowd


async def test_who_comes_while_others_wait_is_heard_after_them():
    heard: list[int] = []
    crowd = Crowd(lambda work, _end: heard.append(work.index or 0))
    for place in range(TOGETHER + 2):
        crowd.take(*end_of(place))
    await asyncio.sleep(0)
    crowd.take(*end_of(99))
    for _turn in range(2):
        await asyncio.sleep(0)
    assert heard == [*range(TOGETHER + 2), 99]
    assert not crowd
