"""Outcome: how the arms of a condition end, and what holds after them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.share.python_import.arms import branched
from flows.share.python_import.gates import Way, onward
from flows.share.python_import.held import Held, held_by, put_together
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.values import AgentValue, EitherAgent, Merged, Value


@dataclass(frozen=True, slots=True)
class Begun:
    """What every arm begins with. `is_end`: nothing is done after them."""

    names: dict[str, Value]
    after: frozenset[int]
    held: Held
    is_end: bool

    @classmethod
    def now(cls, machine: Machine) -> Begun:
        """Note how it is before the first arm."""
        names = dict(machine.scope.names)
        return cls(names, machine.after, held_by(machine), machine.is_last)

    def put_back(self, machine: Machine) -> None:
        """Let it be again as it was."""
        machine.scope.names.clear()
        machine.scope.names.update(self.names)
        machine.after = self.after
        self.held.put_back()


@dataclass(slots=True)
class Outcome:
    """How an arm ended, with the names it left and what their lists and dicts held.

    `gates`: those of the arm itself. `any_of`: the ways on which it is done, where several.
    """

    gates: Way
    signal: Signal
    names: dict[str, Value]
    after: frozenset[int]
    held: Held
    any_of: tuple[Way, ...] = ()

    @property
    def onward(self) -> Way:
        """The gates inside the arm behind which it goes on."""
        return self.signal if isinstance(self.signal, tuple) else ()

    def ways(self, here: Way) -> tuple[Way, ...]:
        """Return the ways that lead from here to its end."""
        return tuple((*way, *self.onward) for way in self.any_of or ((*here, *self.gates),))


def after_arms(machine: Machine, ended: list[Outcome], begun: Begun) -> Signal:
    """Go on after the arms: on the branches that go on, where one does not."""
    going = [each for each in ended if not isinstance(each.signal, str) or each.signal == "go"]
    machine.after = frozenset().union(*(each.after for each in going or ended))
    if not going:
        return ended[0].signal
    here = machine.context.gates
    merge_names(machine, [(way, each.names) for each in going for way in each.ways(here)])
    held = [(each.ways(here), each.held) for each in going]
    put_together(
        machine, begun.held, [(ways[0] if len(ways) == 1 else (), each) for ways, each in held]
    )
    _let_agents_wait(machine)
    return _onward(machine, going, ended, is_end=begun.is_end)


def _onward(
    machine: Machine, going: list[Outcome], ended: list[Outcome], *, is_end: bool
) -> Signal:
    """Return the gates of what comes after: none where every arm comes to its end."""
    if len(going) == 1 and going[0].any_of:
        machine.context = replace(machine.context, any_of=going[0].any_of)
        return "go"
    if len(going) == 1:
        return (*going[0].gates, *going[0].onward)
    if len(going) == len(ended) and all(each.signal == "go" for each in going):
        return "go"
    lasts = [each.gates[-1] for each in going if each.gates]
    routers = sorted({each.router for each in lasts})
    if any(each.signal != "go" for each in going) or len(routers) != 1 or len(lasts) < len(going):
        if not is_end:
            line = machine.draft.steps[routers[0] if routers else -1].line
            machine.draft.remark(
                line,
                "The program ends on some of these branches; the flow does on all of them "
                "what comes after.",
            )
        return "go"
    return onward(lasts) or "go"


def _let_agents_wait(machine: Machine) -> None:
    """Let a name that stands for another agent on every branch keep the branches."""
    for name, value in machine.scope.names.items():
        if not isinstance(value, Merged) or not value.ways:
            continue
        agents = [(way, each) for way, each in value.arms if isinstance(each, AgentValue)]
        if len(agents) == len(value.options):
            machine.scope.names[name] = EitherAgent(tuple(agents))


def merge_names(machine: Machine, ways: Sequence[tuple[Way, dict[str, Value]]]) -> list[str]:
    """Let a name that was given different values stand for one or the other; return such names."""
    known = {name: None for _, names in ways for name in names}
    several: list[str] = []
    machine.scope.names.clear()
    for name in known:
        options = [(way, names[name]) for way, names in ways if name in names]
        first = options[0][1]
        same = all(each is first for _, each in options)
        if not same:
            several.append(f"`{name.strip()}`")
        if same or not any(way for way, _ in options):
            machine.scope.names[name] = (
                first if same else machine.either([each for _, each in options])
            )
        else:
            machine.scope.names[name] = branched(options, name=name)
    return several


def follow_arm(
    machine: Machine,
    gates: Way,
    body: Sequence[ast.stmt],
    *,
    begun: Begun,
    any_of: tuple[Way, ...] = (),
) -> Outcome:
    """Follow the statements of one arm. `any_of`: the ways on which it is done, where several."""
    begun.put_back(machine)
    with machine.within(gates=gates, any_of=any_of):
        signal = machine.execute(body)
    names = dict(machine.scope.names)
    return Outcome(gates, signal, names, machine.after, begun.held.now(), any_of)
