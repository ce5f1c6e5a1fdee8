"""Verdict: which of two runs took less time, by how much and why, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flows.ids import NodeKey, node_of
from flows.plan.wording import listed
from flows.trace.comparison import NodePair, compare
from flows.trace.duration import say_duration
from flows.trace.flaws import Flaws, flaws_of
from flows.trace.fold import RunTrace
from flows.trace.measured import say_measured, say_worth
from flows.trace.pace import is_slower, paces_of, say_pace, say_rates, slower_s, together
from flows.trace.remarks import LETTERS
from flows.trace.sample import is_sample
from flows.trace.timing import Timing, measure, retried_s, worked

_SAME_PART: Final = 0.05
"""Below this part of the longer one the two took the same time."""

_MOST_PART: Final = 0.5
_SOME_PART: Final = 0.2
"""What accounts for less of the difference is no reason for it."""


_ALL: Final = 2
"""Of so many nodes it can be said that all did something."""


def say_verdict(first: RunTrace, second: RunTrace) -> str:
    """Say which was faster, by how much and why, and how far that can be relied on.

    Of one that goes on, and of invented timings, only what they have not in common. One run each is
    one try each, and "N times faster" is said of none but a measured one.
    """
    goes_on = "running" in {first.status, second.status}
    if goes_on or is_sample(first) or is_sample(second):
        return " ".join(_caveats(first, second))
    for one, other in ((first, second), (second, first)):
        if one.measures is not None and one.measures.run == other.run_id:
            return say_measured(one)
    return " ".join([*_times(first, second), *_caveats(first, second)])


def _times(first: RunTrace, second: RunTrace) -> Iterator[str]:
    unended = [
        f"{letter} {_ended(trace)}"
        for letter, trace in zip(LETTERS, (first, second), strict=True)
        if trace.status != "finished"
    ]
    if unended:
        yield f"{' and '.join(unended)}: which is faster cannot be said."
        return
    walls = (measure(first).wall_s, measure(second).wall_s)
    said = tuple(map(say_duration, walls))
    less = abs(walls[0] - walls[1])
    if less < max(walls) * _SAME_PART or said[0] == said[1]:
        yield f"Both took about the same time: A {said[0]}, B {said[1]}."
    else:
        slow = int(walls[1] > walls[0])
        fast = f"{LETTERS[1 - slow]} was faster by {say_duration(less)}"
        why = "".join(_why(first, second, slow=slow, less_s=less))
        yield f"{fast} ({said[1 - slow]}, {LETTERS[slow]} took {said[slow]}){why}."
    yield say_worth(*walls)


def _ended(trace: RunTrace) -> str:
    words = {"failed": "failed", "cancelled": "was stopped", "interrupted": "was interrupted"}
    return f"{words[trace.status]} after {say_duration(measure(trace).wall_s)}"


def _why(first: RunTrace, second: RunTrace, *, slow: int, less_s: float) -> Iterator[str]:
    """Say what accounts for most of the difference: a node, or something that made nodes wait."""
    runs = (first, second)
    reasons = [
        *_of_nodes(*runs, slow=slow),
        *_of_waits(*runs, slow=slow),
        *_of_paces(*runs, slow=slow),
    ]
    seconds, says = max(reasons)
    if seconds >= less_s * _SOME_PART:
        part = "mainly" if seconds >= less_s * _MOST_PART else "partly"
        yield f", {part} because {says}"


def _of_nodes(first: RunTrace, second: RunTrace, *, slow: int) -> Iterator[tuple[float, str]]:
    """Tell how much longer each node of the slower run's longest chain worked in it."""
    yield 0.0, ""
    told = compare(first, second)
    for pair in told.nodes:
        stretches = (pair.first, pair.second)
        here, there = stretches[slow], stretches[1 - slow]
        if here is None or not here.is_critical:
            continue
        more = here.busy_s - (0.0 if there is None else there.busy_s)
        yield more, _node(pair, (first, second), slow=slow, more_s=more)


