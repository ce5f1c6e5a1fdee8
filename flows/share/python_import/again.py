"""Again: a loop that does the same once more where it has failed, as a step's retries."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from flows.share.python_import.failures import handle
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.values import Known, Listed

_LEAVES = (ast.Return, ast.Break)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The body of such a loop. `is_choosy`: it goes round again where an answer does not suit."""

    before: Sequence[ast.stmt]
    tried: ast.Try
    after: Sequence[ast.stmt]
    is_choosy: bool


def attempt_of(body: Sequence[ast.stmt]) -> Attempt | None:
    """Read a loop's body as an attempt; None where the loop goes round for another reason."""
    places = [place for place, each in enumerate(body) if isinstance(each, ast.Try)]
    if len(places) != 1:
        return None
    (place,) = places
    tried, before, after = body[place], body[:place], body[place + 1 :]
    assert isinstance(tried, ast.Try)
    if any(map(_waits, (*before, *after))) or not any(map(_goes_round, tried.handlers)):
        return None
    inside = [*tried.body, *tried.orelse, *after]
    if any(isinstance(each, _LEAVES) or _is_answered(each) for each in inside):
        return Attempt(before, tried, after, is_choosy=False)
    if any(isinstance(each, _LEAVES) for tree in inside for each in ast.walk(tree)):
        return Attempt(before, tried, after, is_choosy=True)
    return None


def _waits(tree: ast.stmt) -> bool:
    """Say whether a statement waits for anything but time."""
    return any(
        isinstance(each, ast.Await) and "sleep(" not in ast.unparse(each.value)
        for each in ast.walk(tree)
    )


def _goes_round(handler: ast.ExceptHandler) -> bool:
    return not isinstance(handler.body[-1], ast.Return | ast.Break | ast.Raise)


def _is_answered(tree: ast.stmt) -> bool:
    """Say whether a statement leaves the loop as soon as there is any answer."""
    match tree:
        case ast.If(test=ast.Name() | ast.Attribute(), body=body):
            return any(isinstance(each, _LEAVES) for each in body)
        case _:
            return False


# How often


def times_of_for(machine: Machine, tree: ast.For) -> int | None:
    """Return how often a `for` goes round at most; None where only a run knows."""
    listed = machine.evaluate(tree.iter)
    match tree.iter:
        case ast.Call(func=ast.Name(id="range"), args=[*bounds]):
            ends = [machine.evaluate(each) for each in bounds]
            numbers = [e.value for e in ends if isinstance(e, Known) and type(e.value) is int]
            return len(range(*numbers)) if len(numbers) == len(ends) else None
        case _ if isinstance(listed, Listed) and all(map(_is_number, listed.items)):
            return len(listed.items)
        case _:
            return None


def _is_number(value: object) -> bool:
    return isinstance(value, Known) and isinstance(value.value, int | float)


def times_of_while(machine: Machine, tree: ast.While) -> int | None:
    """Return how often a `while` goes round at most, as its test or one inside it says."""
    handlers = [each for each in ast.walk(tree) if isinstance(each, ast.ExceptHandler)]
    inside = [each.test for one in handlers for each in ast.walk(one) if isinstance(each, ast.If)]
    for test in (tree.test, *inside):
        match test:
            case ast.Compare(left=ast.Name(), ops=[operator], comparators=[right]):
                bound = machine.evaluate(right)
                if isinstance(bound, Known) and type(bound.value) is int:
                    return bound.value + isinstance(operator, ast.LtE | ast.Gt)
            case _:
                pass
    return None


# Trying


def try_again(
    machine: Machine,
    attempt: Attempt,
    *,
    times: int | None,
    line: int,
    otherwise: Sequence[ast.stmt],
) -> Signal:
    """Follow one attempt; the steps in it are tried again by themselves.

    `otherwise`: what comes after a loop that is left by `break`.
    """
    rest, before, begun = machine.following, len(machine.draft.steps), machine.after
    machine.execute(attempt.before)
    tried = attempt.tried
    signal = machine.execute([*tried.body, *tried.orelse, *attempt.after])
    machine.execute(tried.finalbody)
    numbers = machine.steps_since(before)
    for number in numbers:
        machine.draft.steps[number].retries = None if times is None else max(times - 1, 0)
    _remark(machine, attempt, times, line=line, count=len(numbers))
    last = rest if signal == "return" else otherwise
    _give_up(machine, tried, last, signal=signal, begun=tuple(sorted(machine.after - begun)))
    return "return" if signal == "return" else "go"


def _remark(
    machine: Machine, attempt: Attempt, times: int | None, *, line: int, count: int
) -> None:
    if count > 1:
        machine.draft.remark(
            line,
            f"This loop tries its {count} calls again together; in the flow each is tried again "
            "by itself.",
        )
    if count and times is None:
        machine.draft.remark(
            line, "How often this is tried again is known only when it runs; set its retries."
        )
    if count and attempt.is_choosy:
        machine.draft.remark(
            line, "This loop also goes round for an answer that does not suit; a flow does not."
        )


def _give_up(
    machine: Machine,
    tried: ast.Try,
    rest: Sequence[ast.stmt],
    *,
    signal: Signal,
    begun: tuple[int, ...],
) -> None:
    """Read what is done when the last attempt has failed too."""
    inside = [each for one in tried.handlers for tree in one.body for each in ast.walk(tree)]
    for one in tried.handlers:
        if any(map(_waits, one.body)):
            machine.draft.remark(
                one.lineno,
                "This is done only after a failure, which a flow cannot say; it is left out.",
            )
    if any(isinstance(each, ast.Raise) for each in inside):
        return
    given = [each for each in inside if isinstance(each, ast.Return)][:1]
    body: list[ast.stmt] = [*given] or [*rest]
    if not body and signal != "return":
        return
    line = body[0].lineno if body else tried.lineno
    made = ast.ExceptHandler(type=None, name=None, body=body, lineno=line, col_offset=0)
    names = dict(machine.scope.names)
    agents = tuple(each for each in begun if machine.draft.steps[each].kind == "agent")
    handle(machine, made, agents, set() if len(agents) == 1 else {*agents})
    machine.scope.names.clear()
    machine.scope.names.update(names)
