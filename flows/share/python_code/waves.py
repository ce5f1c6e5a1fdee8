"""Wave: calls that start together; and whether a flow goes in waves at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flows.document.policy import OnFailure, StagePolicy
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.share.python_code.scope import is_call, quorum_of


@dataclass(frozen=True, slots=True)
class Wave:
    """Calls side by side. `race`: the step that waits for the first of them, if there is one.

    `goes_on`: the run can still have a result when all of them fail, so that none may raise.
    `leads`: calls that come right before one of them, and that nobody else waits for or reads.
    """

    steps: tuple[Step, ...]
    on_failure: OnFailure
    timeout_s: float | None
    race: Step | None = None
    goes_on: bool = False
    leads: Mapping[NodeId, tuple[Step, ...]] = field(default_factory=dict)


def waves_of(plan: Plan) -> tuple[Wave, ...] | None:
    """Return the flow as waves, each waiting for all of the one before; None: it is not like that.

    Under `as_ready` that is so where every call waits for all calls of the wave before. What takes
    no time (joins, rules) stands between waves.
    """
    waits = _waits(plan)
    by_stage = plan.flow.run.start == "by_stage"
    levels = _levels(plan, waits, by_stage=by_stage)
    groups = [
        tuple(plan.steps[node] for node in plan.steps if levels.get(node) == level)
        for level in sorted(set(levels.values()))
    ]
    if not by_stage and not _is_even(groups, waits):
        return None
    waves = tuple(_wave(plan, steps) for steps in groups)
    fits = all(wave is not None for wave in waves) and _all_races_found(plan, waves)
    return tuple(wave for wave in waves if wave is not None) if fits else None


def _waits(plan: Plan) -> Mapping[NodeId, frozenset[NodeId]]:
    """Map each step to the calls it waits for, through joins and rules."""
    waits: dict[NodeId, frozenset[NodeId]] = {}
    for stage in plan.stages:
        for node in stage:
            mine: set[NodeId] = set()
            for parent in plan.steps[node].work_parents:
                mine |= {parent} if is_call(plan.steps[parent]) else waits[parent]
            waits[node] = frozenset(mine)
    return waits


def _levels(
    plan: Plan, waits: Mapping[NodeId, frozenset[NodeId]], *, by_stage: bool
) -> dict[NodeId, int]:
    levels: dict[NodeId, int] = {}
    for stage in plan.stages:
        for node in stage:
            step = plan.steps[node]
            if is_call(step):
                level = 1 + max((levels[each] for each in waits[node]), default=-1)
                levels[node] = step.stage if by_stage else level
    return levels


def _is_even(groups: list[tuple[Step, ...]], waits: Mapping[NodeId, frozenset[NodeId]]) -> bool:
    return all(
        {before.id for before in group} <= waits[step.id]
        for group, following in pairwise(groups)
        for step in following
    )


def _wave(plan: Plan, steps: tuple[Step, ...]) -> Wave | None:
    """Make a wave; None where its steps have different policies, or a timeout is not all theirs."""
    policies = {_policy(plan, step) for step in steps}
    if len(policies) > 1:
        return None
    on_failure, timeout_s = policies.pop()
    stages = {step.stage for step in steps}
    if timeout_s is not None:
        mates = {node for stage in stages for node in plan.stages[stage] if _calls(plan, node)}
        if len(stages) > 1 or mates != {step.id for step in steps}:
            return None
    race = _race(plan, steps)
    goes_on = on_failure == "collect" and not is_fatal(plan, (race,) if race else steps)
    if goes_on and (race is not None or timeout_s is not None):
        return None
    return Wave(steps, on_failure, timeout_s, race, goes_on=goes_on)


def is_fatal(plan: Plan, failed: Sequence[Step]) -> bool:
    """Say whether nothing can come of a run in which all of these fail."""
    gone = {step.id for step in failed}
    came: set[NodeId] = set()
    for stage in plan.stages:
        for node in stage:
            parents = plan.steps[node].work_parents
            if node not in gone and (not parents or came & set(parents)):
                came.add(node)
    return not came & set(plan.ends)


def _policy(plan: Plan, step: Step) -> tuple[OnFailure, float | None]:
    said: StagePolicy = plan.stage_policies[step.stage]
    return said.on_failure or plan.flow.run.on_failure, said.timeout_s


def _race(plan: Plan, steps: tuple[Step, ...]) -> Step | None:
    """Return the step that races exactly these, which lead nowhere else."""
    children = {child for step in steps for child in step.children}
    if len(children) != 1 or len(steps) == 1:
        return None
    step = plan.steps[children.pop()]
    same = set(step.work_parents) == {each.id for each in steps}
    certain = not any(_is_routed(plan, each) for each in steps)
    return step if quorum_of(step) is not None and same and certain else None


def _all_races_found(plan: Plan, waves: tuple[Wave | None, ...]) -> bool:
    races = {step.id for step in plan.steps.values() if is_race(step)}
    return races == {wave.race.id for wave in waves if wave is not None and wave.race is not None}


def is_race(step: Step) -> bool:
    """Say whether a step starts before all its parents have ended."""
    return quorum_of(step) is not None and len(step.work_parents) > 1


def _is_routed(plan: Plan, step: Step) -> bool:
    return any(plan.steps[parent].branches for parent in step.work_parents)


def _calls(plan: Plan, node: NodeId) -> bool:
    return is_call(plan.steps[node])
