"""Expression: what the expressions of a program stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from flows.share.python_import.choosers import choose, is_chooser
from flows.share.python_import.library import call_library
from flows.share.python_import.loops import going_over
from flows.share.python_import.machine import Call, Expressions, Machine, merged
from flows.share.python_import.methods import attribute_of, call_method, item_of, make_instance
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import (
    ClassOf,
    Function,
    Given,
    Known,
    Library,
    Listed,
    Listing,
    Member,
    Table,
    Unclear,
    Value,
)


def _constant(_machine: Machine, tree: ast.Constant) -> Value:
    value = tree.value
    return Known(value) if isinstance(value, str | int | float | None) else Unclear()


def _name(machine: Machine, tree: ast.Name) -> Value:
    found = machine.scope.find(tree.id)
    if found is not None:
        return found
    return Library(machine.imported.get(tree.id, tree.id))


def _attribute(machine: Machine, tree: ast.Attribute) -> Value:
    return attribute_of(machine, machine.evaluate(tree.value), tree.attr)


def _subscript(machine: Machine, tree: ast.Subscript) -> Value:
    return item_of(machine.evaluate(tree.value), machine.evaluate(tree.slice))


def _f_string(machine: Machine, tree: ast.JoinedStr) -> Value:
    pieces: list[str | Value] = []
    for each in tree.values:
        inner = each.value if isinstance(each, ast.FormattedValue) else each
        value = machine.evaluate(inner)
        if isinstance(value, Unclear):
            _remark_piece(machine, inner)
        pieces.append(_by_name(machine, value))
    return text_of(*pieces)


def _by_name(machine: Machine, value: Value) -> Value:
    """Let a text that was given to a variable stand for an input of that name."""
    match value:
        case Known(value=str() as said, name=name) if name and said.strip() and not name.isupper():
            if machine.constants.setdefault(name, said) == said:
                return Given(name)
            return value
        case _:
            return value


def _remark_piece(machine: Machine, tree: ast.expr) -> None:
    machine.draft.remark(
        tree.lineno, f"`{short(tree)}` cannot stand in a message; what it is made of does."
    )


def _sum(machine: Machine, tree: ast.BinOp) -> Value:
    left, right = machine.evaluate(tree.left), machine.evaluate(tree.right)
    if not isinstance(tree.op, ast.Add):
        return Unclear((left, right))
    match left, right:
        case Listed(items=first), Listed(items=second) if len(first) + len(second) < 10_000:
            return Listed([*first, *second])
        case Listed(), Listed():
            return Unclear()
        case (Listing(), _) | (Listed(), _) | (_, Listed()):
            return Listed([left, right])
        case Known(value=int() | float()), Known(value=int() | float()):
            return Unclear()
        case _:
            return text_of(_by_name(machine, left), _by_name(machine, right))


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
    from flows.share.python_import.conditions import judge

    match judge(machine, tree.test):
        case True:
            return machine.evaluate(tree.body)
        case False:
            return machine.evaluate(tree.orelse)
        case _:
            return merged([machine.evaluate(tree.body), machine.evaluate(tree.orelse)])


def _either(machine: Machine, tree: ast.BoolOp) -> Value:
    values = [machine.evaluate(each) for each in tree.values]
    if isinstance(tree.op, ast.Or):
        first = values[0]
        if isinstance(first, Known):
            return values[0] if first.value else values[-1]
        return first  # what a step gave is there
    return values[-1]


def _named(machine: Machine, tree: ast.NamedExpr) -> Value:
    value = machine.evaluate(tree.value)
    machine.scope.names[tree.target.id] = value
    return value


def _lambda(machine: Machine, tree: ast.Lambda) -> Value:
    return Function(tree, machine.scope)


def _comprehension(machine: Machine, tree: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    scope = dict(machine.scope.names)
    values = _gone_over(
        machine, tree.generators, lambda: machine.evaluate(tree.elt), body=[tree.elt]
    )
    machine.scope.names = scope
    match values:
        case [Listing() as only]:
            return only
        case _:
            return Listed(values)


def _dict_comprehension(machine: Machine, tree: ast.DictComp) -> Value:
    pair = ast.Tuple([tree.key, tree.value], ast.Load(), lineno=tree.lineno, col_offset=0)
    scope = dict(machine.scope.names)
    values = _gone_over(machine, tree.generators, lambda: machine.evaluate(pair), body=[pair])
    machine.scope.names = scope
    table = Table()
    for each in values:
        inner = each.element if isinstance(each, Listing) else each
        if isinstance(inner, Listed) and len(inner.items) == 2:
            key, worth = inner.items
            said = str(key.value) if isinstance(key, Known) else f"?{len(table.pairs)}"
            table.pairs[said] = Listing(worth, each.loop) if isinstance(each, Listing) else worth
    return table


def _gone_over(
    machine: Machine,
    generators: list[ast.comprehension],
    make: Callable[[], Value],
    *,
    body: Sequence[ast.AST],
) -> list[Value]:
    first, *rest = generators
    values: list[Value] = []
    for wrap in going_over(machine, first.iter, first.target, body=body):
        made = _gone_over(machine, rest, make, body=body) if rest else [make()]
        values += [wrap(each) for each in made]
    return values


def _call(machine: Machine, tree: ast.Call) -> Value:
    function = machine.evaluate(tree.func)
    if function == Library("asyncio.run") and tree.args:
        machine.entries.add(tree.args[0])
    call = _call_of(machine, tree)
    match function:
        case Function(tree=defined) if is_chooser(defined):
            call.args = [_by_name(machine, each) for each in call.args]
            chosen = choose(machine, function, call)
            return machine.call(function, call) if chosen is None else chosen
        case Function():
            return machine.call(function, call)
        case Library(name=name):
            return call_library(machine, name, call)
        case Member(owner=owner, name=name):
            return call_method(machine, owner, name, call)
        case ClassOf():
            return make_instance(machine, function, call)
        case _:
            return Unclear((function, *call.args, *call.options.values()))


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


def short(tree: ast.AST) -> str:
    """Quote code in one short line."""
    said = " ".join(ast.unparse(tree).split())
    return said if len(said) <= 60 else f"{said[:57]}…"


EXPRESSIONS: Expressions = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.JoinedStr: _f_string,
    ast.BinOp: _sum,
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
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.Call: _call,
}
