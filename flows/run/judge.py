"""Judge: which steps may start, which never will, and which nobody needs any more.

Pure and synchronous: it is told how steps end and answers with decisions. It counts down the open
parents of each step, so a step costs what its edges cost and nothing more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import msgspec

from flows.document.policy import quorum_of
from flows.ids import NodeId
from flows.plan.plan import Plan, Step

_NOT_NEEDED: Final = "nobody needs its result any more"


class Ready(msgspec.Struct, frozen=True, gc=False):
    """The step's needs are met by these parents, in the order in which they arrived."""

    step: Step
    arrived: Sequence[NodeId]


class Skip(msgspec.Struct, frozen=True, gc=False):
    """The step's needs can no longer be met."""

    step: Step
    reason: str


class Prune(msgspec.Struct, frozen=True, gc=False):
    """Every step that waited for this one has been decided without it."""

    step: Step
    reason: str


Decision: TypeAlias = Ready | Skip | Prune


class _Case(msgspec.Struct, eq=False, gc=False):
    """A step before the judge. `quorum`: successes it needs; None: all that will still come.

    `passed_by`: a router that ended and took another branch.
    """

    step: Step
    quorum: int | None
    open: int
    arrived: list[NodeId] = []
    passed_by: str = ""
    decided: bool = False
    ended: bool = False


class Judge:
    """Knows how every step stands; answers each end with the decisions that follow from it.

    What becomes ready at the same moment is named last, in drawn order.
    """

    def __init__(self, plan: Plan) -> None:
        self._names = plan.names
        self._cases = {
            node: _Case(
                step, quorum_of(step.node.needs) if step.races else None, len(step.work_parents)
            )
            for node, step in plan.steps.items()
        }
        self._ready: list[Ready] = []
        self._others: list[Skip | Prune] = []
        self._skipped: deque[_Case] = deque()

    def begin(self) -> list[Decision]:
        """Decide the steps that wait for nobody."""
        for case in self._cases.values():
            if not case.step.work_parents:
                self._let_in(case)
        return self._answer()

    def end(
        self, node: NodeId, *, succeeded: bool, branches: frozenset[str] | None = None
    ) -> list[Decision]:
        """Take in how a step ended. `branches`: those a router took; None: its edges all hold."""
        case = self._cases[node]
        if not case.decided:  # its stage's time was up before it could start
            case.decided = True
            self._prune_parents(case, _NOT_NEEDED)
        if branches is None:
            self._pass_on(case, arrives=succeeded)
        else:
            self._pass_along(case, branches)
        while self._skipped:
            self._pass_on(self._skipped.popleft(), arrives=False)
        return self._answer()

    def undecided(self) -> Iterator[Step]:
        """Yield the steps nothing was decided about yet, in document order."""
        return (case.step for case in self._cases.values() if not case.decided)

    def _answer(self) -> list[Decision]:
        ready, self._ready = self._ready, []
        if len(ready) > 1:
            ready.sort(key=_place)
        if not self._others:
            return ready  # type: ignore[return-value] # a list of its own, nobody adds to it
        others, self._others = self._others, []
        gone = {each.step.id for each in others}
        return [*others, *(each for each in ready if each.step.id not in gone)]

    def _pass_on(self, case: _Case, *, arrives: bool) -> None:
        case.ended = True
        cases, node = self._cases, case.step.id
        for name in case.step.children:
            child = cases[name]
            child.open = still_open = child.open - 1
            if not child.decided:
                if arrives:
                    child.arrived.append(node)
                if child.quorum is not None or not still_open:
                    self._decide(child)

    def _pass_along(self, case: _Case, taken: frozenset[str]) -> None:
        """Pass a router's end on: its input arrives along the branches it took."""
        case.ended = True
        for name, needed in case.step.children.items():
            child = self._cases[name]
            child.open -= 1
            if child.decided:
                continue
            if needed is None or not taken.isdisjoint(needed):
                child.arrived.append(case.step.id)
            else:
                child.passed_by = self._names[case.step.id]
            self._decide(child)

    def _decide(self, case: _Case) -> None:
        if case.quorum is not None:
            self._decide_race(case, case.quorum)
        elif case.open == 0:
            if case.arrived:
                case.decided = True
                self._ready.append(Ready(case.step, case.arrived))
            else:
                self._skip(case, "none of its parents gave a result")

    def _decide_race(self, case: _Case, quorum: int) -> None:
        if len(case.arrived) >= quorum:
            self._let_in(case)
        elif len(case.arrived) + case.open < quorum:
            self._skip(case, f"only {len(case.arrived)} of the {quorum} parents it needs succeeded")

    def _let_in(self, case: _Case) -> None:
        case.decided = True
        self._ready.append(Ready(case.step, case.arrived))
        if case.open:
            self._prune_parents(case, _enough(len(case.arrived)))

    def _skip(self, case: _Case, reason: str) -> None:
        case.decided = True
        if case.passed_by and not case.arrived:
            reason = f'"{case.passed_by}" took another branch'
        self._others.append(Skip(case.step, reason))
        self._skipped.append(case)
        if case.open:
            self._prune_parents(case, _NOT_NEEDED)

    def _prune_parents(self, case: _Case, reason: str) -> None:
        """Let go of what only led here: parents nobody else needs, and theirs, and so on."""
        loose = deque(case.step.work_parents)
        while loose:
            parent = self._cases[loose.popleft()]
            if parent.ended or self._is_needed(parent):
                continue
            parent.ended = True
            waiting = not parent.decided
            parent.decided = True
            self._others.append(Prune(parent.step, reason))
            if waiting:
                loose.extend(parent.step.work_parents)

    def _is_needed(self, case: _Case) -> bool:
        return any(not self._cases[child].decided for child in case.step.children)


def _enough(arrived: int) -> str:
    """Say why the others of a race are let go."""
    if arrived == 1:
        return "the first answer was enough"
    return f"the first {arrived} answers were enough"


def _place(ready: Ready) -> int:
    return ready.step.place
