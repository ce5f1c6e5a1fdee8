"""Brief: what a run took, and what of, in one line for people who look on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.ids import NodeKey, node_of
from flows.trace.comparison import names_in, tokens_of
from flows.trace.duration import say_duration
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.sample import WRITTEN, is_sample
from flows.trace.timing import measure, shown_chain, worked

SHARED: Final = "one shared processor"
"""Of the embedded model, whose calls slow each other down."""


ONE_BY_ONE: Final = "One call at a time: every step waited for the one before it."
"""Of a run that was made to go so, to measure it."""


def say_brief(trace: RunTrace) -> str:
    """Say how many agents worked, how long, and how many side by side; empty before its end.

    `4 agents, up to 3 at once · 12.4 s of calls in 8.3 s`, and what holds these figures down. It
    claims no speed: how long it would have taken otherwise is not known.
    """
    agents = _agents(trace)
    works = [
        node
        for node in worked(trace)
        if node_of(node.key) in agents and node.started_at is not None and not node.reused
    ]
    if trace.ended_at is None or not works:
        return ""
    timing = measure(trace)
    count = len({node_of(node.key) for node in works})
    who = [_counted(count, "agent")]
    who += [_counted(len(works), "call")] if len(works) > count else []
    took = f"{say_duration(timing.sequential_s)} of calls in {say_duration(timing.wall_s)}"
    if len(works) == 1:
        took = say_duration(timing.wall_s)
    return " · ".join(filter(None, [", ".join([*who, *_at_once(works)]), took, _caveat(trace)]))


def say_chain(trace: RunTrace) -> str:
    """Name the longest chain of steps that waited for each other; empty before the run's end.

    It claims no more than that: where a limit held steps back, those have made the run longer.
    """
    timing = measure(trace)
    if trace.ended_at is None or not timing.critical_path:
        return ""
    if not shown_chain(trace, timing):
        return ONE_BY_ONE
    names = names_in(trace)
    chain = " → ".join(names.get(NodeKey(node), node) for node in timing.critical_path)
    took, whole = say_duration(timing.critical_path_s), say_duration(timing.wall_s)
    time = took if took == whole else f"{took} of {whole}"
    if len(timing.critical_path) == 1:
        return f"Longest: {chain}, {time}."
    return f"Longest chain: {chain}. Each waited for the one before; together they took {time}."


def say_used(trace: RunTrace) -> str:
    """Name the models that answered, and count all tokens; empty before the run's end."""
    if trace.status == "running":
        return ""
    models = ", ".join(dict.fromkeys(node.model for node in trace.nodes.values() if node.model))
    tokens = tokens_of(trace)
    return " · ".join(filter(None, [models, "" if tokens is None else f"{tokens:,} tok"]))


def _agents(trace: RunTrace) -> set[str]:
    """Name the agents; a run file from elsewhere may hold anything as its flow."""
    nodes = trace.flow.get("nodes")
    every = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    return {str(node.get("id")) for node in every if node.get("type") == "agent"}


def _at_once(works: Sequence[NodeTrace]) -> list[str]:
    """Count those at work at one time; who waited for a connection was not always at work."""
    if len(works) == 1 or any(node.waited_s > node.loading_s for node in works):
        return []
    changes = sorted(
        change
        for node in works
        if node.begun_at is not None and node.ended_at is not None
        for change in ((node.begun_at, 1), (node.ended_at, -1))
    )
    most = now = 0
    for _, by in changes:
        now += by
        most = max(most, now)
    return [f"up to {most} at once" if most > 1 else "one at a time"]


def _caveat(trace: RunTrace) -> str:
    if is_sample(trace):
        return WRITTEN
    return SHARED if any(node.model.startswith("local/") for node in worked(trace)) else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
