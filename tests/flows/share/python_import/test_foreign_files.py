"""A foreign file is read, never run; what cannot be read is a sentence."""

import os
import time

import pytest

from flows.share.python_import import PythonUnreadableError, decode_source, import_python
from tests.flows.share.python_import.outlines import remarks

AGENT = """
import os

from agents import Agent, Runner

agent = Agent(name="A", instructions="Answer.")
"""
HACKS = (
    AGENT
    + """
os.system("touch HACKED")


def by_default(where=os.system("touch HACKED")):
    return where


@os.system("touch HACKED")
def by_decorator():
    pass


class Tool(os.system("touch HACKED")):
    field = os.system("touch HACKED")


class Sly:
    def __init__(self):
        os.system("touch HACKED")


by_default(), by_decorator(), Sly()
__import__("os").system("touch HACKED")
exec("import os; os.system('touch HACKED')")
result = Runner.run_sync(agent, f"{os.system('touch HACKED')} Hello")
"""
)


def test_nothing_of_a_file_is_executed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    imported = import_python(HACKS)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names are what is compared
    assert [node.id for node in imported.flow.nodes] == ["message", "a"]


def test_what_is_left_out_is_named_with_its_line():
    touched = "`os.system('touch HACKED')` is no part of a flow; it is left out."
    found = remarks(HACKS)
    assert f"line 8: {touched}" in found
    assert f"line 11: {touched}" in found
    assert "line 15: `@os.system('touch HACKED')` is no part of a flow; it is left out." in found


def test_instructions_that_only_a_run_knows_are_remarked():
    text = "from agents import *\nRunner.run_sync(Agent(name='A', instructions=read()), 'Hello')\n"
    assert remarks(text) == [
        "line 2: A part of this text is known only when it runs; it is left out."
    ]


@pytest.mark.parametrize(
    "read",
    [
        'sys.argv[1] if len(sys.argv) > 1 else "A bicycle"',
        '" ".join(sys.argv[1:]) or "A bicycle"',
        'input("Idea: ") or "A bicycle"',
    ],
)
def test_what_stands_in_for_an_argument_is_the_example_of_the_input(read):
    text = f'import sys\n{AGENT}idea = {read}\nRunner.run_sync(agent, f"Idea: {{idea}}.")\n'
    imported = import_python(text)
    given, asked = imported.flow.nodes
    assert (given.example, asked.prompt) == ("A bicycle", "Idea: {{ input }}.")
    assert imported.remarks == ()


@pytest.mark.parametrize(
    "read,prompt",
    [
        ('"warm" if len(open("x").read()) > 4 else "cold"', "Tone: warmcold."),
        ('os.environ["TONE"]', "Tone: ."),
        ('os.environ.get("TONE", "warm")', "Tone: warm."),
    ],
)
def test_a_part_of_a_message_that_only_a_run_knows_is_remarked(read, prompt):
    text = f'{AGENT}tone = {read}\nRunner.run_sync(agent, f"Tone: {{tone}}.")\n'
    imported = import_python(text)
    assert imported.flow.nodes[-1].prompt == prompt
    (remark,) = imported.remarks
    assert remark.said.startswith("A part of this message is one of several, or not known before")


def test_remarks_stand_on_the_canvas_too():
    imported = import_python(AGENT + 'send_mail("x")\nRunner.run_sync(agent, "Hello")\n')
    (note,) = imported.flow.notes
    (remark,) = imported.remarks
    assert note.text == f"program.py as imported, {remark}"
    assert str(remark) == "line 7: `send_mail('x')` is no part of a flow; it is left out."


