"""Refusal: what a flow says and plain Python cannot yet: a sentence, never wrong code."""

from __future__ import annotations

from flows.document.model import ApprovalNode, Flow, Node
from flows.errors import FlowsError
from flows.plan.wording import titled


class NotSayableError(FlowsError):
    """The flow cannot be written as Python yet; the text says what stands in the way."""


def refusal(node: Node | None, said: str) -> NotSayableError:
    """Make the error to raise: `said` is what the node (or the flow) does, then what to do."""
    subject = "The flow" if node is None else titled(node)
    return NotSayableError(f"This flow cannot be exported to Python yet: {subject} {said}")


def refuse_unready(flow: Flow) -> None:
    """Raise where a flow has what no program can say yet."""
    for node in flow.nodes:
        if isinstance(node, ApprovalNode):
            raise refusal(node, "waits for a person. Take it out to export the flow.")
        for name in ("tools", "mcp", "guardrails", "session"):
            if getattr(node, name, None):
                raise refusal(node, f'uses "{name}". Take it out to export the flow.')
    if any(edge.kind != "data" for edge in flow.edges):
        raise refusal(None, "has handoffs or agents as tools. Take them out to export the flow.")
