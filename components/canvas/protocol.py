"""Protocol: what the canvas sends up, read and done exactly once.

The browser keeps every edit in a cumulative outbox until it is acknowledged, and sends the whole
outbox each time:

    {"client": "c81…", "ops": [{"seq": 4, "edit": {"op": "add_edge", …}},
                               {"seq": 5, "command": "undo"}],
     "earlier": [{"client": "b07…", "ops": […]}]}

`earlier` holds what a page of this tab that is gone had not seen acknowledged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import reduce
from typing import Annotated, Literal, Protocol, TypeVar, assert_never

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from components.canvas.view import Refusal
from components.router_change import with_branch
from flows.document.edits import AddEdge, Edit, Group, MoveNodes, RemoveNodes, apply_edit
from flows.document.model import Flow
from flows.document.twins import read_twins
from flows.errors import EditRefused
from flows.ids import NODE_ID_PATTERN, NodeId
from flows.plan.graph import find_cycle
from flows.plan.layout import arrange, complete_layout
from flows.plan.removal import removal_of

_LOG = logging.getLogger(__name__)
_UNREADABLE = "The edit could not be read, so it was not done. Reload the page and try again."

Value = TypeVar("Value")

Client = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{8,64}$")]
Seq = Annotated[int, Field(ge=1, le=2**53)]
Command = Literal["undo", "redo", "layout", "keep"]
"""`keep` changes nothing: its acknowledgement says that all done on the page before it is kept."""


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EditOp(_Sent):
    """One edit. `seq` counts from 1 for each client."""

    seq: Seq
    edit: Edit


class CommandOp(_Sent):
    """One command to the flow's history or to its layout."""

    seq: Seq
    command: Command


class UnreadableOp(_Sent):
    """An op that says something this Fanfold does not know; it is refused, not skipped."""

    seq: Seq
    reason: str


Op = EditOp | CommandOp | UnreadableOp


class Batch(_Sent):
    """The ops of one client that it has not seen acknowledged, in order."""

    client: Client
    ops: tuple[Op, ...] = ()


class Outbox(_Sent):
    """All that a browser tab has not seen acknowledged; oldest client first."""

    batches: tuple[Batch, ...] = ()

    @property
    def clients(self) -> tuple[str, ...]:
        """The clients whose acknowledgements the browser waits for."""
        return tuple(batch.client for batch in self.batches)


class Ledger(Protocol):
    """The one flow that edits go to. Every call takes (client, seq) and is done at most once."""

    def acked(self, client: str) -> int:
        """Return the last seq taken from the client, 0 when there is none."""

    def change(self, change: Callable[[Flow], Flow], *, client: str, seq: int) -> object:
        """Store the changed flow. Lets the EditRefused of `change` through, and keeps the flow."""

    def undo(self, *, client: str, seq: int) -> object:
        """Take the last change back; does nothing when there is none."""

    def redo(self, *, client: str, seq: int) -> object:
        """Do again what was taken back; does nothing when there is nothing."""

    def refuse(self, *, client: str, seq: int) -> object:
        """Count the seq as seen and raise the revision, so that the browser rolls back."""


_CLIENT: TypeAdapter[str] = TypeAdapter(Client)
_SEQ: TypeAdapter[int] = TypeAdapter(Seq)
_OP: TypeAdapter[EditOp | CommandOp] = TypeAdapter(EditOp | CommandOp)
_CHOSEN = rf"{NODE_ID_PATTERN}|^stage:[1-9][0-9]{{0,4}}$"
_SELECTION: TypeAdapter[tuple[str, ...]] = TypeAdapter(
    tuple[Annotated[str, StringConstraints(pattern=_CHOSEN)], ...]
)
_INPUTS: TypeAdapter[dict[str, str]] = TypeAdapter(
    dict[
        Annotated[str, StringConstraints(pattern=NODE_ID_PATTERN)],
        Annotated[str, StringConstraints(max_length=200_000)],
    ]
)


def read_outbox(value: object) -> Outbox:
    """Read what the browser sent. What cannot be read is left out, with a sentence in the log."""
    match value:
        case None:
            return Outbox()
        case {"client": client, "ops": ops, **rest}:
            earlier = rest.get("earlier")
            old = list(earlier) if isinstance(earlier, list | tuple) else []
            own = {"client": client, "ops": ops}
            read = (_read_batch(each) for each in [*old, own])
            return Outbox(batches=tuple(batch for batch in read if batch is not None))
        case _:
            _LOG.warning("The canvas sent an outbox without client and ops; nothing was done.")
            return Outbox()


