"""Wording: how problems name nodes, and what a person may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from flows.document.model import Flow, Node
from flows.document.naming import was_chosen
from flows.document.problem import Problem
from flows.ids import NodeId


def error(code: str, message: str, *nodes: NodeId) -> Problem:
    """Make a problem that stops a run."""
    return Problem(code=code, severity="error", message=message, nodes=nodes)


def warning(code: str, message: str, *nodes: NodeId) -> Problem:
    """Make a problem that does not stop a run."""
    return Problem(code=code, severity="warning", message=message, nodes=nodes)


def advice(code: str, message: str, *nodes: NodeId) -> Problem:
    """Make a finding that only says what could be better."""
    return Problem(code=code, severity="advice", message=message, nodes=nodes)


def called(flow: Flow, node_id: NodeId) -> str:
    """Name a node as people see it, with its id where that says more."""
    for node in flow.nodes:
        if node.id == node_id:
            return titled(node)
    return f'"{node_id}"'


def titled(node: Node) -> str:
    """Name a node: `"Picker" (pick)`; without its id where nobody chose that: `"Agent 2"`."""
    is_known = was_chosen(node) and node.name != node.id
    return f'"{node.name}" ({node.id})' if is_known else f'"{node.name}"'


def listed(names: Sequence[str]) -> str:
    """Name several in a sentence: `A, B and C`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "…"?` when a known word is close, else an empty text."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f' Did you mean "{close[0]}"?' if close else ""
