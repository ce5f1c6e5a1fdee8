"""Came: an `if` that asks on which branch something was done before."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from flows.share.python_import.gates import Way, is_inside, onward
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.outcomes import Begun, Outcome, after_arms, follow_arm
from flows.share.python_import.values import NOTHING
from flows.share.python_import.verdicts import Came


def on_what_came(machine: Machine, came: Came, tree: ast.If) -> Signal:
    """Follow both arms on the ways where each is taken."""
    here = machine.context.gates
    yes, no = (tuple(w for w in ways if len(w) > len(here)) for ways in (came.yes, came.no))
    yes, no = yes or _besides(here, no), no or _besides(here, yes)
    begun = Begun.now(machine)
    ended = [
        _followed(machine, ways, arm, begun=begun)
        for ways, arm in ((yes, tree.body), (no, tree.orelse))
    ]
    if not (yes and no):
        _remark_doubt(machine, tree, ended, begun)
    return after_arms(machine, ended, begun)


def _followed(
    machine: Machine, ways: tuple[Way, ...], body: Sequence[ast.stmt], *, begun: Begun
) -> Outcome:
    gates = _beyond(machine.context.gates, ways)
    if gates is None:
        return follow_arm(machine, (), body, begun=begun, any_of=ways)
    return follow_arm(machine, gates, body, begun=begun)


def _besides(here: Way, ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Return the ways that are taken where a way from here is not; none where that is not clear."""
    gates = _beyond(here, ways)
    if gates is None:
        return ()
    flipped = [replace(gate, is_other=not gate.is_other) for gate in gates]
    return tuple((*here, *gates[:place], other) for place, other in enumerate(flipped))


def _beyond(here: Way, ways: Sequence[Way]) -> Way | None:
    """Return the gates that lead from here onto any of these ways, where a flow can say them."""
    if not ways or not all(is_inside(way, here) and len(way) > len(here) for way in ways):
        return None
    if len({*ways}) == 1:
        return ways[0][len(here) :]
    lasts = [way[-1] for way in ways]
    if {way[:-1] for way in ways} != {ways[0][:-1]} or len({each.router for each in lasts}) > 1:
        return None
    return (*ways[0][len(here) : -1], *onward(lasts))


def _remark_doubt(machine: Machine, tree: ast.If, ended: list[Outcome], begun: Begun) -> None:
    """Say that a name has several values where it is not clear which branch it is of."""
    changed = [
        name
        for each in ended
        for name, old in begun.names.items()
        if each.names.get(name) is not old and old != NOTHING
    ]
    if changed:
        machine.draft.remark(
            tree.lineno,
            f"What reads `{changed[0].strip()}` after this is given what comes on either branch.",
        )
