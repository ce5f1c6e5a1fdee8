"""A program is cut by whose its lines are; nothing of it is lost and nothing added."""

from __future__ import annotations

from typing import Any

import pytest

from components.canvas.view import Addresses
from components.code.mount import code_values
from components.code.pieces import MOST_COLOURED, pieces_of
from components.code.told import Refused, told_of
from components.code.view import CodeView
from flows.document.model import Flow
from flows.ids import FlowId, NodeId
from flows.share.python_code import Program, write_program
from flows.templates import list_templates, load_template
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.shapes import shape

NAMES = [template.name for template in list_templates()]
FOREIGN = "<img src=x onerror=alert(1)> \u2028 \x0b and"


def program_of(flow: Flow) -> Program:
    return write_program(flow, NO_CONNECTIONS)


def text_of(program: Program) -> str:
    return "".join(said for piece in pieces_of(program) for _, said in piece.words)


@pytest.mark.parametrize("name", NAMES)
def test_the_pieces_together_are_the_program(name: str) -> None:
    program = program_of(load_template(name))
    assert text_of(program) == program.text


@pytest.mark.parametrize("name", NAMES)
def test_a_piece_is_the_lines_that_the_export_says(name: str) -> None:
    program = program_of(load_template(name))
    every, number, found = program.text.split("\n"), 1, dict[NodeId, list[int]]()
    for piece in pieces_of(program):
        count = "".join(said for _, said in piece.words).count("\n")
        for node in piece.nodes:
            own = [each for each in range(number, number + count) if every[each - 1]]
            found.setdefault(node, []).extend(own)
        number += count
    assert {node: tuple(lines) for node, lines in found.items()} == program.lines


def test_an_empty_line_inside_a_class_does_not_cut_it() -> None:
    program = program_of(load_template("research_report"))
    (whole,) = (
        said
        for piece in pieces_of(program)
        if "class Plan(" in (said := "".join(said for _, said in piece.words))
    )
    assert "\n\n    model_config = " in whole
    assert "\n\n    questions: " in whole


def test_words_say_what_they_are() -> None:
    program = Program('def f():\n    return "é" or 1  # why\n', {})
    (piece,) = pieces_of(program)
    assert [word for word in piece.words if word[0]] == [
        ("keyword", "def"),
        ("defined", "f"),
        ("keyword", "return"),
        ("string", '"é"'),
        ("keyword", "or"),
        ("number", "1"),
        ("comment", "# why"),
    ]


def test_a_very_long_program_has_one_colour_and_is_whole() -> None:
    program = Program('x = "a"\n' * MOST_COLOURED, {NodeId("a"): (2,)})
    assert text_of(program) == program.text
    assert [piece.nodes for piece in pieces_of(program)] == [(), ("a",), ()]


def test_foreign_signs_do_not_move_the_lines() -> None:
    program = program_of(shape("in > a > b", a={"name": FOREIGN, "instructions": FOREIGN}))
    assert text_of(program) == program.text
    first = next(piece for piece in pieces_of(program) if piece.nodes == ("b",))
    assert "".join(said for _, said in first.words).startswith("b_agent = Agent(")


def test_lines_that_can_be_chosen_say_whose_they_are() -> None:
    flow = shape("in > a b", run={"results": "as_completed"}, a={"name": "Al"})
    view = CodeView(FlowId("f"), flow, program_of(flow), Addresses("", "", "", "", ""))
    blocks: Any = code_values(view)["blocks"]
    hints = {(tuple(nodes), hint) for nodes, hint, *_ in blocks}
    assert {
        ((), ""),
        (("a",), "Choose Al on the canvas"),
        (("a", "b"), "Choose Al and b on the canvas"),
    } <= hints


def test_a_line_that_may_be_wrapped_is_one_with_how_far_it_stands_in() -> None:
    text = 'x = 1\n        "a line that is longer than the place for it",\ny = x\n'
    view = CodeView(FlowId("f"), shape("a"), Program(text, {}), Addresses("", "", "", "", ""))
    blocks: Any = code_values(view)["blocks"]
    ((_, _, *words),) = blocks
    (line,) = [word for word in words if isinstance(word[1], list)]
    assert line[:2] == ["line in8", ["lead", " " * 8]]
    assert "".join(said for _, said in line[1:]) == text.splitlines(keepends=True)[1]
    assert (
        "".join(
            word[1] if isinstance(word[1], str) else "".join(said for _, said in word[1:])
            for word in words
        )
        == text
    )


def test_a_flow_with_problems_says_that_they_are_to_be_mended() -> None:
    told = told_of(shape("in > a > b; b > a"), lambda: NO_CONNECTIONS)
    assert isinstance(told, Refused)
    assert "once the flow can run" in told.sentence
    assert told.needs_mending


def test_what_python_cannot_say_is_told_as_the_export_does() -> None:
    whole = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
    flow = shape("in > a", a={"output_schema": whole, "on_error": {"fallback": "None"}})
    told = told_of(flow, lambda: NO_CONNECTIONS)
    assert isinstance(told, Refused)
    assert told.sentence.startswith("This flow cannot be exported to Python yet:")
    assert not told.needs_mending
