"""Flaws: how much went wrong in a run that may have ended well all the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flows.ids import NodeKey, node_of
from flows.trace.events import RunEnd, RunFinished
from flows.trace.fold import RunTrace


@dataclass(frozen=True, slots=True)
class Flaws:
    """How many nodes failed, and of how many the output is a fallback.

    An item of a `for_each` counts for itself, and its container not beside it.
    """

    failed: int = 0
    fallbacks: int = 0


def flaws_at_end(end: RunEnd) -> Flaws:
    """Count what a run's last event tells."""
    fallbacks = end.fallbacks if isinstance(end, RunFinished) else ()
    return Flaws(_count(end.errors), _count(fallbacks))


def flaws_of(trace: RunTrace) -> Flaws:
    """Count what a run's story tells."""
    instead = [key for key, node in trace.nodes.items() if node.status == "finished" and node.error]
    return Flaws(_count(trace.errors), _count(instead))


def _count(keys: Collection[str]) -> int:
    containers = {node_of(NodeKey(key)) for key in keys if "[" in key}
    return sum(key not in containers for key in keys)
