"""The golden file of every format number: what was written once is read for ever, and alike."""

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.document.edits import ChangeFlow, ChangeNode, ChangeRun, MoveNodes, apply_edit
from flows.document.files import flow_schema, read_flow, write_flow
from flows.document.model import FORMAT, Position

GOLDEN = Path(__file__).parents[2] / "golden"
NUMBERS = [int(file.stem.removeprefix("flow-")) for file in sorted(GOLDEN.glob("flow-*.json"))]


def golden(number: int = FORMAT) -> str:
    return (GOLDEN / f"flow-{number}.json").read_text("utf-8")


def test_every_format_number_has_its_golden_file():
    assert list(range(1, FORMAT + 1)) == NUMBERS


def test_the_golden_file_is_the_same_after_a_round_trip():
    assert write_flow(read_flow(golden())) == golden()


def test_the_golden_file_holds_every_field_of_the_format():
    schema = flow_schema()
    objects = [schema, *schema["$defs"].values()]
    fields = {name for each in objects for name in each.get("properties", {})}
    assert fields - {name for name, _ in members(json.loads(golden()))} == set()


def members(value: Any) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for name, each in value.items():
                yield name, each
                yield from members(each)
        case list():
            for each in value:
                yield from members(each)
        case _:
            pass


def test_every_field_of_the_published_schema_is_described():
    schema = flow_schema()
    objects = {"Flow": schema, **schema["$defs"]}
    silent = [
        f"{name}.{field}"
        for name, each in objects.items()
        for field, values in each.get("properties", {}).items()
        if not values.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize(
    "edit,line",
    [
        (ChangeFlow(name="Another"), '  "name": "Another",'),
        (ChangeNode(id="write", changes={"name": "Author"}), '      "name": "Author",'),
        (ChangeNode(id="plan", changes={"retries": 4}), '      "retries": 4,'),
        (ChangeRun(changes={"timeout_s": 90}), '    "timeout_s": 90,'),
        (MoveNodes(positions={"message": Position(x=0, y=-71)}), '      "y": -71'),
    ],
)
def test_a_change_of_one_field_is_a_change_of_one_line(edit, line):
    before = golden().splitlines()
    after = write_flow(apply_edit(read_flow(golden()), edit)).splitlines()
    added = [each[1:] for each in difflib.unified_diff(before, after, n=0) if each[0] == "+"][1:]
    assert added == [line]
    assert len(after) == len(before)
