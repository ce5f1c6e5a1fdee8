"""Condition: an `if` as a flow's router can say it: yes, no, or a rule about a step's output."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from flows.document.model import When
from flows.share.python_import.arms import unified
from flows.share.python_import.gates import Gate, Way, is_inside
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import (
    NOTHING,
    Chosen,
    Given,
    Item,
    Judged,
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
    """One of `whens` holds for what `subject` is.

    `branches`: those of a router of which one is taken. `is_not`: it is the other way round.
    `is_cased`: the program asks with the letters' case.
    """

    __test__ = False

    subject: Value
    whens: tuple[When, ...] = ()
    branches: tuple[str, ...] = ()
    is_not: bool = False
    is_cased: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """Something holds on the ways `yes`, and does not on the ways `no`. `value`: what is asked."""

    yes: tuple[Way, ...]
    no: tuple[Way, ...]
    value: Merged


Verdict = bool | Test | Came | None
"""Whether a condition holds; None: a flow cannot say."""


def judge(machine: Machine, tree: ast.expr) -> Verdict:
    """Say whether a condition holds, as far as a flow can."""
    match tree:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _opposite(judge(machine, operand))
        case ast.BoolOp(op=operator, values=values):
            verdicts = [judge(machine, each) for each in values]
            joined = _all if isinstance(operator, ast.And) else _any
            return joined(machine, verdicts)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            asked, said = machine.evaluate(left), machine.evaluate(right)
            came = _came(asked, lambda each: _compared(operator, _plain(each), _plain(said)))
            if came is not None:
                return came
            return _compared(operator, _one(machine, tree, asked), _one(machine, tree, said))
        case ast.Compare(left=left, ops=[first, second], comparators=[middle, right]):
            value = _one(machine, tree, machine.evaluate(middle))
            low = _compared(first, _plain(machine.evaluate(left)), value)
            return _all(machine, [low, _compared(second, value, _plain(machine.evaluate(right)))])
        case _:
            value = machine.evaluate(tree)
            came = _filled_on(machine, value) or _came(value, _truth)
            return _truth(_one(machine, tree, value)) if came is None else came


def remark_case(machine: Machine, tree: ast.expr, test: Test) -> None:
    """Say of a condition on a text that a router has no eye for case."""
    if test.is_cased and not _is_one_of(machine, test):
        said = " ".join(ast.unparse(tree).split())[:60]
        blanks = any(isinstance(when.equals, str) for when in test.whens)
        heeds = "upper and lower case and blanks" if blanks else "upper and lower case"
        machine.draft.remark(tree.lineno, f"`{said}` heeds {heeds}, and a router does not.")


def _is_one_of(machine: Machine, test: Test) -> bool:
    """Say whether an answer can only be one of a few words."""
    subject, step = test.subject, None
    if isinstance(subject, Output):
        step = machine.draft.steps[subject.step]
    field: object = step.agent.schema if step is not None and step.agent is not None else None
    for name in (test.whens[0].at or "").split("/")[1:] if test.whens else ():
        fields = field.get("properties") if isinstance(field, dict) else None
        field = fields.get(name) if isinstance(fields, dict) else None
    return isinstance(field, dict) and "enum" in field


def _filled_on(machine: Machine, value: Value) -> Verdict:
    """Say when a list has anything, where only branches put something into it."""
    if not isinstance(value, Listed) or not value.items or value.failed:
        return None
    here = machine.context.gates
    ways: list[Way] = []
    for each in value.items:
        own = each.ways if isinstance(each, Merged) and len(each.ways) == 1 else ()
        if isinstance(each, Output | Result):
            own = (machine.draft.steps[each.step].gates,)
        if not own or not is_inside(own[0], here) or own[0] == here:
            return None
        ways += own
    last = ways[0][-1]
    other = (*ways[0][:-1], replace(last, is_other=not last.is_other))
    is_one = len({*ways}) == 1 and len(ways[0]) == len(here) + 1
    return Came(tuple(ways), (other,) if is_one else (), Merged(tuple(value.items)))


def _came(value: Value, judged: Callable[[Value], Verdict]) -> Verdict:
    """Judge a value that depends on branches, where each is known to hold or not to."""
    if not isinstance(value, Merged) or not value.ways:
        return None
    verdicts = [judged(each) for each in value.options]
    if not all(isinstance(each, bool) for each in verdicts):
        return None
    if all(verdicts) or not any(verdicts):
        return bool(verdicts[0])
    sides = list(zip(value.ways, verdicts, strict=True))
    yes, no = ([way for way, each in sides if each is side] for side in (True, False))
    return Came(tuple(yes), tuple(no), value)


def _one(machine: Machine, tree: ast.expr, value: Value) -> Value:
    """Return what a condition asks about as one output, where branches differ."""
    if isinstance(value, Merged) and value.ways:
        chosen = [each for each in value.options if each != NOTHING]
        if len(chosen) == 1 and isinstance(chosen[0], Chosen):
            return chosen[0]  # where nothing was chosen it is no branch
        outputs = [Output(e.step) if isinstance(e, Result) else e for e in value.options]
        value = unified(machine, replace(value, options=tuple(outputs)), line=tree.lineno)
    return _plain(value)


def keeps(machine: Machine, tests: Sequence[ast.expr]) -> bool:
    """Say whether a filter keeps an element; what a flow cannot say keeps it, with a remark."""
    for tree in tests:
        verdict = judge(machine, tree)
        if verdict is False:
            return False
        if isinstance(verdict, bool | Came):
            continue  # nothing that did not come is handed on
        if not isinstance(verdict, Test) or not machine.take_apart(verdict.subject):
            said = " ".join(ast.unparse(tree).split())[:60]
            machine.draft.remark(
                tree.lineno, f"A flow leaves nothing out by `{said}`: all of it goes on."
            )
    return True


def _truth(value: Value) -> Verdict:
    match value:
        case Judged(verdict=bool() | Test() | Came() as verdict):
            return verdict
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
        case Merged(ways=()) | Made(kind="approved"):
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
        case Came(yes=yes, no=no):
            return replace(verdict, yes=no, no=yes)
        case _:
            return None


def _all(machine: Machine, verdicts: list[Verdict]) -> Verdict:
    if any(each is False for each in verdicts):
        return False
    left = [each for each in verdicts if each is not True]
    if len(left) > 1 and all(on_ways(machine, each) for each in left):
        return _opposite(_any(machine, [_opposite(each) for each in left]))
    match left:
        case [Came(value=value), Test(subject=Output(step=step), is_not=False) as test]:
            held = {number for (_, key), number in machine.handed.items() if key == value}
            return test if step in held else None  # what did not come is no text that passes
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
    when = When(**one, **{k: v for k, v in two.items() if k != "at"})
    return replace(first, whens=(when,), is_cased=first.is_cased or second.is_cased)


def on_ways(machine: Machine, verdict: Verdict) -> Came | None:
    """Return a condition about branches as the ways on which it holds."""
    match verdict:
        case Came():
            return verdict
        case Test(subject=Chosen(router=router), branches=branches, is_not=is_not):
            here, led = machine.context.gates, machine.draft.steps[router].gates
            outer = led if is_inside(led, here) else here
            way = (*outer, Gate(router, branches))
            yes = (way,)
            no = tuple(
                (*way[:place], replace(way[place], is_other=not way[place].is_other))
                for place in range(len(here), len(way))
            )
            return Came(no, yes, Merged(())) if is_not else Came(yes, no, Merged(()))
        case _:
            return None


def _any(machine: Machine, verdicts: list[Verdict]) -> Verdict:
    if any(each is True for each in verdicts):
        return True
    left = [each for each in verdicts if each is not False]
    if len(left) < 2:
        return left[0] if left else False
    came = [each for each in (on_ways(machine, one) for one in left) if each is not None]
    if len(came) == len(left):
        return Came(tuple(way for each in came for way in each.yes), (), came[0].value)
    return _any_of(verdicts)


def _any_of(verdicts: list[Verdict]) -> Verdict:
    """Put conditions together of which one has to hold."""
    if any(each is True for each in verdicts):
        return True
    left = [each for each in verdicts if each is not False]
    tests = [each for each in left if isinstance(each, Test) and not each.is_not and each.whens]
    if len(left) < 2:
        return left[0] if left else False
    if len(tests) == len(left) and len({each.subject for each in tests}) == 1:
        whens = tuple(when for each in tests for when in each.whens)
        return replace(tests[0], whens=whens, is_cased=any(each.is_cased for each in tests))
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
        return Test(left, branches=(str(right.value),))
    value = right.value
    return _rule(left, equals=float(value) if type(value) is int else value)


def _bounded(operator: ast.cmpop, left: Value, right: Known) -> Verdict:
    number = right.value
    if type(operator) not in _BOUNDS or not isinstance(number, int | float):
        return None
    if isinstance(left, Known):
        return _reckoned(operator, left.value, number)
    return _rule(left, **{_BOUNDS[type(operator)]: float(number)})


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
            return _rule(right, contains=said)
        case Chosen(), Listed(items=items) if all(isinstance(each, Known) for each in items):
            names = [str(each.value) for each in items if isinstance(each, Known)]
            return Test(left, branches=tuple(names))
        case _, Listed(items=items):
            return _any_of([_compared(ast.Eq(), left, _plain(each)) for each in items])
        case _:
            return None


def _rule(subject: Value, **said: str | float | bool | None) -> Verdict:
    if not isinstance(subject, Output | Given | Item):
        return None
    at = {"at": pointer(subject.path)} if subject.path else {}
    texts = any(isinstance(each, str) and each != each.swapcase() for each in said.values())
    is_cased = texts and not subject.is_folded
    return Test(_root(subject), (When.model_validate({**at, **said}),), is_cased=is_cased)


def _root(value: Value) -> Value:
    if isinstance(value, Output | Given | Item):
        return replace(value, path=(), is_folded=False)
    return value


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
