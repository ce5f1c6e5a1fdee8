"""Policy: failures, limits and timeouts of a program, on the run, its stages and its nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flows.document.policy import RunPolicy, StagePolicy
from flows.ids import NodeId
from flows.share.python_import.draft import Draft, Policy, Step, Timeout
from flows.share.python_import.values import Limit


@dataclass(slots=True)
class Policies:
    """What was found. `stages`: by the number of the stage; the rest by the number of the step."""

    draft: Draft
    stages: Sequence[frozenset[int]]
    on_failure: Policy = "finish"
    timeout_s: float | None = None
    max_concurrency: int | None = None
    of_stages: dict[int, StagePolicy] = field(default_factory=dict)
    limits: dict[int, int] = field(default_factory=dict)
    of_loops: dict[int, Policy] = field(default_factory=dict)

    def run(self, keys: Sequence[NodeId], *, by_stage: bool, as_completed: bool) -> RunPolicy:
        """Return the policy of the run. `keys`: a node of every stage."""
        return RunPolicy(
            start="by_stage" if by_stage else "as_ready",
            on_failure=self.on_failure,
            max_concurrency=self.max_concurrency,
            timeout_s=self.timeout_s,
            results="as_completed" if as_completed else "in_order",
            stages={keys[number]: said for number, said in sorted(self.of_stages.items())},
        )


def policies_of(draft: Draft, stages: Sequence[Iterable[int]], *, unsaid: Policy) -> Policies:
    """Find what holds for the run, the stages and the steps; timeouts go into the steps.

    `unsaid`: what a failure means where the code says nothing of it.
    """
    found = Policies(draft, [frozenset(stage) for stage in stages], on_failure=unsaid)
    _find_failures(found)
    for timeout in draft.timeouts:
        _place_timeout(found, timeout)
    for limit in sorted(draft.limits, key=lambda each: -each.size):
        _place_limit(found, limit)
    for step in draft.steps:
        if step.loop is not None and draft.loops[step.loop].is_in_row:
            found.limits[step.number] = 1
    return found


# Failures


def _find_failures(found: Policies) -> None:
    votes = _votes(found)
    counts = Counter(votes.values())
    if counts:
        found.on_failure = counts.most_common(1)[0][0]
    for number, stage in enumerate(found.stages):
        said = {votes[step] for step in stage if step in votes}
        if said and said != {found.on_failure}:
            _set_stage_failure(found, number, said)


def _set_stage_failure(found: Policies, number: int, said: set[Policy]) -> None:
    if len(said) > 1:
        line = min(found.draft.steps[step].line for step in found.stages[number])
        found.draft.remark(
            line,
            "A failure means different things for agents of one stage; the flow takes "
            "what holds for the run. Set it on the stage.",
        )
        return
    _change_stage(found, number, on_failure=said.pop())


def _votes(found: Policies) -> dict[int, Policy]:
    """Return what a failure means, for every step of which the program says it."""
    draft = found.draft
    said: dict[int, Policy] = {}
    for step in draft.steps:
        if step.is_swallowed and step.kind == "agent" and _goes_on(draft, step):
            said[step.number] = "collect"
    for wave in draft.waves:
        for each in sorted(wave.steps):
            said.setdefault(each, wave.policy)
    for each in draft.came:
        said.setdefault(each, "finish")
    found.of_loops = {each: how for each, how in said.items() if _is_mapped(draft, each)}
    return {each: how for each, how in said.items() if not _is_mapped(draft, each)}


def _goes_on(draft: Draft, step: Step) -> bool:
    """Say whether others go on where this step failed; where it stood alone, the run has failed."""
    together = {each for wave in draft.waves for each in wave.steps} | draft.came
    later = () if step.goes_on_at is None else draft.steps[step.goes_on_at :]
    is_beside = step.loop is not None or step.number in together
    return is_beside or any(step.number in each.after for each in later)


def _is_mapped(draft: Draft, number: int) -> bool:
    return draft.steps[number].loop is not None


# Timeouts


def _place_timeout(found: Policies, timeout: Timeout) -> None:
    draft, steps = found.draft, frozenset(timeout.steps)
    if len(steps) == 1:
        step = draft.steps[timeout.steps[0]]
        if step.loop is None or step.loop == timeout.loop:
            step.timeout_s = timeout.seconds
            return
    works = frozenset(each.number for each in draft.steps if each.kind == "agent")
    stage = _stage_of(found, steps)
    if steps == works and (timeout.is_whole or stage is None):
        found.timeout_s = timeout.seconds
    elif stage is not None and steps == found.stages[stage] & works:
        _change_stage(found, stage, timeout_s=timeout.seconds)
    else:
        draft.remark(
            timeout.line,
            f"{timeout.seconds:g} seconds for these agents together cannot be said; "
            "give the agents, their stage or the run a timeout.",
        )


def _stage_of(found: Policies, steps: frozenset[int]) -> int | None:
    for number, stage in enumerate(found.stages):
        if steps <= stage:
            return number
    return None


def _change_stage(found: Policies, number: int, **said: object) -> None:
    old = found.of_stages.get(number, StagePolicy())
    found.of_stages[number] = old.model_copy(update=said)


# Limits


def _place_limit(found: Policies, limit: Limit) -> None:
    draft, steps = found.draft, frozenset(limit.steps)
    if not steps:
        return
    loops = {draft.steps[each].loop for each in steps}
    stage = _stage_of(found, steps)
    if None not in loops and len(loops) == 1:
        found.limits |= dict.fromkeys(steps, limit.size)
    elif found.max_concurrency is None and _crowded(found) <= steps:
        found.max_concurrency = limit.size
    elif stage is not None:
        _change_stage(found, stage, max_concurrency=limit.size)
    else:
        draft.remark(
            limit.line,
            f"This limit of {limit.size} holds for agents of several stages, and "
            f"the flow has none for them. Set one on a stage or on the run.",
        )


def _crowded(found: Policies) -> frozenset[int]:
    """Return the steps beside which others may run."""
    steps = found.draft.steps
    crowded: set[int] = set()
    for stage in found.stages:
        works = [each for each in stage if steps[each].kind == "agent"]
        if len(works) > 1:
            crowded |= set(works)
        crowded |= {each for each in works if steps[each].loop is not None}
    return frozenset(crowded)
