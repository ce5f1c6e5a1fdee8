"""A program says how it is run and whom it asks, and what is not as it is in the app."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.models.connections import load_connections
from flows.share.python_code import module_name, python_code, write_program
from flows.share.python_code.running import LOCAL_SAID
from flows.share.python_import import import_python
from tests.flows.share.python_code.exported import NO_CONNECTIONS, load_program
from tests.model_server import Answer, ModelServer
from tests.shapes import shape

LOCAL = "local/smollm2-135m-instruct"
BY_DEFAULT = (
    'Agents without a model of their own ask "local" here; the program asks OpenAI\'s '
    "gpt-5.6-luna, or the server that OPENAI_BASE_URL names."
)


def running_of(code):
    """Return what a program's docstring says of how it is run, as one line."""
    doc = ast.get_docstring(ast.parse(code)) or ""
    return " ".join("".join(doc.partition("Run it: ")[1:]).split())


@pytest.mark.parametrize(
    "name, module",
    [
        ("Best of three", "best_of_three"),
        ("My-Flow: 2nd try!", "my_flow_2nd_try"),
        ("3 views", "flow_3_views"),
        ("Größe", "groe"),
        ("流れ", "flow"),
        ("Agents", "agents_flow"),
        ("asyncio", "asyncio_flow"),
        ("class", "class_flow"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_file_has_the_name_of_a_module(name, module):
    assert module_name(name) == module
    assert module.isidentifier()


def test_a_program_says_its_command_and_whose_key_it_needs():
    assert running_of(python_code(shape("in > a"), NO_CONNECTIONS)) == (
        "Run it: python3 shape.py 'your text' "
        "It needs openai-agents, and the key to OpenAI in OPENAI_API_KEY. For another server that "
        "speaks OpenAI's API set OPENAI_BASE_URL too, and OPENAI_DEFAULT_MODEL to a model it has; "
        "one that needs no key takes any."
    )


def test_a_program_with_several_inputs_says_how_each_is_given():
    said = running_of(python_code(shape("in in2 > a"), NO_CONNECTIONS))
    assert said.startswith("Run it: python3 shape.py --in 'text' --in2 'text' It needs")


def test_a_program_that_asks_another_server_says_where_it_is_and_where_its_key_stands(tmp_path):
    (tmp_path / "connections.toml").write_text(
        '[team]\nbase_url = "https://team.example/v1"\nkey_env = "TEAM_KEY"\n', encoding="utf-8"
    )
    flow = shape("in > a", a={"model": "team/large"})
    assert running_of(python_code(flow, load_connections(tmp_path, {}))) == (
        "Run it: python3 shape.py 'your text' It needs openai-agents. "
        "It asks https://team.example/v1 with the key in TEAM_KEY."
    )


def test_a_program_without_the_key_it_needs_ends_with_one_sentence(tmp_path):
    code = python_code(shape("in > a"), NO_CONNECTIONS)
    assert ended_without_keys(code, tmp_path) == (
        1,
        "OPENAI_API_KEY is missing: export OPENAI_API_KEY='your key'\n",
    )


def test_a_program_that_asks_others_needs_their_keys_alone(tmp_path):
    (tmp_path / "connections.toml").write_text(
        '[team]\nbase_url = "https://team.example/v1"\nkey_env = "TEAM_KEY"\n', encoding="utf-8"
    )
    flow = shape("in > a", a={"model": "team/large"})
    code = python_code(flow, load_connections(tmp_path, {}))
    assert "OPENAI_API_KEY" not in code
    assert ended_without_keys(code, tmp_path) == (
        1,
        "TEAM_KEY is missing: export TEAM_KEY='your key'\n",
    )


def ended_without_keys(code, folder):
    """Run a program where no key is set; return its exit code and what it says of that."""
    program = folder / "program.py"
    program.write_text(code, encoding="utf-8")
    environ = {key: value for key, value in os.environ.items() if not key.endswith("_KEY")}
    ended = subprocess.run(
        [sys.executable, "-P", str(program), "hi"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stderr


def test_a_default_that_is_another_in_the_program_is_remarked():
    assert write_program(shape("in > a"), NO_CONNECTIONS).remarks == (BY_DEFAULT,)
    openai = load_connections(Path("nowhere"), {"OPENAI_API_KEY": "k"})
    assert write_program(shape("in > a"), openai).remarks == ()


def test_the_embedded_model_becomes_a_server_that_stands_in_for_it():
    program = write_program(shape("in > a", a={"model": "local"}), NO_CONNECTIONS)
    assert program.remarks == (LOCAL_SAID,)
    assert LOCAL_SAID in running_of(program.text)
    assert 'base_url=os.environ.get("LOCAL_BASE_URL", "http://localhost:8080/v1"),' in program.text


def test_the_embedded_model_comes_back():
    flow = shape("in > a", a={"model": LOCAL})
    imported = import_python(python_code(flow, NO_CONNECTIONS))
    assert imported.flow.node("a").model == LOCAL
    assert imported.remarks == ()


async def test_a_program_asks_the_server_that_stands_in_for_the_embedded_model(monkeypatch):
    flow = shape("in > a", a={"model": LOCAL})
    with ModelServer() as server:
        server.script(LOCAL.partition("/")[2], Answer("By a model of one's own"))
        monkeypatch.setenv("LOCAL_BASE_URL", server.base_url)
        program = load_program(python_code(flow, NO_CONNECTIONS))
        assert await program.run_flow("hi") == "By a model of one's own"
        await program.LOCAL.close()
