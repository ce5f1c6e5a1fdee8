"""Stages: the barriers between them, where a run starts by stage, and the policy of each."""

from __future__ import annotations

from flows.document.policy import OnFailure
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.run.judge import Ready


class Stages:
    """Counts the steps of each stage down, and holds those whose stage is not open yet.

    `are_all_open`: no step is held any more, and nobody need count.
    """

    def __init__(self, plan: Plan) -> None:
        self._policies = plan.stage_policies
        self._failing: OnFailure = plan.flow.run.on_failure
        self._unended = [len(stage) for stage in plan.stages]
        last = len(plan.stages)
        self._open = 0 if plan.flow.run.start == "by_stage" else last
        self._held: dict[NodeId, Ready] = {}
        self.are_all_open = self._open == last

    def on_failure(self, stage: int) -> OnFailure:
        """Return what a failure in a stage means."""
        return self._policies[stage].on_failure or self._failing

    def holds(self, ready: Ready) -> bool:
        """Hold a step back if its stage is not open yet; say whether it is held."""
        if ready.step.stage <= self._open:
            return False
        self._held[ready.step.id] = ready
        return True

    def let_go(self, node: NodeId) -> None:
        """Hold a step no longer, if it was."""
        self._held.pop(node, None)

    def let_go_of_all(self) -> list[Step]:
        """Hold nobody any longer; return who was held."""
        steps = [ready.step for ready in self._held.values()]
        self._held.clear()
        return steps

    def end(self, step: Step) -> None:
        """Take in that a step has ended."""
        self._unended[step.stage] -= 1

    def open_next(self) -> list[Ready]:
        """Open the stages whose turn it is; return the steps set free, in drawn order."""
        freed: list[Ready] = []
        while self._open < len(self._unended) and not self._unended[self._open]:
            self._open += 1
            freed += [each for each in self._held.values() if each.step.stage == self._open]
        self.are_all_open = self._open == len(self._unended)
        for ready in freed:
            del self._held[ready.step.id]
        return sorted(freed, key=lambda ready: ready.step.place)
