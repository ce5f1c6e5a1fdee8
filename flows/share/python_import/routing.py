"""Routing: `if`, `elif` and `match` on what a step gave, as routers with branches."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.document.model import Rule, When
from flows.share.python_import.approvals import note_refusal
from flows.share.python_import.conditions import Test, judge
from flows.share.python_import.draft import Step
from flows.share.python_import.held import Held, held_by, put_together
from flows.share.python_import.machine import Gate, Machine, Signal
from flows.share.python_import.missing import note_instead, raises_noted_errors
from flows.share.python_import.values import (
    AgentValue,
    Chosen,
    EitherAgent,
    Merged,
    Value,
)


@dataclass(slots=True)
class Arm:
    """The statements of one branch, and the rules by which it is taken; none: otherwise."""

    tests: tuple[When, ...]
    body: Sequence[ast.stmt]
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What every arm begins with."""

    names: dict[str, Value]
    after: frozenset[int]
    held: Held

    @classmethod
    def now(cls, machine: Machine) -> Begun:
        """Note how it is before the first arm."""
        return cls(dict(machine.scope.names), machine.after, held_by(machine))

    def put_back(self, machine: Machine) -> None:
        """Let it be again as it was."""
        machine.scope.names.clear()
        machine.scope.names.update(self.names)
        machine.after = self.after
        self.held.put_back()

    def untouched(self, gate: Gate) -> Outcome:
        """Return how an arm ends that does nothing."""
        return Outcome(gate, "go", self.names, self.after, self.held)


@dataclass(slots=True)
class Outcome:
    """How an arm ended, with the names it left and what their lists and dicts held."""

    gate: Gate
    signal: Signal
    names: dict[str, Value]
    after: frozenset[int]
    held: Held


def if_statement(machine: Machine, tree: ast.If) -> Signal:
    """Follow the branches of an `if`."""
    if _is_main(tree.test):
        return machine.execute(tree.body)
    if raises_noted_errors(machine, tree):
        return "go"
    begun = len(machine.draft.steps)
    match judge(machine, tree.test):
        case True:
            note_refusal(machine, tree, begun=begun)
            note_instead(machine, tree.test, tree.orelse)
            return machine.execute(tree.body)
        case False:
            note_instead(machine, tree.test, tree.body)
            return machine.execute(tree.orelse)
        case Test() as test:
            machine.take_apart(test.subject)
            return _routed(machine, test, tree)
        case _:
            return _unsaid(machine, tree)


def _is_main(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Compare) and ast.unparse(tree.left) == "__name__"


def _unsaid(machine: Machine, tree: ast.If) -> Signal:
    """Follow both branches, as a flow cannot say when which is taken."""
    before, names = len(machine.draft.steps), dict(machine.scope.names)
    held = held_by(machine)
    first = machine.execute(tree.body)
    left, held_left = dict(machine.scope.names), held.now()
    machine.scope.names.clear()
    machine.scope.names.update(names)
    held.put_back()
    second = machine.execute(tree.orelse) if tree.orelse else "go"
    right = dict(machine.scope.names)
    ways = ((left, held_left, first), (right, held.now(), second))
    kept = [(way, holds) for way, holds, ended in ways if ended == "go"] or [ways[1][:2]]
    _merge_names(machine, [way for way, _ in kept])
    put_together(machine, held, [holds for _, holds in kept])
    if len(machine.draft.steps) > before:
        machine.draft.remark(
            tree.lineno, f"A router cannot say `{_said(tree.test)}`: both ways are taken."
        )
    elif first in {"return", "leave"} and not tree.orelse:
        machine.draft.remark(
            tree.lineno, f"A router cannot say `{_said(tree.test)}`: the flow always goes on."
        )
    return second if first == second else "go"


def _said(tree: ast.expr) -> str:
    said = " ".join(ast.unparse(tree).split())
    return said if len(said) <= 60 else f"{said[:57]}…"


