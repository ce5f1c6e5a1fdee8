"""Comprehension: lists and dicts that are made element by element."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from flows.share.python_import.conditions import keeps
from flows.share.python_import.loops import going_over
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import Listed, Listing, Table, Value


def comprehension(machine: Machine, tree: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    """Return what a comprehension makes of every element."""
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


def dict_comprehension(machine: Machine, tree: ast.DictComp) -> Value:
    """Return the dict that a comprehension makes."""
    pair = ast.Tuple([tree.key, tree.value], ast.Load(), lineno=tree.lineno, col_offset=0)
    scope = dict(machine.scope.names)
    values = _gone_over(machine, tree.generators, lambda: machine.evaluate(pair), body=[pair])
    machine.scope.names = scope
    table = Table()
    for each in values:
        inner = each.element if isinstance(each, Listing) else each
        if isinstance(inner, Listed) and len(inner.items) == 2:
            key, worth = inner.items
            machine.take_apart(key)
            table.put(key, Listing(worth, each.loop) if isinstance(each, Listing) else worth)
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
        if not keeps(machine, first.ifs):
            continue
        made = _gone_over(machine, rest, make, body=body) if rest else [make()]
        values += [wrap(each) for each in made]
    return values
