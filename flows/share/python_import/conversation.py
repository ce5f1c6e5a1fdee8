"""Conversation: what is said to an agent, as one text: its messages, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from flows.share.python_import.machine import Machine
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import (
    Known,
    Listed,
    Made,
    Output,
    Result,
    Table,
    Unclear,
    Value,
)

_GOES_ON = (
    "The agent is sent the conversation as one text, the question and then each answer. It is not "
    "told which agent gave which."
)


def message_of(machine: Machine, value: Value | None, *, line: int) -> Value:
    """Return what is said to an agent: a text, or the contents of its messages."""
    match value:
        case None:
            return Known("")
        case Listed(items=items):
            contents = [each for item in items for each in _contents(machine, item, line)]
            if any(isinstance(each, Output) for each in items):
                _remark_once(machine, line, _GOES_ON)
            pieces = [piece for each in contents for piece in ("\n\n", each)]
            return text_of(*pieces[1:])
        case Result(step=step):
            return Output(step)
        case _:
            return value


def said_by(step: int) -> Listed:
    """Return the items that an agent's run added to the conversation: here, its answer."""
    return Listed([Made("run_item", (Output(step),))])


def _contents(machine: Machine, value: Value, line: int) -> Iterator[Value]:
    """Yield the texts of a message, or of one part of it."""
    if isinstance(value, Table):
        _remark_role(machine, value, line)
    match value:
        case Table(pairs={"content": Listed(items=parts)}):
            for part in parts:
                yield from _contents(machine, part, line)
        case Table(pairs={"content": said}) | Table(pairs={"text": said}):
            yield said
        case Table(pairs={"type": Known(value=str() as kind)}):
            what = kind.removeprefix("input_")
            machine.draft.remark(line, f"A flow sends texts only: the {what} here is left out.")
        case Table(pairs=pairs):
            yield Unclear(tuple(pairs.values()))
        case Made(kind="run_item", args=[said]):
            yield said
        case _:
            yield value


def _remark_role(machine: Machine, message: Table, line: int) -> None:
    role = message.pairs.get("role")
    if isinstance(role, Known) and role.value not in {None, "user"}:
        machine.draft.remark(
            line,
            f'A flow sends one message, the user\'s: what is said as "{role.value}" here stands in '
            "it, too. Instructions belong to the agent.",
        )


def _remark_once(machine: Machine, line: int, said: str) -> None:
    """Say what holds for every run after this one too."""
    if all(each.said != said for each in machine.draft.remarks):
        machine.draft.remark(line, said)
