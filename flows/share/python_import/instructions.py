"""Instructions: what an agent is told to be, where a function of the program writes it."""

from __future__ import annotations

from flows.share.python_import.agents import AgentSpec
from flows.share.python_import.draft import Draft
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.texts import parts_of, text_of
from flows.share.python_import.values import (
    AgentValue,
    Function,
    Known,
    Made,
    Unclear,
    Value,
)


def with_instructions(machine: Machine, spec: AgentSpec, message: Value, call: Call) -> Value:
    """Have the instructions of a run written; return its message, headed by what it tells of them.

    Instructions that are the same for every run become the agent's. A flow's instructions have no
    placeholders, so those that tell something of the run stand at the head of its message.
    """
    function = spec.written_by
    if not isinstance(function, Function):
        return message
    given = Made("wrapper", (), {"context": call.options.get("context", Unclear())})
    both: list[Value] = [given, AgentValue(spec)]
    own = both[: len(function.tree.args.args)]
    written = machine.run(machine.call(function, Call(own, {}, call.tree)))
    match written:
        case Known(value=str() as said):
            spec.instructions = said
            return message
        case _ if any(not isinstance(each, str) for each in parts_of(written)):
            machine.draft.remark(
                spec.line,
                f'The instructions of "{spec.name}" are made of what the run is given. Those of a '
                "flow are the same for every run, so these stand at the head of the message: the "
                "model gets them from the user, not from the system.",
            )
            return text_of(written, "\n\n", message)
        case _:
            _remark_unwritten(machine.draft, spec)
            return message


def remark_unwritten(draft: Draft) -> None:
    """Say of agents that no run was seen of where a function would have written instructions."""
    run = {id(step.agent) for step in draft.steps}
    for spec in draft.agents:
        if spec.written_by is not None and id(spec) not in run:
            _remark_unwritten(draft, spec)


def _remark_unwritten(draft: Draft, spec: AgentSpec) -> None:
    draft.remark(spec.line, "The instructions are made by a function; write them into the agent.")
