"""Context: what `with` blocks mean: traces, limits, timeouts, task groups."""

from __future__ import annotations

import ast
from dataclasses import replace

from flows.share.python_import.draft import Timeout, Wave
from flows.share.python_import.loops import bind
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.values import Known, Limit, Made, Unclear, Value


def with_statement(machine: Machine, tree: ast.With | ast.AsyncWith) -> Signal:
    """Follow the body with what its contexts say."""
    values = [_entered(machine, item) for item in tree.items]
    before, names = len(machine.draft.steps), machine.context
    limits = tuple(each for each in values if isinstance(each, Limit))
    with machine.within(limits=limits):
        signal = machine.execute(tree.body)
    machine.context = names
    begun = machine.steps_since(before)
    for value in values:
        if isinstance(value, Made):
            _leave(machine, value, begun, tree)
    return signal


def _entered(machine: Machine, item: ast.withitem) -> Value:
    value = machine.evaluate(item.context_expr)
    if isinstance(value, Made) and value.kind == "trace" and not machine.draft.title:
        name = value.args[0] if value.args else Unclear()
        if isinstance(name, Known) and isinstance(name.value, str):
            machine.draft.title = name.value
    if item.optional_vars is not None:
        variable = getattr(item.optional_vars, "id", "")
        if isinstance(value, Made):
            value = replace(value, variable=variable)
        bind(machine, item.optional_vars, value)
    return value


def _leave(machine: Machine, made: Made, begun: tuple[int, ...], tree: ast.stmt) -> None:
    match made:
        case Made(kind="group"):
            machine.draft.waves.append(Wave(frozenset(begun), "cancel"))
            machine.after |= set(range(len(machine.draft.steps))) & _joined(machine, begun)
        case Made(kind="timeout", args=[Known(value=int() | float() as seconds)]) if begun:
            is_whole = any(isinstance(each, ast.Return) for each in ast.walk(tree))
            machine.draft.timeouts.append(
                Timeout(float(seconds), tree.lineno, begun, is_whole, machine.context.loop)
            )
        case _:
            pass


def _joined(machine: Machine, begun: tuple[int, ...]) -> set[int]:
    """Return what has ended once a group has: all that began in it, and what that waited for."""
    ended = set(begun)
    for number in begun:
        ended |= machine.draft.steps[number].after
    return ended
