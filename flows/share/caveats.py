"""Caveat: what has to stand beside a run's sums, so that nobody reads more into them."""

from __future__ import annotations

from typing import Final

from flows.trace.fold import RunTrace
from flows.trace.sample import WRITTEN, is_sample

SHARED: Final = "one shared processor"
"""The app's own words for the embedded model, whose calls slow each other down."""

_EMBEDDED: Final = "local/"


def caveat_of(trace: RunTrace) -> str:
    """Say what holds the figures of a run down, or that they are invented; empty where neither."""
    if is_sample(trace):
        return WRITTEN
    asked = (trace.model, *(node.model for node in trace.nodes.values()))
    return SHARED if any(each.startswith(_EMBEDDED) for each in asked) else ""
