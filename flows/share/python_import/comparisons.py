"""Comparison: what a comparison says of what a step gave, as a rule of a router."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from flows.document.model import When
from flows.share.exact import heeding, literal
from flows.share.python_import.values import (
    NOTHING,
    Chosen,
    Given,
    Item,
    Known,
    Listed,
    Member,
    Output,
    Result,
    Text,
    Unclear,
    Value,
)
from flows.share.python_import.verdicts import Test, Verdict, one_of, opposite

_Said = str | float | bool | None


def plain(value: Value) -> Value:
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


def compared(operator: ast.cmpop, left: Value, right: Value) -> Verdict:
    """Judge a comparison of two values."""
    if isinstance(operator, ast.NotEq | ast.NotIn | ast.IsNot):
        plain = {ast.NotEq: ast.Eq, ast.NotIn: ast.In, ast.IsNot: ast.Is}[type(operator)]
        return opposite(compared(plain(), left, right))
    if isinstance(operator, ast.In):
        return _contained(left, right)
    if isinstance(left, Known) and not isinstance(right, Known):
        if type(operator) not in _FLIPPED:
            return None
        return compared(_FLIPPED[type(operator)](), right, left)
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
        return Test(left, branches=(str(right.value),))
    value = right.value
    return rule_on(left, equals=float(value) if type(value) is int else value)


def _bounded(operator: ast.cmpop, left: Value, right: Known) -> Verdict:
    number = right.value
    if type(operator) not in _BOUNDS or not isinstance(number, int | float):
        return None
    if isinstance(left, Known):
        return _reckoned(operator, left.value, number)
    return rule_on(left, **{_BOUNDS[type(operator)]: float(number)})


def _reckoned(operator: ast.cmpop, left: object, right: float) -> Verdict:
    """Compare two numbers that the program says."""
    if not isinstance(left, int | float):
        return None
    signs = {ast.Gt: left > right, ast.Lt: left < right, ast.GtE: left >= right}
    return signs.get(type(operator), left <= right)


def _contained(left: Value, right: Value) -> Verdict:
    match left, right:
        case Known(value=str() as said), Chosen():
            return Test(right, branches=(said,))
        case Known(value=str() as said), Known(value=str() as whole):
            return said in whole
        case Known(value=str() as said), _:
            return rule_on(right, contains=said)
        case Chosen(), Listed(items=items) if all(isinstance(each, Known) for each in items):
            names = [str(each.value) for each in items if isinstance(each, Known)]
            return Test(left, branches=tuple(names))
        case _, Listed(items=items):
            return one_of([compared(ast.Eq(), left, plain(each)) for each in items])
        case _:
            return None


def rule_on(subject: Value, **said: _Said) -> Verdict:
    """Make the rule of a router that says so of what a step gave; None where it can say none."""
    if not isinstance(subject, Output | Given | Item):
        return None
    at = {"at": pointer(subject.path)} if subject.path else {}
    rule = said if subject.is_folded else _exact(said)
    texts = any(isinstance(each, str) and each != each.swapcase() for each in said.values())
    is_cased = texts and not subject.is_folded and "equals" in rule
    return Test(root_of(subject), (When.model_validate({**at, **rule}),), is_cased=is_cased)


def _exact(said: Mapping[str, _Said]) -> Mapping[str, _Said]:
    """Say a rule so that it heeds upper and lower case, where a pattern can."""
    match said:
        case {"contains": str() as word} if word != word.swapcase():
            return {"matches": heeding(literal(word))}
        case {"matches": str() as pattern} if not _is_flagged(pattern):
            return {"matches": heeding(pattern)}
        case _:
            return said


def _is_flagged(pattern: str) -> bool:
    """Say whether a pattern begins with flags for the whole of it."""
    return re.match(r"\(\?[a-zA-Z]+\)", pattern) is not None


def root_of(value: Value) -> Value:
    """Return a value without the steps into it."""
    if isinstance(value, Output | Given | Item):
        return replace(value, path=(), is_folded=False)
    return value


def pointer(path: tuple[str, ...]) -> str:
    """Write steps into JSON as a JSON pointer."""
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in path)


def test_by(owner: Value, kind: Literal["matches", "contains"], said: str) -> Value:
    """Make the value of a method that asks something of a text."""
    if not isinstance(plain(owner), Output | Given | Item):
        return Unclear((owner,))
    return Member(plain(owner), f"test:{kind}:{said}")


def starting(said: str) -> str:
    """Write a pattern for texts that start so."""
    return f"^{literal(said)}"
