"""Routing: `if`, `elif` and `match` on what a step gave, as routers with branches."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.document.model import Rule, When
from flows.share.exact import exact_word
from flows.share.python_import.approvals import note_refusal
from flows.share.python_import.came import on_what_came
from flows.share.python_import.conditions import judge, remark_case
from flows.share.python_import.draft import Step
from flows.share.python_import.gates import Gate, Way
from flows.share.python_import.held import held_by, put_together
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.missing import (
    note_instead,
    raises_failure,
    raises_noted_errors,
)
from flows.share.python_import.outcomes import Begun, after_arms, follow_arm, merge_names
from flows.share.python_import.texts import leaves
from flows.share.python_import.values import (
    Chosen,
    Index,
    Item,
    Output,
    Result,
    Value,
)
from flows.share.python_import.verdicts import Came, Test, on_ways


@dataclass(slots=True)
class Arm:
    """The statements of one branch, and the rules by which it is taken; none: otherwise."""

    tests: tuple[When, ...]
    body: Sequence[ast.stmt]
    branch: str = ""


def if_statement(machine: Machine, tree: ast.If) -> Signal:
    """Follow the branches of an `if`."""
    if _is_main(tree.test):
        return machine.execute(tree.body)
    if raises_noted_errors(machine, tree) or raises_failure(machine, tree):
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
        case Test() as test if not machine.take_apart(test.subject) and is_of_items(machine, test):
            return _unsaid(machine, tree, of="for each item")
        case Test() as test:
            remark_case(machine, tree.test, test)
            return _routed(machine, test, tree)
        case Came() as came:
            return on_what_came(machine, came, tree)
        case _:
            nested = _nested(machine, tree)
            return _unsaid(machine, tree) if nested is None else if_statement(machine, nested)


def _nested(machine: Machine, tree: ast.If) -> ast.If | None:
    """Write `if a and b` as an `if` in an `if`, where a router can say each by itself.

    What is done otherwise is then there twice, so it is to be short.
    """
    match tree:
        case ast.If(test=ast.BoolOp(op=ast.And(), values=[first, *others]), orelse=orelse):
            if sum(1 for each in orelse for _ in ast.walk(each)) > _MOST_TWICE:
                return None
            if not all(isinstance(judge(machine, each), Test) for each in (first, *others)):
                return None
            rest = others[0] if len(others) == 1 else ast.BoolOp(ast.And(), others)
            inner = ast.copy_location(
                ast.If(ast.copy_location(rest, first), tree.body, orelse), tree
            )
            return ast.copy_location(ast.If(first, [inner], orelse), tree)
        case _:
            return None


_MOST_TWICE = 120


def chosen(targets: list[ast.expr], choice: ast.IfExp) -> ast.If:
    """Write `x = a if … else b` as an `if` with two assignments."""
    first, second = (
        ast.copy_location(ast.Assign(targets, value), choice)
        for value in (choice.body, choice.orelse)
    )
    return ast.copy_location(ast.If(choice.test, [first], [second]), choice)


def _is_main(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Compare) and ast.unparse(tree.left) == "__name__"


def is_of_items(machine: Machine, test: Test) -> bool:
    """Say whether a condition is asked for every item of a loop."""
    steps = machine.draft.steps
    return any(
        isinstance(each, Item | Index)
        or (isinstance(each, Output | Result) and steps[each.step].loop is not None)
        for each in leaves(test.subject)
        if machine.context.loop is not None
    )


def _unsaid(machine: Machine, tree: ast.If, *, of: str = "") -> Signal:
    """Follow both branches, as a flow cannot say when which is taken."""
    said = f"`{_said(tree.test)}`{of and ' '}{of}"
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
    several = merge_names(machine, [((), way) for way, _ in kept])
    put_together(machine, held, [((), holds) for _, holds in kept])
    if len(machine.draft.steps) > before:
        read = f", and what reads {several[0]} later is given both" if several else ""
        machine.draft.remark(
            tree.lineno, f"No rule of a router can ask {said}: the flow goes both ways{read}."
        )
    elif first in {"return", "leave", "next"} and not tree.orelse:
        machine.draft.remark(
            tree.lineno, f"No rule of a router can ask {said}: the flow always goes on."
        )
    return second if first == second else "go"


def _said(tree: ast.expr) -> str:
    said = " ".join(ast.unparse(tree).split())
    return said if len(said) <= 60 else f"{said[:57]}…"


def _routed(machine: Machine, test: Test, tree: ast.If) -> Signal:
    if isinstance(test.subject, Chosen):
        router = test.subject.router
        if len(machine.draft.steps[router].gates) > len(machine.context.gates):
            came = on_ways(machine, test)
            assert came is not None
            return on_what_came(machine, came, tree)
        return _on_branch(machine, router, test, tree)
    known = _known_router(machine, test)
    if known is not None:
        return _on_branch(machine, known.subject.router, known, tree)  # type: ignore[union-attr]
    if test.is_not:
        arms = [Arm(test.whens, tree.orelse), Arm((), tree.body)]
    else:
        arms = [Arm(test.whens, tree.body)]
        arms += _others(machine, test.subject, tree.orelse, head=tree.lineno)
    return follow(machine, test.subject, arms, line=tree.lineno)


def _key(machine: Machine, test: Test) -> tuple[Value, str | None, Way]:
    return (test.subject, test.whens[0].at, machine.context.gates)


def _known_router(machine: Machine, test: Test) -> Test | None:
    """Return the branch of an earlier router that asked the same thing, one more if need be.

    Where other steps were done since, a branch of it could not wait for them.
    """
    router = machine.routers.get(_key(machine, test))
    equals = {when.equals for when in test.whens}
    if router is None or len(equals) != 1 or not isinstance(said := equals.pop(), str):
        return None
    if any(all(g.router != router for g in s.gates) for s in machine.draft.steps[router + 1 :]):
        return None
    step = machine.draft.steps[router]
    if said not in {rule.branch for rule in step.rules}:
        step.rules.append(Rule(branch=said, when=test.whens[0]))
    return replace(test, subject=Chosen(router), branches=(said,))


def _others(machine: Machine, subject: Value, orelse: list[ast.stmt], *, head: int) -> list[Arm]:
    """Return the `elif` arms that ask about the same thing, then the rest."""
    match orelse:
        case [ast.If() as tree]:
            test = judge(machine, tree.test)
            if isinstance(test, Test) and test.subject == subject and not test.is_not:
                remark_case(machine, tree.test, test)
                machine.draft.heads[tree.lineno] = head
                others = _others(machine, subject, tree.orelse, head=head)
                return [Arm(test.whens, tree.body), *others]
            return [Arm((), orelse)]
        case _:
            return [Arm((), orelse)]


def _on_branch(machine: Machine, router: int, test: Test, tree: ast.If) -> Signal:
    """Follow an `if`, and its `elif`s, about the branch that a router took."""
    is_not = test.is_not
    arms = [(Gate(router, test.branches), tree.orelse if is_not else tree.body)]
    others = tree.body if is_not else tree.orelse
    while (more := _next_branch(machine, router, others)) is not None:
        gate, arm, others = more
        arms.append((gate, arm))
    taken = tuple(branch for gate, _ in arms for branch in gate.branches)
    arms.append((Gate(router, taken, is_other=True), others))
    begun = Begun.now(machine)
    ended = [follow_arm(machine, (gate,), arm, begun=begun) for gate, arm in arms]
    return after_arms(machine, ended, begun)


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
                return Gate(router, test.branches), tree.body, tree.orelse
            return None
        case _:
            return None


def follow(machine: Machine, subject: Value, arms: list[Arm], *, line: int) -> Signal:
    """Put a router before the arms, and follow each on its branch."""
    if arms[-1].tests:
        arms = [*arms, Arm((), [])]
    step = machine.add_step("router", subject, line=line)
    _name_branches(step, arms)
    _remember(machine, step, arms)
    taken = tuple(arm.branch for arm in arms if arm.tests)
    begun = Begun.now(machine)
    ended = [follow_arm(machine, (_gate(step, arm, taken),), arm.body, begun=begun) for arm in arms]
    return after_arms(machine, ended, begun)


def _gate(step: Step, arm: Arm, taken: tuple[str, ...]) -> Gate:
    """Return the gate of an arm; the last one's is open for whatever no other says."""
    is_other = not arm.tests
    return Gate(step.number, taken if is_other else (arm.branch,), is_other=is_other)


def _remember(machine: Machine, step: Step, arms: list[Arm]) -> None:
    """Let a later `if` that asks whether the same thing equals a text use this router."""
    whens = [rule.when for rule in step.rules]
    if whens and all(isinstance(when.equals, str) for when in whens) and arms[0].body is not None:
        key = (step.message, whens[0].at, machine.context.gates)
        machine.routers.setdefault(key, step.number)


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
    said = said or (exact_word(first.matches) or "").strip('"')
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
