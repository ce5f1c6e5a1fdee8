"""What a flow cannot say stands beneath the step it speaks of."""

from flows.document.model import Position
from flows.ids import NodeId
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from flows.share.python_import.draft import Remark
from flows.share.python_import.notes import notes_of
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import import scripts

A, B, HELPER = NodeId("a"), NodeId("b"), NodeId("helper")
PLACES = {A: Position(x=0, y=0), B: Position(x=320, y=80), HELPER: Position(x=480, y=240)}
LINES = {A: [3, 20], B: [10, 30], HELPER: [40]}


def stands(line: int) -> tuple[float, float]:
    """Say where the note of a remark at this line stands."""
    (note,) = notes_of([Remark(line, "Lost.")], LINES, PLACES, filename="trip.py")
    return note.x, note.y


def test_a_note_stands_beneath_the_lowest_card_of_its_steps_column():
    assert stands(4) == (-110, 84)
    assert stands(12) == (210, 80 + 84)


def test_a_remark_shortly_above_a_step_is_about_it():
    assert stands(29) == stands(30)
    assert stands(22) == stands(20)


def test_notes_that_would_cover_each_other_are_one():
    notes = notes_of([Remark(30, "Lost."), Remark(40, "Gone.")], LINES, PLACES, filename="trip.py")
    assert [each.text for each in notes] == [
        "trip.py as imported, line 30: Lost.\ntrip.py as imported, line 40: Gone."
    ]


def test_a_note_names_its_file_and_still_does_after_an_export_and_another_import():
    program = scripts.UNSAID.replace("len(draft)", "count(draft)")
    flow = import_python(program, filename="letters.py").flow
    (note,) = flow.notes
    assert note.text.startswith("letters.py as imported, line 15: A router cannot say")
    again = import_python(python_code(flow, NO_CONNECTIONS), filename="exported.py")
    assert (again.remarks, again.flow.description) == ((), "")
    assert [each.text for each in again.flow.notes] == [note.text]
