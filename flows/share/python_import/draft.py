"""Draft: the steps of a program in the order in which they begin, and what holds for them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.document.model import Rule
from flows.share.python_import.agents import AgentSpec
from flows.share.python_import.gates import Way
from flows.share.python_import.places import Block
from flows.share.python_import.values import Limit, Value

Policy = Literal["finish", "cancel", "collect"]


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What a flow cannot say of a program, and the line where it stands."""

    line: int
    said: str

    def __str__(self) -> str:
        """Write it as `line 42: …`."""
        return f"line {self.line}: {self.said}"


@dataclass(slots=True)
class Entered:
    """A value a run is given."""

    name: str
    line: int
    example: str = ""
    description: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    option: str = ""
    is_open: bool = False


StepKind: TypeAlias = Literal["agent", "router", "join", "approval"]


@dataclass(slots=True)
class Step:
    """A call of an agent, a router, a join or an approval.

    `after`: the steps that have ended before. `any_of`: it is done where one of these ways was
    taken. `is_holder`: a join that hands on what a name stands for. `is_swallowed`: its failure
    is let go; `goes_on_at`: the step the program then goes on with.
    """

    number: int
    line: int
    kind: StepKind
    message: Value
    after: frozenset[int]
    gates: Way = ()
    loop: int | None = None
    agent: AgentSpec | None = None
    variable: str = ""
    name: str = ""
    rules: list[Rule] = field(default_factory=list)
    otherwise: str | None = None
    takes_all: bool = False
    timeout_s: float | None = None
    fallback: str | None = None
    is_swallowed: bool = False
    goes_on_at: int | None = None
    retries: int | None = None
    max_turns: int | None = None
    gives_messages: bool = False
    has_session: bool = False
    as_list: bool = False
    model: str | None = None
    ask: str | None = None
    is_dropped: bool = False
    any_of: tuple[Way, ...] = ()
    is_holder: bool = False

    @property
    def is_work(self) -> bool:
        """Whether somebody is at work here, for whom others may wait."""
        return self.kind in {"agent", "approval"}


@dataclass(slots=True)
class Loop:
    """Something that is done for every item. `is_in_row`: one item after the other.

    `target`: what is bound to the items, by which the loop is known again in another walk.
    """

    items: Value
    line: int
    target: ast.expr | None = None
    most: int | None = None
    is_in_row: bool = False


@dataclass(slots=True)
class Race:
    """Steps of which the first `count` are waited for."""

    steps: frozenset[int]
    count: int


@dataclass(slots=True)
class Timeout:
    """Seconds for all the steps that begin inside. `is_whole`: nothing comes after it."""

    seconds: float
    line: int
    steps: tuple[int, ...]
    is_whole: bool = False
    loop: int | None = None


@dataclass(slots=True)
class Wave:
    """Steps that are waited for together, and what a failure of one means."""

    steps: frozenset[int]
    policy: Policy


@dataclass(frozen=True, slots=True)
class LastShown:
    """What a program shows last, on no branch. `count`: the steps that had begun by then."""

    value: Value
    count: int


@dataclass(slots=True)
class Draft:
    """All that was read of a program. `heads`: by the line of an `elif` that of its `if`."""

    inputs: dict[str, Entered] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    timeouts: list[Timeout] = field(default_factory=list)
    waves: list[Wave] = field(default_factory=list)
    agents: list[AgentSpec] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ends: list[Value] = field(default_factory=list)
    shown: list[Value] = field(default_factory=list)
    last_words: dict[Way, str] = field(default_factory=dict)
    last_shown: LastShown | None = None
    title: str = ""
    come_as_completed: bool = False
    came: set[int] = field(default_factory=set)
    most: dict[str, int] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    heads: dict[int, int] = field(default_factory=dict)

    @property
    def kept(self) -> list[Step]:
        """The steps that become nodes."""
        return [step for step in self.steps if not step.is_dropped]

    def rename_input(self, name: str) -> None:
        """Let what a person is asked for be called as the variable that takes it."""
        entered = self.inputs.pop("input")
        entered.name = name
        self.inputs.setdefault(name, entered)

    def note_default(self, name: str, said: str) -> None:
        """Note what an input is where nobody gives it."""
        if name in self.inputs:
            self.inputs[name].example = self.inputs[name].example or said
        else:
            self.defaults.setdefault(name, said)

    def remark(self, line: int, said: str) -> None:
        """Keep a remark, once."""
        remark = Remark(line, said)
        if remark not in self.remarks:
            self.remarks.append(remark)
