"""Binding: the arguments of a call as the names of its function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.share.python_import.values import Function, Given, Known, Listed, Table, Unclear, Value

if TYPE_CHECKING:
    from flows.share.python_import.machine import Call, Machine


def bound_arguments(machine: Machine, function: Function, call: Call) -> dict[str, Value]:
    """Bind arguments to parameters."""
    args = function.tree.args
    names = [each.arg for each in (*args.posonlyargs, *args.args)]
    bound: dict[str, Value] = {}
    defaults = zip(names[len(names) - len(args.defaults) :], args.defaults, strict=True)
    keyed = zip((each.arg for each in args.kwonlyargs), args.kw_defaults, strict=True)
    for name, default in (*defaults, *keyed):
        if default is not None:
            bound[name] = machine.evaluate(default)
    bound |= dict(zip(names, call.args, strict=False))
    if call.tree in machine.entries:
        bound |= {name: _by_name(machine, name, value) for name, value in bound.items()}
    if args.vararg is not None:
        bound[args.vararg.arg] = Listed(list(call.args[len(names) :]))
    if args.kwarg is not None:
        own = {*names, *(each.arg for each in args.kwonlyargs)}
        rest = {name: each for name, each in call.options.items() if name not in own}
        bound[args.kwarg.arg] = Table(rest)
    bound |= call.options
    for name in (*names, *(each.arg for each in args.kwonlyargs)):
        bound.setdefault(name, Unclear())
    return bound


def _by_name(machine: Machine, name: str, value: Value) -> Value:
    match value:
        case Given(name="input", path=()) if "input" in machine.draft.inputs:
            machine.draft.rename_input(name)
            return Given(name)
        case Known(value=str() as said) if said.strip():
            known = machine.constants.setdefault(value.name or name, said)
            return Given(value.name or name) if known == said else value
        case _:
            return value
