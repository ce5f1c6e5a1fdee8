"""Block: loops as a flow can say them: for_each, one pass, trying again."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeGuard

from flows.share.python_import.again import (
    attempt_of,
    times_of_for,
    times_of_while,
    try_again,
)
from flows.share.python_import.loops import going_over
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.rounds import Rounds
from flows.share.python_import.values import Made, Output, Result, Unclear, Value


def for_statement(machine: Machine, tree: ast.For | ast.AsyncFor) -> Signal:
    """Follow the body for every item, or once for all of them."""
    if isinstance(tree, ast.AsyncFor):
        streamed = _streamed(machine, tree.iter)
        machine.scope.names |= {
            each.id: streamed for each in ast.walk(tree.target) if isinstance(each, ast.Name)
        }
        machine.execute(tree.body)
        return "go"
    attempt = attempt_of(tree.body)
    times = None if attempt is None else times_of_for(machine, tree)
    if attempt is not None and (times is not None or _repeats(machine, tree.iter)):
        return try_again(machine, attempt, times=times, line=tree.lineno, otherwise=tree.orelse)
    if _repeats(machine, tree.iter):
        return _one_pass(machine, tree)
    rounds, rest, before = Rounds(machine), machine.following, len(machine.draft.steps)
    for _ in going_over(
        machine,
        tree.iter,
        tree.target,
        body=tree.body,
        is_in_row=any(isinstance(each, ast.Await) or _waits(each) for each in ast.walk(tree)),
    ):
        signal = rounds.go(tree.body)
        if attempt is not None and signal in {"return", "leave"}:
            rounds.end([], line=tree.lineno)
            return _first_only(machine, signal, line=tree.lineno)
        if signal in {"return", "leave"}:
            break
    ended = rounds.end(tree.orelse, line=tree.lineno)
    _remark_last(machine, rest, before=before)
    return ended


def _remark_last(machine: Machine, rest: Sequence[ast.stmt], *, before: int) -> None:
    """Say of a name that has the last item's answer after a loop that the flow has every item's."""
    steps = machine.draft.steps
    last = {
        name
        for name, value in machine.scope.names.items()
        if isinstance(value, Result | Output)
        and value.step >= before
        and steps[value.step].loop is not None
        and machine.context.loop is None
    }
    for each in (each for tree in rest for each in ast.walk(tree)):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            last.discard(each.id)
        elif isinstance(each, ast.Name) and each.id in last:
            last.discard(each.id)
            machine.draft.remark(
                each.lineno,
                f"`{each.id}` is here what the last item gave; the flow hands on what every item "
                "gave, as a list.",
            )


def _streamed(machine: Machine, tree: ast.expr) -> Value:
    """Return what an `async for` goes over: the answer, where it is what a run streams."""
    owner = tree.func.value if isinstance(tree, ast.Call) and _streams(tree.func) else None
    result = Unclear() if owner is None else machine.evaluate(owner)
    machine.evaluate(tree)
    return Made("event", (Output(result.step),)) if isinstance(result, Result) else Unclear()


def _streams(tree: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(tree, ast.Attribute) and tree.attr == "stream_events"


def _waits(tree: ast.AST) -> bool:
    return isinstance(tree, ast.Attribute) and tree.attr == "run_sync"


def _repeats(machine: Machine, tree: ast.expr) -> bool:
    """Say whether a `for` only counts how often it goes round."""
    if not isinstance(tree, ast.Call):
        return False
    return ast.unparse(tree.func) in {"range", "itertools.count", "count"} and (
        machine.scope.find("range") is None
    )


def _first_only(machine: Machine, signal: Signal, *, line: int) -> Signal:
    """Say that the next is taken only where one has failed."""
    machine.draft.remark(
        line, "Only the first of these is run: a flow has no second agent for when one has failed."
    )
    return "return" if signal == "return" else "go"


def while_statement(machine: Machine, tree: ast.While) -> Signal:
    """Follow the body once; where it only tries again, the flow's retries say how often."""
    attempt = attempt_of(tree.body)
    if attempt is not None:
        times = times_of_while(machine, tree)
        return try_again(machine, attempt, times=times, line=tree.lineno, otherwise=tree.orelse)
    return _one_pass(machine, tree)


def _one_pass(machine: Machine, tree: ast.For | ast.While) -> Signal:
    """Follow one round, done where a `while` has it done at all."""
    before, rounds = len(machine.draft.steps), Rounds(machine)
    if isinstance(tree, ast.While):
        rounds.go([ast.copy_location(ast.If(tree.test, tree.body, []), tree)])
    else:
        rounds.go(tree.body)
    if len(machine.draft.steps) > before:
        machine.draft.remark(
            tree.lineno,
            "A flow has no loops: what this one does is there once. "
            "For more rounds, put the steps there again.",
        )
    return rounds.end(tree.orelse, line=tree.lineno)
