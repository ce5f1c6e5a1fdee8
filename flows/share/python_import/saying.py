"""Saying: texts and numbers that a program puts together, and what of them a flow can say."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flows.share.python_import.conditions import judge
from flows.share.python_import.links import steps_in
from flows.share.python_import.machine import Machine
from flows.share.python_import.texts import leaves, parts_of, text_of
from flows.share.python_import.values import (
    Function,
    Given,
    Item,
    Judged,
    Known,
    Library,
    Listed,
    Listing,
    Made,
    Member,
    Output,
    Result,
    Unclear,
    Value,
)

_LONGEST = 1_000
_LARGEST = 1_000_000_000
"""Numbers beyond it are not worked out: a program could let them grow without end."""


def f_string(machine: Machine, tree: ast.JoinedStr) -> Value:
    """Return an f-string's text, with the values in it."""
    pieces: list[str | Value] = []
    for each in tree.values:
        inner = each.value if isinstance(each, ast.FormattedValue) else each
        value = machine.evaluate(inner)
        if tree in machine.shown:
            remark_worked_out(machine, inner, value)
        elif _is_unsaid(value):
            _remark_piece(machine, inner, value)
        elif isinstance(each, ast.FormattedValue) and [*_told(value)]:
            _remark_format(machine, each)
        pieces.append(by_name(machine, value))
    return text_of(*pieces)


def _told(value: Value) -> Iterator[Value]:
    """Yield what only a run knows of a value."""
    return (each for each in leaves(value) if isinstance(each, Output | Result | Given | Item))


def _remark_format(machine: Machine, tree: ast.FormattedValue) -> None:
    if tree.conversion in {ord("r"), ord("a")} or tree.format_spec is not None:
        machine.draft.remark(
            tree.value.lineno, f"`{short(tree.value)}` is handed on as it is, without its format."
        )


def _is_unsaid(value: Value) -> bool:
    """Say whether nothing, or not all, of a value can stand in a message."""
    is_thing = isinstance(value, Member | Function | Made | Library | Judged)
    return isinstance(value, Unclear) or (is_thing and not parts_of(value))


def by_name(machine: Machine, value: Value) -> Value:
    """Let a text that was given to a variable stand for an input of that name."""
    match value:
        case Known(value=str() as said, name=name) if name and said.strip() and not name.isupper():
            if machine.constants.setdefault(name, said) == said:
                return Given(name)
            return value
        case _:
            return value


def _remark_piece(machine: Machine, tree: ast.expr, value: Value) -> None:
    if isinstance(value, Library):
        machine.draft.remark(
            tree.lineno,
            f"`{short(tree)}` comes from elsewhere, and what it says does not stand in the "
            "program; it is left out. Write it in.",
        )
        return
    machine.draft.remark(
        tree.lineno,
        f"`{short(tree)}` is worked out in Python; what it is made of stands in "
        f"the message instead. Read the prompt.",
    )


def remark_worked_out(machine: Machine, tree: ast.expr, value: Value) -> None:
    """Say that what a program shows is more than what a step gave, where it is."""
    if isinstance(value, Unclear) and [*steps_in(value)]:
        machine.draft.remark(
            tree.lineno,
            f"`{short(tree)}` is worked out in Python; a flow gives what it is made of.",
        )


def added(machine: Machine, tree: ast.BinOp) -> Value:
    """Return what two values are together."""
    left, right = machine.evaluate(tree.left), machine.evaluate(tree.right)
    match left, right:
        case Known(value=int() as first), Known(value=int() as second) if (
            max(abs(first), abs(second)) < _LARGEST
        ):
            return _reckoned(tree.op, first, second)
        case _ if not isinstance(tree.op, ast.Add):
            return _made_of(machine, tree.op, left, right)
        case Listed(items=first), Listed(items=second) if len(first) + len(second) < 10_000:
            return Listed([*first, *second])
        case Listed(), Listed():
            return Unclear()
        case (Listing(), _) | (Listed(), _) | (_, Listed()):
            return Listed([left, right])
        case Known(value=int() | float()), Known(value=int() | float()):
            return Unclear()
        case _:
            _remark_things(machine, (tree.left, left), (tree.right, right))
            return text_of(by_name(machine, left), by_name(machine, right))


def _made_of(machine: Machine, operator: ast.operator, left: Value, right: Value) -> Value:
    """Return what an operator other than `+` makes of two values."""
    match left, right:
        case Known(value=str() as said), Known(value=int() as times) if (
            isinstance(operator, ast.Mult) and len(said) * times < _LONGEST
        ):
            return Known(said * times)
        case Known(value=str() as said), _ if isinstance(operator, ast.Mod):
            return _percent(machine, said, right)
        case _:
            return Unclear((left, right))


def _percent(machine: Machine, said: str, given: Value) -> Value:
    """Fill a text with `%s`; with any other sign it is worked out in Python."""
    values = given.items if isinstance(given, Listed) else [given]
    pieces = said.split("%s")
    if len(pieces) != len(values) + 1 or any("%" in piece for piece in pieces):
        return Unclear((Known(said), given))
    filled: list[str | Value] = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        filled += [by_name(machine, value), piece]
    return text_of(*filled)


def _remark_things(machine: Machine, *sides: tuple[ast.expr, Value]) -> None:
    for tree, value in sides:
        if isinstance(value, Member | Function | Made | Unclear) and _is_unsaid(value):
            _remark_piece(machine, tree, Unclear())


def negated(machine: Machine, tree: ast.UnaryOp) -> Value:
    """Return a number with its sign, such as a place from the end."""
    if isinstance(tree.op, ast.Not):
        return judged(machine, tree)
    match machine.evaluate(tree.operand):
        case Known(value=int() | float() as number) if isinstance(tree.op, ast.USub):
            return Known(-number)
        case value:
            return Unclear((value,))


def judged(machine: Machine, tree: ast.expr) -> Value:
    """Return a condition as a value."""
    verdict = judge(machine, tree)
    return Known(verdict) if isinstance(verdict, bool) else Judged(verdict)


def _reckoned(operator: ast.operator, first: int, second: int) -> Value:
    """Work out a small sum, such as a number that counts from one."""
    match operator:
        case ast.Add():
            return Known(first + second)
        case ast.Sub():
            return Known(first - second)
        case ast.Mult():
            return Known(first * second)
        case _:
            return Unclear()


def short(tree: ast.AST) -> str:
    """Quote code in one short line."""
    said = " ".join(ast.unparse(tree).split())
    return said if len(said) <= 60 else f"{said[:57]}…"
