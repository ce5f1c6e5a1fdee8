"""Showing: what a program prints, where that is all it gives."""

from __future__ import annotations

import ast

from flows.share.python_import.arms import is_branched
from flows.share.python_import.draft import LastShown
from flows.share.python_import.links import steps_in
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.saying import remark_worked_out
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import NOTHING, Known, Merged, Value

_LEAVING = frozenset({"exit", "quit", "sys.exit", "os._exit"})


def leaves_program(tree: ast.AST) -> bool:
    """Say whether a call ends the program."""
    return isinstance(tree, ast.Call) and ast.unparse(tree.func) in _LEAVING


def show(machine: Machine, call: Call) -> Value:
    """Follow a `print`."""
    for tree, value in zip(call.tree.args, call.args, strict=False):
        remark_worked_out(machine, tree, value)
    if "file" in call.options:
        return NOTHING  # a complaint, not a result
    ends = _ends_here(machine)
    values = [_in_one(call)] if ends and len(call.args) > 1 else call.args
    for value in values:
        if machine.followed.is_outermost:
            _keep(machine, value, is_last=machine.is_last or ends or _returns(machine))
        elif ends and machine.context.gates and isinstance(value, Known):
            machine.draft.remark(
                call.tree.lineno,
                "The program shows this text and goes on without an answer; the flow gives nothing "
                "on this branch. Let a join say the text.",
            )
    return NOTHING


def _in_one(call: Call) -> Value:
    pieces = [piece for each in call.args for piece in (" ", each)]
    return text_of(*pieces[1:])


def _ends_here(machine: Machine) -> bool:
    """Say whether the next statement ends the function, and gives nothing."""
    match machine.following:
        case [ast.Return(value=None | ast.Constant(value=None)), *_]:
            return True
        case [ast.Expr(value=call), *_]:
            return leaves_program(call)
        case _:
            return False


def _returns(machine: Machine) -> bool:
    return bool(machine.following) and isinstance(machine.following[0], ast.Return)


def _keep(machine: Machine, value: Value, *, is_last: bool) -> None:
    """Let what is shown at an end be what the flow gives there."""
    way, loop = machine.context.gates, machine.context.loop
    if isinstance(value, Known):
        machine.last_words[way] = str(value.value)
    elif is_branched(value) and is_last:
        machine.draft.shown.append(value)
    elif way and is_last and loop is None and [*steps_in(value)]:
        machine.draft.shown.append(Merged((value,), (way,)))
    elif not way and loop is None and [*steps_in(value)]:
        machine.draft.last_shown = LastShown(value, len(machine.draft.steps))
