"""What a flow cannot say stands beneath the step it speaks of."""

import ast

import pytest

from flows.document.model import Edge, Note, Position
from flows.ids import NodeId
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from flows.share.python_import.draft import Remark
from flows.share.python_import.notes import notes_of
from flows.share.python_import.places import blocks_of, node_at
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import import scripts
from tests.flows.share.python_import.scripts import script

A, B, HELPER = NodeId("a"), NodeId("b"), NodeId("helper")
PLACES = {A: Position(x=0, y=0), B: Position(x=320, y=80), HELPER: Position(x=480, y=240)}
TITLES = {A: "Ann", B: "Bob", HELPER: "Helper"}
LINES = {A: [3, 20], B: [10, 30], HELPER: [40]}

PROGRAM = """
def choose(said):
    return "a" if "x" in said else "b"

class Plan(BaseModel):
    steps: list[Strange]

ann = Agent(
    name="Ann",
    output_type=Plan,
)
unused = Agent(
    name="Unused",
)
async def main():
    first = await Runner.run(ann, "Hi")
    said = choose(first)
    await Runner.run(bob, said)
"""


def test_a_note_stands_beneath_the_lowest_card_of_its_steps_column():
    lost = Remark(4, "Lost.")
    (note,) = notes_of([(lost, A)], PLACES, titles=TITLES, filename="trip.py")
    assert (note.x, note.y, note.text) == (-110, 84, "trip.py as imported, line 4: Lost.")
    (note,) = notes_of([(lost, B)], PLACES, titles=TITLES, filename="trip.py")
    assert (note.x, note.y) == (210, 80 + 84)


def test_a_note_stands_beneath_a_link_that_passes_under_its_column_too():
    places = {A: Position(x=0, y=120), B: Position(x=320, y=0), HELPER: Position(x=640, y=120)}
    link = Edge(source=A, target=HELPER)
    lost = [(Remark(4, "Lost."), B)]
    (note,) = notes_of(lost, places, titles=TITLES, filename="trip.py", links=[link])
    assert (note.x, note.y) == (210, 120 + 12)


def test_a_note_stays_between_its_column_and_a_link_far_beneath_it():
    places = {A: Position(x=0, y=400), B: Position(x=320, y=0), HELPER: Position(x=640, y=400)}
    link = Edge(source=A, target=HELPER)
    lost = [(Remark(4, "Lost."), B)]
    (note,) = notes_of(lost, places, titles=TITLES, filename="trip.py", links=[link])
    assert note.y == 84


def test_a_remark_shortly_above_a_step_is_about_it():
    assert [node_at(line, LINES, ()) for line in (4, 12, 29, 22)] == [A, B, B, A]


@pytest.mark.parametrize(
    "line, node",
    [(3, "choice"), (6, "ann"), (9, "ann"), (12, None), (16, "ann"), (18, "bob")],
)
def test_a_line_belongs_to_a_step_of_its_function_or_to_who_reads_what_it_defines(line, node):
    lines = {"ann": [8, 16], "choice": [17], "bob": [18]}
    assert node_at(line, lines, blocks_of(ast.parse(PROGRAM))) == node


def test_a_remark_that_belongs_to_no_step_stands_at_the_start():
    remark = (Remark(12, "Lost."), None)
    (note,) = notes_of([remark], PLACES, titles=TITLES, filename="trip.py")
    assert (note.x, note.text) == (-110, "trip.py as imported, line 12: Lost.")


def test_notes_that_would_cover_each_other_are_one():
    remarks = [(Remark(30, "Lost."), B), (Remark(40, "Gone."), HELPER)]
    notes = notes_of(remarks, PLACES, titles=TITLES, filename="trip.py")
    assert [each.text for each in notes] == [
        "trip.py as imported, line 30: Lost.\ntrip.py as imported, line 40: Gone."
    ]


def test_a_note_beneath_several_cards_says_which_one_it_is_about():
    places = {A: Position(x=0, y=0), B: Position(x=0, y=160)}
    (note,) = notes_of([(Remark(3, "Lost."), A)], places, titles=TITLES, filename="trip.py")
    assert note.text == "trip.py as imported, line 3 (Ann): Lost."


def test_what_an_elif_asks_is_said_beneath_the_router_of_its_if():
    flow = import_python(script(ROUTES)).flow
    (note,) = (each for each in flow.notes if "without regard to" in each.text)
    assert note.text.count("without regard to upper and lower case") == 2
    assert abs(note.x - flow.layout[NodeId("choice")].x) < 200


ROUTES = """
sorter = Agent(name="Sorter", instructions="Sort.")
sails = Agent(name="Sails", instructions="Sails.")
engines = Agent(name="Engines", instructions="Engines.")


async def main(text):
    kind = (await Runner.run(sorter, text)).final_output
    if kind == "sail":
        text = (await Runner.run(sails, text)).final_output
        text = (await Runner.run(sails, text)).final_output
    elif kind == "engine":
        text = (await Runner.run(engines, text)).final_output
    print(text)


asyncio.run(main("boats"))
"""


def test_a_note_names_its_file_and_still_does_after_an_export_and_another_import():
    program = scripts.UNSAID.replace("len(draft)", "count(draft)")
    flow = import_python(program, filename="letters.py").flow
    (note,) = flow.notes
    assert note.text.startswith("letters.py as imported, line 15: No rule of a router can ask")
    again = import_python(python_code(flow, NO_CONNECTIONS), filename="exported.py")
    assert (again.remarks, again.flow.description) == ((), "")
    assert [each.text for each in again.flow.notes] == [note.text]


def test_a_note_comes_back_to_the_card_it_stood_beneath():
    flow = import_python(script(ROUTES), filename="boats.py").flow
    own = Note(
        id=NodeId("mine"), text="Why two? See: 'us'", x=flow.layout[NodeId("engines")].x, y=900
    )
    noted = flow.model_copy(update={"notes": (*flow.notes, own)})
    program = python_code(noted, NO_CONNECTIONS)
    assert "# - Note at choice: boats.py as imported" in program
    again = import_python(program, filename="exported.py").flow
    assert [(each.x, each.y) for each in again.notes[:1]] == [
        (each.x, each.y) for each in flow.notes
    ]
    assert abs(again.notes[1].x - flow.layout[NodeId("engines")].x) < 200
    assert [each.text for each in again.notes] == [each.text for each in noted.notes]


def test_a_note_at_a_card_that_is_not_read_any_more_stands_at_the_start():
    flow = import_python(script(ROUTES), filename="boats.py").flow
    program = python_code(flow, NO_CONNECTIONS).replace("- Note at choice:", "- Note at gone:")
    (note,) = import_python(program).flow.notes
    assert note.x < min(place.x for place in flow.layout.values())
