"""Asker: the functions through which agents are asked: `ask`, and what limits and failures add."""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

from flows.ids import NodeId
from flows.plan.plan import Step
from flows.share.python_code.layout import Arg, Call, Code
from flows.share.python_code.scope import Scope
from flows.share.python_code.statements import Block, Line, Say, Statement
from flows.share.python_code.works import first_failure_stops

Mode = Literal["plain", "finish", "collect"]
"""What a failure does besides being raised: nothing; let nothing start; become None."""

OPTIONS = {
    "seconds": ("float | None", "None"),
    "max_turns": ("int", "10"),
    "all_messages": ("bool", "False"),
    "fallback": ("str | None", "None"),
}
_NAMES: dict[Mode, str] = {"plain": "limited_ask", "finish": "ask_next", "collect": "try_ask"}


class Askers:
    """The functions of one program.

    `is_tasks`: every step is a task that waits for its parents. `goes_on`: the steps whose failure
    becomes None at once. `alone`: those beside which nothing runs, so that no limit concerns them.
    `in_lines`: those beside which others would begin later.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        is_tasks: bool,
        goes_on: Container[NodeId] = frozenset(),
        alone: Container[NodeId] = frozenset(),
        in_lines: Container[NodeId] = frozenset(),
    ) -> None:
        self._scope, self._is_tasks, self._in_lines = scope, is_tasks, in_lines
        self._goes_on, self._alone = goes_on, alone
        self._needed: dict[str, tuple[Mode, tuple[str, ...]]] = {}
        self._notes_errors = False

    def of(self, step: Step) -> str:
        """Name the function through which a step's agent is asked."""
        mode, slots = self._mode(step), self._slots(step)
        if mode == "plain" and not slots:
            return "ask"
        stage = f"_{step.stage + 1}" if any(each != "slots" for each in slots) else ""
        name = f"{_NAMES[mode]}{stage}"
        self._needed[name] = mode, slots
        self._scope.uses.slots |= set(slots)
        return name

    def note_errors(self) -> None:
        """Note that the program needs its list of errors."""
        self._notes_errors = True

    def notes(self, step: Step) -> str:
        """Name the list that hears of failures at once; empty where nobody listens."""
        listens = self._mode(step) == "finish"
        self._notes_errors = self._notes_errors or listens
        return "errors" if listens else ""

    def before(self) -> list[Statement]:
        """Write the semaphores, the list of errors and the functions that are needed."""
        run, used = self._scope.plan.flow.run.max_concurrency, self._scope.uses.slots
        lines: list[Statement] = [
            Line(f"stage_{number}_slots = asyncio.Semaphore({policy.max_concurrency})")
            for number, policy in enumerate(self._scope.plan.stage_policies, start=1)
            if f"stage_{number}_slots" in used
        ]
        if "slots" in used:
            lines.append(Line(f"slots = asyncio.Semaphore({run})"))
        if self.keeps_errors:
            lines.append(Line("errors: list[Exception] = []"))
        for name, (mode, slots) in self._needed.items():
            lines += self._function(name, mode, slots)
        return lines

    @property
    def keeps_errors(self) -> bool:
        """Whether the program has a list of errors."""
        modes = {mode for mode, _ in self._needed.values()}
        return bool(modes - {"plain"}) or self._notes_errors

    def _slots(self, step: Step) -> tuple[str, ...]:
        return () if step.id in self._alone else self._scope.limits(step)

    def _mode(self, step: Step) -> Mode:
        match self._scope.on_failure(step):
            case "finish" if self._is_tasks or step.id in self._in_lines or self._slots(step):
                return "finish"
            case "collect" if self._is_tasks or step.id in self._goes_on:
                return "collect"
            case _:
                return "plain"

    def _function(self, name: str, mode: Mode, slots: tuple[str, ...]) -> list[Statement]:
        scope = self._scope
        body: list[Statement] = [Say("return await ", passed_on(scope))]
        if mode == "finish":
            body = first_failure_stops(body, "errors")
        if slots:
            body = [Block(f"async with {', '.join(slots)}:", tuple(body))]
        if mode == "collect":
            body = swallowing(scope, body)
        kind = "str" if scope.only_texts_asked else "T"
        maybe = " | None" if mode == "collect" else ""
        return function_with(scope, f"async def {name}(", f") -> {kind}{maybe}:", body)


def swallowing(scope: Scope, body: list[Statement]) -> list[Statement]:
    """Let a failure become None, and tell it."""
    scope.uses.imports.add("sys")
    return [
        Block("try:", tuple(body)),
        Block(
            "except Exception as error:  # noqa: BLE001",
            (
                Line("errors.append(error)"),
                Line('print(f"Went on without: {error!r}", file=sys.stderr)'),
                Line("return None"),
            ),
        ),
    ]


def parameters(scope: Scope) -> list[str]:
    """Return the parameters of `ask` and its like."""
    typed = [] if scope.only_texts_asked else ["output_type: type[T]"]
    options = [each for each in OPTIONS if each in scope.uses.ask_options]
    said = [f"{each}: {OPTIONS[each][0]} = {OPTIONS[each][1]}" for each in options]
    return ["agent: Agent", "message: str", *typed, *(["*", *said] if said else [])]


def passed_on(scope: Scope) -> Call:
    """Write the call of `ask` with what one was given."""
    typed = [] if scope.only_texts_asked else [Arg(Code("output_type"))]
    options = [Arg(Code(each), f"{each}=") for each in OPTIONS if each in scope.uses.ask_options]
    return Call("ask(", (Arg(Code("agent")), Arg(Code("message")), *typed, *options))


def function_with(scope: Scope, opener: str, closer: str, body: list[Statement]) -> list[Statement]:
    """Write a function with the parameters of `ask`."""
    head = Say("", Call(opener, tuple(Arg(Code(each)) for each in parameters(scope)), closer))
    return [Line(), Block(head, tuple(body)), Line()]
