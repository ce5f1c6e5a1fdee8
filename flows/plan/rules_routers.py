"""Rules on routers: every way they can choose leads somewhere, and every way can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from flows.document.model import Flow, RouterNode, When
from flows.document.problem import Problem
from flows.plan.graph import branches_from
from flows.plan.wording import did_you_mean, error, titled, warning


def ways_to_choose(flow: Flow) -> Iterator[Problem]:
    """A router chooses by rules or by a question, one of them."""
    for router in _routers(flow):
        if router.ask is not None and router.rules:
            message = f"{titled(router)} has rules and a question. Keep one of them."
            yield error("rules_and_question", message, router.id)
        elif not (router.ask or "").strip() and not router.rules:
            message = f"{titled(router)} has neither rules nor a question. Add one of them."
            yield error("router_without_rules", message, router.id)


def branches_without_edge(flow: Flow) -> Iterator[Problem]:
    """Every branch a router can choose leads somewhere."""
    for router in _routers(flow):
        drawn = branches_from(flow, router.id)
        for branch in dict.fromkeys(_said(router)):
            if branch not in drawn:
                hint = did_you_mean(branch, drawn)
                message = (
                    f'The branch "{branch}" of {titled(router)} leads nowhere.{hint} '
                    "Link it to a node, or remove it."
                )
                yield error("branch_without_edge", message, router.id)
        if router.ask is not None and not drawn:
            message = f"{titled(router)} has no branch to choose. Link it, and name the branches."
            yield error("router_without_branches", message, router.id)


def branches_never_taken(flow: Flow) -> Iterator[Problem]:
    """Every branch drawn from a router with rules is named by one of them."""
    for router in _routers(flow):
        said = list(_said(router))
        for branch in branches_from(flow, router.id):
            if router.ask is None and router.rules and branch not in said:
                hint = did_you_mean(branch, said)
                message = (
                    f'No rule of {titled(router)} takes the branch "{branch}".{hint} '
                    "Name it in a rule or as otherwise, or remove the edge."
                )
                yield warning("branch_never_taken", message, router.id)


def conditions(flow: Flow) -> Iterator[Problem]:
    """A condition says something, and can be read."""
    for router in _routers(flow):
        for rule in router.rules:
            for code, said in _mistakes(rule.when):
                message = f'In the rule for "{rule.branch}" of {titled(router)}, {said}'
                yield error(code, message, router.id)


def _mistakes(when: When) -> Iterator[tuple[str, str]]:
    try:
        regex.compile(when.matches or "")
    except regex.error as why:
        said = f'"{when.matches}" is not a regular expression: {why}. Correct it.'
        yield "bad_pattern", said
    if when.at and not when.at.startswith("/"):
        said = f'"{when.at}" is not a JSON pointer. Write it like "/score" or "/topics/0".'
        yield "bad_pointer", said
    if when == When(at=when.at):
        said = "nothing is asked. Say what the input contains, equals, matches, or is above."
        yield "empty_condition", said


def _said(router: RouterNode) -> Iterator[str]:
    yield from (rule.branch for rule in router.rules)
    if router.otherwise is not None:
        yield router.otherwise


def _routers(flow: Flow) -> Iterator[RouterNode]:
    return (node for node in flow.nodes if isinstance(node, RouterNode))


RULES = (ways_to_choose, branches_without_edge, branches_never_taken, conditions)
