"""Question: an agent that only chooses a branch, as the router that asks a model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.gates import Gate
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
            _handed(gate, asked, names) if gate.router == router.number else gate
            for gate in step.gates
        )


def _handed(gate: Gate, asked: Step, names: Mapping[str, str]) -> Gate:
    branches = tuple(names.get(each, each) for each in gate.branches)
    if gate.is_other:
        branches = tuple(each for each in _offered(asked) if each not in branches)
    return Gate(asked.number, branches)


def _offered(asked: Step) -> list[str]:
    """Return the branches that the model may choose."""
    schema = asked.agent.schema if asked.agent else None
    fields = (schema or {}).get("properties")
    for field in fields.values() if isinstance(fields, dict) else ():
        items = field.get("items", field) if isinstance(field, dict) else {}
        named = items.get("enum") if isinstance(items, dict) else None
        if isinstance(named, list):
            return [str(each) for each in named]
    return []
