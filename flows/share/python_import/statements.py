"""Statement: what the statements of a program do to its names, steps and policies."""

from __future__ import annotations

import ast

from flows.share.python_import.blocks import for_statement, while_statement
from flows.share.python_import.contexts import with_statement
from flows.share.python_import.endings import end_branch
from flows.share.python_import.failures import try_statement
from flows.share.python_import.library import is_quiet
from flows.share.python_import.loops import bind
from flows.share.python_import.machine import Machine, Signal, Statements
from flows.share.python_import.matching import match_statement
from flows.share.python_import.routing import if_statement
from flows.share.python_import.saying import remark_worked_out, short
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import (
    AgentValue,
    Chosen,
    ClassOf,
    Function,
    Given,
    Known,
    Listed,
    Made,
    Output,
    Text,
    Unclear,
    Value,
)


def _assign(machine: Machine, tree: ast.Assign) -> Signal:
    if isinstance(tree.value, ast.IfExp) and isinstance(tree.targets[0], ast.Name):
        return if_statement(machine, _as_if(tree, tree.value))
    value = machine.evaluate(tree.value)
    for target in tree.targets:
        bind(machine, target, _placed(machine, target, value, tree))
    return "go"


def _as_if(tree: ast.Assign, choice: ast.IfExp) -> ast.If:
    """Write `x = a if … else b` as an `if` with two assignments."""
    first, second = (
        ast.copy_location(ast.Assign(tree.targets, value), tree)
        for value in (choice.body, choice.orelse)
    )
    return ast.copy_location(ast.If(choice.test, [first], [second]), tree)


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
    match value:
        case Known(value=str() as said, name=""):
            return Known(said, name)
        case Given(name="input", path=()) if "input" in machine.draft.inputs:
            return machine.rename_input(name)
        case AgentValue(spec=spec) if not spec.variable:
            spec.variable = name
        case Made(variable=""):
            return Made(value.kind, value.args, value.options, name)
        case Chosen(router=router):
            machine.draft.steps[router].variable = name
        case Text() | Listed() | Output() if name in machine.joins:
            return _join(machine, name, value, line=tree.lineno)
        case _:
            pass
    return value


def _join(machine: Machine, name: str, value: Value, *, line: int) -> Value:
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
    if _leaves(tree.value):
        return "leave"
    if len(machine.draft.steps) == before and not is_quiet(machine, tree.value):
        machine.draft.remark(
            tree.lineno, f"`{short(tree.value)}` is no part of a flow; it is left out."
        )
    return "go"


def _leaves(tree: ast.expr) -> bool:
    """Say whether a call ends the program."""
    return isinstance(tree, ast.Call) and ast.unparse(tree.func) in {
        "exit",
        "quit",
        "sys.exit",
        "os._exit",
    }


def _return(machine: Machine, tree: ast.Return) -> Signal:
    value = Known(None) if tree.value is None else machine.evaluate(tree.value)
    if machine.is_outermost and tree.value is not None:
        remark_worked_out(machine, tree.value, value)
    end_branch(machine, value, line=tree.lineno)
    machine.returned.append(value)
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
    return "raise"


def _leave(_machine: Machine, _tree: ast.Break | ast.Continue) -> Signal:
    return "leave"


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
    ast.Continue: _leave,
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
