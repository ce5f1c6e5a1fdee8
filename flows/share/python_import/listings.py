"""Listing: Python's own functions that make lists of lists."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from flows.share.python_import.conditions import keeps
from flows.share.python_import.loops import keys_of
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.values import (
    Function,
    Item,
    Known,
    Listed,
    Listing,
    Made,
    Scope,
    Table,
    Unclear,
    Value,
)


def _enumerate(machine: Machine, call: Call) -> Value:
    start = call.get("start", 1)
    first = start.value if isinstance(start, Known) and isinstance(start.value, int) else 0
    match call.args:
        case [Listed(items=items), *_]:
            numbered = enumerate(items, first)
            return Listed([Listed([Known(number), each]) for number, each in numbered])
        case [only, *_]:
            if start not in {None, Known(0)}:
                machine.draft.remark(call.tree.lineno, "The index of a flow's items begins at 0.")
            return Made("enumerate", (only,))
        case _:
            return Unclear()


def _zip(machine: Machine, call: Call) -> Value:
    args = [keys_of(each) if isinstance(each, Table) else each for each in call.args]
    lists = [each for each in args if isinstance(each, Listed)]
    if len(lists) == len(args):
        rows = zip(*(each.items for each in lists), strict=False)
        return Listed([Listed(list(row)) for row in rows])
    loops = {each.loop for each in args if isinstance(each, Listing)}
    if len(loops) == 1:
        loop = loops.pop()
        return Listing(Listed([_beside(machine, each, loop) for each in args]), loop)
    listing = next((each for each in args if isinstance(each, Listing)), None)
    return Made("zip", tuple(args)) if listing is None else listing


def _beside(machine: Machine, listed: Value, loop: int) -> Value:
    """Return the element of a list that stands beside an item of a loop."""
    if isinstance(listed, Listing):
        return listed.element
    if listed == machine.draft.loops[loop].items:
        return Item(loop)
    machine.take_apart(Item(loop))
    return Unclear((listed,))


def _range(_machine: Machine, call: Call) -> Value:
    match call.args:
        case [Known(value=int() as end)]:
            numbers = range(end)
        case [Known(value=int() as begin), Known(value=int() as end)]:
            numbers = range(begin, end)
        case _:
            return Unclear(tuple(call.args))
    few = len(numbers) <= 20
    return Listed([Known(number) for number in numbers]) if few else Unclear(tuple(call.args))


def _map(machine: Machine, call: Call) -> Value:
    function, listed = call.get("function", 0), call.get("iterable", 1)
    if isinstance(function, Function) and isinstance(listed, Listed):
        items = listed.items[:200]
        return Listed([machine.call(function, Call([each], {}, call.tree)) for each in items])
    return Unclear(tuple(call.args))


def _filter(machine: Machine, call: Call) -> Value:
    function, listed = call.get("function", 0), call.get("iterable", 1)
    match function, listed:
        case Function(tree=ast.Lambda(args=names, body=body), scope=scope), Listed(items=items):
            kept: list[Value] = []
            before = machine.scope
            for each in items[:200]:
                machine.scope = Scope({names.args[0].arg: each} if names.args else {}, scope)
                kept += [each] if keeps(machine, [body]) else []
            machine.scope = before
            return Listed(kept)
        case Known(value=None), Listed():
            return listed
        case _:
            machine.draft.remark(
                call.tree.lineno, "A flow leaves nothing out by this `filter`: all of it goes on."
            )
            return Unclear() if listed is None else listed


LISTINGS: Mapping[str, Callable[[Machine, Call], Value]] = {
    "enumerate": _enumerate,
    "zip": _zip,
    "range": _range,
    "map": _map,
    "filter": _filter,
}
