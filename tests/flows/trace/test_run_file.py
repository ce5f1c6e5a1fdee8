"""A run file is read as what it is, or refused with the line that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import pytest

from flows.errors import RecordFileError
from flows.ids import NodeKey, RunId
from flows.trace.events import (
    NodeQueued,
    Record,
    RunFinished,
    RunStarted,
    encode_record,
)
from flows.trace.run_file import read_run_file
from tests.shapes import shape

FLOW = shape("in > a").model_dump(mode="json", by_alias=True)
START = RunStarted(flow=FLOW, inputs={})
RUN = (
    Record(RunId("r1"), 1, 1000.0, START),
    Record(RunId("r1"), 2, 1001.0, NodeQueued(NodeKey("a"))),
    Record(RunId("r1"), 3, 1002.0, RunFinished(outputs={})),
)


def written(records: Sequence[Record]) -> bytes:
    return b"".join(encode_record(each) + b"\n" for each in records)


def changed(place: int, **values: object) -> tuple[Record, ...]:
    return (*RUN[:place], msgspec.structs.replace(RUN[place], **values), *RUN[place + 1 :])


def test_a_run_file_gives_its_records_also_without_an_end() -> None:
    assert (read_run_file(written(RUN)), read_run_file(written(RUN[:2]))) == (RUN, RUN[:2])


@dataclass(frozen=True)
class Case:
    content: bytes
    said: str


CASES = {
    "empty": Case(b"", "holds no run"),
    "no records": Case(b'{"a": 1}', "Line 1: This is not a record"),
    "no beginning": Case(written(RUN[1:]), "holds no run"),
    "another run": Case(written(changed(1, run=RunId("r2"))), "Line 2 belongs to another run"),
    "a gap": Case(written((RUN[0], RUN[2])), "Line 2: record 2 is missing"),
    "two ends": Case(
        written((*RUN, Record(RunId("r1"), 4, 1003.0, RUN[2].event))), "Line 4: a run has one"
    ),
    "two beginnings": Case(written(changed(1, event=START)), "Line 2: a run has one"),
    "an id for a path": Case(written(changed(0, run=RunId("../r"))), "Line 1: a run begins"),
    "a key of no node": Case(
        written(changed(1, event=NodeQueued(NodeKey("a[99999999]")))), 'Line 2: "a.99999999." names'
    ),
    "no flow": Case(written(changed(0, event=RunStarted(flow={"fanfold": 1}, inputs={}))), "flow"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_no_run_is_refused_with_the_line(case: Case) -> None:
    with pytest.raises(RecordFileError, match=case.said):
        read_run_file(case.content)
