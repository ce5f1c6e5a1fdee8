"""Machine: walks through a program without executing it, and notes the steps it would take."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from flows.share.python_import.arms import branched, settled
from flows.share.python_import.binding import bound_arguments
from flows.share.python_import.bounds import bound_found, bound_moves
from flows.share.python_import.draft import Draft, Loop, Step, StepKind
from flows.share.python_import.followed import Followed
from flows.share.python_import.gates import Way
from flows.share.python_import.here import Context, is_end
from flows.share.python_import.several import merged
from flows.share.python_import.texts import leaves
from flows.share.python_import.values import (
    NOTHING,
    Function,
    Given,
    Index,
    Item,
    Known,
    Later,
    Limit,
    Listed,
    Listing,
    Scope,
    Unclear,
    Value,
)

Signal: TypeAlias = Literal["go", "return", "raise", "leave", "next"] | Way
"""How a statement ended; gates: what comes after it is done on these branches only."""


@dataclass(slots=True)
class Call:
    """The arguments of a call."""

    args: list[Value]
    options: dict[str, Value]
    tree: ast.Call

    def get(self, name: str, place: int = -1) -> Value | None:
        """Return an argument by its name or its place."""
        if name in self.options:
            return self.options[name]
        return self.args[place] if 0 <= place < len(self.args) else None


Expressions = Mapping[type[ast.expr], Callable[["Machine", Any], Value]]
Statements = Mapping[type[ast.stmt], Callable[["Machine", Any], Signal]]


@dataclass(slots=True)
class Machine:
    """The state of one walk. `after`: the steps that have ended here.

    `following`: the statements after the one that is followed, in its block; `is_last`:
    nothing is done after it in its function. `apart`: the loops over literals that are gone over
    one by one; `needed_apart`: those of which this walk found that a for_each cannot say them.
    `joins`: the variables of joins in the list of steps. `followed`: the functions it is in.
    `left`: with which names, and where, loops were left; `passed`: the same, where they went
    to the next round. `last_words`: what is shown before an end. `handed`: the joins that hand
    on what depends on branches.
    """

    expressions: Expressions
    statements: Statements
    imported: Mapping[str, str] = field(default_factory=dict)
    joins: frozenset[str] = frozenset()
    draft: Draft = field(default_factory=Draft)
    scope: Scope = field(default_factory=Scope)
    after: frozenset[int] = frozenset()
    context: Context = field(default_factory=Context)
    following: Sequence[ast.stmt] = ()
    is_last: bool = True
    returned: list[tuple[Way, Value]] = field(default_factory=list)
    left: list[tuple[Way, dict[str, Value]]] = field(default_factory=list)
    passed: list[tuple[Way, dict[str, Value]]] = field(default_factory=list)
    last_words: dict[Way, str] = field(default_factory=dict)
    called: set[ast.AST] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, ast.expr] = field(default_factory=dict)
    routers: dict[tuple[Value, str | None, Way], int] = field(default_factory=dict)
    handed: dict[tuple[Way, Value], int] = field(default_factory=dict)
    entries: set[ast.AST] = field(default_factory=set)
    shown: set[ast.AST] = field(default_factory=set)
    followed: Followed = field(default_factory=Followed)
    apart: frozenset[ast.AST] = frozenset()
    needed_apart: set[ast.AST] = field(default_factory=set)
    _moves: int = 0

    # Walking

    def evaluate(self, tree: ast.expr) -> Value:
        """Return what an expression stands for."""
        self._count()
        handler = self.expressions.get(type(tree))
        return self.unclear(tree) if handler is None else handler(self, tree)

    def unclear(self, tree: ast.AST) -> Value:
        """Follow the parts of what cannot be said."""
        parts = [
            self.evaluate(each) for each in ast.iter_child_nodes(tree) if isinstance(each, ast.expr)
        ]
        return Unclear(tuple(parts))

    def execute(self, statements: Sequence[ast.stmt]) -> Signal:
        """Follow statements until one ends them."""
        before, is_last, signal = self.context, self.is_last, "go"
        kept: Signal = "go"
        for place, statement in enumerate(statements):
            self._count()
            self.following = statements[place + 1 :]
            self.is_last = is_last and is_end(self.following)
            handler = self.statements.get(type(statement))
            ended = "go" if handler is None else handler(self, statement)
            if isinstance(ended, tuple):
                self.context = replace(self.context, gates=self.context.gates + ended, any_of=())
            elif ended != "go":
                signal = ended
                break
        if signal == "go" and self.context is not before:
            kept = self.context.gates[len(before.gates) :] or "go"
        self.context, self.is_last = before, is_last
        return kept if signal == "go" else signal  # type: ignore[return-value]

    def _count(self) -> None:
        self._moves += 1
        bound_moves(self._moves)

    # Functions

    def call(self, function: Function, call: Call) -> Value:
        """Follow a call of one of the program's functions; a coroutine begins when awaited."""
        self.called.add(function.tree)
        if function.owner is not None:
            call = Call([function.owner, *call.args], call.options, call.tree)
        if isinstance(function.tree, ast.AsyncFunctionDef):
            return self.later(lambda: self._run(function, call))
        return self._run(function, call)

    def later(self, begin: Callable[[], Value]) -> Later:
        """Make a coroutine that keeps the loop it was made in."""
        return Later(begin, self.context.loop)

    def _run(self, function: Function, call: Call) -> Value:
        tree = function.tree
        if self.followed.is_too_deep(tree):
            name = getattr(tree, "name", "a function")
            self.draft.remark(
                call.tree.lineno,
                f"`{name}` calls itself, and a flow has no way back; it is followed no further.",
            )
            return Unclear(tuple(call.args))
        before, self.scope = (
            self.scope,
            Scope(bound_arguments(self, function, call), function.scope),
        )
        returned, self.returned = self.returned, []
        context, is_last, self.is_last = self.context, self.is_last, True
        try:
            with self.followed.within(tree):
                if isinstance(tree, ast.Lambda):
                    return self.evaluate(tree.body)
                self.execute(tree.body)
                return self._given(self.returned)
        finally:
            self.scope, self.returned, self.context = before, returned, context
            self.is_last = is_last

    @staticmethod
    def _given(returned: Sequence[tuple[Way, Value]]) -> Value:
        """Return what a function gives: where it ends in several places, as its branches say."""
        ways = [way for way, _ in returned]
        if len(returned) > 1 and len({*ways}) == len(ways):
            return branched(returned)
        return merged([value for _, value in returned])

    # Waiting

    def run(self, value: Value) -> Value:
        """Wait for a coroutine or a task; anything else is what it is."""
        if isinstance(value, Listing):
            return Listing(self.run(value.element), value.loop)
        if not isinstance(value, Later):
            return value
        if value.value is None:
            loop = self.context.loop if value.loop is None else value.loop
            with self.within(loop=loop):
                value.value = NOTHING  # whoever waits for itself gets nothing
                value.value = self.run(value.begin())
            value.after = self.after
        self.after |= value.after
        return value.value

    def start(self, value: Value) -> Value:
        """Begin a task: what comes next does not wait for it."""
        before = self.after
        with self.within(is_task=True):
            self.run(value)
        self.after = before
        return value

    def run_together(self, values: Sequence[Value]) -> list[Value]:
        """Wait for several at once."""
        begun, ended = self.after, self.after
        results: list[Value] = []
        for value in values:
            self.after = begun
            with self.within(is_task=True):
                results.append(self.run(value))
            ended |= self.after
        self.after = ended
        return results

    @contextmanager
    def within(
        self,
        *,
        loop: int | None = None,
        limits: tuple[Limit, ...] = (),
        gates: Way = (),
        is_task: bool = False,
        any_of: tuple[Way, ...] = (),
    ) -> Iterator[None]:
        """Let more hold for the steps that begin inside."""
        before = self.context
        self.context = before.further(
            loop=loop, limits=limits, gates=gates, is_task=is_task, any_of=any_of
        )
        yield
        self.context = before

    @contextmanager
    def at(self, way: Way) -> Iterator[None]:
        """Stand behind these gates, wherever the walk is."""
        before = self.context
        self.context = replace(before, gates=way)
        yield
        self.context = before

    # Steps

    def add_step(self, kind: StepKind, message: Value, *, line: int) -> Step:
        """Note a step that begins now; from here on it has ended."""
        message = settled(self, message, line=line)
        if kind != "router" and any(getattr(each, "is_folded", False) for each in leaves(message)):
            self.draft.remark(
                line,
                "The program puts this text in upper or lower case; a flow hands it on as it is.",
            )
        bound_found(len(self.draft.steps) + 1)
        step = Step(
            len(self.draft.steps),
            line,
            kind,
            message,
            self.after,
            self.context.gates,
            self.context.loop,
            any_of=self.context.any_of,
        )
        self.draft.steps.append(step)
        if kind == "agent":
            for limit in self.context.limits:
                limit.steps.append(step.number)
        self.after |= {step.number}
        return step

    def either(self, options: Sequence[Value]) -> Value:
        """Make one value of several; a literal beside an input is what stands in for it."""
        match options:
            case [Given(name=name, path=()) as given, Known(value=str() as said)] | [
                Known(value=str() as said),
                Given(name=name, path=()) as given,
            ]:
                self.draft.note_default(name, said)
                return given
            case _:
                return merged(options)

    def add_loop(self, items: Value, target: ast.expr) -> int:
        """Note something that is done for every item."""
        items = settled(self, items, line=target.lineno)
        self.draft.loops.append(Loop(items, target.lineno, target))
        return len(self.draft.loops) - 1

    def take_apart(self, value: Value) -> bool:
        """Say whether a value holds an item of a literal; another walk then goes over each."""
        found = [
            loop.target
            for each in leaves(value)
            if isinstance(each, Item | Index)
            and isinstance((loop := self.draft.loops[each.loop]).items, Listed)
            and loop.target is not None
        ]
        self.needed_apart |= {*found}
        return bool(found)

    def steps_since(self, count: int) -> tuple[int, ...]:
        """Number the agents' steps that have begun since there were so many."""
        return tuple(step.number for step in self.draft.steps[count:] if step.kind == "agent")
