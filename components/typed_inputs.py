"""TypedInputs: what somebody typed to run a flow; it is theirs, and never in the flow's file."""

from __future__ import annotations

from collections.abc import Mapping

from flows.document.model import Flow, InputNode
from flows.ids import NodeId


def unkept_inputs(flow: Flow, typed: Mapping[NodeId, str]) -> tuple[InputNode, ...]:
    """Return the inputs for which something else was typed than the example of the flow."""
    return tuple(node for node in flow.inputs if typed.get(node.id, "") not in ("", node.example))
