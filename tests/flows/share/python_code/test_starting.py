"""A program that is started on a command line asks for what it needs, and ends with one sentence
where it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.document.model import Flow
from flows.share.python_code import python_code
from tests.flows.share.python_code.exported import NO_CONNECTIONS, load_program
from tests.model_server import Answer, Hang, ModelServer, Refuse
from tests.shapes import shape

NOBODY = "http://127.0.0.1:9/v1"
"""An address at which no server listens."""

ONCE = {"retries": 0}


@dataclass(frozen=True)
class Ended:
    code: int
    printed: str
    complained: str


def started(code: str, folder: Path, *words: str, base_url: str = NOBODY) -> Ended:
    """Run a program in an interpreter of its own."""
    program = folder / "program.py"
    program.write_text(code, encoding="utf-8")
    environ = {key: value for key, value in os.environ.items() if "OPENAI" not in key} | {
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": "none",
        "OPENAI_DEFAULT_MODEL": "plain",
        "PYTHONUTF8": "1",
    }
    ended = subprocess.run(
        [sys.executable, "-P", str(program), *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def code_of(flow: Flow) -> str:
    return python_code(flow, NO_CONNECTIONS)


@pytest.mark.parametrize("policy", ["finish", "cancel"])
def test_where_no_server_answers_one_sentence_says_who_failed_and_which_address_to_look_at(
    policy, tmp_path
):
    flow = shape("in > a b > c", run={"on_failure": policy}, a=ONCE, b=ONCE)
    ended = started(code_of(flow), tmp_path, "hi")
    last = ended.complained.splitlines()[-1]
    assert last in {
        f"{name} failed: Connection error. Is {NOBODY}/chat/completions up?" for name in "ab"
    }
    assert (ended.code, ended.printed) == (1, "")
    assert "Traceback" not in ended.complained


def test_where_nothing_is_tried_again_a_server_that_fails_is_asked_once(tmp_path):
    with ModelServer(default=Refuse(500)) as server:
        ended = started(code_of(shape("in > a", a=ONCE)), tmp_path, "hi", base_url=server.base_url)
        assert (ended.code, len(server.log)) == (1, 1)


def test_a_step_that_fails_is_told_in_one_sentence(tmp_path):
    with ModelServer(default=Refuse(400, "The message is too long.")) as server:
        ended = started(code_of(shape("in > a")), tmp_path, "hi", base_url=server.base_url)
    assert (ended.code, ended.printed) == (1, "")
    (line,) = ended.complained.splitlines()
    assert line.startswith("a failed: Error code: 400")
    assert "The message is too long." in line


@pytest.mark.parametrize(
    "run, said",
    [
        ({"timeout_s": 0.3}, "The flow was stopped: its time limit of 0.3 seconds was over."),
        (
            {"stages": {"a": {"timeout_s": 0.3}}},
            "The flow was stopped: its time limit was over.",
        ),
    ],
    ids=["of the run", "of a stage"],
)
def test_a_time_limit_that_is_over_is_told_in_one_sentence(run, said, tmp_path):
    with ModelServer(default=Hang()) as server:
        flow = shape("in > a b > c", run=run)
        ended = started(code_of(flow), tmp_path, "hi", base_url=server.base_url)
    assert ended == Ended(1, "", f"{said}\n")


def test_an_agent_that_is_too_late_is_told_by_its_name(tmp_path):
    with ModelServer(default=Hang()) as server:
        flow = shape("in > a", a={"timeout_s": 0.3})
        ended = started(code_of(flow), tmp_path, "hi", base_url=server.base_url)
    assert ended == Ended(1, "", "a failed: TimeoutError()\n")


@pytest.mark.parametrize(
    "flow, missing",
    [
        (shape("in > a"), "in_text"),
        (shape("in in2 in3 > a", in2={"example": "two"}), "--in, --in3"),
    ],
    ids=["the only one", "some of several"],
)
def test_a_program_asks_for_what_it_reads_and_has_no_example_of(flow, missing, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["program.py"])
    with pytest.raises(SystemExit):
        load_program(code_of(flow)).main()
    said = capsys.readouterr().err
    assert said.endswith(f"error: the following arguments are required: {missing}\n")


def test_a_program_does_not_ask_for_what_has_an_example_or_is_read_by_nobody(tmp_path):
    with ModelServer(default=Answer("Fine.")) as server:
        flow = shape("in > a", **{"in": {"example": "hello"}})
        (unread,) = (node for node in shape("in2 > b").nodes if node.id == "in2")
        flow = flow.model_copy(update={"nodes": (*flow.nodes, unread)})
        ended = started(code_of(flow), tmp_path, base_url=server.base_url)
        assert ended == Ended(0, "Fine.\n", "")
        assert [entry.text for entry in server.log] == ["hello"]


SEARCH = "tools=[WebSearchTool()],"
FUNCTION = "tools=[function_tool(len)],"
CHAT = 'set_default_openai_api("chat_completions")\n'


@pytest.mark.parametrize(
    "tool, taken_out, asked",
    [(FUNCTION, "", "chat_completions"), (SEARCH, CHAT, "responses")],
    ids=["function", "hosted"],
)
def test_another_server_is_asked_for_chat_completions_unless_the_line_is_taken_out(
    tool, taken_out, asked, tmp_path
):
    code = code_of(shape("in > a > b"))
    assert code.count(CHAT) == 1
    code = code.replace("import (", "import (WebSearchTool, function_tool,", 1)
    code = code.replace("model=MODEL,", f"model=MODEL, {tool}", 1)
    code = code.replace(taken_out, "\n") if taken_out else code
    with ModelServer(default=Answer("Fine.")) as server:
        ended = started(code, tmp_path, "hi", base_url=server.base_url)
        assert ended == Ended(0, "Fine.\n", "")
        assert [entry.api for entry in server.log] == [asked, asked]
