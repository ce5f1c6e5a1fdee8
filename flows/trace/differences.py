"""Differences: what was changed in a flow between two runs, in words, from what each has frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from flows.trace.events import Json
from flows.trace.facts import settings_in

_MOST: Final = 4
"""So many nodes are named; of more only the number is said."""

_WORDS: Final[Mapping[str, str]] = {
    "prompt": "message",
    "timeout_s": "time limit",
    "max_concurrency": "most at once",
    "needs": "starts when",
    "on_error": "on failure",
    "output_schema": "shape of its output",
    "for_each": "for each",
    "ask": "question",
}
_ONLY_DRAWN: Final = frozenset({"icon"})

_Node: TypeAlias = Mapping[str, Json]


def differences(first: Mapping[str, Json], second: Mapping[str, Json]) -> Iterator[str]:
    """Say each thing that can change what a run does; where cards stand and notes are none."""
    before, after = (", ".join(settings_in(flow)) for flow in (first, second))
    if before != after:
        yield f"{before or 'usual settings'} → {after or 'usual settings'}"
    yield from _stages(first, second)
    yield from _nodes(_by_id(first), _by_id(second))
    gone = len(_links(first) - _links(second))
    new = len(_links(second) - _links(first))
    if gone or new:
        counts = ((new, "new"), (gone, "gone"))
        told = (f"{_counted(number, 'link')} {word}" for number, word in counts if number)
        yield ", ".join(told)


def _stages(first: Mapping[str, Json], second: Mapping[str, Json]) -> Iterator[str]:
    before, after = (_object(_object(flow.get("run")).get("stages")) for flow in (first, second))
    names = {**_names(first), **_names(second)}
    for stage in dict.fromkeys([*before, *after]):
        old, new = _object(before.get(stage)), _object(after.get(stage))
        for field in dict.fromkeys([*old, *new]):
            if old.get(field) != new.get(field):
                change = f"{_said(old.get(field))} → {_said(new.get(field))}"
                yield f'stage of "{names.get(stage, stage)}": {_word(field)} {change}'


def _nodes(before: Mapping[str, _Node], after: Mapping[str, _Node]) -> Iterator[str]:
    ids = [*before, *(node for node in after if node not in before)]
    told = [said for node in ids if (said := _node(before.get(node), after.get(node)))]
    yield from told[:_MOST]
    if len(told) > _MOST:
        yield f"{_counted(len(told) - _MOST, 'more node')}"


def _node(before: _Node | None, after: _Node | None) -> str:
    if before is None or after is None:
        return f'"{_name(after or before or {})}" is {"new" if before is None else "gone"}'
    fields = dict.fromkeys([*before, *after])
    changed = [name for name in fields if before.get(name) != after.get(name)]
    words = [_word(name) for name in changed if name not in _ONLY_DRAWN]
    return f'"{_name(after)}": {", ".join(words)}' if words else ""


def _word(field: str) -> str:
    return _WORDS.get(field, field.replace("_", " "))


def _said(value: Json) -> str:
    return "none" if value is None else str(value)


def _names(flow: Mapping[str, Json]) -> dict[str, str]:
    return {node_id: _name(node) for node_id, node in _by_id(flow).items()}


def _name(node: _Node) -> str:
    return str(node.get("name") or node.get("id"))


def _by_id(flow: Mapping[str, Json]) -> dict[str, _Node]:
    return {str(node.get("id")): node for node in _objects(flow.get("nodes"))}


def _links(flow: Mapping[str, Json]) -> set[tuple[str, ...]]:
    ends = ("source", "target", "kind", "branch")
    return {tuple(str(edge.get(end)) for end in ends) for edge in _objects(flow.get("edges"))}


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _objects(values: Json) -> Iterable[_Node]:
    """Keep the objects of a list; a run file from elsewhere may hold anything as its flow."""
    return (
        [value for value in values if isinstance(value, dict)] if isinstance(values, list) else ()
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
