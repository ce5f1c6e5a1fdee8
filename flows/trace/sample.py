"""Sample: a run whose answers were written by a person and whose timings are invented."""

from __future__ import annotations

from typing import Final

from flows.trace.fold import RunTrace

WRITTEN: Final = "written answers, invented timings"
"""Stands as the model in every record of a sample, so that a copy of its file carries it."""


def is_sample(trace: RunTrace) -> bool:
    """Tell whether no model gave the answers of this run, so that its times say nothing."""
    return trace.model == WRITTEN
