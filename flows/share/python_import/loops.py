"""Loop: going over what is known one by one, and over what is not known once for every item."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from flows.share.python_import.machine import Machine
from flows.share.python_import.values import (
    Function,
    Given,
    Index,
    Instance,
    Item,
    Known,
    Later,
    Listed,
    Listing,
    Made,
    Output,
    Table,
    Unclear,
    Value,
)

Wrap = Callable[[Value], Value]
"""Makes of an element what the whole loop gives."""

_LONGEST = 200


def going_over(
    machine: Machine,
    tree: ast.expr,
    target: ast.expr,
    *,
    body: Sequence[ast.AST],
    is_in_row: bool = False,
) -> Iterator[Wrap]:
    """Bind the target to one element after the other; yield how a loop's value is made of it."""
    goes_over, start = machine.evaluate(tree), None
    if isinstance(goes_over, Made) and goes_over.kind == "enumerate":
        goes_over, start = goes_over.args[0], 0
    if isinstance(goes_over, Made) and goes_over.kind == "as_completed":
        yield from _as_completed(machine, goes_over, target, body=body)
        return
    if isinstance(goes_over, Table):
        goes_over = keys_of(goes_over)
    is_each = target in machine.apart or not (_is_data(goes_over) and _runs(machine, body))
    if isinstance(goes_over, Listed) and is_each:
        for number, item in enumerate(goes_over.items[:_LONGEST]):
            element = item if start is None else Listed([Known(number), item])
            bind(machine, target, element)
            yield _as_it_is
        return
    with _loop(machine, goes_over, target, is_in_row=is_in_row, numbered=start is not None) as loop:
        yield lambda value: Listing(value, loop)


class _loop:  # noqa: N801 - used as a context alone
    """Goes over what only a run knows: the target is an item of it."""

    def __init__(
        self, machine: Machine, items: Value, target: ast.expr, *, is_in_row: bool, numbered: bool
    ) -> None:
        self._machine, self._items, self._target = machine, items, target
        self._is_in_row, self._numbered = is_in_row, numbered

    def __enter__(self) -> int:
        machine = self._machine
        number = machine.add_loop(self._items, self._target)
        match self._items:
            case Listing(element=item):
                pass
            case _:
                item = _element(self._items, number)
        machine.draft.loops[number].is_in_row |= self._is_in_row
        element = Listed([Index(number), item]) if self._numbered else item
        bind(machine, self._target, element)
        self._context = machine.within(loop=number)
        self._context.__enter__()
        return number

    def __exit__(self, *_: object) -> None:
        self._context.__exit__(None, None, None)


def _element(items: Value, number: int) -> Value:
    """Return one element of what a loop goes over, with the parts that pairs have."""
    match items:
        case Made(kind="zip", args=args):
            return Listed([_element(each, number) for each in args])
        case _:
            return Item(number)


def _as_completed(
    machine: Machine, made: Made, target: ast.expr, *, body: Sequence[ast.AST]
) -> Iterator[Wrap]:
    """Go over tasks in the order in which they end: each goes on by itself."""
    begun, ended = machine.after, machine.after
    listed = made.args[0]
    if isinstance(listed, Listing):
        if _only_shows(body):
            machine.draft.remark(
                target.lineno, "A flow hands the items' answers on together, in the items' order."
            )
        bind(machine, target, listed.element)
        with machine.within(loop=listed.loop):
            yield lambda value: Listing(value, listed.loop)
        return
    for item in listed.items if isinstance(listed, Listed) else ():
        machine.after = begun
        bind(machine, target, item)
        yield _as_it_is
        ended |= machine.after
    machine.after = ended


def _only_shows(body: Sequence[ast.AST]) -> bool:
    """Say whether a loop shows each answer as it comes, and keeps none."""
    called = [each.func for tree in body for each in ast.walk(tree) if isinstance(each, ast.Call)]
    keeps = any(isinstance(each, ast.Attribute) and each.attr in _KEEPERS for each in called)
    return not keeps and any(isinstance(each, ast.Name) and each.id == "print" for each in called)


