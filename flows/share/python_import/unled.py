"""Unled: the branches of a router along which nothing is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.gates import Gate
from flows.share.python_import.links import Links
from flows.share.python_import.values import Known


def end_unled(draft: Draft, links: Links, router: Step) -> None:
    """Leave out the branches on which nothing is done, or let them end in a join."""
    if router.kind != "router" or router.ask is not None:
        return
    led = {branch for gates in links.gates.values() for at, branch in gates if at == router.number}
    if router.otherwise not in led:
        router.otherwise = None
    for branch in dict.fromkeys(rule.branch for rule in router.rules):
        if branch in led:
            continue
        if router.otherwise is None and _is_apart(router, branch, led):
            router.rules = [rule for rule in router.rules if rule.branch != branch]
        else:
            _stop(draft, links, router, branch)


def _stop(draft: Draft, links: Links, router: Step, branch: str) -> None:
    number = len(draft.steps)
    draft.steps.append(
        replace(router, number=number, kind="join", rules=[], otherwise=None, variable="")
    )
    draft.steps[number].name = f"Stop: {branch}"
    said = draft.last_words.get((*router.gates, Gate(router.number, (branch,))))
    if said is not None:
        draft.steps[number].message = Known(said)
    links.parents[number], links.gates[number] = (), ((router.number, branch),)


def _is_apart(router: Step, branch: str, led: Collection[str]) -> bool:
    """Say whether a branch's rules may go: no other's then holds in their place."""
    rules = router.rules
    own = [place for place, rule in enumerate(rules) if rule.branch == branch]
    later = [rule for rule in rules[own[0] :] if rule.branch in led]
    equals = [rule.when for rule in (*(rules[place] for place in own), *later)]
    texts = all(isinstance(when.equals, str) for when in equals)
    return not later or router.takes_all or (texts and len({when.at for when in equals}) == 1)
