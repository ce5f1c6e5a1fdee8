"""Edit: one change to a flow; `apply_edit(flow, edit)` is pure.

An edit names only what it changes: two people who change two fields of one node keep both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, TypeVar, assert_never

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from flows.document.model import Edge, Flow, Node, Note, Position
from flows.document.policy import Frozen, NodeRef, RunPolicy, StagePolicy
from flows.document.renaming import rename_in
from flows.errors import EditRefused
from flows.ids import NodeId

Value = TypeVar("Value")
EdgeKey = tuple[str, str, str, str | None]


class AddNode(Frozen):
    """Put a new node on the canvas."""

    op: Literal["add_node"] = "add_node"
    node: Node
    at: Position | None = None


class ChangeNode(Frozen):
    """Set fields of one node, by their names in the file; never its id or type."""

    op: Literal["change_node"] = "change_node"
    id: NodeRef
    changes: dict[str, JsonValue]


class ChangeId(Frozen):
    """Call a node by another id wherever the flow names it: links, places, stages, templates."""

    op: Literal["change_id"] = "change_id"
    id: NodeRef
    to: NodeRef


class RemoveNodes(Frozen):
    """Take nodes away with their edges. `heirs`: removed key → who keeps its stage policy."""

    op: Literal["remove_nodes"] = "remove_nodes"
    ids: tuple[NodeRef, ...]
    heirs: dict[NodeRef, NodeRef] = Field(default_factory=dict)


class MoveNodes(Frozen):
    """Set where cards stand."""

    op: Literal["move_nodes"] = "move_nodes"
    positions: dict[NodeRef, Position]


class AddEdge(Frozen):
    """Link two nodes."""

    op: Literal["add_edge"] = "add_edge"
    edge: Edge


class RemoveEdges(Frozen):
    """Take links away."""

    op: Literal["remove_edges"] = "remove_edges"
    edges: tuple[Edge, ...]


class ChangeFlow(Frozen):
    """Set the flow's own words: fields left null stay."""

    op: Literal["change_flow"] = "change_flow"
    name: str | None = None
    description: str | None = None


class ChangeRun(Frozen):
    """Set fields of the run policy, by their names in the file; never its stages."""

    op: Literal["change_run"] = "change_run"
    changes: dict[str, JsonValue]


class SetStage(Frozen):
    """Set the policy of the stage where the node stands; null takes it away."""

    op: Literal["set_stage"] = "set_stage"
    node: NodeRef
    policy: StagePolicy | None


class SetNote(Frozen):
    """Put or change a note."""

    op: Literal["set_note"] = "set_note"
    note: Note


class RemoveNotes(Frozen):
    """Take notes away."""

    op: Literal["remove_notes"] = "remove_notes"
    ids: tuple[NodeRef, ...]


class Group(Frozen):
    """Several edits as one: all or none, one step to undo."""

    op: Literal["group"] = "group"
    edits: tuple[Edit, ...]


Edit = Annotated[
    AddNode
    | ChangeNode
    | ChangeId
    | RemoveNodes
    | MoveNodes
    | AddEdge
    | RemoveEdges
    | ChangeFlow
    | ChangeRun
    | SetStage
    | SetNote
    | RemoveNotes
    | Group,
    Field(discriminator="op"),
]
Group.model_rebuild()

EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)
"""Reads an edit from JSON values."""


def edge_key(edge: Edge) -> EdgeKey:
    """Say what makes an edge unique: source, target, kind, branch."""
    return (edge.source, edge.target, edge.kind, edge.branch)


def apply_edit(flow: Flow, edit: Edit) -> Flow:  # noqa: C901, PLR0911, PLR0912 - one arm a member
    """Return the flow with the edit done. Raises EditRefused when it does not fit."""
    match edit:
        case AddNode():
            return _add_node(flow, edit)
        case ChangeNode():
            return _change_node(flow, edit)
        case ChangeId():
            return _change_id(flow, edit)
        case RemoveNodes():
            return _remove_nodes(flow, edit)
        case MoveNodes():
            return _move_nodes(flow, edit)
        case AddEdge():
            return _add_edge(flow, edit)
        case RemoveEdges():
            gone = {edge_key(edge) for edge in edit.edges}
            kept = tuple(edge for edge in flow.edges if edge_key(edge) not in gone)
            return flow.model_copy(update={"edges": kept})
        case ChangeFlow():
            return _revise(flow, edit.model_dump(exclude={"op"}, exclude_none=True))
        case ChangeRun():
            return _change_run(flow, edit)
        case SetStage():
            return _set_stage(flow, edit)
        case SetNote():
            others = tuple(note for note in flow.notes if note.id != edit.note.id)
            return flow.model_copy(update={"notes": (*others, edit.note)})
        case RemoveNotes():
            left = tuple(note for note in flow.notes if note.id not in edit.ids)
            return flow.model_copy(update={"notes": left})
        case Group():
            for each in edit.edits:
                flow = apply_edit(flow, each)
            return flow
        case _:
            assert_never(edit)


