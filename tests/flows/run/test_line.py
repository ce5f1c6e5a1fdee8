"""Line: what comes soon after the last was read is read together."""

import asyncio

from flows.ids import NodeKey, RunId
from flows.run.line import EVERY_S, Line
from flows.trace.events import NodeQueued, Record
from tests.virtual_time import run_in_virtual_time

START_S = 1.0


def record(seq: int) -> Record:
    return Record(RunId("r"), seq, 0.0, NodeQueued(NodeKey("a")))


async def read(moments_s: list[float]) -> list[tuple[float, list[int]]]:
    """Add a record at each moment after the start; return what was read, and when."""
    loop = asyncio.get_running_loop()
    line = Line()
    told: list[tuple[float, list[int]]] = []

    def add(seq: int) -> None:
        if not line.records:
            line.wake_soon()
        line.records.append(record(seq))

    for seq, moment_s in enumerate(moments_s):
        loop.call_later(START_S + moment_s, add, seq)
    while sum(len(seqs) for _, seqs in told) < len(moments_s):
        await line.wait()
        seqs = [each.seq for each in line.take()]
        told.append((round(loop.time() - START_S, 6), seqs))
    return told


def test_the_first_record_after_a_rest_is_read_at_once():
    told = run_in_virtual_time(read([0.0, 2 * EVERY_S, 4 * EVERY_S]))
    assert told == [(0.0, [0]), (0.002, [1]), (0.004, [2])]


def test_records_that_come_soon_after_the_last_was_read_are_read_together():
    told = run_in_virtual_time(read([0.0, 0.0002, 0.0004, 0.0006, 0.0015]))
    assert told == [(0.0, [0]), (0.001, [1, 2, 3]), (0.002, [4])]
