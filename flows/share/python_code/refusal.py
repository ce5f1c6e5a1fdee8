"""Refusal: what a flow says and plain Python cannot yet: a sentence, never wrong code."""

from __future__ import annotations

from flows.document.model import Node
from flows.errors import FlowsError
from flows.plan.wording import titled


class NotSayableError(FlowsError):
    """The flow cannot be written as Python yet; the text says what stands in the way."""


def refusal(node: Node | None, said: str) -> NotSayableError:
    """Make the error to raise: `said` is what the node (or the flow) does, then what to do."""
    subject = "The flow" if node is None else titled(node)
    return NotSayableError(f"This flow cannot be exported to Python yet: {subject} {said}")