@pytest.mark.parametrize(
    "text, said",
    [
        ("x = (1,\ny = 2\n", "line 1, column 5: '(' was never closed."),
        ("def f():\nreturn 1", "line 2, column 1: expected an indented block"),
        ("x = 1\n\0", "a null byte on line 2"),
        ("x = " + "(" * 5000 + ")" * 5000, "too many nested parentheses"),
        (AGENT + "x = " + "-" * 100_000 + "1", "nested too deeply"),
        (AGENT + "x = " + "+".join(["1"] * 20_000), "nested too deeply"),
        (AGENT + "x = agent" + ".b" * 20_000, "nested too deeply"),
        (AGENT + "x = f" + "()" * 50_000, "nested too deeply"),
        ("x = 1\n" * 500_000, "at most 2,000,000 are read"),
        ("print(1)\n", "defines no agent and runs none"),
        ("", "defines no agent and runs none"),
    ],
    ids=range(11),
)
def test_what_cannot_be_read_is_a_sentence(text, said):
    with pytest.raises(PythonUnreadableError) as raised:
        import_python(text, filename="x.py")
    assert str(raised.value).startswith('"x.py" ')
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"# coding: nonsense\nx = 1", b'x = "\xe9"'], ids=range(3)
)
def test_another_encoding_is_a_sentence(content):
    with pytest.raises(PythonUnreadableError, match=r'"x.py" is not text in the encoding'):
        decode_source(content, filename="x.py")


def test_an_encoding_that_is_named_is_read():
    assert decode_source('# coding: latin-1\nx = "é"'.encode("latin-1"), filename="x.py") == (
        '# coding: latin-1\nx = "é"'
    )


def test_a_file_of_5000_lines_is_read_in_a_moment():
    calls = "".join(
        f'agent_{n} = Agent(name="N{n}", instructions="Do {n}.")\n'
        f'result_{n} = Runner.run_sync(agent_{n}, f"Go on: {{result_{n - 1}.final_output}}")\n'
        f"print(result_{n}.final_output)\n"
        for n in range(1, 300)
    )
    start = 'result_0 = Runner.run_sync(agent, "Begin.")\n'
    text = AGENT + start + calls + "value = [str(each) for each in (1, 2)]\n" * 4200
    began = time.perf_counter()
    imported = import_python(text)
    assert time.perf_counter() - began < 10
    assert len(imported.flow.nodes) == 301


@pytest.mark.parametrize(
    "growing",
    [
        'x = "ha"\n' + "x = x + x\n" * 100,
        'x = ["ha"]\n' + "x = x + x\n" * 100,
        'x = ["ha"]\n' + "x = [x, x]\n" * 100,
        'x = input("x")\n' + 'x = f"{x}{x}"\n' * 100,
        "x = lambda y: (y, y)\n" + "x = {'a': x, 'b': x}\n" * 100,
    ],
    ids=range(5),
)
def test_what_grows_without_end_is_cut_off(growing):
    began = time.perf_counter()
    imported = import_python(f"{AGENT}{growing}Runner.run_sync(agent, x)\n")
    assert time.perf_counter() - began < 10
    assert len(imported.flow.nodes) == 2


def test_functions_that_call_each_other_without_end_are_a_sentence():
    functions = "def f0(x):\n    return x\n" + "".join(
        f"def f{n}(x):\n    f{n - 1}(x)\n    return f{n - 1}(x)\n" for n in range(1, 30)
    )
    with pytest.raises(PythonUnreadableError, match="is too winding to be followed"):
        import_python(f'{AGENT}{functions}Runner.run_sync(agent, f29("x"))\n')


@pytest.mark.parametrize(
    "asked, said",
    [
        ("501", "a flow of 501 steps (agents, routers and joins); up to 500 are read"),
        ("5_000", "a flow of more than 2,000 steps (agents, routers and joins); up to 500"),
    ],
)
def test_too_many_steps_are_counted_and_it_is_said_how_many_there_may_be(asked, said):
    runs = 'Runner.run_sync(agent, "x")\n' * int(asked)
    with pytest.raises(PythonUnreadableError) as caught:
        import_python(f"{AGENT}{runs}", filename="long.py")
    assert str(caught.value).startswith(f'"long.py" would be {said}')


def test_as_many_steps_as_there_may_be_are_read():
    runs = 'Runner.run_sync(agent, "x")\n' * 500
    assert len(import_python(f"{AGENT}{runs}").flow.nodes) == 501


def test_a_function_that_calls_itself_is_followed_no_further():
    text = AGENT + "def f(x):\n    return f(x)\nRunner.run_sync(agent, f('x'))\n"
    assert remarks(text)[0] == (
        "line 8: `f` calls itself, and a flow has no way back; it is followed no further."
    )
