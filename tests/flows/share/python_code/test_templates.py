"""Every shipped flow as a program: clean under the house's tools, and in a fresh interpreter the
same as the engine."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.models.connections import load_connections
from flows.plan.plan import plan_flow
from flows.run.deps import open_deps
from flows.run.run import Run
from flows.share.python_code import python_code
from flows.templates import list_templates, load_template
from flows.trace.fold import build_trace
from tests.flows.run.over_http import connect, play
from tests.flows.share.python_code.exported import (
    NO_CONNECTIONS,
    both,
    shown,
    with_models_of_their_own,
)
from tests.model_server import Answer, Behaviour, Entry, Hang, ModelServer, Refuse

ROOT = Path(__file__).parents[4]
NAMES = [template.name for template in list_templates()]
_Ran = tuple[subprocess.CompletedProcess[str], tuple[Entry, ...], int]
GIVEN = "apples\nbread\ncheese"
SLOW_S = 0.3
"""Long enough for calls that begin together to be seen at once on a machine at work."""

SILENT = {
    "expert_panel": ("lawyer", "historian"),
    "with_timeout": ("long, detailed",),
    "some_may_fail": ("think about costs",),
}
"""Words in the instructions of agents that never answer."""


def behaviour(name: str):
    """Script the server for a template: the racers but the first, and the silent, never answer."""

    def behave(entry: Entry) -> Behaviour:
        said = json.dumps(entry.body)
        if any(words in said for words in SILENT.get(name, ())):
            return Hang()
        if name == "race_two_models" and entry.number:
            return Hang()
        if "response_format" in entry.body:
            questions = [f"What is question {number}?" for number in (1, 2, 3)]
            return Answer(json.dumps({"questions": questions}), delay_s=SLOW_S)
        return Answer(f"An answer to: {entry.text}", delay_s=SLOW_S)

    return behave


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """Write every template as a program into one folder."""
    folder = tmp_path_factory.mktemp("programs")
    for name in NAMES:
        code = python_code(load_template(name), NO_CONNECTIONS)
        (folder / f"{name}.py").write_text(code, "utf-8")
    return folder


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Two processes at a time, whoever starts them."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def typed(programs, pool):
    """Begin to check the types of all programs; that takes the longest."""
    files = sorted(str(path) for path in programs.glob("*.py"))
    checker = [sys.executable, "-m", "mypy", "--strict", *files]
    # the gate's cache, which lies here, knows the SDK already
    return pool.submit(
        subprocess.run, checker, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def ran(programs, pool, typed) -> Mapping[str, Future[_Ran]]:
    """Begin to run every program in an interpreter of its own, two at a time."""

    def run(name: str):
        with ModelServer(default=behaviour(name)) as server:
            environ = {key: value for key, value in os.environ.items() if "OPENAI" not in key} | {
                "OPENAI_BASE_URL": server.base_url,
                "OPENAI_API_KEY": "none",
                "OPENAI_DEFAULT_MODEL": "plain",
                "OPENAI_AGENTS_DISABLE_TRACING": "1",
                "PYTHONUTF8": "1",
            }
            command = [sys.executable, "-P", str(programs / f"{name}.py"), GIVEN]
            ended = subprocess.run(
                command, env=environ, capture_output=True, text=True, timeout=110, check=False
            )
            log = server.wait_until(lambda log: all(entry.end is not None for entry in log))
            return ended, log, server.max_at_once()

    return {name: pool.submit(run, name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
async def test_in_a_fresh_interpreter_a_program_does_what_the_engine_does(name, ran, tmp_path):
    ended, log, at_once = await asyncio.to_thread(ran[name].result)
    plan = plan_flow(load_template(name))
    with ModelServer(default=behaviour(name)) as server:
        connect(server, tmp_path)
        async with open_deps(load_connections(tmp_path, {}), model="test") as deps:
            trace = build_trace(await play(Run(plan, GIVEN, deps=deps)))
        seen = server.wait_until(lambda log: all(entry.end is not None for entry in log))
        assert (trace.status, ended.returncode) == ("finished", 0), ended.stderr
        if name == "some_may_fail":  # a tenth of a second: its call may not even get out
            log, seen = (tuple(e for e in each if not e.closed_early) for each in (log, seen))
        else:
            assert at_once == server.max_at_once()
    assert sorted(spoken(log)) == sorted(spoken(seen))
    assert sum(each.closed_early for each in log) == sum(each.closed_early for each in seen)
    assert blocks(ended.stdout) == blocks(printed(shown(plan, trace)))


@pytest.mark.parametrize("name", NAMES)
async def test_a_program_fails_where_the_engine_fails(name, tmp_path):
    flow = with_models_of_their_own(load_template(name))
    first = plan_flow(flow).stages[0][0]
    cancels = flow.run.on_failure == "cancel"
    with ModelServer(default=Hang() if cancels else Answer("Fine.", delay_s=0.05)) as server:
        server.script(first, Refuse(400))
        for late in ("historian", "hurried"):  # so that nobody is late by chance
            server.script(late, Hang())
        engine, program = await both(server, flow, tmp_path, GIVEN)
    if cancels:
        assert program.when_cancelled() == engine.when_cancelled() == ("failed", 1)
    else:
        assert program == engine


def test_the_programs_are_clean_under_the_houses_tools(programs):
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    # a script speaks on the terminal, and stands alone
    ruled = ["check", *settings, "--ignore", "T201,INP001"]
    plain = ["--isolated", "--no-cache"]  # as a person has it who has set nothing
    for words in (ruled, ["check", *plain], ["format", "--check", *plain]):
        tool = [sys.executable, "-m", "ruff", *words, str(programs)]
        ended = subprocess.run(tool, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.timeout(300)  # where no cache lies, all of the SDK is read first
def test_the_programs_have_types(typed):
    checked = typed.result()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def spoken(log: tuple[Entry, ...]) -> list[str]:
    """Return all that each request says: instructions and message."""
    return [json.dumps(entry.body["messages"]) for entry in log]


def printed(outputs: Mapping[str, str]) -> str:
    """Write results as programs and the command line do."""
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    return "\n".join(f"## {name}\n{text}" for name, text in outputs.items())


def blocks(text: str) -> list[str]:
    """Split printed results, in an order that does not depend on who was first."""
    return sorted(part.strip() for part in f"\n{text}".split("\n## "))