def read_selection(value: object) -> tuple[NodeId, ...]:
    """Read the selected node ids, or the selected stage as `stage:2`; anything else is nothing."""
    ids = _read(_SELECTION, value, what="selection")
    return tuple(NodeId(each) for each in ids or ())


def read_inputs(value: object) -> dict[NodeId, str]:
    """Read what was typed to run the flow; anything else is nothing."""
    texts = _read(_INPUTS, value, what="inputs")
    return {NodeId(node): text for node, text in (texts or {}).items()}


def apply_outbox(outbox: Outbox, *, ledger: Ledger) -> tuple[Refusal, ...]:
    """Do every op not done yet, in order; return those that do not fit, each with its reason."""
    refusals: list[Refusal] = []
    for batch in outbox.batches:
        seen = ledger.acked(batch.client)
        for op in (each for each in batch.ops if each.seq > seen):
            try:
                _hand_in(op, client=batch.client, ledger=ledger)
            except EditRefused as refused:
                ledger.refuse(client=batch.client, seq=op.seq)
                said = Refusal(client=batch.client, seq=op.seq, message=str(refused))
                refusals.append(said)
    return tuple(refusals)


def change_flow(flow: Flow, edit: Edit) -> Flow:
    """Return the flow with the browser's edit done. Raises EditRefused, also for a new cycle.

    Cards nobody placed get the place where they were drawn, so that no edit makes others jump.
    """
    placed = flow.model_copy(update={"layout": complete_layout(flow)})
    return _do(placed, edit)


def arrange_flow(flow: Flow) -> Flow:
    """Return the flow with every card placed by stage."""
    return apply_edit(flow, MoveNodes(positions=arrange(flow)))


def _hand_in(op: Op, *, client: str, ledger: Ledger) -> None:
    match op:
        case EditOp(seq=seq, edit=edit):
            ledger.change(lambda flow: change_flow(flow, edit), client=client, seq=seq)
        case CommandOp(seq=seq, command=command):
            _obey(command, seq=seq, client=client, ledger=ledger)
        case UnreadableOp(reason=reason):
            raise EditRefused(reason)
        case _:
            assert_never(op)


def _obey(command: Command, *, seq: int, client: str, ledger: Ledger) -> None:
    match command:
        case "undo":
            ledger.undo(client=client, seq=seq)
        case "redo":
            ledger.redo(client=client, seq=seq)
        case "layout":
            ledger.change(arrange_flow, client=client, seq=seq)
        case "keep":
            ledger.change(lambda flow: flow, client=client, seq=seq)
        case _:
            assert_never(command)


def _do(flow: Flow, edit: Edit) -> Flow:
    match edit:
        case RemoveNodes():
            return apply_edit(flow, removal_of(flow, edit.ids))
        case AddEdge(edge=edge):
            linked = AddEdge(edge=with_branch(flow, edge))
            return _without_new_cycle(flow, apply_edit(flow, linked))
        case Group():
            done = reduce(_do, edit.edits, flow)
            return read_twins(flow, done, edit)
        case _:
            return apply_edit(flow, edit)


def _without_new_cycle(before: Flow, after: Flow) -> Flow:
    cycle = find_cycle(after)
    if not cycle or find_cycle(before):
        return after
    names = [after.node(each).name for each in (*cycle, cycle[0])]
    path = " → ".join(f'"{_short(name)}"' for name in names)
    raise EditRefused(f"This link would make a loop: {path}. A flow runs from left to right.")


def _short(name: str, most: int = 40) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _read_batch(value: object) -> Batch | None:
    match value:
        case {"client": client, "ops": list() | tuple() as ops}:
            name = _read(_CLIENT, client, what="client")
            read = [op for op in map(_read_op, ops) if op is not None]
            in_order = sorted(read, key=lambda op: op.seq)
            return Batch(client=name, ops=tuple(in_order)) if name else None
        case _:
            _LOG.warning("The canvas sent edits without a client or ops; they were left out.")
            return None


def _read_op(value: object) -> Op | None:
    try:
        return _OP.validate_python(value)
    except ValidationError as error:
        _LOG.warning("The canvas sent an unreadable edit. %s", _first_line(error))
    seq = _read(_SEQ, value.get("seq") if isinstance(value, dict) else None, what="seq")
    return None if seq is None else UnreadableOp(seq=seq, reason=_UNREADABLE)


def _read(adapter: TypeAdapter[Value], value: object, *, what: str) -> Value | None:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        _LOG.warning("The canvas sent an unreadable %s. %s", what, _first_line(error))
        return None


def _first_line(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}." if place else f"{first['msg']}."
