"""What a flow cannot say stands beneath the step it speaks of."""

from flows.document.model import Position
from flows.ids import NodeId
from flows.share.python_import.draft import Remark
from flows.share.python_import.notes import notes_of

A, B, HELPER = NodeId("a"), NodeId("b"), NodeId("helper")
PLACES = {A: Position(x=0, y=0), B: Position(x=320, y=80), HELPER: Position(x=480, y=240)}
LINES = {A: [3, 20], B: [10, 30], HELPER: [40]}


def stands(line: int) -> tuple[float, float]:
    """Say where the note of a remark at this line stands."""
    (note,) = notes_of([Remark(line, "Lost.")], LINES, PLACES)
    return note.x, note.y


def test_a_note_stands_beneath_the_lowest_card_of_its_steps_column():
    assert stands(4) == (-110, 84)
    assert stands(12) == (210, 80 + 84)


def test_a_remark_shortly_above_a_step_is_about_it():
    assert stands(29) == stands(30)
    assert stands(22) == stands(20)


def test_notes_that_would_cover_each_other_are_one():
    notes = notes_of([Remark(30, "Lost."), Remark(40, "Gone.")], LINES, PLACES)
    assert [each.text for each in notes] == ["line 30: Lost.\nline 40: Gone."]