def _node(pair: NodePair, runs: tuple[RunTrace, RunTrace], *, slow: int, more_s: float) -> str:
    stretches, letter = (pair.first, pair.second), LETTERS[slow]
    there = stretches[1 - slow]
    took = say_duration(more_s)
    if not pair.is_in[1 - slow] or there is None or not there.busy_s:
        reused = ", and was reused in the other" if there is not None and there.reused else ""
        says = f"{pair.name} took {took} in {letter} alone{reused}"
    else:
        says = f"{pair.name} took {took} longer in {letter}"
    lost = min(_lost_s(runs[slow], pair) - _lost_s(runs[1 - slow], pair), more_s)
    if lost >= more_s * _SOME_PART:
        return f"{says}, {say_duration(lost)} of it in failed attempts and the waits after them"
    paces = (paces_of(runs[slow]).get(pair.key), paces_of(runs[1 - slow]).get(pair.key))
    if paces[0] is None or paces[1] is None:
        return says
    return says + say_pace(paces[0], paces[1], more_s=more_s, part=_SOME_PART)


def _lost_s(trace: RunTrace, pair: NodePair) -> float:
    """Return what failed attempts took of a node and of its items."""
    mine = (node for node in worked(trace) if NodeKey(node_of(node.key)) == pair.key)
    return sum(retried_s(node, node.ended_at or trace.started_at) for node in mine)


def _of_paces(first: RunTrace, second: RunTrace, *, slow: int) -> Iterator[tuple[float, str]]:
    """Tell what it cost that all nodes wrote more slowly: that is no node's doing."""
    runs = (first, second)
    here, there = paces_of(runs[slow]), paces_of(runs[1 - slow])
    both = [key for key in here if key in there]
    if len(both) < _ALL or not all(is_slower(here[key], there[key]) for key in both):
        return
    chain = [NodeKey(node) for node in measure(runs[slow]).critical_path]
    seconds = sum(slower_s(here[key], there[key]) for key in chain if key in both)
    rates = say_rates(together(here[key] for key in both), together(there[key] for key in both))
    yield seconds, f"every agent wrote more slowly in {LETTERS[slow]}: {rates}"


def _of_waits(first: RunTrace, second: RunTrace, *, slow: int) -> Iterator[tuple[float, str]]:
    """Tell how much longer the slower run was held up by what is no node's work."""
    timings = (measure(first), measure(second))
    for name, seconds in (
        ("limits made nodes wait", _more(timings, "limit_s", slow)),
        ("barriers made stages wait", _more(timings, "barrier_s", slow)),
        ("the embedded model was being loaded", _more(timings, "loading_s", slow)),
    ):
        yield seconds, f"{name}, {say_duration(seconds)} more in {LETTERS[slow]}"


def _more(timings: tuple[Timing, Timing], field: str, slow: int) -> float:
    return float(getattr(timings[slow], field) - getattr(timings[1 - slow], field))


def _caveats(first: RunTrace, second: RunTrace) -> Iterator[str]:
    """Say what they had not in common, and what failed in one and not in the other."""
    flaws = (flaws_of(first), flaws_of(second))
    if flaws[0] != flaws[1]:
        sides = zip(LETTERS, flaws, strict=True)
        told = " and ".join(f"{letter} had {_flaws(each)}" for letter, each in sides)
        yield f"{told}."
    unlike = list(_unlike(first, second))
    if unlike:
        yield f"They {listed(unlike)}: what differs may come of that."
    reused = [
        letter
        for letter, trace in zip(LETTERS, (first, second), strict=True)
        if any(node.reused for node in worked(trace))
    ]
    if reused:
        yield f"{' and '.join(reused)} reused results of an earlier run, which took no time."


def _unlike(first: RunTrace, second: RunTrace) -> Iterator[str]:
    if first.flow.get("name") != second.flow.get("name"):
        yield "ran different flows"
    if first.inputs != second.inputs:
        yield "had different inputs"
    if _asked_others(first, second):
        yield "asked different models"


def _asked_others(first: RunTrace, second: RunTrace) -> bool:
    """Whether a node was answered by one model in the first and by another in the second."""
    pairs = ((first.nodes[key], second.nodes[key]) for key in first.nodes if key in second.nodes)
    return any(one.model != two.model for one, two in pairs if one.model and two.model)


def _flaws(flaws: Flaws) -> str:
    counts = ((flaws.failed, "error"), (flaws.fallbacks, "fallback"))
    told = [f"{number} {noun}{'s' if number > 1 else ''}" for number, noun in counts if number]
    return listed(told) if told else "none"
