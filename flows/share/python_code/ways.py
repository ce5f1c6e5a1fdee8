"""Way: the turns at routers after which a step is done; steps on different ways never both are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from flows.document.model import RouterNode
from flows.ids import NodeId
from flows.plan.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class Turn:
    """A router that has taken one of these branches."""

    router: NodeId
    branches: frozenset[str]


Way: TypeAlias = tuple[Turn, ...]


def ways_of(plan: Plan) -> Mapping[NodeId, Way] | None:
    """Map each step to its way; None where that of one cannot be said by turns inside turns."""
    ways: dict[NodeId, Way] = {}
    for stage in plan.stages:
        for node in stage:
            come = [_led(plan, ways, parent, node) for parent in plan.steps[node].work_parents]
            led = [way for way in come if way is not None]
            met = _met(plan, led) if led else ()
            if met is None or len(led) < len(come):
                return None
            ways[node] = met
    return _nested(ways)


def exclude(one: Way, other: Way) -> bool:
    """Say whether what is done on one way is never done together with what is on another."""
    pairs = zip(one, other, strict=False)
    differ = [(mine, its) for mine, its in pairs if mine != its][:1]
    return any(
        mine.router == its.router and not mine.branches & its.branches for mine, its in differ
    )


def all_branches(step: Step) -> frozenset[str] | None:
    """Return the branches of which a router surely takes one; None where it may take none."""
    router = step.node
    assert isinstance(router, RouterNode)
    if router.ask is not None:
        return frozenset(step.branches)
    known = {rule.branch for rule in router.rules} | {router.otherwise}
    return frozenset(step.branches) if known == {*step.branches} else None


def _are_all_taken(router: RouterNode, branches: Sequence[str]) -> bool:
    """Say whether a router can take each of these branches."""
    known = {rule.branch for rule in router.rules} | {router.otherwise}
    return router.ask is not None or known >= {*branches}


def _led(plan: Plan, ways: Mapping[NodeId, Way], parent: NodeId, child: NodeId) -> Way | None:
    """Return the way on which a parent leads to a child; None behind one that takes several."""
    step = plan.steps[parent]
    branches = step.children[child]
    if not isinstance(step.node, RouterNode) or branches is None:
        return ways[parent]
    if step.node.take == "all" or not _are_all_taken(step.node, step.branches):
        return None
    is_always = all_branches(step) == branches
    return ways[parent] if is_always else (*ways[parent], Turn(parent, branches))


def _met(plan: Plan, ways: Sequence[Way], depth: int = 0) -> Way | None:
    """Return the way where several ways meet, alike up to a depth; None where they only touch."""
    before = ways[0][:depth]
    if any(len(way) == depth for way in ways):
        return before
    turns = {way[depth] for way in ways}
    if len(turns) == 1:
        return _met(plan, ways, depth + 1)
    routers = {turn.router for turn in turns}
    taken = frozenset().union(*(turn.branches for turn in turns))
    for branch in taken:
        met = _met(plan, [way for way in ways if branch in way[depth].branches], depth + 1)
        if len(routers) > 1 or met is None or len(met) > depth + 1:
            return None
    (router,) = routers
    is_always = all_branches(plan.steps[router]) == taken
    return before if is_always else (*before, Turn(router, taken))


def _nested(ways: Mapping[NodeId, Way]) -> Mapping[NodeId, Way] | None:
    """Put a turn onto fewer branches inside that onto more; None where some overlap."""
    turns: defaultdict[NodeId, set[frozenset[str]]] = defaultdict(set)
    for way in ways.values():
        for turn in way:
            turns[turn.router].add(turn.branches)
    for taken in turns.values():
        if any(
            one & other and not (one <= other or other <= one)
            for one, other in combinations(taken, 2)
        ):
            return None
    return {
        node: tuple(
            Turn(turn.router, branches)
            for turn in way
            for branches in sorted(turns[turn.router], key=len, reverse=True)
            if turn.branches <= branches
        )
        for node, way in ways.items()
    }
