"""Held: what lists and dicts hold at a moment, so that one branch does not see another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.share.python_import.arms import branched, is_only_there
from flows.share.python_import.gates import Way
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import (
    Given,
    Instance,
    Known,
    Listed,
    Merged,
    Output,
    Scope,
    Table,
    Text,
    Value,
)

_MOST = 2_000

Holder = Listed | Table | Instance


@dataclass(frozen=True, slots=True)
class Held:
    """The elements of every list, and the pairs of every dict and object, that names lead to."""

    lists: tuple[tuple[Listed, list[Value]], ...]
    pairs: tuple[tuple[Table | Instance, dict[str, Value]], ...]

    def now(self) -> Held:
        """Return what the same hold now."""
        return Held(
            tuple((each, list(each.items)) for each, _ in self.lists),
            tuple((each, dict(_pairs(each))) for each, _ in self.pairs),
        )

    def put_back(self) -> None:
        """Let them hold again what they held."""
        for listed, items in self.lists:
            listed.items = list(items)
        for owner, pairs in self.pairs:
            _put(owner, dict(pairs))


def held_by(machine: Machine) -> Held:
    """Note what is held by all that the names in reach stand for."""
    holders = [*_holders(machine.scope)]
    return Held(
        tuple((each, []) for each in holders if isinstance(each, Listed)),
        tuple((each, {}) for each in holders if isinstance(each, Table | Instance)),
    ).now()


def put_together(machine: Machine, begun: Held, arms: Sequence[tuple[Way, Held]]) -> None:
    """Let them hold what any of the ways that go on has put there.

    What was added on one branch stands beside what was added on another: of a branch that is not
    taken there is nothing to read.
    """
    for number, (listed, before) in enumerate(begun.lists):
        ends = [_on(machine, way, before, held.lists[number][1]) for way, held in arms]
        if all(_begins_with(end, before) for end in ends):
            listed.items = [*before, *(each for end in ends for each in end[len(before) :])]
        else:
            listed.items = list(ends[0])
    for number, (owner, _) in enumerate(begun.pairs):
        worths = [(way, held.pairs[number][1]) for way, held in arms]
        _put(owner, {key: _either(machine, worths, key) for _, each in worths for key in each})


def _on(machine: Machine, way: Way, before: list[Value], end: list[Value]) -> list[Value]:
    """Return what a list holds at the end of a way; what was added is there on that way alone."""
    if not way or not _begins_with(end, before):
        return end
    return [*before, *(_there(machine, way, each) for each in end[len(before) :])]


def _there(machine: Machine, way: Way, value: Value) -> Value:
    is_text = isinstance(value, Known | Given | Output | Text)
    return Merged((value,), (way,)) if is_text and not is_only_there(machine, value, way) else value


def _either(machine: Machine, ends: Sequence[tuple[Way, dict[str, Value]]], key: str) -> Value:
    options = [(way, end[key]) for way, end in ends if key in end]
    first = options[0][1]
    if all(each is first or each == first for _, each in options):
        return first
    if all(way for way, _ in options):
        return branched(options, name=key)
    return machine.either([each for _, each in options])


def _begins_with(items: list[Value], before: list[Value]) -> bool:
    return len(items) >= len(before) and all(
        one is other for one, other in zip(items, before, strict=False)
    )


def _holders(scope: Scope | None) -> Iterator[Holder]:
    """Yield what can be changed and that names lead to, each once."""
    seen: set[int] = set()
    waiting: list[Value] = []
    while scope is not None:
        waiting += scope.names.values()
        scope = scope.outer
    while waiting and len(seen) < _MOST:
        each = waiting.pop()
        if not isinstance(each, Holder) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += each.items if isinstance(each, Listed) else _pairs(each).values()


def _pairs(owner: Table | Instance) -> dict[str, Value]:
    return owner.pairs if isinstance(owner, Table) else owner.attributes


def _put(owner: Table | Instance, pairs: dict[str, Value]) -> None:
    if isinstance(owner, Table):
        owner.pairs = pairs
    else:
        owner.attributes = pairs