def _routed(machine: Machine, test: Test, tree: ast.If) -> Signal:
    if isinstance(test.subject, Chosen):
        return _on_branch(machine, test.subject.router, test, tree)
    known = _known_router(machine, test)
    if known is not None:
        return _on_branch(machine, known.subject.router, known, tree)  # type: ignore[union-attr]
    if test.is_not:
        arms = [Arm(test.whens, tree.orelse), Arm((), tree.body)]
    else:
        arms = [Arm(test.whens, tree.body)]
        arms += _others(machine, test.subject, tree.orelse)
    return follow(machine, test.subject, arms, line=tree.lineno)


def _key(machine: Machine, test: Test) -> tuple[Value, str | None, tuple[Gate, ...]]:
    return (test.subject, test.whens[0].at, machine.context.gates)


def _known_router(machine: Machine, test: Test) -> Test | None:
    """Return the branch of an earlier router that asked the same thing, one more if need be."""
    router = machine.routers.get(_key(machine, test))
    equals = {when.equals for when in test.whens}
    if router is None or len(equals) != 1 or not isinstance(said := equals.pop(), str):
        return None
    step = machine.draft.steps[router]
    if said not in {rule.branch for rule in step.rules}:
        step.rules.append(Rule(branch=said, when=test.whens[0]))
    return replace(test, subject=Chosen(router), branch=said)


def _others(machine: Machine, subject: Value, orelse: list[ast.stmt]) -> list[Arm]:
    """Return the `elif` arms that ask about the same thing, then the rest."""
    match orelse:
        case [ast.If() as tree]:
            test = judge(machine, tree.test)
            if isinstance(test, Test) and test.subject == subject and not test.is_not:
                return [Arm(test.whens, tree.body), *_others(machine, subject, tree.orelse)]
            return [Arm((), orelse)]
        case _:
            return [Arm((), orelse)]


def _on_branch(machine: Machine, router: int, test: Test, tree: ast.If) -> Signal:
    """Follow an `if`, and its `elif`s, about the branch that a router took."""
    step = machine.draft.steps[router]
    mine: Gate = (router, test.branch)
    arms = [(mine, tree.orelse if test.is_not else tree.body)]
    others = tree.body if test.is_not else tree.orelse
    while (more := _next_branch(machine, router, others)) is not None:
        gate, arm, others = more
        arms.append((gate, arm))
    begun = Begun.now(machine)
    ended = [_follow_arm(machine, gate, arm, begun=begun) for gate, arm in arms]
    if others and len(arms) == 1 and _ends_at_once(others):
        machine.scope.names.update(ended[0].names)
        machine.after = ended[0].after
        return (mine,) if ended[0].signal == "go" else ended[0].signal
    if others:
        other = (router, _other_branch(step, {gate[1] for gate, _ in arms}))
        ended.append(_follow_arm(machine, other, others, begun=begun))
        return _after(machine, ended, begun)
    return _after(machine, [*ended, begun.untouched(mine)], begun)


def _next_branch(
    machine: Machine, router: int, others: list[ast.stmt]
) -> tuple[Gate, list[ast.stmt], list[ast.stmt]] | None:
    """Return the next `elif` that asks about the same router, and what comes after it."""
    match others:
        case [ast.If() as tree]:
            test = judge(machine, tree.test)
            if isinstance(test, Test) and not isinstance(test.subject, Chosen):
                test = _known_router(machine, test)
            if isinstance(test, Test) and test.subject == Chosen(router) and not test.is_not:
                return (router, test.branch), tree.body, tree.orelse
            return None
        case _:
            return None


def _other_branch(step: Step, taken: set[str]) -> str:
    """Return the branch that `else` stands for."""
    left = [rule.branch for rule in step.rules if rule.branch not in taken]
    if step.otherwise is None and not left:
        step.otherwise = "otherwise"
    return step.otherwise if step.otherwise and step.otherwise not in taken else left[0]


def _ends_at_once(body: Sequence[ast.stmt]) -> bool:
    return all(isinstance(each, ast.Return | ast.Continue | ast.Pass) for each in body)


