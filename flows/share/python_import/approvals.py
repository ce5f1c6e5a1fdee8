"""Approval: where a program asks a person whether to go on."""

from __future__ import annotations

import ast

from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import Made, Output, Value


def asks_a_person(tree: ast.AST) -> bool:
    """Say whether a function asks for an approval: it is called so, and runs no agent."""
    is_function = isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef)
    if not is_function or "approv" not in getattr(tree, "name", ""):
        return False
    return not any(isinstance(each, ast.Name) and each.id == "Runner" for each in ast.walk(tree))


def ask_a_person(machine: Machine, call: Call) -> Value:
    """Note that the program waits here until a person has approved."""
    pieces = [piece for each in call.args for piece in ("\n\n", each)]
    step = machine.add_step("approval", text_of(*pieces[1:]), line=call.tree.lineno)
    step.name = "Approval"
    return Made("approved", (Output(step.number),))


def note_refusal(machine: Machine, tree: ast.If, *, begun: int) -> None:
    """Say what of an `if` is left out, where its condition asked a person since `begun` steps."""
    asked = any(step.kind == "approval" for step in machine.draft.steps[begun:])
    if asked and tree.orelse:
        machine.draft.remark(
            tree.orelse[0].lineno,
            "Without an approval a flow stops: what the program does then is left out.",
        )
