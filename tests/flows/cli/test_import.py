"""`import`: a Python program becomes a flow on stdout or in a file; remarks go to stderr."""

import json

import pytest

from flows.cli.main import main
from flows.document.files import read_flow
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from flows.templates import load_template
from tests.flows.share.python_code.exported import NO_CONNECTIONS

PROGRAM = """
from agents import Agent, Runner

agent = Agent(name="Answers", instructions="Answer.")
log_it("here")
print(Runner.run_sync(agent, "Why?").final_output)
"""
REMARK = "line 5: `log_it('here')` is no part of a flow; it is left out."


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "answers.py"
    path.write_text(PROGRAM, "utf-8")
    return str(path)


def test_the_flow_goes_to_stdout_and_remarks_to_stderr(program, capsys):
    assert main(["import", program]) == 0
    out, err = capsys.readouterr()
    assert read_flow(out) == import_python(PROGRAM, filename="answers.py").flow
    assert err == f"{REMARK}\nRead 1 input, 1 agent, 1 link; 1 remark.\n"


def test_a_program_that_is_read_whole_is_said_to_be(tmp_path, capsys):
    path = tmp_path / "answers.py"
    path.write_text(PROGRAM.replace('log_it("here")\n', ""), "utf-8")
    assert main(["import", str(path)]) == 0
    assert capsys.readouterr().err == "Read 1 input, 1 agent, 1 link; nothing left out.\n"


def test_a_file_gets_the_flow(program, tmp_path, capsys):
    out = tmp_path / "flow.json"
    assert main(["import", program, "-o", str(out)]) == 0
    assert read_flow(out.read_bytes()).name == "Answers"
    assert capsys.readouterr().out == ""


def test_json_is_one_object_with_the_flow_and_the_remarks(program, capsys):
    assert main(["import", program, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["flow"]["name"] == "Answers"
    assert said["remarks"] == [{"line": 5, "text": REMARK.removeprefix("line 5: ")}]


def test_an_exported_template_comes_back(tmp_path, capsys):
    path = tmp_path / "gather.py"
    path.write_text(python_code(load_template("gather"), NO_CONNECTIONS), "utf-8")
    assert main(["import", str(path)]) == 0
    out, err = capsys.readouterr()
    assert read_flow(out).nodes == load_template("gather").nodes
    assert err == "Read 1 input, 3 agents, 1 router or join, 6 links; nothing left out.\n"


@pytest.mark.parametrize(
    "content, said",
    [
        (b"x = (", "is not Python at line 1, column 5: '(' was never closed."),
        (b"\xff\xfe", "is not text in the encoding it names, or in UTF-8."),
        (b"x = 1\0", "has a null byte on line 1"),
        (b"x = 1", "defines no agent and runs none"),
    ],
    ids=range(4),
)
def test_a_file_that_cannot_be_read_is_a_sentence(content, said, tmp_path, capsys):
    path = tmp_path / "x.py"
    path.write_bytes(content)
    assert main(["import", str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_sentence(tmp_path, capsys):
    assert main(["import", str(tmp_path / "none.py")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_a_sentence(program, tmp_path, capsys):
    assert main(["import", program, "-o", str(tmp_path / "no" / "flow.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err
