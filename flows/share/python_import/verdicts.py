"""Verdict: whether a condition holds: yes, no, or as a rule or the ways of a flow's routers say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.document.model import When
from flows.share.python_import.gates import Gate, Way, is_inside
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import (
    Chosen,
    Merged,
    Output,
    Value,
)


@dataclass(frozen=True, slots=True)
class Test:
    """One of `whens` holds for what `subject` is.

    `branches`: those of a router of which one is taken. `is_not`: it is the other way round.
    `is_cased`: the program asks with the letters' case.
    """

    __test__ = False

    subject: Value
    whens: tuple[When, ...] = ()
    branches: tuple[str, ...] = ()
    is_not: bool = False
    is_cased: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """Something holds on the ways `yes`, and does not on the ways `no`. `value`: what is asked."""

    yes: tuple[Way, ...]
    no: tuple[Way, ...]
    value: Merged


Verdict = bool | Test | Came | None
"""Whether a condition holds; None: a flow cannot say."""


def opposite(verdict: Verdict) -> Verdict:
    """Turn a verdict round."""
    match verdict:
        case bool():
            return not verdict
        case Test():
            return replace(verdict, is_not=not verdict.is_not)
        case Came(yes=yes, no=no):
            return replace(verdict, yes=no, no=yes)
        case _:
            return None


def all_of(machine: Machine, verdicts: list[Verdict]) -> Verdict:
    """Put conditions together that all have to hold."""
    if any(each is False for each in verdicts):
        return False
    left = [each for each in verdicts if each is not True]
    if len(left) > 1 and all(on_ways(machine, each) for each in left):
        return opposite(any_of(machine, [opposite(each) for each in left]))
    match left:
        case [Came(value=value), Test(subject=Output(step=step), is_not=False) as test]:
            held = {number for (_, key), number in machine.handed.items() if key == value}
            return test if step in held else None  # what did not come is no text that passes
        case []:
            return True
        case [only]:
            return only
        case [Test() as first, Test() as second] if first.subject == second.subject:
            return _both(first, second)
        case _:
            return None


def _both(first: Test, second: Test) -> Verdict:
    """Put two rules about one thing together, where they say different things of it."""
    if len(first.whens) != 1 or len(second.whens) != 1 or first.is_not or second.is_not:
        return None
    one = first.whens[0].model_dump(exclude_none=True)
    two = second.whens[0].model_dump(exclude_none=True)
    if one.get("at") != two.get("at") or (one.keys() & two.keys()) - {"at"}:
        return None
    when = When(**one, **{k: v for k, v in two.items() if k != "at"})
    return replace(first, whens=(when,), is_cased=first.is_cased or second.is_cased)


def on_ways(machine: Machine, verdict: Verdict) -> Came | None:
    """Return a condition about branches as the ways on which it holds."""
    match verdict:
        case Came():
            return verdict
        case Test(subject=Chosen(router=router), branches=branches, is_not=is_not):
            here, led = machine.context.gates, machine.draft.steps[router].gates
            outer = led if is_inside(led, here) else here
            way = (*outer, Gate(router, branches))
            yes = (way,)
            no = tuple(
                (*way[:place], replace(way[place], is_other=not way[place].is_other))
                for place in range(len(here), len(way))
            )
            return Came(no, yes, Merged(())) if is_not else Came(yes, no, Merged(()))
        case _:
            return None


def settled(machine: Machine, verdict: Verdict) -> Verdict:
    """Settle what depends on branches where it is known already which were taken."""
    if not isinstance(verdict, Came):
        return verdict
    taken = _taken(machine, machine.context.gates)
    if any(way and taken.issuperset(way) for way in verdict.yes):
        return True
    return False if any(way and taken.issuperset(way) for way in verdict.no) else verdict


def _taken(machine: Machine, gates: Way) -> frozenset[Gate]:
    """Return branches with those on which their routers stand."""
    led = (machine.draft.steps[gate.router].gates for gate in gates)
    return frozenset(gates).union(*(_taken(machine, each) for each in led))


def any_of(machine: Machine, verdicts: list[Verdict]) -> Verdict:
    """Put conditions together of which one has to hold, those about branches too."""
    if any(each is True for each in verdicts):
        return True
    left = [each for each in verdicts if each is not False]
    if len(left) < 2:
        return left[0] if left else False
    came = [each for each in (on_ways(machine, one) for one in left) if each is not None]
    if len(came) == len(left):
        return Came(tuple(way for each in came for way in each.yes), (), came[0].value)
    return one_of(verdicts)


def one_of(verdicts: list[Verdict]) -> Verdict:
    """Put conditions about one thing together, of which one has to hold."""
    if any(each is True for each in verdicts):
        return True
    left = [each for each in verdicts if each is not False]
    tests = [each for each in left if isinstance(each, Test) and not each.is_not and each.whens]
    if len(left) < 2:
        return left[0] if left else False
    if len(tests) == len(left) and len({each.subject for each in tests}) == 1:
        whens = tuple(when for each in tests for when in each.whens)
        return replace(tests[0], whens=whens, is_cased=any(each.is_cased for each in tests))
    return None