def follow(machine: Machine, subject: Value, arms: list[Arm], *, line: int) -> Signal:
    """Put a router before the arms, and follow each on its branch."""
    if not arms[-1].tests and not arms[-1].body:
        arms = arms[:-1]
        falls_through = True
    else:
        falls_through = bool(arms[-1].tests)
    step = machine.add_step("router", subject, line=line)
    _name_branches(step, arms)
    _remember(machine, step, arms)
    begun = Begun.now(machine)
    ended = [_follow_arm(machine, (step.number, arm.branch), arm.body, begun=begun) for arm in arms]
    if falls_through:
        onward: Gate = (step.number, "otherwise")
        if all(each.signal != "go" for each in ended):
            step.otherwise = "otherwise"
        ended.append(begun.untouched(onward))
    return _after(machine, ended, begun)


def _remember(machine: Machine, step: Step, arms: list[Arm]) -> None:
    """Let a later `if` that asks whether the same thing equals a text use this router."""
    whens = [rule.when for rule in step.rules]
    if whens and all(isinstance(when.equals, str) for when in whens) and arms[0].body is not None:
        key = (step.message, whens[0].at, machine.context.gates)
        machine.routers.setdefault(key, step.number)


def _follow_arm(
    machine: Machine,
    gate: Gate,
    body: Sequence[ast.stmt],
    *,
    begun: Begun,
) -> Outcome:
    begun.put_back(machine)
    with machine.within(gates=(gate,)):
        signal = machine.execute(body)
    return Outcome(gate, signal, dict(machine.scope.names), machine.after, begun.held.now())


def _after(machine: Machine, ended: list[Outcome], begun: Begun) -> Signal:
    """Go on after the arms: on the branches that go on, where one does not."""
    going = [each for each in ended if not isinstance(each.signal, str) or each.signal == "go"]
    machine.after = frozenset().union(*(each.after for each in going or ended))
    if not going:
        return ended[0].signal
    _merge_names(machine, [each.names for each in going])
    put_together(machine, begun.held, [each.held for each in going])
    _let_agents_wait(machine, going)
    if len(going) == len(ended) or len(going) > 1:
        return "go"
    return (going[0].gate,)


def _let_agents_wait(machine: Machine, going: Sequence[Outcome]) -> None:
    """Let a name that stands for another agent on every branch keep the branches."""
    for name, value in machine.scope.names.items():
        agents = [(each.gate, each.names.get(name)) for each in going]
        if isinstance(value, Merged) and all(isinstance(agent, AgentValue) for _, agent in agents):
            options = [(*gate, agent) for gate, agent in agents if isinstance(agent, AgentValue)]
            machine.scope.names[name] = EitherAgent(tuple(options))


def _merge_names(machine: Machine, ways: Sequence[dict[str, Value]]) -> None:
    """Let a name that was given different values stand for one or the other."""
    known = {name: None for way in ways for name in way}
    machine.scope.names.clear()
    for name in known:
        options = [way[name] for way in ways if name in way]
        first = options[0]
        same = all(each is first for each in options)
        machine.scope.names[name] = first if same else machine.either(options)


def _name_branches(step: Step, arms: list[Arm]) -> None:
    """Give every arm the name of its branch, and the router its rules."""
    taken: set[str] = set()
    for arm in arms:
        arm.branch = _free(_branch_of(arm, is_only=len(arms) <= 2), taken)
        for when in arm.tests:
            step.rules.append(Rule(branch=arm.branch, when=when))
        if not arm.tests:
            step.otherwise = arm.branch


def _branch_of(arm: Arm, *, is_only: bool) -> str:
    if not arm.tests:
        return "otherwise"
    first = arm.tests[0]
    said = first.equals if isinstance(first.equals, str) else first.contains
    if said and len(said) <= 40:
        return said
    return "yes" if is_only else "branch"


def _free(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name} {number}"
    taken.add(candidate)
    return candidate
