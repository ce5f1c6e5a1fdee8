"""Field: what kind of value stands in an answer, and when a program takes it for true."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from flows.document.model import When
from flows.share.python_import.comparisons import compared, pointer, root_of
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import NOTHING, Given, Item, Known, Output, Value
from flows.share.python_import.verdicts import Test, Verdict, opposite

_Part = Output | Given | Item
_FILLED = {"string": "(?s).", "array": r"^\[[^\]]", "object": r"^\{[^}]"}
"""Patterns that hold for a value with something in it; None is no text to a rule."""

_NOT_ZERO = "[1-9]"


def kinds_of(machine: Machine, value: Value) -> frozenset[str]:
    """Return the JSON types that a part of an answer may have; none where nothing says so."""
    schema = schema_at(machine, value)
    return frozenset(_types(schema)) if isinstance(schema, dict) else frozenset()


def schema_at(machine: Machine, value: Value) -> object:
    """Return what the agent's class of answers says of a part; None where it says nothing."""
    step = machine.draft.steps[value.step] if isinstance(value, Output) else None
    if isinstance(value, Output) and step is not None and step.kind == "join":
        match step.message:  # it may only hand an answer on
            case Output(step=handed, path=path) if handed < step.number:
                return schema_at(machine, Output(handed, (*path, *value.path)))
            case _:
                return None
    schema: object = step.agent.schema if step is not None and step.agent is not None else None
    for name in value.path if isinstance(value, Output) else ():
        fields = schema.get("properties") if isinstance(schema, dict) else None
        schema = fields.get(name) if isinstance(fields, dict) else None
    return schema


def has_field(machine: Machine, value: Value, name: str) -> bool:
    """Say whether the agent's class of answers has a field, which may be called as a method is."""
    schema = schema_at(machine, value)
    fields = schema.get("properties") if isinstance(schema, dict) else None
    return isinstance(fields, dict) and name in fields


def _types(schema: dict[str, object]) -> Iterator[str]:
    options = schema.get("anyOf")
    for each in options if isinstance(options, list) else ():
        yield from _types(each) if isinstance(each, dict) else ("any",)
    if "anyOf" not in schema:
        yield str(schema.get("type", "any"))


def truth_of(machine: Machine, value: _Part, tree: ast.expr) -> Verdict:
    """Ask of a part of an answer what a program asks by its mere name: is there anything in it."""
    kinds = kinds_of(machine, value)
    match sorted(kinds - {"null"}):
        case ["boolean"]:
            return _asked(value, When(equals=True))
        case ["integer"] | ["number"] | ["integer", "number"]:
            if "null" in kinds:
                return _asked(value, When(matches=_NOT_ZERO))
            return opposite(_asked(value, When(equals=0.0)))
        case [only] if only in _FILLED:
            return _asked(value, When(matches=_FILLED[only]))
        case _:
            said = " ".join(ast.unparse(tree).split())[:60]
            machine.draft.remark(
                tree.lineno,
                f"The program asks whether `{said}` is anything at all, and nothing here says what "
                "it is; the flow's rule asks whether it is `true`. Write the rule that is meant.",
            )
            return _asked(value, When(equals=True))


def _asked(value: _Part, when: When) -> Test:
    return Test(root_of(value), (when.model_copy(update={"at": pointer(value.path)}),))


def on_field(machine: Machine, operator: ast.cmpop, left: Value, right: Value) -> Verdict:
    """Judge a comparison whose meaning depends on the kind of a part of an answer.

    None where it does not.
    """
    if isinstance(operator, ast.NotEq | ast.IsNot | ast.NotIn):
        plain = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In}[type(operator)]
        return opposite(on_field(machine, plain(), left, right))
    match operator, left, right:
        case ast.Eq() | ast.Is(), Output(path=path), Known(value=None | "") if path:
            return _nothing(machine, left, right)
        case ast.Eq(), Output(path=path), Known(value="true" | "false" as said) if path:
            if kinds_of(machine, left) == {"boolean"}:  # as our programs compare it
                return compared(operator, left, Known(said == "true"))
        case ast.In(), Known(value=str() as said), Output(path=path) if path:
            if kinds_of(machine, right) == {"array"}:
                quoted = Known(json.dumps(said, ensure_ascii=False))  # as in a list's JSON
                return compared(operator, quoted, right)
        case _:
            pass
    return None


def _nothing(machine: Machine, value: Output, wanted: Known) -> Verdict:
    """Ask whether a part is None or an empty text."""
    kinds = kinds_of(machine, value)
    missing = "null" if wanted == NOTHING else "string"
    if not kinds & {missing, "any"}:
        return False
    return _asked(value, When(matches="^$"))


def count_asked(tree: ast.Compare) -> tuple[ast.expr, bool] | None:
    """Read `len(x) > 0` and the like: what is counted, and whether there is to be any."""
    match tree:
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[counted]),
            ops=[operator],
            comparators=[ast.Constant(value=int() as number)],
        ):
            asked = (type(operator), number)
            if asked in {(ast.Gt, 0), (ast.GtE, 1), (ast.NotEq, 0)}:
                return counted, True
            return (counted, False) if asked in {(ast.Eq, 0), (ast.Lt, 1)} else None
        case _:
            return None
