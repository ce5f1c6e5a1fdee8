"""`trace`: the story and the timing of a recorded run; with another beside it, what differs."""

from __future__ import annotations

import argparse
import json
from typing import Any

from flows.cli.comparison import comparison_values, print_comparison
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
    parser.add_argument(
        "--with",
        dest="other",
        metavar="OTHER.jsonl",
        help="another run file: puts the two side by side, with what differs",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print what `run --json` prints; with --with, the comparison",
    )
    parser.set_defaults(command=_trace)


def open_run(path: str) -> RunTrace:
    """Read the story in a run file. Raises RecordFileError with the line that is wrong."""
    trace = build_trace(decode_records(read_bytes(path).splitlines()))
    if not trace.run_id:
        raise RecordFileError(f'"{path}" holds no run: its first record is not "run_started".')
    return trace


def _trace(options: argparse.Namespace) -> int:
    if options.other is not None:
        return _compare(options)
    trace = open_run(options.file)
    if options.json:
        print(json.dumps(summarise(trace), ensure_ascii=False))
    else:
        print_story(trace)
    return DONE


def _compare(options: argparse.Namespace) -> int:
    first, second = (_open_named(path) for path in (options.file, options.other))
    if options.json:
        print(json.dumps(comparison_values(first, second), ensure_ascii=False))
    else:
        print_comparison(first, second)
    return DONE


def _open_named(path: str) -> RunTrace:
    """Read the story in one of several files; what is wrong with it names the file."""
    try:
        return open_run(path)
    except RecordFileError as error:
        said = str(error)
        raise RecordFileError(said if path in said else f'"{path}": {said}') from error
