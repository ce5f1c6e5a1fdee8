"""`run`: one execution of a flow; progress on stderr, the result on stdout."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flows.cli.check import all_problems, print_problems
from flows.cli.exits import DONE, FAILED, PROBLEMS, STOPPED
from flows.cli.files import FileUnreadableError, open_flow
from flows.cli.progress import Progress, progress_for
from flows.cli.results import ResultPrinter
from flows.document.model import Flow
from flows.models.connections import load_connections
from flows.plan.plan import plan_flow
from flows.run.run import Run
from flows.store.home import home_of
from flows.trace.events import Record, encode_record
from flows.trace.fold import RunTrace, TraceFold
from flows.trace.summary import summarise

_ENDS = {"finished": DONE, "failed": FAILED, "cancelled": STOPPED}


def add_command(commands: Any) -> None:
    """Add `run` to the parser."""
    parser = commands.add_parser("run", help="run a flow")
    parser.add_argument("file", metavar="FILE", help="a flow (JSON)")
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="TEXT|ID=TEXT|-",
        help="the input, or one of several; - reads it from stdin; without it the example is used",
    )
    parser.add_argument("--model", metavar="CONNECTION/MODEL", help="replaces the default model")
    parser.add_argument("--json", action="store_true", help="print the run as one JSON object")
    parser.add_argument("--record", metavar="OUT.jsonl", help="write the run's records to a file")
    parser.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    flow = open_flow(options.file)
    problems = all_problems(flow)
    print_problems(problems, file=sys.stderr)
    if any(problem.severity == "error" for problem in problems):
        return PROBLEMS
    inputs = read_inputs(options.input, flow)
    trace = asyncio.run(_execute(options, flow, inputs))
    if options.json:
        print(json.dumps(summarise(trace), ensure_ascii=False))
    return _ENDS[trace.status]


def read_inputs(words: Sequence[str], flow: Flow) -> str | dict[str, str]:
    """Read the `--input` words: `ID=TEXT` where ID is an input, `-` for stdin, else the text."""
    named: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        known = equals and any(node.id == name for node in flow.inputs)
        value = text if known else word
        value = sys.stdin.read() if value == "-" else value
        if not known and len(flow.inputs) != 1:
            return value
        named[name if known else flow.inputs[0].id] = value
    return named


async def _execute(
    options: argparse.Namespace, flow: Flow, inputs: str | dict[str, str]
) -> RunTrace:
    from flows.run.deps import open_deps

    connections = load_connections(home_of(os.environ), os.environ)
    with ExitStack() as stack:
        file = stack.enter_context(_open_record(options.record)) if options.record else None
        async with open_deps(connections, model=options.model) as deps:
            run = Run(plan_flow(flow), inputs, deps=deps)
            progress = stack.enter_context(progress_for(sys.stderr, flow))
            printer = None if options.json else ResultPrinter(run.plan)
            watch = _watch(run, file=file, progress=progress, printer=printer)
            return await _to_its_end(run, asyncio.create_task(watch))


async def _watch(
    run: Run, *, file: Any, progress: Progress, printer: ResultPrinter | None
) -> RunTrace:
    fold = TraceFold()
    async for record in run.records():
        fold.add(record)
        if file is not None:
            _write(file, record)
        progress.show(record, fold)
        if printer is not None:
            printer.take(record)
    return fold.trace


async def _to_its_end(run: Run, watch: asyncio.Task[RunTrace]) -> RunTrace:
    """Wait for the run; at Ctrl-C cancel it and still take in everything up to its end."""
    try:
        return await asyncio.shield(watch)
    except asyncio.CancelledError:
        run.cancel("stopped with Ctrl-C")
        return await watch


def _open_record(path: str) -> Any:
    try:
        return Path(path).open("wb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileUnreadableError(f'"{path}" cannot be written: {reason}.') from error


def _write(file: Any, record: Record) -> None:
    file.write(encode_record(record) + b"\n")
    file.flush()
