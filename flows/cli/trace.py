"""`trace`: the story and the timing of a recorded run."""

from __future__ import annotations

import argparse
import json
from typing import Any

from flows.cli.exits import DONE
from flows.cli.files import read_bytes
from flows.cli.story import print_story
from flows.errors import RecordFileError
from flows.trace.events import decode_records
from flows.trace.fold import RunTrace, build_trace
from flows.trace.summary import summarise


def add_command(commands: Any) -> None:
    """Add `trace` to the parser."""
    parser = commands.add_parser("trace", help="tell the story and timing of a recorded run")
    parser.add_argument("file", metavar="RUN.jsonl", help="a run file, as `run --record` writes it")
    parser.add_argument("--json", action="store_true", help="print what `run --json` prints")
    parser.set_defaults(command=_trace)


def open_run(path: str) -> RunTrace:
    """Read the story in a run file. Raises RecordFileError with the line that is wrong."""
    trace = build_trace(decode_records(read_bytes(path).splitlines()))
    if not trace.run_id:
        raise RecordFileError(f'"{path}" holds no run: its first record is not "run_started".')
    return trace


def _trace(options: argparse.Namespace) -> int:
    trace = open_run(options.file)
    if options.json:
        print(json.dumps(summarise(trace), ensure_ascii=False))
    else:
        print_story(trace)
    return DONE
