"""Earlier: the recorded run that `run --from` goes back to."""

from __future__ import annotations

import argparse

from flows.cli.files import read_bytes
from flows.errors import InputError, RecordFileError
from flows.ids import NodeId
from flows.plan.plan import Plan
from flows.trace.fold import RunTrace, build_trace
from flows.trace.reuse import Reuse, reuse_before, reuse_finished
from flows.trace.run_file import read_run_file


def add_words(parser: argparse.ArgumentParser) -> None:
    """Add `--from` and `--node` to the words of `run`."""
    parser.add_argument(
        "--from",
        dest="earlier",
        metavar="RUN.jsonl",
        help="a recorded run of this flow: runs what failed in it, or from --node on, with its "
        "inputs; all other results are reused",
    )
    parser.add_argument("--node", metavar="ID", help="with --from: the node to begin with")


def open_earlier(options: argparse.Namespace) -> RunTrace | None:
    """Read the run that the words name; None where they name none.

    Raises RecordFileError for a file that holds no run, InputError for words that do not fit.
    """
    if options.earlier is None:
        if options.node is not None:
            raise InputError("--node needs --from: the recorded run whose other results stand.")
        return None
    if options.input:
        raise InputError("--from takes the inputs of the recorded run. Leave --input out.")
    try:
        return build_trace(read_run_file(read_bytes(options.earlier)))
    except RecordFileError as error:
        raise RecordFileError(f'"{options.earlier}": {error}') from error


def reuse_of(trace: RunTrace, plan: Plan, *, node: str | None) -> Reuse:
    """Say what of the recorded run stands. Raises ReuseError."""
    if node is None:
        return reuse_finished(trace, plan)
    return reuse_before(trace, plan, NodeId(node))
