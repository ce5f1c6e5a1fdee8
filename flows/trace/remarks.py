"""Remark: what has to be known of two runs before their figures are compared."""

from __future__ import annotations

from collections.abc import Iterator

from flows.ids import NodeId, NodeKey
from flows.trace.comparison import names_in
from flows.trace.differences import differences
from flows.trace.fold import RunTrace
from flows.trace.sample import is_sample

LETTERS = ("A", "B")

_MOST = 8
"""So many nodes are named; of more only the number is said."""

_DRAWN_ONLY = "Between them only how the flow is drawn or described was changed."


def remarks_on(first: RunTrace, second: RunTrace) -> Iterator[str]:
    """Say in sentences what was changed between the two, and what their times do not say.

    That flows, inputs or models are others is said by `say_verdict`.
    """
    sides = tuple(zip(LETTERS, (first, second), strict=True))
    invented = [letter for letter, trace in sides if is_sample(trace)]
    if invented:
        yield (
            f"{' and '.join(invented)}: written answers, invented timings. "
            "They say nothing about speed."
        )
    if any(_is_local(trace) for _, trace in sides):
        yield "Calls of the embedded model share one processor: their overlap is no speed-up."
    yield from _of_flows(first, second)
    for letter, trace in sides:
        if trace.error:
            yield f"{letter}: {trace.error}"


def _of_flows(first: RunTrace, second: RunTrace) -> Iterator[str]:
    if first.flow.get("name") != second.flow.get("name"):
        yield from _of_one_alone(first, second)
    elif first.flow != second.flow:
        told = "; ".join(differences(first.flow, second.flow))
        yield f"Changed between them: {told}." if told else _DRAWN_ONLY


def _of_one_alone(first: RunTrace, second: RunTrace) -> Iterator[str]:
    """Name the nodes that only one of two flows has: they have nothing to stand beside."""
    names = (_steps(first), _steps(second))
    shared = names[0].keys() & names[1].keys()
    if not shared:
        yield "No step is in both."
        return
    for letter, mine in zip(LETTERS, names, strict=True):
        alone = [name for key, name in mine.items() if key not in shared]
        more = [f"{len(alone) - _MOST} more"] if len(alone) > _MOST else []
        if alone:
            yield f"Only in {letter}: {', '.join([*alone[:_MOST], *more])}."


def _steps(trace: RunTrace) -> dict[NodeKey, str]:
    return {key: name for key, name in names_in(trace).items() if NodeId(key) in trace.parents}


def _is_local(trace: RunTrace) -> bool:
    return any(node.model.startswith("local/") for node in trace.nodes.values())
