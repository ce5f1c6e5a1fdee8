"""Statement: what the statements of a program do to its names, steps and policies."""

from __future__ import annotations

import ast
from dataclasses import replace

from flows.share.python_import.blocks import for_statement, while_statement
from flows.share.python_import.contexts import with_statement
from flows.share.python_import.endings import end_branch, end_without_result, remark_failing
from flows.share.python_import.failures import try_statement
from flows.share.python_import.library import is_quiet
from flows.share.python_import.links import steps_in
from flows.share.python_import.loops import bind
from flows.share.python_import.machine import Machine, Signal, Statements
from flows.share.python_import.matching import match_statement
from flows.share.python_import.routing import chosen, if_statement
from flows.share.python_import.saying import remark_worked_out, short
from flows.share.python_import.showing import leaves_program
from flows.share.python_import.text_methods import is_split
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import (
    NOTHING,
    AgentValue,
    Chosen,
    ClassOf,
    Function,
    Given,
    Known,
    Listed,
    Made,
    Merged,
    Output,
    Text,
    Unclear,
    Value,
)


def _assign(machine: Machine, tree: ast.Assign) -> Signal:
    if isinstance(tree.value, ast.IfExp) and isinstance(tree.targets[0], ast.Name):
        return if_statement(machine, chosen(tree.targets, tree.value))
    value = machine.evaluate(tree.value)
    if isinstance(tree.targets[0], ast.Tuple) and is_split(tree.value) and [*steps_in(value)]:
        machine.draft.remark(
            tree.lineno, f"A flow does not take `{short(tree.value)}` apart: all of it goes on."
        )
        value = Listed([value for _ in tree.targets[0].elts])
    for target in tree.targets:
        bind(machine, target, _placed(machine, target, value, tree))
    return "go"


def _annotated(machine: Machine, tree: ast.AnnAssign) -> Signal:
    if tree.value is not None:
        value = machine.evaluate(tree.value)
        bind(machine, tree.target, _placed(machine, tree.target, value, tree))
    return "go"


def _placed(machine: Machine, target: ast.expr, value: Value, tree: ast.stmt) -> Value:
    """Note under which name a value stands."""
    if not isinstance(target, ast.Name):
        return value
    name = target.id
    if (
        name in machine.joins
        and not machine.followed.is_in_helper
        and isinstance(value, Text | Listed | Output | Known | Merged)
    ):
        return _joined(machine, name, value, line=tree.lineno)
    match value:
        case Known(value=str() as said, name=""):
            return Known(said, name)
        case Given(name="input", path=()) if "input" in machine.draft.inputs:
            machine.draft.rename_input(name)
            return Given(name)
        case AgentValue(spec=spec) if not spec.variable:
            spec.variable = name
        case Made(variable=""):
            return replace(value, variable=name)
        case Chosen(router=router):
            machine.draft.steps[router].variable = name
        case _:
            pass
    return value


def _of_step(machine: Machine, value: Value, *, line: int) -> Value:
    """Note what the coroutine of a step gives, in a program of ours: `run_memo` gives the memo."""
    name = machine.followed.step_here
    match value:
        case Chosen(router=router) if name:
            machine.draft.steps[router].variable = name
        case Output(step=step) if machine.draft.steps[step].variable == name:
            pass
        case Text() | Listed() | Output() | Known() | Merged() if name in machine.joins:
            return _joined(machine, name, value, line=line)
        case _:
            pass
    return value


def _joined(machine: Machine, name: str, value: Value, *, line: int) -> Value:
    if value == NOTHING:
        return value
    step = machine.add_step("join", value, line=line)
    step.variable, step.as_list = name, isinstance(value, Listed)
    return Output(step.number)


def _added(machine: Machine, tree: ast.AugAssign) -> Signal:
    old, new = machine.evaluate(_loaded(tree.target)), machine.evaluate(tree.value)
    if isinstance(tree.op, ast.Add):
        if isinstance(old, Listed):
            old.items += new.items if isinstance(new, Listed) else [new]
            return "go"
        bind(machine, tree.target, text_of(old, new))
    else:
        bind(machine, tree.target, Unclear((old, new)))
    return "go"


def _loaded(target: ast.expr) -> ast.expr:
    return ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else target


def _expression(machine: Machine, tree: ast.Expr) -> Signal:
    if isinstance(tree.value, ast.Constant):
        return "go"
    before = len(machine.draft.steps)
    machine.evaluate(tree.value)
    if leaves_program(tree.value):
        end_without_result(machine, line=tree.lineno)
        return "leave"
    if len(machine.draft.steps) == before and not is_quiet(machine, tree.value):
        machine.draft.remark(
            tree.lineno, f"`{short(tree.value)}` is no part of a flow; it is left out."
        )
    return "go"


def _return(machine: Machine, tree: ast.Return) -> Signal:
    value = Known(None) if tree.value is None else machine.evaluate(tree.value)
    if machine.followed.is_outermost and tree.value is not None:
        remark_worked_out(machine, tree.value, value)
    if value == NOTHING:
        end_without_result(machine, line=tree.lineno)
    value = _of_step(machine, value, line=tree.lineno)
    value = end_branch(machine, value, line=tree.lineno)
    machine.returned.append((machine.context.gates, value))
    return "return"


def _function(machine: Machine, tree: ast.FunctionDef | ast.AsyncFunctionDef) -> Signal:
    from flows.share.python_import.decorated import decorated

    machine.scope.names[tree.name] = decorated(machine, tree, Function(tree, machine.scope))
    return "go"


def _class(machine: Machine, tree: ast.ClassDef) -> Signal:
    machine.scope.names[tree.name] = ClassOf(tree, machine.scope)
    for each in tree.decorator_list:
        if not isinstance(each, ast.Name | ast.Attribute | ast.Call) or not is_quiet(machine, each):
            _remark_decorator(machine, each)
    return "go"


def _remark_decorator(machine: Machine, tree: ast.expr) -> None:
    machine.draft.remark(tree.lineno, f"`@{short(tree)}` is no part of a flow; it is left out.")


def _raise(machine: Machine, tree: ast.Raise) -> Signal:
    if tree.exc is not None:
        machine.shown |= {*ast.walk(tree.exc)}
        machine.evaluate(tree.exc)
        if tree.cause is None:
            remark_failing(machine, line=tree.lineno)
    return "raise"


def _leave(machine: Machine, _tree: ast.Break) -> Signal:
    machine.left.append((machine.context.gates, dict(machine.scope.names)))
    return "leave"


def _next(machine: Machine, _tree: ast.Continue) -> Signal:
    machine.passed.append((machine.context.gates, dict(machine.scope.names)))
    return "next"


def _import(machine: Machine, tree: ast.Import | ast.ImportFrom) -> Signal:
    from flows.share.python_import.values import Library

    module = "" if isinstance(tree, ast.Import) else f"{tree.module or ''}."
    for alias in tree.names:
        bound = alias.asname or alias.name
        if isinstance(tree, ast.Import) and alias.asname is None:
            bound = alias.name.partition(".")[0]
            machine.scope.names[bound] = Library(bound)
        else:
            machine.scope.names[bound] = Library(f"{module}{alias.name}")
    return "go"


STATEMENTS: Statements = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _added,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Raise: _raise,
    ast.Break: _leave,
    ast.Continue: _next,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.If: if_statement,
    ast.Match: match_statement,
    ast.For: for_statement,
    ast.AsyncFor: for_statement,
    ast.While: while_statement,
    ast.Try: try_statement,
    ast.TryStar: try_statement,
    ast.With: with_statement,
    ast.AsyncWith: with_statement,
}
