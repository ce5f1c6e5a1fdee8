"""Failure: `try` as a flow can say it: a text instead, going on without."""

from __future__ import annotations

import ast

from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.showing import leaves_program
from flows.share.python_import.texts import parts_of
from flows.share.python_import.values import NOTHING, Known, Made, Output, Result, Value

_ENDINGS = ("KeyboardInterrupt", "CancelledError", "SystemExit")
"""What ends a program from outside: no failure of a step."""


def try_statement(machine: Machine, tree: ast.Try | ast.TryStar) -> Signal:
    """Follow the body; read what its handlers make of a failure."""
    ended, waves = machine.after, len(machine.draft.waves)
    signal = machine.execute(tree.body)
    begun = tuple(
        number
        for number in sorted(machine.after - ended)
        if machine.draft.steps[number].kind == "agent"
    )
    together = {step for wave in machine.draft.waves[waves:] for step in wave.steps}
    after_body = dict(machine.scope.names)
    for handler in tree.handlers:
        if _gives_up(handler):
            continue
        handle(machine, handler, begun, together)
        machine.scope.names.clear()
        machine.scope.names.update(after_body)
    if signal == "go":
        signal = machine.execute(tree.orelse)
    machine.execute(tree.finalbody)
    return signal


def _gives_up(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler tells what failed and ends the program, as a run that fails does."""
    awaits = any(isinstance(each, ast.Await) for each in ast.walk(handler))
    match handler.body[-1]:
        case ast.Expr(value=ast.Call(args=[ast.Constant(value=None | 0)])):
            return False
        case ast.Expr(value=ast.Call(args=[_]) as call):
            return leaves_program(call) and not awaits
        case _:
            return False


def handle(
    machine: Machine, handler: ast.ExceptHandler, begun: tuple[int, ...], together: set[int]
) -> None:
    """Read what a handler makes of a failure of the steps that have begun.

    `together`: those that are waited for in one group.
    """
    names = dict(machine.scope.names)
    if handler.name is not None:
        failed = tuple(Output(step) for step in begun)
        machine.scope.names[handler.name] = Made("error", failed)
    returned, machine.returned = machine.returned, []
    count = len(machine.draft.steps)
    signal = machine.execute(handler.body)
    given, machine.returned = [each for _, each in machine.returned], returned
    if begun and given and not isinstance(given[0], Known) and parts_of(given[0]):
        machine.draft.remark(
            handler.body[0].lineno,
            "What is put in the place of a failed answer is left out; what came is handed on.",
        )
    if len(machine.draft.steps) > count:
        machine.draft.remark(
            handler.lineno,
            "This is done only after a failure, which a flow cannot say: it is "
            "there as a step of its own. Look at it.",
        )
    instead = given[0] if given else _put_instead(machine, names)
    if signal == "raise" and not isinstance(instead, Known):
        return
    if handler.type is None or not ast.unparse(handler.type).endswith(_ENDINGS):
        lone = tuple(each for each in begun if _is_alone(machine, each, together))
        _note(machine, lone, instead if given or signal != "raise" else NOTHING, signal)
        _remark_several(machine, handler, instead, begun=len(begun), lone=len(lone))


def _is_alone(machine: Machine, number: int, together: set[int]) -> bool:
    """Say whether a handler is about this step's failure, not about that of a whole group."""
    return number not in together and machine.draft.steps[number].loop == machine.context.loop


def _put_instead(machine: Machine, names: dict[str, Value]) -> Value:
    """Return the text that a handler gives to a name that has a step's output."""
    for name, value in machine.scope.names.items():
        old = names.get(name)
        if value is not old and isinstance(old, Output | Result) and isinstance(value, Known):
            return value
    return NOTHING


def _is_text(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.value, str)


def _note(machine: Machine, begun: tuple[int, ...], instead: Value, signal: Signal) -> None:
    """Give the step its text instead, or note that the program goes on without it."""
    match instead:
        case Known(value=str() as said):
            for number in begun if len(begun) == 1 else ():
                step = machine.draft.steps[number]
                step.fallback = said if step.fallback is None else step.fallback
        case _ if signal != "raise":
            for number in begun:
                step = machine.draft.steps[number]
                step.is_swallowed = True
                step.goes_on_at = len(machine.draft.steps) if signal == "go" else None
        case _:
            pass


def _remark_several(
    machine: Machine, handler: ast.ExceptHandler, instead: Value, *, begun: int, lone: int
) -> None:
    if _is_text(instead) and begun > 1:
        machine.draft.remark(
            handler.lineno,
            "This text stands for several steps, and a flow has one for a single step; "
            "it is left out.",
        )
    elif begun > lone and not _only_shows(handler.body):
        machine.draft.remark(
            handler.lineno, "What is done instead of several steps is left out: the run fails."
        )


def _only_shows(body: list[ast.stmt]) -> bool:
    """Say whether a handler says what failed and ends, as a run that fails does."""
    return all(
        isinstance(each, ast.Return | ast.Raise | ast.Pass | ast.Expr | ast.For | ast.Continue)
        for each in body
    )
