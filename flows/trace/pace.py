"""Pace: how many tokens a node wrote, and how many of them each second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flows.ids import NodeKey, node_of
from flows.trace.fold import NodeTrace, RunTrace
from flows.trace.timing import retried_s, worked

_FEW: Final = 10
"""Of fewer tokens the pace is that of the model's first word."""

_ALIKE: Final = 1.1
"""Paces and lengths that differ by less are the same to people."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The tokens a node and its items wrote, and the seconds they wrote them in."""

    tokens: int
    seconds: float

    @property
    def a_second(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


def paces_of(trace: RunTrace) -> Mapping[NodeKey, Pace]:
    """Return the pace of each node that finished, as far as its model told its tokens."""
    tokens: dict[NodeKey, int] = {}
    for node in worked(trace):
        if node.status == "finished" and node.usage is not None:
            key = NodeKey(node_of(node.key))
            tokens[key] = tokens.get(key, 0) + node.usage.output_tokens
    paces = {
        key: Pace(count, _writing_s(trace.nodes[key]))
        for key, count in tokens.items()
        if count >= _FEW and key in trace.nodes
    }
    return {key: pace for key, pace in paces.items() if pace.seconds > 0}


def _writing_s(node: NodeTrace) -> float:
    """Return how long a node worked, without attempts that failed and the waits after them."""
    end = node.ended_at
    return 0.0 if end is None else node.busy_s(end) - retried_s(node, end)


def say_pace(slow: Pace, fast: Pace, *, more_s: float, part: float) -> str:
    """Say why a node took `more_s` longer: it wrote more, or more slowly; empty if neither.

    What explains a smaller `part` of `more_s` is no reason.
    """
    longer_s = (slow.tokens - fast.tokens) / fast.a_second
    if slow.tokens >= fast.tokens * _ALIKE and longer_s >= more_s * part:
        return f", where it wrote {slow.tokens:,} tokens, not {fast.tokens:,}"
    if is_slower(slow, fast) and slower_s(slow, fast) >= more_s * part:
        return f": {say_rates(slow, fast)}"
    return ""


def is_slower(slow: Pace, fast: Pace) -> bool:
    """Whether the first wrote fewer tokens a second."""
    return slow.a_second * _ALIKE <= fast.a_second


def slower_s(slow: Pace, fast: Pace) -> float:
    """Return how many seconds the first would have saved at the pace of the second."""
    return slow.seconds - slow.tokens / fast.a_second


def say_rates(slow: Pace, fast: Pace) -> str:
    """Say both paces."""
    digits = 0 if fast.a_second >= 10 else 1
    return f"{slow.a_second:.{digits}f} tokens a second, not {fast.a_second:.{digits}f}"


def together(paces: Iterable[Pace]) -> Pace:
    """Return the pace of several nodes, as if one wrote after the other."""
    every = list(paces)
    return Pace(sum(each.tokens for each in every), sum(each.seconds for each in every))
