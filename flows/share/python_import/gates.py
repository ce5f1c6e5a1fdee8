"""Gate: the branches of a router on which a step stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from flows.share.python_import.draft import Step


@dataclass(frozen=True, slots=True)
class Gate:
    """One of a router's branches is taken. `is_other`: one that is none of these."""

    router: int
    branches: tuple[str, ...]
    is_other: bool = False


Way: TypeAlias = tuple[Gate, ...]
"""Gates one inside the other: all of them are passed."""


def onward(gates: Sequence[Gate]) -> Way:
    """Make one gate of several of one router: any of them is passed."""
    routers = {each.router for each in gates}
    assert len(routers) == 1
    taken = {branch for each in gates if not each.is_other for branch in each.branches}
    others = [set(each.branches) for each in gates if each.is_other]
    if not others:
        return (Gate(routers.pop(), tuple(dict.fromkeys(_all_of(gates)))),)
    left = set.intersection(*others) - taken
    return (Gate(routers.pop(), tuple(sorted(left)), is_other=True),) if left else ()


def _all_of(gates: Sequence[Gate]) -> list[str]:
    return [branch for each in gates for branch in each.branches]


def is_inside(way: Way, outer: Way) -> bool:
    """Say whether who has passed a way has passed the outer one, too."""
    return way[: len(outer)] == outer


def otherwise_of(router: Step) -> str:
    """Name the branch a router takes where no rule holds."""
    taken = {rule.branch for rule in router.rules}
    return router.otherwise or ("otherwise" if "otherwise" not in taken else "in no case")


def branches_of(gate: Gate, router: Step) -> tuple[str, ...]:
    """Return the branches on which a gate is open."""
    if not gate.is_other:
        return gate.branches
    every = dict.fromkeys([*(rule.branch for rule in router.rules), otherwise_of(router)])
    return tuple(branch for branch in every if branch not in gate.branches)
