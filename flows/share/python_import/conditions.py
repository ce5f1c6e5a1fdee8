"""Condition: an `if` as a flow's router can say it: yes, no, or a rule about a step's output."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

from flows.share.python_import.arms import unified
from flows.share.python_import.comparisons import compared, plain, rule_on
from flows.share.python_import.fields import count_asked, kinds_of, on_field, schema_at, truth_of
from flows.share.python_import.gates import Way, is_inside
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
    Value,
)
from flows.share.python_import.verdicts import (
    Came,
    Test,
    Verdict,
    all_of,
    any_of,
    opposite,
    settled,
)


def judge(machine: Machine, tree: ast.expr) -> Verdict:
    """Say whether a condition holds, as far as a flow can."""
    match tree:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return opposite(judge(machine, operand))
        case ast.BoolOp(op=operator, values=values):
            verdicts = [judge(machine, each) for each in values]
            joined = all_of if isinstance(operator, ast.And) else any_of
            return joined(machine, verdicts)
        case ast.Compare() if (counted := _counted(machine, tree)) is not None:
            return counted
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            asked, said = machine.evaluate(left), machine.evaluate(right)
            came = _came(asked, lambda each: compared(operator, plain(each), plain(said)))
            if came is not None:
                return settled(machine, came)
            one, other = _one(machine, tree, asked), _one(machine, tree, said)
            of_field = on_field(machine, operator, one, other)
            return compared(operator, one, other) if of_field is None else of_field
        case ast.Compare(left=left, ops=[first, second], comparators=[middle, right]):
            value = _one(machine, tree, machine.evaluate(middle))
            low = compared(first, plain(machine.evaluate(left)), value)
            return all_of(machine, [low, compared(second, value, plain(machine.evaluate(right)))])
        case _:
            value = machine.evaluate(tree)
            came = _filled_on(machine, value) or _came(value, _truth)
            if came is not None:
                return settled(machine, came)
            return _truth_of(machine, _one(machine, tree, value), tree)


def _truth_of(machine: Machine, value: Value, tree: ast.expr) -> Verdict:
    is_part = isinstance(value, Output | Given | Item) and bool(value.path)
    return truth_of(machine, value, tree) if is_part else _truth(value)  # type: ignore[arg-type]


def _counted(machine: Machine, tree: ast.Compare) -> Verdict:
    """Judge whether a list in an answer has anything; None where that is not asked."""
    asked = count_asked(tree)
    value = None if asked is None else machine.evaluate(asked[0])
    if asked is None or not isinstance(value, Output) or "array" not in kinds_of(machine, value):
        return None
    verdict = _truth_of(machine, value, asked[0])
    return verdict if asked[1] else opposite(verdict)


def remark_case(machine: Machine, tree: ast.expr, test: Test) -> None:
    """Say of a comparison with a text that the rule takes it in other letters and blanks too."""
    words = [when.equals for when in test.whens if isinstance(when.equals, str)]
    if words and test.is_cased and not _is_one_of(machine, test):
        said = " ".join(ast.unparse(tree).split())[:60]
        machine.draft.remark(
            tree.lineno,
            f"The flow asks `{said}` without regard to upper and lower case, and to blanks around.",
        )


def _is_one_of(machine: Machine, test: Test) -> bool:
    """Say whether an answer can only be one of a few words."""
    if not isinstance(test.subject, Output) or not test.whens:
        return False
    path = tuple((test.whens[0].at or "").split("/")[1:])
    schema = schema_at(machine, replace(test.subject, path=path))
    return isinstance(schema, dict) and "enum" in schema


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
    return plain(value)


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
    return rule_on(owner, **{kind: said})
