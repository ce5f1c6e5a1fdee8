"""Reading: a syntax tree as a draft of a flow, from where the program begins."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flows.share.python_import.draft import Entered
from flows.share.python_import.expressions import EXPRESSIONS
from flows.share.python_import.followed import Followed
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.overview import Overview
from flows.share.python_import.places import blocks_of
from flows.share.python_import.statements import STATEMENTS
from flows.share.python_import.values import (
    ClassOf,
    Function,
    Given,
    Instance,
    Made,
    Unclear,
    Value,
)

_Def = ast.FunctionDef | ast.AsyncFunctionDef


def read_program(tree: ast.Module, overview: Overview) -> Machine:
    """Follow a program from its top; where it only defines functions, follow those.

    It is followed again where a literal has to be gone over element by element.
    """
    machine = _walked(tree, overview, frozenset())
    for _ in range(_MOST_WALKS):
        if machine.needed_apart <= machine.apart:
            break
        machine = _walked(tree, overview, machine.apart | machine.needed_apart)
    return machine


_MOST_WALKS = 4


_ENTRIES = frozenset({"main", "run_flow"})


def _walked(tree: ast.Module, overview: Overview, apart: frozenset[ast.AST]) -> Machine:
    machine = Machine(
        EXPRESSIONS,
        STATEMENTS,
        joins=overview.joins,
        followed=Followed(frozenset(overview.parts)),
        apart=apart,
    )
    machine.aliases = {
        each.targets[0].id: each.value
        for each in tree.body
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Subscript)
        and isinstance(each.targets[0], ast.Name)
    }
    machine.followed.helpers = frozenset(
        each for each in tree.body if isinstance(each, _Def) and each.name not in _ENTRIES
    )
    machine.draft.blocks = blocks_of(tree)
    machine.execute(tree.body)
    _follow_rest(machine, tree)
    return machine


def _follow_rest(machine: Machine, tree: ast.Module) -> None:
    """Follow the functions that run agents and that nothing calls."""
    only_defines = not machine.draft.steps
    for each in tree.body:
        if not isinstance(each, _Def) or each in machine.called or not _runs(each):
            continue
        function = machine.scope.find(each.name)
        if isinstance(function, Made):
            continue  # a tool or a guardrail: who has it says so
        if not only_defines:
            machine.draft.remark(each.lineno, f"Nothing calls `{each.name}`; it is left out.")
        elif isinstance(function, Function) and not _is_called(tree, each.name):
            _follow(machine, function, each)


def _runs(tree: _Def) -> bool:
    return any(isinstance(each, ast.Attribute) and _is_runner(each) for each in ast.walk(tree))


def _is_runner(tree: ast.Attribute) -> bool:
    return tree.attr in {"run", "run_sync", "run_streamed"} and ast.unparse(tree.value) == "Runner"


def _is_called(tree: ast.Module, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(tree))


def _follow(machine: Machine, function: Function, tree: _Def) -> None:
    machine.followed.entry = tree
    machine.after = frozenset()  # who calls it is not known, so it waits for no other
    args = [_parameter(machine, each, tree) for each in (*tree.args.args, *tree.args.kwonlyargs)]
    names = [each.arg for each in (*tree.args.args, *tree.args.kwonlyargs)]
    call = Call([], dict(zip(names, args, strict=True)), ast.Call(function.tree, [], []))  # type: ignore[arg-type]
    call.tree.lineno = tree.lineno
    machine.draft.ends.append(machine.run(machine.call(function, call)))


def _parameter(machine: Machine, parameter: ast.arg, tree: _Def) -> Value:
    """Let a parameter be an input, or one for each field; its type may say that it is no text."""
    said = "str" if parameter.annotation is None else ast.unparse(parameter.annotation)
    made = machine.scope.find(said)
    if isinstance(made, ClassOf) and (fields := [*_fields(made.tree)]):
        given: dict[str, Value] = {
            name: _given(machine, name, example, tree) for name, example in fields
        }
        return Instance(made.tree, made.scope, given)
    if not said.startswith(_TEXTS):
        return Unclear()
    return _given(machine, parameter.arg, _default(parameter, tree), tree)


_TEXTS = ("str", "list", "Sequence", "Iterable", "Optional[str]")


def _given(machine: Machine, name: str, example: str, tree: _Def) -> Given:
    entered = Entered(name, tree.lineno, example=example, is_open=True)
    machine.draft.inputs.setdefault(name, entered)
    return Given(name)


def _fields(tree: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the texts that an object of a class has, each with its default."""
    for each in tree.body:
        match each:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=said, value=value):
                if ast.unparse(said).startswith(_TEXTS):
                    yield name, _text(value)
            case _:
                pass


def _text(tree: ast.expr | None) -> str:
    """Return a literal text; empty where there is none."""
    value = tree.value if isinstance(tree, ast.Constant) else None
    return value if isinstance(value, str) else ""


def _default(parameter: ast.arg, tree: _Def) -> str:
    args = tree.args
    placed = zip(args.args[len(args.args) - len(args.defaults) :], args.defaults, strict=True)
    for each, value in (*placed, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
        if each is parameter:
            return _text(value)
    return ""