def _add_node(flow: Flow, edit: AddNode) -> Flow:
    if any(node.id == edit.node.id for node in flow.nodes):
        raise EditRefused(f'A node "{edit.node.id}" is there already. Give the new one another id.')
    layout = flow.layout if edit.at is None else {**flow.layout, edit.node.id: edit.at}
    return flow.model_copy(update={"nodes": (*flow.nodes, edit.node), "layout": layout})


def _change_node(flow: Flow, edit: ChangeNode) -> Flow:
    fixed = sorted({"id", "type"} & edit.changes.keys())
    if fixed:
        raise EditRefused(f'A node keeps its "{fixed[0]}". Make a new node for another one.')
    old = _find(flow, edit.id)
    values = old.model_dump(by_alias=True) | edit.changes
    new = _checked(lambda: type(old).model_validate(values), what=f'node "{old.name}"')
    nodes = tuple(new if node.id == edit.id else node for node in flow.nodes)
    return flow.model_copy(update={"nodes": nodes})


def _change_id(flow: Flow, edit: ChangeId) -> Flow:
    _find(flow, edit.id)
    if any(node.id == edit.to for node in flow.nodes):
        raise EditRefused(f'A node "{edit.to}" is there already. Choose another id.')
    return rename_in(flow, edit.id, edit.to)


def _remove_nodes(flow: Flow, edit: RemoveNodes) -> Flow:
    gone = set(edit.ids)
    stages = {edit.heirs.get(key, key): policy for key, policy in flow.run.stages.items()}
    kept_stages = {key: policy for key, policy in stages.items() if key not in gone}
    return flow.model_copy(
        update={
            "nodes": tuple(node for node in flow.nodes if node.id not in gone),
            "edges": tuple(
                edge for edge in flow.edges if edge.source not in gone and edge.target not in gone
            ),
            "layout": {key: place for key, place in flow.layout.items() if key not in gone},
            "run": flow.run.model_copy(update={"stages": kept_stages}),
        }
    )


def _move_nodes(flow: Flow, edit: MoveNodes) -> Flow:
    known = {node.id for node in flow.nodes}
    moved = {key: place for key, place in edit.positions.items() if key in known}
    return flow.model_copy(update={"layout": {**flow.layout, **moved}})


def _add_edge(flow: Flow, edit: AddEdge) -> Flow:
    edge = edit.edge
    source, target = _find(flow, edge.source), _find(flow, edge.target)
    if source == target:
        raise EditRefused(
            f'"{source.name}" cannot be linked to itself. Drop the link on another node.'
        )
    if edge_key(edge) in {edge_key(each) for each in flow.edges}:
        raise EditRefused(f'"{source.name}" is linked to "{target.name}" already.')
    return flow.model_copy(update={"edges": (*flow.edges, edge)})


def _change_run(flow: Flow, edit: ChangeRun) -> Flow:
    if "stages" in edit.changes:
        raise EditRefused('Stage policies are set one by one with "set_stage".')
    values = flow.run.model_dump() | edit.changes
    run = _checked(lambda: RunPolicy.model_validate(values), what="run policy")
    return flow.model_copy(update={"run": run})


def _set_stage(flow: Flow, edit: SetStage) -> Flow:
    _find(flow, edit.node)
    stages = {key: policy for key, policy in flow.run.stages.items() if key != edit.node}
    if edit.policy is not None:
        stages[edit.node] = edit.policy
    return flow.model_copy(update={"run": flow.run.model_copy(update={"stages": stages})})


def _find(flow: Flow, node_id: NodeId) -> Node:
    try:
        return flow.node(node_id)
    except KeyError as error:
        raise EditRefused(f'There is no node "{node_id}" any more.') from error


def _revise(flow: Flow, changes: dict[str, Any]) -> Flow:
    values = {name: getattr(flow, name) for name in Flow.model_fields} | changes
    return _checked(lambda: Flow.model_validate(values), what="flow")


def _checked(make: Callable[[], Value], *, what: str) -> Value:
    try:
        return make()
    except ValidationError as error:
        raise EditRefused(
            f"The {what} cannot be changed so: {_first_line(error.errors())}"
        ) from error


def _first_line(errors: Iterable[Any]) -> str:
    first = next(iter(errors))
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}." if place else f"{first['msg']}."
