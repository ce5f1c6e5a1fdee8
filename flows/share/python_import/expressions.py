"""Expression: what the expressions of a program stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial, reduce

from flows.share.python_import.approvals import ask_a_person, asks_a_person
from flows.share.python_import.arms import branched, narrowed
from flows.share.python_import.choosers import choose, is_chooser
from flows.share.python_import.comprehensions import comprehension, dict_comprehension
from flows.share.python_import.gates import Way, is_inside
from flows.share.python_import.library import call_library
from flows.share.python_import.links import steps_in
from flows.share.python_import.machine import Call, Expressions, Machine
from flows.share.python_import.methods import attribute_of, call_method, item_of, make_instance
from flows.share.python_import.routing import chosen, if_statement
from flows.share.python_import.saying import added, by_name, f_string, judged, negated, short
from flows.share.python_import.text_methods import is_split
from flows.share.python_import.values import (
    ClassOf,
    Function,
    Given,
    Known,
    Library,
    Listed,
    Member,
    Merged,
    Table,
    Unclear,
    Value,
)


def _constant(_machine: Machine, tree: ast.Constant) -> Value:
    value = tree.value
    return Known(value) if isinstance(value, str | int | float | None) else Unclear()


def _name(machine: Machine, tree: ast.Name) -> Value:
    found = machine.scope.find(tree.id)
    if isinstance(found, Listed):
        return found.seen_from(machine.context.loop)
    if found is not None:
        return narrowed(machine, found)
    return Library(machine.imported.get(tree.id, tree.id))


def _attribute(machine: Machine, tree: ast.Attribute) -> Value:
    return attribute_of(machine, machine.evaluate(tree.value), tree.attr)


def _subscript(machine: Machine, tree: ast.Subscript) -> Value:
    owner, key = machine.evaluate(tree.value), machine.evaluate(tree.slice)
    if isinstance(owner, Table | Listed):
        machine.take_apart(key)
    is_part = isinstance(tree.slice, ast.Slice) or is_split(tree.value)
    if is_part and [*steps_in(owner)]:
        machine.draft.remark(
            tree.lineno, f"A flow hands on all of `{short(tree.value)}`, not a part of it."
        )
    return owner if is_split(tree.value) else item_of(owner, key)


def _sequence(machine: Machine, tree: ast.List | ast.Tuple | ast.Set) -> Value:
    values: list[Value] = []
    for each in tree.elts:
        value = machine.evaluate(each)
        if isinstance(each, ast.Starred) and isinstance(value, Listed):
            values += value.items
        else:
            values.append(value)
    return Listed(values)


def _starred(machine: Machine, tree: ast.Starred) -> Value:
    return machine.evaluate(tree.value)


def _dict(machine: Machine, tree: ast.Dict) -> Value:
    table = Table()
    for key, value in zip(tree.keys, tree.values, strict=True):
        said = None if key is None else machine.evaluate(key)
        worth = machine.evaluate(value)
        if isinstance(said, Known):
            table.pairs[str(said.value)] = worth
        elif isinstance(worth, Table):
            table.pairs |= worth.pairs
        else:
            table.pairs[f"?{len(table.pairs)}"] = worth
    return table


def _await(machine: Machine, tree: ast.Await) -> Value:
    return machine.run(machine.evaluate(tree.value))


def _choice(machine: Machine, tree: ast.IfExp) -> Value:
    """Follow a choice as an `if` that gives a name its value."""
    before, name = dict(machine.scope.names), f" {short(tree)}"
    if_statement(machine, chosen([ast.Name(name, ast.Store())], tree))
    return machine.scope.names.pop(name, before.get(name, Unclear()))


def _either(machine: Machine, tree: ast.BoolOp) -> Value:
    if all(isinstance(each, ast.Compare | ast.UnaryOp) for each in tree.values):
        return judged(machine, tree)
    values = [machine.evaluate(each) for each in tree.values]
    if isinstance(tree.op, ast.Or):
        return reduce(partial(_first_or, machine), values)
    return values[-1]


def _first_or(machine: Machine, first: Value, other: Value) -> Value:
    if isinstance(first, Merged) and first.ways:
        return _filled(first, other)
    if isinstance(first, Known):
        return first if first.value else other
    if isinstance(first, Given):
        return machine.either([first, other])
    return first  # what a step gave is there


def _filled(value: Merged, other: Value) -> Value:
    """Return a value with another in the place of nothing: behind it, as it is named behind it."""
    arms: list[tuple[Way, Value]] = []
    filled: list[tuple[Way, Value]] = []
    for way, each in value.arms:
        is_nothing = isinstance(each, Known) and not each.value
        arms += [] if is_nothing else [(way, each)]
        filled += _on_way(other, way) if is_nothing else []
    return branched([*arms, *filled], name=value.name)


def _on_way(value: Value, way: Way) -> list[tuple[Way, Value]]:
    """Return what a value is on a way."""
    if not isinstance(value, Merged) or not value.ways:
        return [(way, value)]
    inner = [(its, each) for its, each in value.arms if is_inside(its, way)]
    outer = [(way, each) for its, each in value.arms if is_inside(way, its)]
    return inner or outer[:1] or [(way, value)]


def _named(machine: Machine, tree: ast.NamedExpr) -> Value:
    value = machine.evaluate(tree.value)
    machine.scope.names[tree.target.id] = value
    return value


def _lambda(machine: Machine, tree: ast.Lambda) -> Value:
    return Function(tree, machine.scope)


def _call(machine: Machine, tree: ast.Call) -> Value:
    function = machine.evaluate(tree.func)
    if function == Library("asyncio.run") and tree.args:
        machine.entries.add(tree.args[0])
    if ast.unparse(tree.func).startswith(_SHOWING):
        machine.shown |= {each for arg in tree.args for each in _texts_in(arg)}
    call = _call_of(machine, tree)
    match function:
        case Function():
            return _own_called(machine, function, call)
        case Library(name=name):
            return call_library(machine, name, call)
        case Member(owner=owner, name=name):
            return call_method(machine, owner, name, call)
        case ClassOf():
            return make_instance(machine, function, call)
        case _:
            return Unclear((function, *call.args, *call.options.values()))


def _own_called(machine: Machine, function: Function, call: Call) -> Value:
    """Follow a call of one of the program's functions, or read what it stands for."""
    if is_chooser(function.tree):
        call.args = [by_name(machine, each) for each in call.args]
        chosen = choose(machine, function, call)
        return machine.call(function, call) if chosen is None else chosen
    if asks_a_person(function.tree):
        machine.called.add(function.tree)
        return ask_a_person(machine, call)
    return machine.call(function, call)


