"""A program's docstring says what the flow is and how it is run; what only the canvas knows stands
at the program's end."""

from __future__ import annotations

import ast

import pytest

from flows.document.model import Flow, Note
from flows.ids import NodeId
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import.scripts import script
from tests.shapes import shape

LONG = ("Answers letters to the harbour office " * 8).strip()


def described(said: str, *notes: str) -> Flow:
    """A flow that says something of itself."""
    placed = tuple(
        Note(id=NodeId(f"note_{number}"), text=text, x=0, y=100)
        for number, text in enumerate(notes, start=1)
    )
    return shape("in > a").model_copy(update={"description": said, "notes": placed})


def docstring_of(code: str) -> str:
    return ast.get_docstring(ast.parse(code)) or ""


def test_a_docstring_has_the_name_the_description_and_how_it_is_run():
    code = python_code(described("Says hello.", "Look at this again."), NO_CONNECTIONS)
    assert docstring_of(code).splitlines()[:5] == [
        "shape.",
        "",
        "Says hello.",
        "",
        "Run it: python3 shape.py 'your text'",
    ]
    assert "in_text:" not in docstring_of(code)
    assert "Look at this again." not in docstring_of(code)


def test_what_a_variable_says_already_is_not_said_again_at_the_end():
    flow = shape("in > a b > j; j > c", a={"name": "Ann"}, j={"type": "join", "name": "All"})
    end = python_code(flow, NO_CONNECTIONS).partition("    main()\n\n")[2]
    assert end.splitlines() == [
        "# For Fanfold, which draws this program as a flow:",
        "# - in_text: a text, 'in' (in), optional",
        "# - ann: an agent, 'Ann' (a)",
        "# - b",
        "# - all_result: a join, 'All' (j)",
        "# - c",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "One line.",
        "First.\n\nSecond.",
        "First:\n- one\n- two",
        f"{LONG}\n\n{LONG}",
        f"Uses:\n  - {LONG}\n  - short",
        "Run it: with care.",
    ],
)
def test_a_description_comes_back_line_by_line(said):
    imported = import_python(python_code(described(said), NO_CONNECTIONS))
    assert imported.flow.description == said
    assert imported.remarks == ()


def test_notes_come_back_as_notes():
    flow = described("Says hello.", "Ask Ann:\na router, 'x'", LONG)
    again = import_python(python_code(flow, NO_CONNECTIONS)).flow
    said = "\n".join(note.text for note in again.notes)
    assert said == "\n".join(note.text for note in flow.notes)
    assert again.description == "Says hello."


DOCSTRING = """Answer letters to the harbour office, one after another, with care.

Every letter is read twice:
- once for its tone
- once for what is asked

Written in spring."""

LETTERS = """
reader = Agent(name="Reader", instructions="Read the letter.")


async def main(letter):
    with trace("Letters"):
        result = await Runner.run(reader, letter)
    print(result.final_output)


asyncio.run(main("Dear Sirs"))
"""


def test_the_docstring_of_a_script_is_the_description_of_its_flow_and_leaves_with_it():
    flow = import_python(f'"""{DOCSTRING}"""\n{script(LETTERS)}').flow
    assert (flow.name, flow.description) == ("Letters", DOCSTRING)
    assert docstring_of(python_code(flow, NO_CONNECTIONS)).startswith(
        f"Letters.\n\n{DOCSTRING}\n\nRun it: "
    )


def test_a_docstring_that_begins_with_the_flows_name_does_not_say_it_twice():
    flow = import_python(f'"""Letters.\n\nWritten in spring."""\n{script(LETTERS)}').flow
    assert (flow.name, flow.description) == ("Letters", "Written in spring.")


def test_the_list_of_a_program_that_was_exported_before_is_still_read():
    earlier = """shape.

Says hello.

letters.py as imported, line 3: Left out.

Inputs and steps:
- in_2: a long text, 'A letter' (in), required
- reader: an agent, 'Reader' (first)

When a step fails: collect.

Made by Fanfold; it needs only openai-agents.
Run it: python3 shape.py 'your text'
"""
    program = script(LETTERS).replace("letter", "in_2")
    flow = import_python(f'"""{earlier}"""\n{program}').flow
    assert [(node.id, node.name) for node in flow.nodes] == [
        ("in", "A letter"),
        ("first", "Reader"),
    ]
    assert (flow.description, flow.run.on_failure) == ("Says hello.", "collect")
    assert [note.text for note in flow.notes] == ["letters.py as imported, line 3: Left out."]
