"""Judge: which steps may start, which never will, and which nobody needs any more.

Pure and synchronous: it is told how steps end and answers with decisions. It counts down the open
parents of each step, so a step costs what its edges cost and nothing more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from flows.document.policy import FirstOf
from flows.ids import NodeId
from flows.plan.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class Ready:
    """The step's needs are met by these parents, in the order in which they arrived."""

    node: NodeId
    arrived: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """The step's needs can no longer be met."""

    node: NodeId
    reason: str


@dataclass(frozen=True, slots=True)
class Prune:
    """Every step that waited for this one has been decided without it."""

    node: NodeId
    reason: str


Decision: TypeAlias = Ready | Skip | Prune


@dataclass(slots=True)
class _Case:
    """A step before the judge. `quorum`: successes it needs; None: all that will still come."""

    step: Step
    quorum: int | None
    open: int
    arrived: list[NodeId] = field(default_factory=list)
    decided: bool = False
    ended: bool = False


class Judge:
    """Knows how every step stands; answers each end with the decisions that follow from it.

    What becomes ready at the same moment is named last, in drawn order.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._cases = {
            node: _Case(step, quorum=_quorum(step), open=len(step.work_parents))
            for node, step in plan.steps.items()
        }
        self._decisions: list[Decision] = []
        self._ends: deque[tuple[_Case, bool, frozenset[str] | None]] = deque()

    def begin(self) -> list[Decision]:
        """Decide the steps that wait for nobody."""
        for case in self._cases.values():
            if not case.step.work_parents:
                self._ready(case)
        return self._answer()

    def end(
        self, node: NodeId, *, succeeded: bool, branches: frozenset[str] | None = None
    ) -> list[Decision]:
        """Take in how a step ended. `branches`: those a router took; None: its edges all hold."""
        case = self._cases[node]
        case.decided = True
        self._ends.append((case, succeeded, branches))
        return self._answer()

    def undecided(self) -> Iterator[NodeId]:
        """Yield the steps nothing was decided about yet, in document order."""
        return (node for node, case in self._cases.items() if not case.decided)

    def _answer(self) -> list[Decision]:
        while self._ends:
            self._pass_on(*self._ends.popleft())
        decisions, self._decisions = self._decisions, []
        if len(decisions) < 2:
            return decisions
        others = [each for each in decisions if not isinstance(each, Ready)]
        pruned = {each.node for each in others}
        ready = {
            each.node: each
            for each in decisions
            if isinstance(each, Ready) and each.node not in pruned
        }
        return [*others, *(ready[node] for node in self._plan.in_drawn_order(ready))]

    def _pass_on(self, case: _Case, succeeded: bool, taken: frozenset[str] | None) -> None:  # noqa: FBT001 - one of the three facts of an end
        case.ended = True
        for name, needed in case.step.children.items():
            arrives = succeeded and (
                taken is None or needed is None or not taken.isdisjoint(needed)
            )
            child = self._cases[name]
            child.open -= 1
            if not child.decided:
                if arrives:
                    child.arrived.append(case.step.node.id)
                self._decide(child)

    def _decide(self, case: _Case) -> None:
        if case.quorum is not None:
            self._decide_race(case, case.quorum)
        elif case.open == 0:
            if case.arrived:
                self._ready(case)
            else:
                self._skip(case, "none of its parents gave a result")

    def _decide_race(self, case: _Case, quorum: int) -> None:
        if len(case.arrived) >= quorum:
            self._ready(case)
        elif len(case.arrived) + case.open < quorum:
            self._skip(case, f"only {len(case.arrived)} of the {quorum} parents it needs succeeded")

    def _ready(self, case: _Case) -> None:
        case.decided = True
        self._decisions.append(Ready(case.step.node.id, tuple(case.arrived)))
        self._prune_parents(case)

    def _skip(self, case: _Case, reason: str) -> None:
        case.decided = True
        self._decisions.append(Skip(case.step.node.id, reason))
        self._ends.append((case, False, None))
        self._prune_parents(case)

    def _prune_parents(self, case: _Case) -> None:
        """Let go of what only led here: parents nobody else needs, and theirs, and so on."""
        if case.open == 0:
            return
        loose = deque(case.step.work_parents)
        while loose:
            parent = self._cases[loose.popleft()]
            if parent.ended or self._is_needed(parent):
                continue
            parent.ended = True
            waiting = not parent.decided
            parent.decided = True
            self._decisions.append(Prune(parent.step.node.id, "nobody needs its result any more"))
            if waiting:
                loose.extend(parent.step.work_parents)

    def _is_needed(self, case: _Case) -> bool:
        return any(not self._cases[child].decided for child in case.step.children)


def _quorum(step: Step) -> int | None:
    match step.node.needs:
        case FirstOf(first=first):
            return first
        case "any":
            return 1
        case "all":
            return None
