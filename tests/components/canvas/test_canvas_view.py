"""The values the canvas is drawn from: small, plain, and all that is seen."""

from __future__ import annotations

import json

from components.canvas import Addresses, CanvasView, PastRun, Refusal, RunOffer
from components.canvas.marks import marks_of
from components.canvas.mount import CanvasIntent, intent_of
from components.canvas.protocol import Outbox
from components.canvas.values import canvas_values, node_values
from flows.document.advice import Advice
from flows.document.edits import RemoveEdges
from flows.document.model import Edge, Flow
from flows.document.problem import Problem
from flows.ids import FlowId, NodeId, RunId
from flows.plan.layout import arrange
from tests.shapes import shape

ADDRESSES = Addresses(assets="/a/", vis="/v.js", events="/e", runs="/r", token="t0ken")


def view_of(flow: Flow, **more: object) -> CanvasView:
    run = RunOffer(label="local · demo quality", inputs={NodeId("in"): "typed"})
    return CanvasView(flow_id=FlowId("f1"), rev=3, flow=flow, addresses=ADDRESSES, run=run, **more)


def test_the_view_becomes_plain_json() -> None:
    flow = shape("in > a", a={"instructions": "Be kind.\n  And brief."})
    problem = Problem(code="x", severity="warning", message="Mind this.", nodes=(NodeId("a"),))
    view = view_of(
        flow,
        problems=(problem,),
        models={NodeId("a"): "gpt"},
        acks={"c1": 4},
        refused=(Refusal(client="c1", seq=4, message="No."),),
        selection=(NodeId("a"),),
        can_undo=True,
        past=PastRun(RunId("r1"), (NodeId("a"),)),
    )
    values = canvas_values(view)
    assert json.loads(json.dumps(values)) == values
    places = {node: {"x": at.x, "y": at.y} for node, at in arrange(flow).items()}
    assert values == {
        "flow_id": "f1",
        "rev": 3,
        "follow": None,
        "presented": False,
        "reruns": True,
        "document": {
            "name": "shape",
            "nodes": [
                {
                    "id": "in",
                    "type": "input",
                    "name": "in",
                    "label": "Input",
                    "preview": "",
                    "marks": [],
                },
                {
                    "id": "a",
                    "type": "agent",
                    "name": "a",
                    "instructions": "Be kind.\n  And brief.",
                    "label": "gpt",
                    "preview": "Be kind. And brief.",
                    "marks": [],
                },
            ],
            "edges": [{"source": "in", "target": "a", "kind": "data"}],
            "layout": places,
            "notes": [],
        },
        "stages": [["a"]],
        "stage_heads": ["Stage 1 · 1 agent"],
        "problems": [{"code": "x", "severity": "warning", "message": "Mind this.", "nodes": ["a"]}],
        "palette": ["agent", "input", "join", "router"],
        "acks": {"c1": 4},
        "refused": [{"client": "c1", "seq": 4, "message": "No."}],
        "selection": ["a"],
        "can_undo": True,
        "can_redo": False,
        "past": {"id": "r1", "changed": ["a"], "told": None},
        "run": {
            "label": "local · demo quality",
            "why_not": "",
            "inputs": [
                {
                    "id": "in",
                    "name": "in",
                    "kind": "text",
                    "description": "",
                    "choices": [],
                    "example": "",
                    "required": False,
                    "value": "typed",
                }
            ],
        },
        "addresses": {
            "assets": "/a/",
            "vis": "/v.js",
            "events": "/e",
            "runs": "/r",
            "token": "t0ken",
        },
    }


def test_of_long_instructions_a_card_shows_the_beginning() -> None:
    flow = shape("in > a", a={"instructions": "word " * 2000})
    assert node_values(flow.nodes[1])["preview"] == ("word " * 32)


def marks(**fields: object) -> list[tuple[str, str]]:
    (node,) = shape("a", a=fields).nodes
    return [(mark.icon, mark.word) for mark in marks_of(node)]


def test_a_card_has_marks_for_what_is_not_usual_alone() -> None:
    each = {"items": "{{ input }}", "max_concurrency": 3}
    assert marks() == []
    assert marks(for_each=each, retries=5, needs="any", timeout_s=30) == [
        ("many", "for each · 3 at once"),
        ("redo", "5"),
        ("race", "any"),
        ("clock", "30 s"),
    ]
    assert marks(needs={"first": 2}, on_error={"fallback": "none"}) == [
        ("race", "first 2"),
        ("shield", ""),
    ]


def test_advice_comes_with_the_edit_that_mends_it() -> None:
    problem = Problem(code="slow", severity="advice", message="Mind this.")
    edit = RemoveEdges(edges=(Edge(source=NodeId("in"), target=NodeId("a")),))
    advice = Advice(problem=problem, fix="Side by side", edit=edit)
    flow = shape("in > a")
    told = canvas_values(view_of(flow, problems=(problem,), advice=(advice,)))["problems"]
    assert told == [
        {
            "code": "slow",
            "severity": "advice",
            "message": "Mind this.",
            "nodes": [],
            "fix": "Side by side",
            "edit": edit.model_dump(mode="json"),
        }
    ]


def test_every_type_says_what_it_is() -> None:
    flow = shape(
        "in > a > j > r > p",
        a={"model": "local/small"},
        j={"type": "join"},
        r={"type": "router"},
        p={"type": "approval"},
    )
    labels = [node_values(node)["label"] for node in flow.nodes]
    assert labels == ["Input", "local/small", "Join", "Router", "Approval"]


def test_a_flow_with_a_loop_is_drawn_all_the_same() -> None:
    looped = shape("in > a > b; b > a; in > c")
    values = canvas_values(view_of(looped))
    document = values["document"]
    assert values["stages"] == [["c"]]
    assert isinstance(document, dict)
    assert document["layout"] == {
        node: {"x": at.x, "y": at.y} for node, at in arrange(looped).items()
    }


def test_nothing_from_the_browser_is_no_intent() -> None:
    nothing = CanvasIntent(outbox=Outbox(), selection=(), inputs={})
    assert intent_of(None) == nothing
    assert intent_of({"outbox": None, "selection": None, "inputs": None, "seen": 4}) == nothing


def test_the_intent_is_read_from_the_component_s_state() -> None:
    state = {"selection": ["a"], "inputs": {"in": "Hi"}}
    assert intent_of(state) == CanvasIntent(Outbox(), (NodeId("a"),), {NodeId("in"): "Hi"})
