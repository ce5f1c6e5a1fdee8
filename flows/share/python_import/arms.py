"""Arm: what a name stands for where branches differ, and the joins that hand it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.share.python_import.gates import Way, is_inside
from flows.share.python_import.several import merged
from flows.share.python_import.texts import leaves, parts_of, text_of
from flows.share.python_import.values import (
    NOTHING,
    Given,
    Item,
    Known,
    Listed,
    Listing,
    Merged,
    Output,
    Result,
    Text,
    Unclear,
    Value,
)

if TYPE_CHECKING:
    from flows.share.python_import.machine import Machine


def branched(arms: Sequence[tuple[Way, Value]], *, name: str = "") -> Value:
    """Make one value of those that a name has at the end of several branches."""
    flat: list[tuple[Way, Value]] = []
    for way, value in arms:
        inner = value.arms if isinstance(value, Merged) and value.ways else []
        nested = bool(inner) and all(is_inside(own, way) for own, _ in inner)
        flat += inner if nested else [(way, value)]
    first = flat[0][1]
    if all(each == first for _, each in flat):
        return first
    ways, options = zip(*flat, strict=True)
    return Merged(options, ways, name)


def narrowed(machine: Machine, value: Value) -> Value:
    """Return what a value is on the way where the walk is, if that is known."""
    if not isinstance(value, Merged):
        return value
    here = machine.context.gates
    there = [(way, each) for way, each in value.arms if is_inside(here, way)]
    if len(there) != 1 or any(
        way != there[0][0] and is_inside(way, there[0][0]) for way in value.ways
    ):
        return value
    return there[0][1]


def is_branched(value: Value) -> bool:
    """Say whether what a value is depends on branches."""
    return any(isinstance(each, Merged) and each.ways for each in _within(value))


def _within(value: Value) -> list[Value]:
    """Return a value and what a text is made of."""
    match value:
        case Text(parts=parts):
            return [part for part in parts if not isinstance(part, str)]
        case Listed(items=items):
            return [inner for each in items for inner in _within(each)]
        case Unclear(parts=values):
            return [inner for each in values for inner in _within(each)]
        case Listing(element=element):
            return _within(element)
        case _:
            return [value]


def settled(machine: Machine, value: Value, *, line: int) -> Value:
    """Let a value that depends on branches stand for steps of which just one gives something."""
    if not is_branched(value):
        return value
    match value:
        case Merged():
            return merged([_held(machine, value, arm, line=line) for arm in value.arms])
        case Text(parts=parts):
            pieces = [p if isinstance(p, str) else settled(machine, p, line=line) for p in parts]
            return text_of(*pieces)
        case Listed(items=items):
            return Listed([settled(machine, each, line=line) for each in items])
        case Listing(element=element, loop=loop):
            return Listing(settled(machine, element, line=line), loop)
        case Unclear(parts=values):
            return Unclear(tuple(settled(machine, each, line=line) for each in values))
        case _:
            return value


def _held(machine: Machine, whole: Merged, arm: tuple[Way, Value], *, line: int) -> Value:
    """Return what one branch gives: a step that is on it, else a join there that hands it on."""
    way, value = arm
    if value == NOTHING or (isinstance(value, Known) and not value.value):
        return NOTHING
    if is_only_there(machine, value, way) or not _is_text(value):
        return value
    key = (way, value)
    if key not in machine.handed:
        said = Known(value.value) if isinstance(value, Known) else value
        with machine.at(way):
            step = machine.add_step("join", said, line=line)
        step.is_holder, step.name = True, _title(whole)
        machine.handed[key] = step.number
    return Output(machine.handed[key])


def _title(value: Merged) -> str:
    """Name the join that hands a value on: by its variable, if it has one."""
    if not value.name or value.name.startswith(" "):
        return "Text"
    words = value.name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def is_only_there(machine: Machine, value: Value, way: Way) -> bool:
    """Say whether a value is what steps give that are only done on a branch, and no more."""
    parts = () if is_branched(value) else parts_of(value)
    steps = [each.step for each in leaves(value) if isinstance(each, Output | Result)]
    found = [machine.draft.steps[each] for each in steps]
    return (
        bool(steps)
        and all(isinstance(part, Output) for part in parts)
        and len(parts) == 1
        and all(is_inside(each.gates, way) or way in each.any_of for each in found)
    )


def _is_text(value: Value) -> bool:
    return isinstance(value, Known) or bool(parts_of(value)) or is_branched(value)


def unified(machine: Machine, value: Merged, *, line: int) -> Value:
    """Return a value that depends on branches as the output of one join, where it needs one."""
    came = [(way, each) for way, each in value.arms if each != NOTHING]
    if len(came) == 1 and is_inside(machine.context.gates, came[0][0]):
        return came[0][1]
    said = [each for _, each in came]
    paths = {each.path if isinstance(each, Output | Given | Item) else () for each in said}
    if not said or len(paths) != 1 or not all(map(_is_text, said)):
        return value
    (path,) = paths
    bare = replace(value, options=tuple(map(_without_path, value.options)))
    key = (machine.context.gates, bare)
    if key not in machine.handed:
        step = machine.add_step("join", bare, line=line)
        step.is_holder, step.name = True, _title(value)
        machine.handed[key] = step.number
    return Output(machine.handed[key], path)


def _without_path(value: Value) -> Value:
    return replace(value, path=()) if isinstance(value, Output | Given | Item) else value
