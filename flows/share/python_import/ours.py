"""Ours: the small functions that exported programs come with, known by every word of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from flows.share.python_code.helpers import HELPERS, first_results
from flows.share.python_import.draft import Policy, Race
from flows.share.python_import.gates import Way
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.several import step_of
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import (
    NOTHING,
    Given,
    Handed,
    Item,
    Known,
    Listed,
    Merged,
    Output,
    Unclear,
    Value,
)

_RACES = ("finish", "collect", "cancel", "tasks")


@cache
def _known() -> Mapping[str, str]:
    """Return the name of every function we write, by its syntax tree."""
    sources = {name: helper.source for name, helper in HELPERS.items()}
    sources |= {f"first_results {each}": first_results(each).source for each in _RACES}
    known: dict[str, str] = {}
    for name, source in sources.items():
        for tree in ast.parse(source).body:
            said = name if getattr(tree, "name", "") == name.split()[0] else tree.name  # type: ignore[attr-defined]
            known.setdefault(ast.dump(tree), said)
    return known


def name_of_ours(tree: ast.AST) -> str | None:
    """Return which of our functions this is, None for any other."""
    if getattr(tree, "name", "") not in _NAMES:
        return None
    return _known().get(ast.dump(tree))


_NAMES = frozenset({*(name.split()[0] for name in HELPERS), "first_results", "plain"})


def _with_policy(policy: Policy) -> Callable[[Machine, Call], Value]:
    def read(machine: Machine, call: Call) -> Value:
        if machine.draft.waves:
            machine.draft.waves[-1].policy = policy
        return call.args[0] if call.args else Unclear()

    return read


def _first_results(policy: str) -> Callable[[Machine, Call], Value]:
    from flows.share.python_import.waiting import gathered

    said: Policy = "cancel" if policy == "cancel" else "finish" if policy == "finish" else "collect"

    def read(machine: Machine, call: Call) -> Value:
        count, listed = call.args[0], call.args[1]
        values = listed.items if isinstance(listed, Listed) else [listed]

        def begin() -> Value:
            results = gathered(machine, values, said)
            steps = {step for each in _items(results) if (step := step_of(each)) is not None}
            size = count.value if isinstance(count, Known) and isinstance(count.value, int) else 1
            machine.draft.races.append(Race(frozenset(steps), size))
            return results

        return machine.later(begin)

    return read


def _items(value: Value) -> list[Value]:
    return value.items if isinstance(value, Listed) else [value]


def _blocks(_machine: Machine, call: Call) -> Value:
    pieces: list[str | Value] = []
    for each in call.args:
        name, output = _items(each)
        said = str(name.value) if isinstance(name, Known) else ""
        pieces += ["\n\n" if pieces else "", f"## {said}\n", output]
    return text_of(*pieces)


def _fold(machine: Machine, call: Call) -> Value:
    """Read what came of several parents; what a router hands on along a branch is one of them."""
    pairs = [_items(each) for each in call.args]
    handed = [_handed(machine, output) for _, output in pairs]
    if all(handed):
        return _blocks(machine, call)
    named = zip(pairs, handed, strict=True)
    args: list[Value] = [Listed([name, each or output]) for (name, output), each in named]
    return _blocks(machine, replace(call, args=args))


def _handed(machine: Machine, value: Value) -> Handed | None:
    """Return the router that hands a value on, where it is there on a branch of it alone."""
    match _came(value):
        case [((*_, gate), said)]:
            inner = _came(said)
            only = inner[0][1] if len(inner) == 1 else said
            return Handed(gate) if only == machine.draft.steps[gate.router].message else None
        case _:
            return None


def _came(value: Value) -> list[tuple[Way, Value]]:
    return [arm for arm in value.arms if arm[1] != NOTHING] if isinstance(value, Merged) else []


def _items_of(machine: Machine, call: Call) -> Value:
    most = call.get("at_most", 1)
    value = call.args[0]
    if isinstance(most, Known) and isinstance(most.value, int):
        machine.draft.most[_key(value)] = most.value
    return value


def _key(value: Value) -> str:
    return repr(value)


def _field_of(_machine: Machine, call: Call) -> Value:
    owner, *steps = call.args
    path = tuple(str(each.value) for each in steps if isinstance(each, Known))
    if isinstance(owner, Output | Given | Item):
        return replace(owner, path=(*owner.path, *path))
    return Unclear((owner,))


def _as_text(_machine: Machine, call: Call) -> Value:
    return call.args[0] if call.args else Unclear()


def _named(machine: Machine, call: Call) -> Value:
    name, coroutine = call.args
    return machine.later(lambda: Listed([name, machine.run(coroutine)]))


def _show(machine: Machine, _call: Call) -> Value:
    if machine.context.is_task:
        machine.draft.come_as_completed = True
    return Known(None)


OURS: Mapping[str, Callable[[Machine, Call], Value]] = {
    "ours.results_of": _with_policy("finish"),
    "ours.successes": _with_policy("collect"),
    "ours.survivors": _with_policy("collect"),
    "ours.blocks": _blocks,
    "ours.fold": _fold,
    "ours.items_of": _items_of,
    "ours.field_of": _field_of,
    "ours.text_at": _field_of,
    "ours.number_in": _as_text,
    "ours.as_text": _as_text,
    "ours.as_json": _as_text,
    "ours.plain": _as_text,
    "ours.named": _named,
    "ours.show": _show,
    **{f"ours.first_results {each}": _first_results(each) for each in _RACES},
}
