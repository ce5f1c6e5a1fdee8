"""Values: the canvas's view as the JSON values its JavaScript draws from.

`document` holds nodes and edges as in the file (fields that are as usual left out), for they are
copied from it, with what is drawn of a node beside its own fields: {label, preview, marks}; a place
for every node, and the notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import assert_never

from pydantic import JsonValue

from components.canvas.marks import marks_of
from components.canvas.view import CanvasView, PastRun
from flows.document.model import (
    AgentNode,
    ApprovalNode,
    Edge,
    Flow,
    InputNode,
    JoinNode,
    Node,
    RouterNode,
)
from flows.document.problem import Problem
from flows.ids import NodeId
from flows.plan.graph import stages_of
from flows.plan.heads import stage_heads
from flows.plan.layout import complete_layout
from flows.plan.memory import remembered

_BEGUN = "no_steps"
"""A flow without steps is begun, not wrong: the empty canvas says what comes next."""

_LONGEST_PREVIEW = 160


def canvas_values(view: CanvasView) -> dict[str, JsonValue]:
    """Return everything the browser needs to draw the view."""
    stages = stages_of(view.flow)
    return {
        "flow_id": view.flow_id,
        "rev": view.rev,
        "follow": view.follow,
        "presented": view.presented,
        "reruns": view.reruns,
        "document": _document(view.flow, view.models),
        "stages": [list(stage) for stage in stages],
        "stage_heads": list(stage_heads(view.flow, stages, how=not view.presented)),
        "problems": [_problem(view, each) for each in view.problems if each.code != _BEGUN],
        "palette": list(view.palette),
        "acks": dict(view.acks),
        "refused": [asdict(refusal) for refusal in view.refused],
        "selection": list(view.selection),
        "can_undo": view.can_undo,
        "can_redo": view.can_redo,
        "past": _past(view.past),
        "run": _run(view),
        "addresses": asdict(view.addresses),
    }


def node_values(node: Node) -> dict[str, JsonValue]:
    """Return the node as in the file, and what is drawn of it."""
    return {
        **node.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "label": _type_label(node),
        "preview": _preview(node),
        "marks": [asdict(mark) for mark in marks_of(node)],
    }


def _document(flow: Flow, models: Mapping[NodeId, str]) -> dict[str, JsonValue]:
    """Return what is drawn of the flow; `models` stands under names in place of the usual label."""
    return _drawn(flow) | {
        "nodes": [
            drawn | {"label": models[node.id]} if models.get(node.id) else drawn
            for node, drawn in zip(flow.nodes, _drawn_nodes(flow), strict=True)
        ]
    }


@remembered
def _drawn(flow: Flow) -> dict[str, JsonValue]:
    layout = complete_layout(flow)
    return {
        "name": flow.name,
        "edges": [_edge(edge) for edge in flow.edges],
        "layout": {node: {"x": at.x, "y": at.y} for node, at in layout.items()},
        "notes": [note.model_dump(mode="json") for note in flow.notes],
    }


@remembered
def _drawn_nodes(flow: Flow) -> tuple[dict[str, JsonValue], ...]:
    return tuple(node_values(node) for node in flow.nodes)


def _problem(view: CanvasView, problem: Problem) -> dict[str, JsonValue]:
    said = problem.model_dump(mode="json", exclude={"place"})
    fix = next((each for each in view.advice if each.problem == problem), None)
    if fix is None:
        return said
    return said | {"fix": fix.fix, "edit": fix.edit.model_dump(mode="json", by_alias=True)}


def _edge(edge: Edge) -> dict[str, JsonValue]:
    return edge.model_dump(mode="json", exclude_none=True)


def _past(past: PastRun | None) -> JsonValue:
    return (
        None
        if past is None
        else {
            "id": past.id,
            "changed": list(past.changed),
            "told": past.told,
        }
    )


def _run(view: CanvasView) -> dict[str, JsonValue]:
    return {
        "label": view.run.label,
        "why_not": view.run.why_not,
        "inputs": [
            {
                "id": node.id,
                "name": node.name,
                "kind": node.kind,
                "description": node.description,
                "choices": list(node.choices),
                "example": node.example,
                "required": node.required,
                "value": view.run.inputs.get(node.id),
            }
            for node in view.flow.inputs
        ],
    }


def _type_label(node: Node) -> str:
    match node:
        case InputNode():
            return "Input"
        case AgentNode():
            return node.model or "Default model"
        case RouterNode():
            return "Router"
        case JoinNode():
            return "Join"
        case ApprovalNode():
            return "Approval"
        case _:
            assert_never(node)


def _said_of_router(node: RouterNode) -> str:
    """Say how it chooses: the question, or its branches."""
    if node.ask is not None:
        return node.ask
    branches = [*(rule.branch for rule in node.rules), node.otherwise or ""]
    return " · ".join(dict.fromkeys(branch for branch in branches if branch))


def _preview(node: Node) -> str:
    match node:
        case InputNode():
            text = node.example or node.description
        case AgentNode():
            text = node.instructions or node.prompt
        case RouterNode():
            text = _said_of_router(node)
        case JoinNode() | ApprovalNode():
            text = node.prompt
        case _:
            assert_never(node)
    return " ".join(text[: 4 * _LONGEST_PREVIEW].split())[:_LONGEST_PREVIEW]
