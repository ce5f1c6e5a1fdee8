"""`run`: one execution of a flow; progress on stderr, the result on stdout."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from flows.cli.check import all_problems, print_problems
from flows.cli.ctrl_c import CtrlC, listen_for_ctrl_c
from flows.cli.earlier import add_words, open_earlier, reuse_of
from flows.cli.exits import DONE, FAILED, PROBLEMS, STOPPED
from flows.cli.files import FileUnreadableError, open_flow
from flows.cli.loading import Loading
from flows.cli.progress import Progress, getting_ready, progress_for
from flows.cli.results import ResultPrinter
from flows.document.model import AgentNode, Flow, Node, RouterNode
from flows.errors import NodeError
from flows.models.connections import Connections, load_connections
from flows.plan.plan import Plan, plan_flow
from flows.run.deps import Deps, load_sdk, open_deps
from flows.run.executor import NodeResult
from flows.run.loop import new_loop
from flows.run.run import Run
from flows.store.home import home_of
from flows.trace.events import Record, encode_record
from flows.trace.fold import RunTrace, TraceFold
from flows.trace.reuse import Reuse, texts_of_inputs
from flows.trace.summary import summarise

Result = TypeVar("Result")

_STOPPED: Final = "stopped with Ctrl-C"
_NO_DEFAULT: Final = (
    "--model changes nothing here: it replaces the default model, and every node of this flow "
    "names its own. Take a node's model out to have it asked."
)
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
    parser.add_argument(
        "--model",
        metavar="CONNECTION/MODEL",
        help="asked where a node names no model: it replaces the default, never a node's own",
    )
    add_words(parser)
    parser.add_argument("--json", action="store_true", help="print the run as one JSON object")
    parser.add_argument("--record", metavar="OUT.jsonl", help="write the run's records to a file")
    parser.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    flow = open_flow(options.file)
    problems = all_problems(flow)
    print_problems(problems, file=sys.stderr)
    if any(problem.severity == "error" for problem in problems):
        return PROBLEMS
    if options.model is not None and not any(map(_asks_default, flow.nodes)):
        print(_NO_DEFAULT, file=sys.stderr)
    plan, trace = plan_flow(flow), open_earlier(options)
    earlier = None if trace is None else reuse_of(trace, plan, node=options.node)
    given = read_inputs(options.input, flow) if trace is None else texts_of_inputs(trace, flow)
    connections = load_connections(home_of(os.environ), os.environ)
    loading = Loading(partial(load_sdk, connections, model=options.model))
    with listen_for_ctrl_c() as ctrl_c:
        work = _execute(
            options,
            plan,
            given,
            earlier=earlier,
            connections=connections,
            loading=loading,
            ctrl_c=ctrl_c,
        )
        with asyncio.Runner(loop_factory=new_loop) as runner:
            trace = runner.run(work)
        if options.json:
            print(json.dumps(summarise(trace), ensure_ascii=False))
    loading.leave(_ENDS[trace.status])
    return _ENDS[trace.status]


def _asks_default(node: Node) -> bool:
    """Say whether a node asks the default model."""
    match node:
        case AgentNode(model=model):
            return model is None
        case RouterNode(ask=ask, model=model):
            return ask is not None and model is None
        case _:
            return False


def read_inputs(words: Sequence[str], flow: Flow) -> str | dict[str, str]:
    """Read the `--input` words: `ID=TEXT` where ID is an input, `-` for stdin, else the text.

    An input may also be named as it is on the screen.
    """
    named: dict[str, str] = {}
    for word in words:
        said, equals, text = word.partition("=")
        name = _input_named(said, flow) if equals else ""
        known = bool(name)
        value = text if known else word
        value = sys.stdin.read() if value == "-" else value
        if not known and len(flow.inputs) != 1:
            return value
        named[name if known else flow.inputs[0].id] = value
    return named


def _input_named(said: str, flow: Flow) -> str:
    """Return the id of the input of that id, or else of that name; empty where there is none."""
    ids = [node.id for node in flow.inputs if node.id == said]
    names = [node.id for node in flow.inputs if node.name.casefold() == said.casefold()]
    return next(iter(ids + names), "")


async def _execute(
    options: argparse.Namespace,
    plan: Plan,
    inputs: str | dict[str, str],
    *,
    earlier: Reuse | None,
    connections: Connections,
    loading: Loading,
    ctrl_c: CtrlC,
) -> RunTrace:
    pressed = asyncio.ensure_future(ctrl_c.wait())
    async with AsyncExitStack() as stack:
        stack.callback(pressed.cancel)
        file = stack.enter_context(_open_record(options.record)) if options.record else None
        opened = stack.enter_async_context(_open_beside(connections, options.model, loading))
        with getting_ready(sys.stderr):
            deps = await _unless(pressed, asyncio.ensure_future(opened))
        run = Run(plan, inputs, deps=deps or Deps(executor=Nobody()), earlier=earlier)
        progress = stack.enter_context(progress_for(sys.stderr, plan.flow))
        printer = None if options.json else ResultPrinter(plan)
        if deps is None:
            run.cancel(_STOPPED)
        pressed.add_done_callback(lambda _: run.cancel(_STOPPED))
        return await _watch(run, file=file, progress=progress, printer=printer)


@asynccontextmanager
async def _open_beside(
    connections: Connections, model: str | None, loading: Loading
) -> AsyncIterator[Deps]:
    """Open the deps; what takes seconds is done beside the loop."""
    await loading.wait()
    async with open_deps(connections, model=model) as deps:
        yield deps


async def _unless(pressed: asyncio.Future[None], work: asyncio.Future[Result]) -> Result | None:
    """Wait for the work; None when Ctrl-C comes first."""
    either: set[asyncio.Future[Any]] = {pressed, work}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        return work.result()
    work.cancel()
    await asyncio.wait({work})
    return None


class Nobody:
    """Does the work of a run that was stopped before anybody was there to do it: none."""

    async def call(self, *_: Any, **__: Any) -> NodeResult:
        """Raise NodeError."""
        raise NodeError("The run was stopped before it began.")


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


def _open_record(path: str) -> Any:
    try:
        return Path(path).open("wb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileUnreadableError(f'"{path}" cannot be written: {reason}.') from error


def _write(file: Any, record: Record) -> None:
    file.write(encode_record(record) + b"\n")
    file.flush()
