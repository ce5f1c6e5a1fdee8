"""Measured: how much faster a run was than the same one after another. Only said if measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flows.document.files import read_values
from flows.document.model import Flow
from flows.errors import ReuseError
from flows.ids import NodeKey
from flows.trace.comparison import tokens_of
from flows.trace.duration import say_duration
from flows.trace.events import Measured
from flows.trace.fold import RunTrace
from flows.trace.sample import is_sample
from flows.trace.timing import measure, worked

_LEAST: Final = 1.05
"""Below this the two took the same time."""

_SURE: Final = 1.25
"""Below this it may be chance: the same run takes longer one time than another."""

_UNLIKE: Final = 1.1
"""Where one wrote so many times as much as the other, its time is held against what it wrote."""

_LOADING_PART: Final = 0.05
"""So much of a run, spent on loading the model, is no small thing beside the other one."""


def as_measured(trace: RunTrace) -> Measured:
    """Note of a run what another one is held against. Raises ReuseError when it cannot be."""
    if is_sample(trace):
        raise ReuseError("The timings of a sample are invented. Run the flow, then measure it.")
    if trace.status != "finished" or trace.reused_from or trace.measures is not None:
        raise ReuseError("Only a whole run that finished can be measured. Run the flow first.")
    tokens, letters = tokens_of(trace), _letters(trace)
    timing, done = measure(trace), _finished(trace)
    loading_s = timing.loading_s
    return Measured(trace.run_id, trace.model, timing.wall_s, done, tokens, letters, loading_s)


def one_after_another(trace: RunTrace) -> Flow:
    """Return the flow that ran, with one call at a time. Raises FlowFileError."""
    flow = read_values(trace.flow)
    policy = flow.run.model_copy(update={"max_concurrency": 1})
    return flow.model_copy(update={"run": policy})


def times_faster(trace: RunTrace) -> float | None:
    """Return how many times as long this run took as the one it measures.

    None where it measures none, did not finish, or where the two did not do the same work on the
    same default model.
    """
    of = trace.measures
    if of is None or of.wall_s <= 0 or trace.status != "finished":
        return None
    is_same = (_finished(trace), trace.model) == (of.finished, of.model)
    return measure(trace).wall_s / of.wall_s if is_same else None


def say_measured(trace: RunTrace) -> str:
    """Say in a sentence what this run has measured; empty while there is nothing to say."""
    of = trace.measures
    if of is None or trace.status == "running":
        return ""
    times = times_faster(trace)
    if times is None:
        return "Not measured: this run did not do the same work as the one side by side"
    seconds = f"{measure(trace).wall_s:.1f} s → {of.wall_s:.1f} s"
    work = _work(trace, of)
    walls = f"(measured: {seconds}{_where(trace)}{work.says})"
    if work.is_unlike:
        times *= work.fast / work.slow
    faster = "no" if times < _LEAST else f"{times:.1f} ×"
    each = f" for each {work.noun}" if work.is_unlike else ""
    than = f"{faster} faster{each} than one after another"
    return f"Side by side was {than} {walls}. {_worth(trace, of)}"


def _worth(trace: RunTrace, of: Measured) -> str:
    """Say what one try of each is worth."""
    timing = measure(trace)
    loads = ((of.loading_s, "the one side by side"), (timing.loading_s, "this one"))
    loading_s, which = max(loads)
    if loading_s >= of.wall_s * _LOADING_PART:
        took = f"{which} loaded the model ({say_duration(loading_s)})"
        return f"One try each, and {took}: run it again, then measure."
    return say_worth(timing.wall_s, of.wall_s)


def say_worth(first_s: float, second_s: float) -> str:
    """Say what the times of two runs are worth when each was run once."""
    if max(first_s, second_s) < _SURE * min(first_s, second_s):
        return "One try each: so small a difference may be chance."
    return "One try each; another may differ."


def _where(trace: RunTrace) -> str:
    """Say of the embedded model what holds its figures down."""
    local = any(node.model.startswith("local/") for node in worked(trace))
    return ", both on one shared processor" if local else ""


@dataclass(frozen=True, slots=True)
class _Work:
    """How much the one after another wrote, and the one side by side, in tokens or letters."""

    slow: int
    fast: int
    noun: str

    @property
    def is_unlike(self) -> bool:
        """Whether they wrote so unlike amounts that their times alone compare little."""
        less, more = sorted((self.slow, self.fast))
        return 0 < less * _UNLIKE <= more

    @property
    def says(self) -> str:
        """Say that their answers were not the same; empty where they wrote as much."""
        told = f"; other answers: {self.slow:,} → {self.fast:,} {self.noun}s"
        return "" if self.slow == self.fast else told


def _work(trace: RunTrace, of: Measured) -> _Work:
    """Tell how much both wrote: a model answers otherwise each time."""
    tokens = tokens_of(trace)
    if tokens is not None and of.tokens is not None and tokens != of.tokens:
        return _Work(tokens, of.tokens, "token")
    return _Work(_letters(trace), _letters(trace) if of.letters is None else of.letters, "letter")


def _letters(trace: RunTrace) -> int:
    return sum(len(node.text) for node in worked(trace))


def _finished(trace: RunTrace) -> tuple[NodeKey, ...]:
    return tuple(sorted(node.key for node in worked(trace) if node.status == "finished"))