_KEEPERS = frozenset({"append", "extend", "add", "update"})


def _as_it_is(value: Value) -> Value:
    return value


def _runs(machine: Machine, body: Sequence[ast.AST]) -> bool:
    """Say whether agents run in a loop's body, so that a for_each can stand for it."""
    called = [each.func for tree in body for each in ast.walk(tree) if isinstance(each, ast.Call)]
    if any(ast.unparse(each).endswith("Agent") for each in called):
        return False
    for each in called:
        if isinstance(each, ast.Attribute) and each.attr in _RUNNERS:
            return True
        found = machine.scope.find(each.id) if isinstance(each, ast.Name) else None
        if isinstance(found, Function) and isinstance(found.tree, ast.AsyncFunctionDef):
            return True
    return False


_RUNNERS = frozenset({"run", "run_sync", "run_streamed", "create_task"})


def _is_data(listed: Value) -> bool:
    """Say whether a list is written in the program as plain values: a for_each can go over it."""
    items = listed.items if isinstance(listed, Listed) else []
    return len(items) > 1 and all(
        isinstance(each, Known) and isinstance(each.value, str) for each in items
    )


def keys_of(table: Table) -> Value:
    """Return a dict's keys as a list."""
    return rows_of([(key, each) for key, each in table.rows()], lambda key, _: key)


def rows_of(rows: Sequence[tuple[Value, Value]], make: Callable[[Value, Value], Value]) -> Value:
    """Make a list of a dict's rows; what a loop has put into it stays one for every item."""
    listed: list[Value] = []
    for key, each in rows:
        if isinstance(each, Listing) and not isinstance(key, Known):
            listed.append(Listing(make(key, each.element), each.loop))
        else:
            listed.append(make(key, each))
    match listed:
        case [Listing() as only]:
            return only
        case _:
            return Listed(listed)


def bind(machine: Machine, target: ast.expr, value: Value) -> None:  # noqa: C901 - one arm a kind
    """Give a value to a name, or its elements to several."""
    match target:
        case ast.Name(id=name):
            machine.scope.names[name] = value
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            value = _with_rest(targets, value)
            for place, each in enumerate(targets):
                bind(machine, each, element_at(value, place))
        case ast.Starred(value=inner):
            bind(machine, inner, value)
        case ast.Subscript(value=owner, slice=key):
            table, said = machine.evaluate(owner), machine.evaluate(key)
            if isinstance(table, Table):
                _put(machine, table, said, value)
        case ast.Attribute(value=owner, attr=name):
            made = machine.evaluate(owner)
            if isinstance(made, Instance):
                made.attributes[name] = value
        case _:
            pass


def _with_rest(targets: Sequence[ast.expr], value: Value) -> Value:
    """Put what a `*rest` takes of a list into a list of its own."""
    starred = [place for place, each in enumerate(targets) if isinstance(each, ast.Starred)]
    if not starred or not isinstance(value, Listed):
        return value
    (place,), items = starred, value.items
    end = max(place, len(items) - (len(targets) - place - 1))
    return Listed([*items[:place], Listed(items[place:end]), *items[end:]])


def _put(machine: Machine, table: Table, key: Value, worth: Value) -> None:
    """Put a value into a dict; in a loop it stands for one of every item."""
    loop = machine.context.loop
    machine.take_apart(key)
    table.put(key, worth if loop is None or isinstance(key, Known) else Listing(worth, loop))


def element_at(value: Value, place: int) -> Value:
    """Return one element of a value that is taken apart."""
    match value:
        case Listed(items=items):
            return items[place] if place < len(items) else Unclear()
        case Listing(element=Listed(items=items), loop=loop):
            return Listing(items[place], loop) if place < len(items) else Unclear()
        case Output(step=step, path=path):
            return Output(step, (*path, str(place)))
        case Given(name=name, path=path):
            return Given(name, (*path, str(place)))
        case Item(loop=loop, path=path):
            return Item(loop, (*path, str(place)))
        case Later(value=inner) if inner is not None:
            return element_at(inner, place)
        case _:
            return Unclear((value,))
