"""Reading and writing flow files."""

import json

import pytest
from jsonschema import Draft202012Validator

from flows.document.files import MOST_BYTES, flow_schema, read_flow, write_flow
from flows.document.model import Flow, empty_flow
from flows.errors import FlowFileError
from flows.templates import list_templates, load_template
from tests.shapes import shape


def problems_of(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(FlowFileError) as caught:
        read_flow(text)
    return [(problem.place, problem.message) for problem in caught.value.problems]


def message_of(text: str | bytes) -> str:
    ((_, message),) = problems_of(text)
    return message


@pytest.mark.parametrize("template", list_templates(), ids=lambda each: each.name)
def test_a_template_is_the_same_after_a_round_trip(template):
    text = template.file.read_text("utf-8")
    assert write_flow(read_flow(text)) == text


def test_one_changed_field_is_one_changed_line():
    before = write_flow(load_template("three_views")).splitlines()
    after = write_flow(
        load_template("three_views").model_copy(update={"name": "Another"})
    ).splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert changed == [('  "name": "Three views",', '  "name": "Another",')]


def test_defaults_are_not_written():
    assert json.loads(write_flow(shape("in > a"))) == {
        "fanfold": 1,
        "name": "shape",
        "nodes": [
            {"id": "in", "type": "input", "name": "in"},
            {"id": "a", "type": "agent", "name": "a"},
        ],
        "edges": [{"source": "in", "target": "a"}],
    }


def test_every_mistake_is_named_with_its_place():
    text = json.dumps(
        {
            "fanfold": 1,
            "name": "x",
            "nodes": [
                {"id": "A", "type": "agent", "name": "a", "instrucions": ""},
                {"id": "b", "type": "robot", "name": "b"},
                {"id": "c", "type": "join"},
            ],
            "edges": [{"source": "b"}],
        }
    )
    assert [place for place, _ in problems_of(text)] == [
        "nodes[0].id",
        "nodes[0].instrucions",
        "nodes[1]",
        "nodes[2].name",
        "edges[0].target",
    ]


def test_a_text_that_is_not_json_is_refused_with_line_and_column():
    assert message_of('{"fanfold": 1,\n "name": }') == (
        "The file is not JSON: line 2, column 10: Expecting value."
    )


def test_json_that_is_no_flow_is_refused():
    assert message_of('{"nodes": []}').startswith("This JSON is not a Fanfold flow")
    assert message_of("[1, 2]").startswith("This JSON is not a Fanfold flow")


def test_a_newer_file_is_refused_kindly():
    assert message_of('{"fanfold": 7, "name": "x", "nodes": [], "new": 1}') == (
        "This flow was made by a newer Fanfold (format 7; this one reads up to 1). "
        "Update Fanfold to open it."
    )


@pytest.mark.parametrize(
    "text,beginning",
    [
        (b"\xff\xfe\x00", "The file is not UTF-8 text (byte 0)"),
        ('{"fanfold": 1, "fanfold": 1}', 'The key "fanfold" stands twice'),
        ('{"fanfold": NaN}', "NaN is not JSON"),
        ('{"fanfold": 1e999}', "The number 1e999 is too large"),
        (r'{"fanfold": 1, "x": "\ud83d"}', 'Behind "'),
        ("[" * 200_000, "The file nests too deeply"),
        ('{"fanfold": 1, "name": ' + "[" * 400 + "]" * 400 + "}", "The file nests too deeply"),
        ('{"fanfold": 1, "name": ' + "[" * 1000 + "]" * 1000 + "}", "The file nests too deeply"),
        (json.dumps({"fanfold": 1, "nodes": [{}] * 10_000}), "The flow has 10,000 nodes"),
        (" " * 10_000_000, "The file has 10,000,000 bytes"),
        (" " * (MOST_BYTES + 1), "The file has 5,000,001 bytes"),
        (json.dumps({"fanfold": 1, "nodes": [{}] * 2001}), "The flow has 2,001 nodes"),
    ],
)
def test_hostile_text_is_answered_with_a_sentence(text, beginning):
    assert message_of(text).startswith(beginning)


def test_a_byte_order_mark_does_no_harm():
    text = b"\xef\xbb\xbf" + write_flow(empty_flow()).encode()
    assert read_flow(text) == empty_flow()


def test_the_schema_describes_every_shipped_flow():
    validator = Draft202012Validator(flow_schema())
    shipped = {each.name: json.loads(each.file.read_text("utf-8")) for each in list_templates()}
    assert [name for name, flow in shipped.items() if not validator.is_valid(flow)] == []
    assert shipped


def test_layout_and_notes_may_be_missing():
    flow = read_flow('{"fanfold": 1, "name": "x", "nodes": []}')
    assert flow == Flow(fanfold=1, name="x", nodes=())
