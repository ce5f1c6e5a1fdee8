"""Decorated: functions that are tools, guardrails, ours, or that choose a branch."""

from __future__ import annotations

import ast

from flows.share.python_import.library import is_quiet
from flows.share.python_import.machine import Machine
from flows.share.python_import.ours import name_of_ours
from flows.share.python_import.values import Function, Known, Library, Made, Value

_KINDS = {"function_tool": "tool", "input_guardrail": "guardrail", "output_guardrail": "guardrail"}


def decorated(
    machine: Machine, tree: ast.FunctionDef | ast.AsyncFunctionDef, function: Function
) -> Value:
    """Return what the name of a function stands for."""
    ours = name_of_ours(tree)
    if ours is not None:
        name = ours if ours.startswith("first_results") else ours.split()[0]
        return Library(f"ours.{name}")
    for default in (*tree.args.defaults, *tree.args.kw_defaults):
        if isinstance(default, ast.Call) and not is_quiet(machine, default):
            said = " ".join(ast.unparse(default).split())[:60]
            machine.draft.remark(default.lineno, f"`{said}` is no part of a flow; it is left out.")
    for each in tree.decorator_list:
        kind = _kind_of(each)
        if kind is not None:
            return Made(kind, variable=_name_of(machine, each, tree))
        if not is_quiet(machine, each):
            said = " ".join(ast.unparse(each).split())[:60]
            machine.draft.remark(each.lineno, f"`@{said}` is no part of a flow; it is left out.")
    return function


def _kind_of(tree: ast.expr) -> str | None:
    called = tree.func if isinstance(tree, ast.Call) else tree
    return _KINDS.get(ast.unparse(called).rpartition(".")[2])


def _name_of(machine: Machine, tree: ast.expr, function: ast.stmt) -> str:
    for option in tree.keywords if isinstance(tree, ast.Call) else ():
        value = machine.evaluate(option.value)
        if option.arg == "name_override" and isinstance(value, Known):
            return str(value.value)
    return str(getattr(function, "name", "tool"))
