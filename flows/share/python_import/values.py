"""Value: what an expression of a program stands for, as far as a flow can say it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from flows.share.python_import.agents import AgentSpec, Settings


@dataclass(frozen=True, slots=True)
class Known:
    """A literal. `name`: the variable it was given to as such."""

    value: str | int | float | bool | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An input of the flow, with steps into it."""

    name: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """What a step gave, with steps into it."""

    step: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The SDK's result of a step."""

    step: int


@dataclass(frozen=True, slots=True)
class Item:
    """What a loop goes over, with steps into it."""

    loop: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """The number of a loop's item."""

    loop: int


@dataclass(frozen=True, slots=True)
class Text:
    """Plain texts and values, one after the other."""

    parts: tuple[str | Value, ...]


@dataclass(eq=False, slots=True)
class Listed:
    """A list whose elements are known. `failed`: the steps whose errors it has."""

    items: list[Value] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of which one element stands for all: what a loop made."""

    element: Value
    loop: int


@dataclass(eq=False, slots=True)
class Table:
    """A dict whose keys are known."""

    pairs: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """One of several values, as a condition says."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class EitherAgent:
    """One of several agents, each on a branch of a router: its number, the branch, the agent."""

    options: tuple[tuple[int, str, AgentValue], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The branch, or branches, that a router takes."""

    router: int


@dataclass(eq=False, slots=True)
class Later:
    """A coroutine or a task. `after`: the steps that have ended once it has."""

    begin: Callable[[], Value]
    loop: int | None
    value: Value | None = None
    after: frozenset[int] = frozenset()


@dataclass(eq=False, slots=True)
class Function:
    """A function of the program, with the names it sees."""

    tree: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    owner: Value | None = None


@dataclass(eq=False, slots=True)
class ClassOf:
    """A class of the program."""

    tree: ast.ClassDef
    scope: Scope


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the program."""

    tree: ast.ClassDef
    scope: Scope
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Limit:
    """A semaphore."""

    size: int
    line: int
    steps: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Library:
    """Something that was imported, by its full name."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A method, with the value it is of."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """What a flow cannot say. `parts`: what it is made of."""

    parts: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentValue:
    """An agent; with `as_tool` it is one that is called as a tool."""

    spec: AgentSpec
    as_tool: bool = False


@dataclass(frozen=True, slots=True)
class SettingsValue:
    """Model settings."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Made:
    """An object of a library's class, with its arguments: a tool, a client, a group."""

    kind: str
    args: tuple[Value, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict, hash=False)
    variable: str = ""


Value: TypeAlias = (
    Known
    | Given
    | Output
    | Result
    | Item
    | Index
    | Text
    | Listed
    | Listing
    | Table
    | Merged
    | EitherAgent
    | Chosen
    | Later
    | Function
    | ClassOf
    | Instance
    | Limit
    | Library
    | Member
    | Unclear
    | AgentValue
    | SettingsValue
    | Made
)

NOTHING = Known(None)


@dataclass(eq=False, slots=True)
class Scope:
    """Names and what they stand for; a name that is not there is looked up further out."""

    names: dict[str, Value] = field(default_factory=dict)
    outer: Scope | None = None

    def find(self, name: str) -> Value | None:
        """Return what a name stands for, None where nothing says so."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None


_LONGEST_TEXT = 150_000
_MOST_PARTS = 4_000


def parts_of(value: Value) -> tuple[str | Value, ...]:
    """Return a value as pieces of a text."""
    return _pieces(value, [_MOST_PARTS])


def _pieces(  # noqa: C901, PLR0911, PLR0912 - one arm a member
    value: Value, room: list[int]
) -> tuple[str | Value, ...]:
    """Take a value apart. `room`: for how many; values within values would else be without end."""
    room[0] -= 1
    if room[0] < 0:
        return ()
    match value:
        case Known(value=None):
            return ("",)
        case Known(value=said):
            return (str(said),)
        case Result(step=step):
            return (Output(step),)
        case Text(parts=parts):
            return parts
        case Merged(options=options) | Unclear(parts=options):
            return tuple(piece for each in options for piece in _pieces(each, room))
        case Listed(items=items):
            gaps = [piece for each in items for piece in ("\n\n", *_pieces(each, room))]
            return tuple(gaps[1:])
        case Listing(element=element):
            return tuple(each for each in _pieces(element, room) if not isinstance(each, str))
        case Table(pairs=pairs) | Instance(attributes=pairs):
            return _pieces(Listed(list(pairs.values())), room)
        case Given() | Output() | Item() | Index():
            return (value,)
        case _:
            return ()


def leaves(value: Value) -> Iterator[Value]:
    """Yield the values without parts that a value is made of, up to a bound."""
    waiting, room = [value], _MOST_PARTS
    while waiting and room > 0:
        room -= 1
        each = waiting.pop()
        inside = _inside(each)
        if inside is None:
            yield each
        else:
            waiting += reversed(inside)


def _inside(value: Value) -> list[Value] | None:
    match value:
        case Text(parts=parts):
            return [part for part in parts if not isinstance(part, str)]
        case Merged(options=values) | Unclear(parts=values) | Made(args=values):
            return list(values)
        case Listed(items=items):
            return items
        case Table(pairs=pairs) | Instance(attributes=pairs):
            return list(pairs.values())
        case Listing(element=element):
            return [element]
        case _:
            return None


def text_of(*pieces: str | Value) -> Value:
    """Join pieces to one text; a text beyond all measure becomes unclear."""
    parts = _joined(pieces)
    length = sum(len(part) for part in parts if isinstance(part, str))
    if length > _LONGEST_TEXT or len(parts) > _MOST_PARTS:
        return Unclear()
    match parts:
        case [] if any(isinstance(piece, Unclear) for piece in pieces):
            return Unclear()
        case []:
            return Known("")
        case [str() as only]:
            return Known(only)
        case _:
            return Text(tuple(parts))


def _joined(pieces: Sequence[str | Value]) -> list[str | Value]:
    parts: list[str | Value] = []
    for piece in pieces:
        for part in (piece,) if isinstance(piece, str) else parts_of(piece):
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    return parts


def later_value(later: Later) -> Value:
    """Return what a task gave; unclear before it has begun."""
    return Unclear() if later.value is None else later.value
