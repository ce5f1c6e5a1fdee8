"""Ending: what a program gives where it ends on a branch."""

from __future__ import annotations

import json

from flows.share.python_import.links import steps_in
from flows.share.python_import.machine import Machine
from flows.share.python_import.texts import parts_of
from flows.share.python_import.values import Known, Output, Table, Value


def end_branch(machine: Machine, value: Value, *, line: int) -> Value:
    """Let a join give what is returned on a branch, unless the last step there gives it itself.

    Returns what is then given.
    """
    gates = machine.context.gates
    if not (gates and machine.followed.ends_here):
        return value
    given = _given(value)
    steps = [machine.draft.steps[each] for each in steps_in(given)]
    if any(set(gates) <= set(step.gates) for step in steps) or not parts_of(given):
        return value
    if given in {Known(None), Known("")}:
        return value
    if isinstance(given, Table):
        machine.draft.remark(line, "A dict is returned here; the flow gives the texts in it.")
    step = machine.add_step("join", given, line=line)
    step.name = "End"
    return Output(step.number)


def end_without_result(machine: Machine, *, line: int) -> None:
    """Let a join say what is shown where the program ends on a branch and gives nothing."""
    way = machine.context.gates
    said = machine.last_words.get(way)
    if (
        not way
        or said is None
        or machine.context.loop is not None
        or not machine.followed.is_outermost
    ):
        return
    step = machine.add_step("join", Known(said), line=line)
    step.name = "End"


def remark_failing(machine: Machine, *, line: int) -> None:
    """Say of an error that is raised on a branch that the flow only ends there."""
    if machine.context.gates:
        machine.draft.remark(
            line,
            "The program stops with an error here; the flow does nothing more on this branch, and "
            "does not fail.",
        )


def _given(value: Value) -> Value:
    """Return what of a dict is read: the text of a result, or the whole as JSON."""
    match value:
        case Table(pairs={"output_text": said}):
            return said
        case Table(pairs=pairs) if all(isinstance(each, Known) for each in pairs.values()):
            plain = {key: each.value for key, each in pairs.items() if isinstance(each, Known)}
            return Known(json.dumps(plain, ensure_ascii=False))
        case _:
            return value
