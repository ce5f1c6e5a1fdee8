"""Step: a moment of a run told again at which nodes came to another state, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, TypeAlias

from flows.document.files import read_values
from flows.errors import FlowFileError
from flows.ids import NodeId, NodeKey, item_index, node_of
from flows.plan.graph import stages_of
from flows.plan.wording import listed
from flows.run.messages import Message, NodesChanged, NodeView, Snapshot
from flows.trace.comparison import names_in
from flows.trace.duration import say_duration
from flows.trace.ending import say_status
from flows.trace.fold import RunTrace

Step: TypeAlias = tuple[float, str]
"""Seconds since the run's start, and what happens then."""

_Kind: TypeAlias = Literal["ended", "broke", "loads", "began again", "began"]

_KINDS: Final[tuple[_Kind, ...]] = ("ended", "broke", "loads", "began again", "began")
"""In this order they are told: what ended lets others begin."""

_PLACES: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
)
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MOST_NAMES: Final = 3
_LONGEST_NAME: Final = 40
_ENDS: Final[Mapping[str, str]] = {
    "finished": "The run is finished",
    "failed": "The run failed",
    "cancelled": "The run was stopped",
    "interrupted": "The run was interrupted",
}


@dataclass(frozen=True, slots=True)
class _Change:
    """A node that came to another state; `attempt`: which one is meant, from 1, 0 for none."""

    at: float
    key: NodeKey
    kind: _Kind
    told: NodeView
    attempt: int = 0

    @property
    def rank(self) -> tuple[float, int, float, float]:
        """Where it stands among all changes of a run."""
        return (self.at, _KINDS.index(self.kind), self.told.ended or 0.0, self.told.started or 0.0)


def say_steps(scenes: Sequence[tuple[float, Message]], *, end: RunTrace) -> Iterator[Step]:
    """Yield every step of a run that is over, from its beginning to its end, in order."""
    length = scenes[-1][0]
    order = {key: number for number, key in enumerate(end.nodes)}
    changes = sorted(
        _once([*_changes(scenes)]), key=lambda each: (*each.rank, order.get(each.key, 0))
    )
    places = _places(changes, end)
    names = names_in(end)
    steps = {0.0: "The run begins"}
    for at, same in groupby(changes, key=lambda each: each.at):
        steps[at] = _say(same, places, names)
    last, over = steps[max(steps)], _ENDS.get(end.status)
    steps[length] = f"{last} · {over}" if over else last
    yield from steps.items()


def _changes(scenes: Sequence[tuple[float, Message]]) -> Iterator[_Change]:
    known: dict[NodeKey, NodeView] = {}
    for at, message in scenes:
        if isinstance(message, Snapshot | NodesChanged):
            for key, told in message.nodes.items():
                yield from _news(at, key, known.get(key), told)
                known[key] = told
    for key, told in known.items():
        for number, retry in enumerate(told.retries, start=2):
            again = retry.at + retry.delay_s
            if again < (scenes[-1][0] if told.ended is None else told.ended):
                yield _Change(again, key, "began again", told, number)


def _once(changes: Sequence[_Change]) -> Iterator[_Change]:
    """Let each begin once: who then has to wait for the model begins when that is there."""
    began = {each.key: each for each in changes if each.kind == "began"}
    yield from (each for each in changes if each.kind != "began" or began[each.key] is each)


def _news(at: float, key: NodeKey, before: NodeView | None, told: NodeView) -> Iterator[_Change]:
    """Tell what is new of a node; of one that began and ended in one moment only the end."""
    for number in range(len(before.retries) if before else 0, len(told.retries)):
        yield _Change(at, key, "broke", told, number + 1)
    if told.word and not (before and before.word):
        yield _Change(at, key, "loads", told)
    if told.ended is not None:
        if before is None or before.ended is None:
            yield _Change(at, key, "ended", told)
    elif told.started is not None and (before is None or before.started is None):
        yield _Change(at, key, "began", told)


def _say(
    changes: Iterable[_Change], places: Mapping[NodeKey, str], names: Mapping[NodeKey, str]
) -> str:
    """Say what happens at one moment; nodes that did the same are said together."""
    said: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        words = _words(change, places.get(change.key, ""))
        said.setdefault(words, []).append(_name(change.key, names))
    return " · ".join(
        f"{_listed(who)}{one if len(who) == 1 else many}" for (one, many), who in said.items()
    )


def _words(change: _Change, place: str) -> tuple[str, str]:
    """Say what one did, and what several did that did the same."""
    match change.kind:
        case "loads":
            return " waits for the model to be loaded", " wait for the model to be loaded"
        case "began":
            return " begins", " begin"
        case "began again":
            again = f"{_attempt(change.attempt)} begins"
            return f"'s {again}", f": {again}"
        case "broke":
            delay_s = change.told.retries[change.attempt - 1].delay_s
            wait = f"; it waits {say_duration(delay_s)}" if delay_s > 0 else ""
            fails = f"{_attempt(change.attempt)} fails{wait}"
            return f"'s {fails}", f": {fails}"
        case "ended":
            return _end(change.told, f", {place}" if place else "")


def _end(told: NodeView, place: str) -> tuple[str, str]:
    if told.reused:
        return " is reused", " are reused"
    if told.status == "failed":
        return f" fails{place}", " fail"
    if told.status != "finished":
        how = say_status(told.status)
        return f" is {how}", f" are {how}"
    if told.error:
        return " gives its fallback", " give their fallbacks"
    return f" finishes{place}", " finish"


def _places(changes: Iterable[_Change], run: RunTrace) -> dict[NodeKey, str]:
    """Say at which place each came to its end in its stage, or among the items of its node."""
    stages = _stages(run)
    groups: defaultdict[int | NodeId, list[NodeKey]] = defaultdict(list)
    for change in changes:
        told, node = change.told, node_of(change.key)
        group = stages.get(node) if item_index(change.key) is None else node
        did = change.kind == "ended" and told.started is not None and told.status != "cancelled"
        if did and group is not None:
            groups[group].append(change.key)
    return {
        key: _place(number, len(keys))
        for keys in groups.values()
        if len(keys) > 1
        for number, key in enumerate(keys)
    }


def _stages(run: RunTrace) -> dict[NodeId, int]:
    """Number the stages; a run file from elsewhere may hold anything as its flow."""
    try:
        stages = stages_of(read_values(run.flow))
    except FlowFileError:
        return {}
    return {node: number for number, stage in enumerate(stages) for node in stage}


def _place(number: int, count: int) -> str:
    last = number == count - 1
    place = "last" if last else _PLACES[number] if number < len(_PLACES) else str(number + 1)
    return f"{place} of {_NUMBERS[count] if count < len(_NUMBERS) else count}"


def _attempt(number: int) -> str:
    return f"{_PLACES[number - 1]} attempt" if number <= len(_PLACES) else f"attempt {number}"


def _name(key: NodeKey, names: Mapping[NodeKey, str]) -> str:
    """Name a node as its flow does, an item by its number from 1."""
    node, place = node_of(key), item_index(key)
    name = " ".join(names.get(NodeKey(node), node).split())
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return short if place is None else f"{short} (item {place + 1})"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return listed([*names[:_MOST_NAMES], f"{more} more"] if more > 0 else names)
