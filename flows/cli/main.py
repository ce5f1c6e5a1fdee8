"""Command line: reads the words, calls the command, answers with its exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from flows.cli import check, export, import_, plan, run, schema, templates, trace
from flows.cli.exits import PROBLEMS, STOPPED, USAGE
from flows.cli.terminal import complain
from flows.errors import FlowFileError, FlowHasProblems, FlowsError

Command = Callable[[argparse.Namespace], int]

_COMMANDS = (check, plan, run, export, import_, trace, templates, schema)


def main(words: Sequence[str]) -> int:
    """Do what the words say; return the exit code of DESIGN section 6."""
    options = _parser().parse_args(words)
    command: Command = options.command
    try:
        return command(options)
    except (FlowFileError, FlowHasProblems) as error:
        check.print_problems(error.problems, file=sys.stderr)
        return PROBLEMS
    except FlowsError as error:
        complain(str(error))
        return USAGE
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # the reader of our output went away; keep Python from complaining about it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flows", description="Check, run and read multi-agent flows."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in _COMMANDS:
        module.add_command(commands)
    return parser
