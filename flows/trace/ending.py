"""Ending: how a node or a run ended, and what kept it from an end of its own, for people."""

from __future__ import annotations

from flows.trace.fold import NodeTrace


def say_status(status: str) -> str:
    """Say the status of a node or a run; what the records call cancelled was stopped."""
    return "stopped" if status == "cancelled" else status


def say_ending(node: NodeTrace) -> str:
    """Say that a node was stopped and why, and that what it had written is not finished.

    Empty for a node that came to a good end, and for one that has none yet.
    """
    match node.status:
        case "cancelled" if node.started_at is None:
            return f"not begun: {node.reason}"
        case "cancelled":
            # a reason can say it itself: "stopped by hand"
            why = node.reason if node.reason.startswith("stopped") else f"stopped: {node.reason}"
            return f"not finished, {why}" if node.text else why
        case "failed":
            return "not finished: it failed" if node.text else "failed"
        case _:
            return ""


def say_flaw(node: NodeTrace) -> str:
    """Say what a result does not tell: that a fallback stands in, it is cut off, it never came."""
    match node.status:
        case "finished":
            if node.error:
                return f"{node.error} Its fallback stands in."
            return node.warning if node.items is None else ""  # its items say it
        case "skipped":
            return f"not reached, {node.reason}"
        case _:
            return ""
