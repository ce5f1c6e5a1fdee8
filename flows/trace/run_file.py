"""RunFile: the records of one run as they stand in a file, read before anything trusts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from flows.document.files import read_values
from flows.errors import FlowFileError, RecordFileError
from flows.trace.events import NodeEvent, Record, RunEnd, RunStarted, decode_records

_RUN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NODE_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}(\[\d{1,6}\])?")


def read_run_file(content: bytes) -> tuple[Record, ...]:
    """Read a run file. Raises RecordFileError with the line that breaks the laws of a run."""
    records = tuple(decode_records(content.splitlines()))
    if not records or not isinstance(records[0].event, RunStarted):
        raise RecordFileError('This file holds no run: its first record is not "run_started".')
    _check_order(records)
    for number, record in enumerate(records, start=1):
        if isinstance(record.event, NodeEvent) and not _NODE_KEY.fullmatch(record.event.node):
            raise RecordFileError(f'Line {number}: "{record.event.node}" names no node.')
    try:
        read_values(records[0].event.flow)
    except FlowFileError as error:
        raise RecordFileError(f"The flow in this file cannot be read: {error}") from error
    return records


def _check_order(records: Sequence[Record]) -> None:
    if not _RUN_ID.fullmatch(records[0].run) or records[0].seq != 1:
        raise RecordFileError("Line 1: a run begins with record 1 and an id of letters and digits.")
    for number, (before, record) in enumerate(pairwise(records), start=2):
        if record.run != records[0].run:
            raise RecordFileError(f"Line {number} belongs to another run. A file holds one.")
        if record.seq != before.seq + 1:
            raise RecordFileError(f"Line {number}: record {before.seq + 1} is missing.")
        if isinstance(before.event, RunEnd) or isinstance(record.event, RunStarted):
            raise RecordFileError(f"Line {number}: a run has one beginning and one end.")
