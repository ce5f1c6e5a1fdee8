"""`export`: a flow or a recorded run as a file that others can open."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from flows.cli.exits import DONE
from flows.cli.files import read_bytes, write_text
from flows.document.files import read_flow, write_flow
from flows.document.model import Flow
from flows.errors import FlowsError, RecordFileError
from flows.models.connections import load_connections
from flows.share.blank import blank_flow, blank_records
from flows.share.mermaid import write_mermaid
from flows.share.page import write_page
from flows.share.page_data import flow_of
from flows.share.python_code import write_program
from flows.share.report import write_report
from flows.share.svg import write_svg
from flows.store.home import home_of
from flows.trace.events import Record, decode_record, decode_records

OfFlow = Callable[[Flow], str]
OfRun = Callable[[tuple[Record, ...]], str]


class ExportError(FlowsError):
    """What is asked for cannot be made of this file."""


def _python(flow: Flow) -> str:
    """Write a flow as a program; what is not as it is here is said on stderr."""
    program = write_program(flow, load_connections(home_of(os.environ), os.environ))
    for remark in program.remarks:
        print(remark, file=sys.stderr)
    return program.text


FLOW_FORMATS: Mapping[str, OfFlow] = {
    "html": write_page,
    "json": write_flow,
    "mermaid": write_mermaid,
    "python": _python,
    "svg": write_svg,
}
"""What can be made of a flow; of a run file, it is made of the flow that was run."""

RUN_FORMATS: Mapping[str, OfRun] = {"html": write_page, "markdown": write_report}
"""What can be made of a recorded run."""


def add_command(commands: Any) -> None:
    """Add `export` to the parser."""
    parser = commands.add_parser("export", help="write a flow or a recorded run for others")
    parser.add_argument("file", metavar="FILE", help="a flow (JSON) or a run file (.jsonl)")
    formats = sorted({*FLOW_FORMATS, *RUN_FORMATS})
    parser.add_argument("--to", choices=formats, required=True, help="what to write")
    parser.add_argument("-o", "--output", metavar="OUT", help="write to a file, not to stdout")
    parser.add_argument(
        "--without-contents",
        action="store_true",
        help="leave inputs, outputs, names and every other text out",
    )
    parser.set_defaults(command=_export)


def _export(options: argparse.Namespace) -> int:
    text = _written(options)
    if options.output is None:
        sys.stdout.write(text)
        return DONE
    write_text(options.output, text)
    return DONE


def _written(options: argparse.Namespace) -> str:
    content = read_bytes(options.file)
    if not _is_run(content, options.file):
        return _of_flow(read_flow(content), options)
    records = tuple(decode_records(content.splitlines()))
    if options.to not in RUN_FORMATS:
        return _of_flow(flow_of(records), options)
    return RUN_FORMATS[options.to](blank_records(records) if options.without_contents else records)


def _of_flow(flow: Flow, options: argparse.Namespace) -> str:
    if options.to not in FLOW_FORMATS:
        raise ExportError(
            f'"{options.to}" tells a run, and "{options.file}" is a flow. '
            "Name a run file, as `run --record` writes it."
        )
    return FLOW_FORMATS[options.to](blank_flow(flow) if options.without_contents else flow)


def _is_run(content: bytes, file: str) -> bool:
    """Say whether a file holds records: its name says so, or its first line is one."""
    try:
        decode_record(content.lstrip().partition(b"\n")[0])
    except RecordFileError:
        return file.endswith(".jsonl")
    return True
