"""The values the lanes are drawn from."""

from __future__ import annotations

from dataclasses import replace

from components.canvas import Addresses
from components.lanes import LanesView
from components.lanes.values import lanes_values
from flows.document.model import Position
from flows.ids import FlowId, RunId
from tests.shapes import shape

ADDRESSES = Addresses(assets="/a/", vis="/v.js", events="/e", runs="/r", token="t0ken")


def test_the_lanes_come_stage_by_stage_and_the_ends_give_the_result() -> None:
    flow = shape("in > a b > c; a > d", c={"name": "Closing", "instructions": "End it."})
    view = LanesView(FlowId("f1"), flow, ADDRESSES, follow=RunId("r1"), shared_processor=True)
    view = replace(view, play="now", note="Written.")
    assert lanes_values(view) == {
        "flow_id": "f1",
        "follow": "r1",
        "stages": [["a", "b"], ["d", "c"]],
        "limits": [],
        "ends": ["c", "d"],
        "nodes": [
            {"id": "in", "type": "input", "name": "in", "instructions": "", "awaits": []},
            {"id": "a", "type": "agent", "name": "a", "instructions": "", "awaits": []},
            {"id": "b", "type": "agent", "name": "b", "instructions": "", "awaits": []},
            {
                "id": "c",
                "type": "agent",
                "name": "Closing",
                "instructions": "End it.",
                "awaits": ["a", "b"],
            },
            {"id": "d", "type": "agent", "name": "d", "instructions": "", "awaits": ["a"]},
        ],
        "shared_processor": True,
        "as_completed": False,
        "play": "now",
        "note": "Written.",
        "presented": False,
        "about": "",
        "addresses": {
            "assets": "/a/",
            "vis": "/v.js",
            "events": "/e",
            "runs": "/r",
            "token": "t0ken",
        },
    }


def test_the_lanes_of_a_stage_stand_from_the_top_down_as_its_cards_do() -> None:
    places = {"a": Position(x=0, y=300), "b": Position(x=9, y=0), "c": Position(x=0, y=-300)}
    flow = shape("in > a b c").model_copy(update={"layout": places})
    values = lanes_values(LanesView(FlowId("f1"), flow, ADDRESSES))
    assert values["stages"] == [["c", "b", "a"]]
    assert values["ends"] == ["a", "b", "c"]


def test_an_empty_flow_has_no_lanes() -> None:
    values = lanes_values(LanesView(FlowId("f1"), shape("in"), ADDRESSES))
    assert (values["stages"], values["ends"]) == ([], [])


def test_behind_a_barrier_a_node_awaits_its_parents_and_then_its_stage() -> None:
    any_of = {"needs": "any"}
    flow = shape("in > a b > c; a > d; a b > e", run={"start": "by_stage"}, e=any_of)
    nodes = lanes_values(LanesView(FlowId("f1"), flow, ADDRESSES))["nodes"]
    assert isinstance(nodes, list)
    awaited = {node["id"]: node["awaits"] for node in nodes if isinstance(node, dict)}
    assert awaited == {"in": [], "a": [], "b": [], "c": ["a", "b"], "d": ["a"], "e": []}
