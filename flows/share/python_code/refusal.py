"""Refusal: what a flow says and Python without a framework cannot yet: a sentence, never wrong code."""

from __future__ import annotations

from typing import NoReturn

from flows.document.model import Node
from flows.errors import FlowsError
from flows.plan.wording import titled


class NotSayableError(FlowsError):
    """The flow cannot be written as Python yet; the text says what stands in the way."""


def refuse(node: Node | None, said: str) -> NoReturn:
    """Raise NotSayableError: `said` is what the node does, then what to do."""
    subject = "The flow" if node is None else titled(node)
    raise NotSayableError(f"This flow cannot be exported to Python yet: {subject} {said}")