_SHOWING = ("print", "pprint", "logging.", "logger.", "log.", "rich.print", "console.print")


def _texts_in(tree: ast.expr) -> Iterator[ast.AST]:
    """Yield the texts that a call shows as they stand, not those of calls inside it."""
    match tree:
        case ast.JoinedStr():
            yield tree
        case ast.BinOp(left=left, right=right):
            yield from _texts_in(left)
            yield from _texts_in(right)
        case _:
            pass


def _call_of(machine: Machine, tree: ast.Call) -> Call:
    args: list[Value] = []
    for each in tree.args:
        value = machine.evaluate(each)
        if isinstance(each, ast.Starred) and isinstance(value, Listed):
            args += value.items
        else:
            args.append(value)
    options: dict[str, Value] = {}
    for option in tree.keywords:
        value = machine.evaluate(option.value)
        if option.arg is not None:
            options[option.arg] = value
        elif isinstance(value, Table):
            options |= value.pairs
    return Call(args, options, tree)


EXPRESSIONS: Expressions = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.JoinedStr: f_string,
    ast.BinOp: added,
    ast.UnaryOp: negated,
    ast.Compare: judged,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Starred: _starred,
    ast.Dict: _dict,
    ast.Await: _await,
    ast.IfExp: _choice,
    ast.BoolOp: _either,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: dict_comprehension,
    ast.Call: _call,
}
