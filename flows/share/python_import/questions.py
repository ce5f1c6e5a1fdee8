"""Question: an agent that only chooses a branch, as the router that asks a model."""

from __future__ import annotations

import re

from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.overview import Overview
from flows.share.python_import.values import Output

_CHOICE = re.compile(r"\n\nChoose (?:the one|every) branch .*", re.DOTALL)


def ask_models(draft: Draft, overview: Overview) -> None:
    """Make one router of an agent that the list of steps calls a router, and of its conditions."""
    for step in draft.steps:
        variable = step.agent.variable if step.kind == "agent" and step.agent else ""
        part = overview.parts.get(variable) or overview.parts.get(variable.removesuffix("_agent"))
        if part is not None and part.kind == "a router":
            step.variable = part.variable
            _ask(draft, step)


def _ask(draft: Draft, step: Step) -> None:
    assert step.agent is not None
    step.kind, step.ask = "router", _CHOICE.sub("", step.agent.instructions)
    step.model = step.model or step.agent.model
    for router in draft.steps:
        if router.kind == "router" and router.message == Output(step.number):
            step.takes_all |= any(rule.when.at == "/branches" for rule in router.rules)
            _hand_over(draft, router, step)


def _hand_over(draft: Draft, router: Step, asked: Step) -> None:
    """Put what stands on a condition's branch onto the branch that the model chooses."""
    names = {
        rule.branch: str(rule.when.equals or rule.when.contains or rule.branch)
        for rule in router.rules
    }
    router.is_dropped = True
    for step in draft.steps:
        step.gates = tuple(
            (asked.number, names.get(branch, branch)) if at == router.number else (at, branch)
            for at, branch in step.gates
        )
