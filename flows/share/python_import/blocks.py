"""Block: loops and `try` as a flow can say them: for_each, one pass, fallbacks, `collect`."""

from __future__ import annotations

import ast

from flows.share.python_import.loops import going_over
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.values import NOTHING, Known, Made, Output, Result, Unclear, Value


def for_statement(machine: Machine, tree: ast.For | ast.AsyncFor) -> Signal:
    """Follow the body for every item, or once for all of them."""
    if isinstance(tree, ast.AsyncFor):
        machine.evaluate(tree.iter)
        machine.scope.names |= {
            each.id: Unclear() for each in ast.walk(tree.target) if isinstance(each, ast.Name)
        }
        machine.execute(tree.body)
        return "go"
    if _repeats(machine, tree.iter):
        return _one_pass(machine, tree.body, line=tree.lineno)
    for _ in going_over(
        machine,
        tree.iter,
        tree.target,
        body=tree.body,
        is_in_row=any(isinstance(each, ast.Await) or _waits(each) for each in ast.walk(tree)),
    ):
        machine.execute(tree.body)
    machine.execute(tree.orelse)
    return "go"


def _waits(tree: ast.AST) -> bool:
    return isinstance(tree, ast.Attribute) and tree.attr == "run_sync"


def _repeats(machine: Machine, tree: ast.expr) -> bool:
    """Say whether a `for` only counts how often it goes round."""
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return False
    return tree.func.id == "range" and machine.scope.find("range") is None


def while_statement(machine: Machine, tree: ast.While) -> Signal:
    """Follow the body once."""
    return _one_pass(machine, tree.body, line=tree.lineno)


def _one_pass(machine: Machine, body: list[ast.stmt], *, line: int) -> Signal:
    before = len(machine.draft.steps)
    signal = machine.execute(body)
    if len(machine.draft.steps) > before:
        machine.draft.remark(
            line, "A flow does not go in circles: the body of this loop is there once."
        )
    return "return" if signal == "return" else "go"


def try_statement(machine: Machine, tree: ast.Try) -> Signal:
    """Follow the body; read what its handlers make of a failure."""
    ended = machine.after
    signal = machine.execute(tree.body)
    begun = tuple(
        number
        for number in sorted(machine.after - ended)
        if machine.draft.steps[number].kind == "agent"
    )
    after_body = dict(machine.scope.names)
    for handler in tree.handlers:
        _handle(machine, handler, begun)
        machine.scope.names.clear()
        machine.scope.names.update(after_body)
    if signal == "go":
        signal = machine.execute(tree.orelse)
    machine.execute(tree.finalbody)
    return signal


def _handle(machine: Machine, handler: ast.ExceptHandler, begun: tuple[int, ...]) -> None:
    names = dict(machine.scope.names)
    if handler.name is not None:
        failed = tuple(Output(step) for step in begun)
        machine.scope.names[handler.name] = Made("error", failed)
    returned, machine.returned = machine.returned, []
    count = len(machine.draft.steps)
    signal = machine.execute(handler.body)
    given, machine.returned = machine.returned, returned
    if len(machine.draft.steps) > count:
        machine.draft.remark(
            handler.lineno, "What is done after a failure has no place in a flow; it stands beside."
        )
    instead = given[0] if given else _put_instead(machine, names)
    if signal != "raise" or isinstance(instead, Known):
        _note(machine, begun, instead if given or signal != "raise" else NOTHING, signal)


def _put_instead(machine: Machine, names: dict[str, Value]) -> Value:
    """Return the text that a handler gives to a name that has a step's output."""
    for name, value in machine.scope.names.items():
        old = names.get(name)
        if value is not old and isinstance(old, Output | Result) and isinstance(value, Known):
            return value
    return NOTHING


def _note(machine: Machine, begun: tuple[int, ...], instead: Value, signal: Signal) -> None:
    for number in begun:
        step = machine.draft.steps[number]
        if isinstance(instead, Known) and isinstance(instead.value, str):
            step.fallback = instead.value if step.fallback is None else step.fallback
        elif signal != "raise":
            step.is_swallowed = True
