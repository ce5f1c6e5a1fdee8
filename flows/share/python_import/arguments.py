"""Argument: what a program asks for on its command line or at its prompt becomes an input."""

from __future__ import annotations

from flows.share.python_import.draft import Entered
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.values import Given, Known, Listed, Value


def add_argument(machine: Machine, call: Call) -> None:
    """Note an argument of argparse as an input."""
    flags = [each.value for each in call.args if isinstance(each, Known)]
    option = next((str(each) for each in flags if str(each).startswith("--")), "")
    name = _said(call.options.get("dest")) or str(flags[-1] if flags else "input").strip("-")
    name = name.replace("-", "_")
    choices = call.options.get("choices")
    needed = call.options.get("required")
    machine.draft.inputs[name] = Entered(
        name,
        call.tree.lineno,
        example=_said(call.options.get("default")),
        description=_said(call.options.get("help")).replace("%%", "%"),
        choices=tuple(_said(each) for each in choices.items) if isinstance(choices, Listed) else (),
        required=bool(isinstance(needed, Known) and needed.value)
        or not (option or "nargs" in call.options or "default" in call.options),
        option=option.removeprefix("--"),
    )


def read_input(machine: Machine, call: Call) -> Value:
    """Note what a person is asked for as an input; it is called as its variable later on."""
    said = _said(call.args[0]).strip().rstrip(":>").strip() if call.args else ""
    machine.draft.inputs["input"] = Entered("input", call.tree.lineno, description=said)
    return Given("input")


def _said(value: Value | None) -> str:
    if isinstance(value, Known) and value.value is not None:
        return str(value.value)
    return ""
