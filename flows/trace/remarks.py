"""Remark: what has to be known of two runs before their figures are compared."""

from __future__ import annotations

from collections.abc import Iterator

from flows.trace.fold import RunTrace
from flows.trace.sample import is_sample

LETTERS = ("A", "B")


def remarks_on(first: RunTrace, second: RunTrace) -> Iterator[str]:
    """Say in sentences what the two have not in common, and what their times do not say."""
    sides = tuple(zip(LETTERS, (first, second), strict=True))
    invented = [letter for letter, trace in sides if is_sample(trace)]
    if invented:
        yield (
            f"{' and '.join(invented)}: written answers, invented timings. "
            "They say nothing about speed."
        )
    if any(_is_local(trace) for _, trace in sides):
        yield "Calls of the embedded model share one processor: their overlap is no speed-up."
    if first.flow.get("name") != second.flow.get("name"):
        yield "They ran two flows."
    elif first.flow != second.flow:
        yield "The flow, or how it runs, was changed between them."
    if first.inputs != second.inputs:
        yield "Their inputs are different."
    for letter, trace in sides:
        if trace.error:
            yield f"{letter}: {trace.error}"


def _is_local(trace: RunTrace) -> bool:
    return any(node.model.startswith("local/") for node in trace.nodes.values())
