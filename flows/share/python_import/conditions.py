"""Condition: an `if` as a flow's router can say it: yes, no, or a rule about a step's output."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from flows.document.model import When
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import (
    NOTHING,
    Chosen,
    Given,
    Item,
    Known,
    Listed,
    Made,
    Member,
    Merged,
    Output,
    Result,
    Text,
    Unclear,
    Value,
)


@dataclass(frozen=True, slots=True)
class Test:
    """One of `whens` holds for what `subject` is. `branch`: the branch of a router that is taken.

    `is_not`: it is the other way round.
    """

    __test__ = False

    subject: Value
    whens: tuple[When, ...] = ()
    branch: str = ""
    is_not: bool = False


Verdict = bool | Test | None
"""Whether a condition holds; None: a flow cannot say."""


def judge(machine: Machine, tree: ast.expr) -> Verdict:
    """Say whether a condition holds, as far as a flow can."""
    match tree:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _opposite(judge(machine, operand))
        case ast.BoolOp(op=operator, values=values):
            verdicts = [judge(machine, each) for each in values]
            return _all(verdicts) if isinstance(operator, ast.And) else _any(verdicts)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compared(
                operator, _plain(machine.evaluate(left)), _plain(machine.evaluate(right))
            )
        case ast.Compare(left=left, ops=[first, second], comparators=[middle, right]):
            value = _plain(machine.evaluate(middle))
            low = _compared(first, _plain(machine.evaluate(left)), value)
            return _all([low, _compared(second, value, _plain(machine.evaluate(right)))])
        case _:
            return _truth(machine.evaluate(tree))


def keeps(machine: Machine, tests: Sequence[ast.expr]) -> bool:
    """Say whether a filter keeps an element; what a flow cannot say keeps it, with a remark."""
    for tree in tests:
        verdict = judge(machine, tree)
        if verdict is False:
            return False
        if isinstance(verdict, bool):
            continue
        if not isinstance(verdict, Test) or not machine.take_apart(verdict.subject):
            said = " ".join(ast.unparse(tree).split())[:60]
            machine.draft.remark(
                tree.lineno, f"A flow leaves nothing out by `{said}`: all of it goes on."
            )
    return True


def _truth(value: Value) -> Verdict:
    match value:
        case Known(value=said):
            return bool(said)
        case Output(path=path) | Given(path=path) | Item(path=path) if path:
            return Test(_root(value), (When(at=pointer(path), equals=True),))
        case Output() | Given() | Item() | Result() | Text():
            return True  # there is an answer
        case Listed(items=items, failed=failed):
            return None if failed else bool(items)
        case Member(owner=owner, name=name) if name.startswith("test:"):
            return _tested(owner, name)
        case Merged() | Made(kind="approved"):
            return True
        case _:
            return None


def _tested(owner: Value, name: str) -> Verdict:
    """Read what a method such as `startswith` made: `test:matches:^a`."""
    _, kind, said = name.split(":", 2)
    return _rule(owner, **{kind: said})


def _opposite(verdict: Verdict) -> Verdict:
    match verdict:
        case bool():
            return not verdict
        case Test():
            return replace(verdict, is_not=not verdict.is_not)
        case _:
            return None


def _all(verdicts: list[Verdict]) -> Verdict:
    if any(each is False for each in verdicts):
        return False
    left = [each for each in verdicts if each is not True]
    match left:
        case []:
            return True
        case [only]:
            return only
        case [Test() as first, Test() as second] if first.subject == second.subject:
            return _both(first, second)
        case _:
            return None


def _both(first: Test, second: Test) -> Verdict:
    """Put two rules about one thing together, where they say different things of it."""
    if len(first.whens) != 1 or len(second.whens) != 1 or first.is_not or second.is_not:
        return None
    one = first.whens[0].model_dump(exclude_none=True)
    two = second.whens[0].model_dump(exclude_none=True)
    if one.get("at") != two.get("at") or (one.keys() & two.keys()) - {"at"}:
        return None
    return replace(first, whens=(When(**one, **{k: v for k, v in two.items() if k != "at"}),))


def _any(verdicts: list[Verdict]) -> Verdict:
    if any(each is True for each in verdicts):
        return True
    left = [each for each in verdicts if each is not False]
    tests = [each for each in left if isinstance(each, Test) and not each.is_not and each.whens]
    if not left:
        return False
    if len(left) == 1:
        return left[0]
    if len(tests) == len(left) and len({each.subject for each in tests}) == 1:
        return replace(tests[0], whens=tuple(when for each in tests for when in each.whens))
    return None


def _plain(value: Value) -> Value:
    """Leave out what does not change what a text says: a case, blanks around it."""
    match value:
        case Result(step=step):
            return Output(step)
        case Text(parts=(Output() | Given() | Item() as only,)):
            return only
        case _:
            return value


_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt,
    ast.Lt: ast.Gt,
    ast.GtE: ast.LtE,
    ast.LtE: ast.GtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
    ast.Is: ast.Is,
    ast.IsNot: ast.IsNot,
}
_BOUNDS: dict[type[ast.cmpop], str] = {
    ast.Gt: "above",
    ast.Lt: "below",
    ast.GtE: "at_least",
    ast.LtE: "at_most",
}


def _compared(operator: ast.cmpop, left: Value, right: Value) -> Verdict:
    if isinstance(operator, ast.NotEq | ast.NotIn | ast.IsNot):
        plain = {ast.NotEq: ast.Eq, ast.NotIn: ast.In, ast.IsNot: ast.Is}[type(operator)]
        return _opposite(_compared(plain(), left, right))
    if isinstance(operator, ast.In):
        return _contained(left, right)
    if isinstance(left, Known) and not isinstance(right, Known):
        if type(operator) not in _FLIPPED:
            return None
        return _compared(_FLIPPED[type(operator)](), right, left)
    if not isinstance(right, Known):
        return None
    if isinstance(operator, ast.Eq | ast.Is):
        return _equal(left, right)
    return _bounded(operator, left, right)


def _equal(left: Value, right: Known) -> Verdict:
    if isinstance(left, Known):
        return left.value == right.value
    if right == NOTHING or right.value == "":
        return None if isinstance(left, Unclear) else False
    if isinstance(left, Chosen):
        return Test(left, branch=str(right.value))
    value = right.value
    return _rule(left, equals=float(value) if type(value) is int else value)


def _bounded(operator: ast.cmpop, left: Value, right: Known) -> Verdict:
    number = right.value
    if type(operator) not in _BOUNDS or not isinstance(number, int | float):
        return None
    if isinstance(left, Known):
        return None
    return _rule(left, **{_BOUNDS[type(operator)]: float(number)})


def _contained(left: Value, right: Value) -> Verdict:
    match left, right:
        case Known(value=str() as said), Chosen():
            return Test(right, branch=said)
        case Known(value=str() as said), Known(value=str() as whole):
            return said in whole
        case Known(value=str() as said), _:
            return _rule(right, contains=said)
        case _, Listed(items=items):
            return _any([_compared(ast.Eq(), left, _plain(each)) for each in items])
        case _:
            return None


def _rule(subject: Value, **said: str | float | bool | None) -> Verdict:
    if not isinstance(subject, Output | Given | Item):
        return None
    at = {"at": pointer(subject.path)} if subject.path else {}
    return Test(_root(subject), (When.model_validate({**at, **said}),))


def _root(value: Value) -> Value:
    return replace(value, path=()) if isinstance(value, Output | Given | Item) else value


def pointer(path: tuple[str, ...]) -> str:
    """Write steps into JSON as a JSON pointer."""
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in path)


def test_by(owner: Value, kind: Literal["matches", "contains"], said: str) -> Value:
    """Make the value of a method that asks something of a text."""
    if not isinstance(_plain(owner), Output | Given | Item):
        return Unclear((owner,))
    return Member(_plain(owner), f"test:{kind}:{said}")


def starting(said: str) -> str:
    """Write a pattern for texts that start so."""
    return f"^{re.escape(said)}"
