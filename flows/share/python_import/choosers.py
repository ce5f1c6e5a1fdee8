"""Chooser: a function that answers with the name of a branch, read as a router."""

from __future__ import annotations

import ast
from dataclasses import replace

from flows.document.model import Rule, When
from flows.share.python_import.conditions import judge, remark_case
from flows.share.python_import.draft import Step
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.values import Chosen, Function, Scope, Value
from flows.share.python_import.verdicts import Test, Verdict


def is_chooser(tree: ast.AST) -> bool:
    """Say whether a function only asks about its parameter and answers with fixed texts."""
    if not isinstance(tree, ast.FunctionDef) or len(tree.args.args) != 1:
        return False
    answers = [each for each in ast.walk(tree) if isinstance(each, ast.Return)]
    asks = any(isinstance(each, ast.If) for each in tree.body)
    return asks and all(_is_fixed(each.value) for each in answers)


def _is_fixed(tree: ast.expr | None) -> bool:
    match tree:
        case None | ast.Constant(value=str() | None) | ast.Name(id="branches"):
            return True
        case ast.BoolOp(values=[ast.Name(), ast.Set()]):
            return True
        case _:
            return False


def choose(machine: Machine, function: Function, call: Call) -> Value | None:
    """Read a call of such a function as a router; None where its rules cannot be said."""
    tree = function.tree
    if not isinstance(tree, ast.FunctionDef) or len(call.args) != 1:
        return None
    before, joins, machine.joins = machine.scope, machine.joins, frozenset()
    machine.scope = Scope({tree.args.args[0].arg: call.args[0]}, function.scope)
    rules: list[Rule] = []
    otherwise: str | None = None
    subjects: list[Value] = []
    for statement in _flat(tree.body):
        if isinstance(statement, ast.If):
            test, branch = _plain(judge(machine, statement.test)), _branch(statement.body[0])
            if not isinstance(test, Test) or test.is_not or not branch:
                machine.scope, machine.joins = before, joins
                return None
            remark_case(machine, statement.test, test)
            rules += [Rule(branch=branch, when=when) for when in test.whens]
            subjects.append(test.subject)
        elif isinstance(statement, ast.Return):
            otherwise = _branch(statement) or None
        else:
            machine.execute([statement])
    machine.scope, machine.joins = before, joins
    if not rules or any(each != subjects[0] for each in subjects):
        return None
    step = machine.add_step("router", subjects[0], line=call.tree.lineno)
    step.rules, step.otherwise = rules, otherwise
    _describe(step, tree)
    return Chosen(step.number)


def _plain(verdict: Verdict) -> Verdict:
    """Ask whether a field is false where a program asks whether it is not true."""
    match verdict:
        case Test(is_not=True, whens=(When(equals=bool() as said) as when,)):
            other = when.model_copy(update={"equals": not said})
            return replace(verdict, whens=(other,), is_not=False)
        case _:
            return verdict


def _describe(step: Step, tree: ast.FunctionDef) -> None:
    step.takes_all = any(isinstance(each, ast.Name) and each.id == "set" for each in ast.walk(tree))
    step.name = tree.name.removeprefix("choose_").replace("_", " ").strip().capitalize()


def _flat(body: list[ast.stmt]) -> list[ast.stmt]:
    """Write `elif` as an `if` of its own: every arm ends the function."""
    flat: list[ast.stmt] = []
    for statement in body:
        flat.append(statement)
        while isinstance(statement, ast.If) and statement.orelse:
            flat += statement.orelse
            statement = statement.orelse[0]  # noqa: PLW2901 - the chain is walked down
    return flat


def _branch(tree: ast.stmt) -> str:
    """Return the branch a statement answers with."""
    match tree:
        case ast.Return(value=ast.Constant(value=str() as said)):
            return said
        case ast.Return(value=ast.BoolOp(values=[_, ast.Set(elts=[ast.Constant(value=said)])])):
            return str(said)
        case ast.Expr(value=ast.Call(args=[ast.Constant(value=str() as said)])):
            return said
        case _:
            return ""
