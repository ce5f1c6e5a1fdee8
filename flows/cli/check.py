"""`check`: a flow's problems and the advice on it, one a line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from flows.cli.exits import DONE, PROBLEMS
from flows.cli.files import open_flow
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.models.agent_limits import limits_of
from flows.models.checks import find_model_problems
from flows.models.connections import load_connections
from flows.plan.advice import Known, find_advice
from flows.plan.checks import find_problems
from flows.store.home import home_of


def add_command(commands: Any) -> None:
    """Add `check` to the parser."""
    parser = commands.add_parser("check", help="list a flow's problems, one a line")
    parser.add_argument("file", metavar="FILE", help="a flow (JSON)")
    parser.set_defaults(command=_check)


def all_problems(flow: Flow) -> tuple[Problem, ...]:
    """Return the flow's problems, with those its models have on this machine."""
    connections = load_connections(home_of(os.environ), os.environ)
    return (*find_problems(flow), *find_model_problems(flow, connections))


def all_advice(flow: Flow) -> tuple[Problem, ...]:
    """Return what could be better about a flow, with the limits of this machine's connections."""
    connections = load_connections(home_of(os.environ), os.environ)
    known = Known(limits=limits_of(flow, connections))
    return tuple(
        advice.problem for advice in find_advice(flow, known, problems=find_problems(flow))
    )


def print_problems(problems: Iterable[Problem], *, file: TextIO) -> None:
    """Write each problem on a line of its own."""
    for problem in problems:
        print(f"{problem.severity}: {problem.message}", file=file)


def _check(options: argparse.Namespace) -> int:
    flow = open_flow(options.file)
    problems = all_problems(flow)
    print_problems(problems, file=sys.stdout)
    if not problems:
        print("No problems.", file=sys.stderr)
    print_problems(all_advice(flow), file=sys.stdout)
    return PROBLEMS if any(problem.severity == "error" for problem in problems) else DONE
