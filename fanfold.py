"""The door: one command that sets Fanfold up and opens the app, the tests or the command line.

It needs nothing but Python, and reads on old ones far enough to say that they are too old.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from environment import COMMAND, Environment, Refusal, missing_parts, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OLDEST = (3, 11)
HOME = Path(__file__).resolve().parent
HELP = f"""\
Fan out, fold in: draw, run and watch multi-agent workflows.

  {COMMAND}               open the app (--port N, --no-browser)
  {COMMAND} test ...      run all tests; further words go to pytest
  {COMMAND} bench         measure starting, running and memory
  {COMMAND} setup         set up or mend the environment, and nothing else
  {COMMAND} run FILE ...  the command line; likewise check, plan, trace, export, import, …

The first start sets up .venv in this folder; every later one is immediate."""


class Job(NamedTuple):
    """A module to run inside the environment, its words and the parts it needs."""

    module: str
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("app", "model")
    at_home: bool = True


def main(arguments: Sequence[str]) -> int:
    """Do what the words ask for and return the exit code."""
    try:
        require_python(sys.version_info[:3])
        job = plan_job(arguments)
        if job is None:
            print(HELP)
            return 0
        environment = Environment(HOME)
        if job.module == "setup":
            return set_up_only(environment, job)
        prepare(environment, job.parts)
        return start(environment, job)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Fanfold could not start: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start sets up what is missing.", file=sys.stderr)
        return 130


def require_python(version: Sequence[int]) -> None:
    """Raise a Refusal on a Python that is too old."""
    if tuple(version[:2]) < OLDEST:
        needed, found = (".".join(map(str, parts)) for parts in (OLDEST, version))
        newer = "py -3.13" if os.name == "nt" else "python3.13"
        raise Refusal(
            f"Fanfold needs Python {needed} or newer; this is {found}. "
            f"Install a newer one and start with it, for instance: {newer} fanfold.py"
        )


def plan_job(arguments: Sequence[str]) -> Job | None:
    """Turn the words of the command into a job; None where help is wanted."""
    word, rest = (arguments[0] if arguments else ""), tuple(arguments[1:])
    if word == "help" or "--help" in arguments[:1] or "-h" in arguments[:1]:
        return None
    if word == "setup":
        return Job("setup")
    if word == "test":
        return Job("pytest", rest, parts=("app", "model", "dev"))
    if word == "bench":
        return Job("tests.bench", rest, parts=("app", "model", "dev"))
    if word and not word.startswith("-"):
        return Job("flows", (word, *rest), at_home=False)
    return Job("components", _check_options(arguments))


def _check_options(arguments: Sequence[str]) -> tuple[str, ...]:
    if not arguments:
        return ()
    import argparse

    parser = argparse.ArgumentParser(prog="fanfold.py", add_help=False)
    parser.add_argument("--port", type=int, metavar="N")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args(arguments)
    if options.port is not None and not 0 <= options.port < 65_536:
        parser.error(f"A port is a number from 0 to 65535, not {options.port}.")
    return tuple(arguments)


def set_up_only(environment: Environment, job: Job) -> int:
    """Set up what is missing or failed before; return 1 if something still does."""
    prepare(environment, job.parts, again=True)
    if missing_parts(environment, job.parts, again=True):
        return 1
    print("Everything is set up.")
    return 0


def start(environment: Environment, job: Job) -> int:
    """Run the job inside the environment; where the system can, in place of this process."""
    # -P: a module in the caller's folder cannot stand in for one of ours.
    command = [str(environment.python), "-P", "-m", job.module, *job.words]
    own = {"PYTHONPATH": str(HOME), "PYTHONUTF8": "1"}
    around = {**{k: v for k, v in os.environ.items() if k != "PYTHONHOME"}, **own}
    if job.at_home:
        os.chdir(HOME)
    if os.name == "posix":
        os.execve(command[0], command, around)
    return _wait_for(command, around)


def _wait_for(command: Sequence[str], around: Mapping[str, str]) -> int:
    import subprocess

    process = subprocess.Popen(command, env=around)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the job has got it too and ends in its own way
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
