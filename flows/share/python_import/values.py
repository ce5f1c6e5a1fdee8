"""Value: what an expression of a program stands for, as far as a flow can say it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flows.share.python_import.agents import AgentSpec, Settings
from flows.share.python_import.gates import Gate, Way


@dataclass(frozen=True, slots=True)
class Known:
    """A literal. `name`: the variable it was given to as such."""

    value: str | int | float | bool | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An input of the flow, with steps into it. `is_folded`: its letters' case is gone."""

    name: str
    path: tuple[str, ...] = ()
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What a step gave, with steps into it. `is_folded`: its letters' case is gone."""

    step: int
    path: tuple[str, ...] = ()
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """What a router hands on along a branch that leads straight to who reads it."""

    gate: Gate


@dataclass(frozen=True, slots=True)
class Result:
    """The SDK's result of a step."""

    step: int


@dataclass(frozen=True, slots=True)
class Item:
    """What a loop goes over, with steps into it. `is_folded`: its letters' case is gone."""

    loop: int
    path: tuple[str, ...] = ()
    is_folded: bool = False


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
    """A list whose elements are known. `failed`: the steps whose errors it has.

    `loop`: the loop that put its only element in, which stands for one of every item there.
    """

    items: list[Value] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)
    loop: int | None = None

    def put(self, value: Value, loop: int | None) -> None:
        """Append an element, as the program does at a place in that loop, or in none."""
        self.loop = None if self.items else loop
        self.items.append(value)

    def seen_from(self, loop: int | None) -> Value:
        """Return what it is at a place in that loop, or in none."""
        is_whole = self.loop is None or self.loop == loop or len(self.items) != 1
        return self if is_whole or self.loop is None else Listing(self.items[0], self.loop)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of which one element stands for all: what a loop made."""

    element: Value
    loop: int


@dataclass(eq=False, slots=True)
class Table:
    """A dict. `unknown`: what the keys of the pairs stand for whose keys are no literals."""

    pairs: dict[str, Value] = field(default_factory=dict)
    unknown: dict[str, Value] = field(default_factory=dict)

    def put(self, key: Value, worth: Value) -> None:
        """Give a key its value."""
        if isinstance(key, Known):
            self.pairs[str(key.value)] = worth
            return
        name = f"?{len(self.pairs)}"
        self.pairs[name], self.unknown[name] = worth, key

    def rows(self) -> list[tuple[Value, Value]]:
        """Return every key with its value."""
        return [(self.unknown.get(key, Known(key)), each) for key, each in self.pairs.items()]


@dataclass(frozen=True, slots=True)
class Merged:
    """One of several values, as a condition says.

    `ways`: the gates behind which each is the value; none where a flow cannot say that. `name`: the
    variable that has the value.
    """

    options: tuple[Value, ...]
    ways: tuple[Way, ...] = ()
    name: str = ""

    @property
    def arms(self) -> list[tuple[Way, Value]]:
        """Every value with its way; nothing where a flow cannot say the ways."""
        return list(zip(self.ways, self.options, strict=bool(self.ways)))


@dataclass(frozen=True, slots=True)
class EitherAgent:
    """One of several agents, each behind the gates where it is the one."""

    options: tuple[tuple[Way, AgentValue], ...]


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
    """Something that was imported, by its full name. `default`: what stands in for it."""

    name: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A method, with the value it is of."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a condition holds. `verdict`: as it was judged where it stands."""

    verdict: object


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
    """An object of a library's class, with its arguments: a tool, a client, a group.

    `said`: how the program makes it, without what may be a key.
    """

    kind: str
    args: tuple[Value, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict, hash=False)
    variable: str = ""
    said: str = field(default="", compare=False)


Value: TypeAlias = (
    Known
    | Given
    | Output
    | Handed
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
    | Judged
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


def later_value(later: Later) -> Value:
    """Return what a task gave; unclear before it has begun."""
    return Unclear() if later.value is None else later.value
