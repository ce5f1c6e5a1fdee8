"""Input values: what a run is given, checked against the flow's input nodes."""

from __future__ import annotations

from collections.abc import Mapping

from flows.document.model import Flow, InputNode
from flows.errors import InputError
from flows.ids import NodeId
from flows.plan.wording import did_you_mean, titled
from flows.run.repair import repair_text
from flows.trace.events import Json


def fill_inputs(flow: Flow, given: str | Mapping[str, str]) -> dict[NodeId, Json]:
    """Return a value for every input node: what is given, else its example.

    A bare text stands for the only input. Raises InputError for an id that is no input, a required
    input without a value, a number that is none, a choice that is not offered.
    """
    nodes = flow.inputs
    texts = {_sole(nodes).id: given} if isinstance(given, str) else dict(given)
    known = [node.id for node in nodes]
    for name in texts:
        if name not in known:
            hint = did_you_mean(name, known)
            inputs = ", ".join(known) or "none"
            raise InputError(f'"{name}" is no input of this flow.{hint} Its inputs: {inputs}.')
    said = {node.id: repair_text(texts.get(node.id, node.example)) for node in nodes}
    return {node.id: _value(node, said[node.id]) for node in nodes}


def _sole(nodes: tuple[InputNode, ...]) -> InputNode:
    match nodes:
        case (only,):
            return only
        case ():
            raise InputError("This flow has no input, so it cannot be given one. Add an input.")
        case several:
            ids = ", ".join(node.id for node in several)
            raise InputError(f"This flow has {len(several)} inputs. Say which one: {ids}.")


def _value(node: InputNode, text: str) -> Json:
    if node.required and not text.strip():
        raise InputError(f"The input {titled(node)} needs a value. Give it one.")
    if node.kind == "choice" and text and text not in node.choices:
        offered = ", ".join(f'"{choice}"' for choice in node.choices)
        raise InputError(f'The input {titled(node)} is none of {offered}: "{text}". Choose one.')
    if node.kind == "number" and text.strip():
        return _number(node, text.strip())
    return text


def _number(node: InputNode, text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError as error:
        message = f'The input {titled(node)} is a number, and "{text}" is none. Give it a number.'
        raise InputError(message) from error
