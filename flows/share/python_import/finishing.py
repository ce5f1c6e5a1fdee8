"""Finishing: inputs and joins of a draft that the program only implies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.document.model import Rule
from flows.share.python_import.arms import settled
from flows.share.python_import.draft import Draft, Entered, Step
from flows.share.python_import.gates import Gate, branches_of
from flows.share.python_import.instructions import remark_unwritten
from flows.share.python_import.links import givens_in, handed_in, mentioned, steps_in
from flows.share.python_import.machine import Machine
from flows.share.python_import.overview import Overview
from flows.share.python_import.questions import ask_models
from flows.share.python_import.values import (
    Given,
    Known,
    Listed,
    Merged,
    Output,
    Result,
    Text,
    Unclear,
    Value,
)


def finish(machine: Machine, overview: Overview) -> Draft:
    """Add joins for results that are put together, and the inputs that are read."""
    draft = machine.draft
    line = draft.steps[-1].line if draft.steps else 1
    draft.ends = [settled(machine, end, line=line) for end in draft.ends]
    draft.shown = [settled(machine, each, line=line) for each in draft.shown]
    for end in draft.ends:
        _add_join(machine, end, overview)
    _give_what_is_shown(machine)
    _drop_unread(draft)
    ask_models(draft, overview)
    for step in reversed(draft.steps.copy()):
        step.message = _by_name(machine, step.message)
        if step.kind == "router" and step.ask is None and not step.is_dropped:
            _tidy_router(machine, step)
    draft.last_words = machine.last_words
    _name_inputs(draft, machine.constants, overview)
    remark_unwritten(draft)
    _add_agents(machine)
    if not draft.inputs and draft.steps:
        _invent_input(draft)
    return draft


def _add_join(machine: Machine, end: Value, overview: Overview) -> None:
    """Fold what the program returns, where it is made of several outputs or of words around one."""
    draft = machine.draft
    parts = end.parts if isinstance(end, Text) else ()
    is_whole = len(parts) == 1 and not getattr(parts[0], "path", ())  # `str(answer)`
    is_folded = any(isinstance(each, Output) for each in parts) and not is_whole
    raced = {each.steps for each in draft.races}
    is_raced = isinstance(end, Merged) and frozenset(steps_in(end)) in raced
    joins = [step.variable for step in draft.kept if step.kind == "join"]
    is_named = isinstance(end, Listed | Merged) and _is_more(overview.joins, joins)
    if not (is_folded or is_raced or is_named) or not [*steps_in(end)]:
        return
    machine.after = frozenset(range(len(draft.steps)))
    step = machine.add_step("join", end, line=draft.steps[-1].line)
    step.as_list = isinstance(end, Listed)


def _give_what_is_shown(machine: Machine) -> None:
    """Let a join give what the program shows last, where that was only read on the way."""
    draft, last = machine.draft, machine.draft.last_shown
    if last is None or last.count < len(draft.steps) or not _is_sure(last.value):
        return
    read = {number for step in draft.steps for number in mentioned(draft, step)}
    if read.intersection(steps_in(last.value)):
        machine.after = frozenset(range(len(draft.steps)))
        machine.add_step("join", last.value, line=draft.steps[-1].line)


def _is_sure(value: Value) -> bool:
    """Say whether it is clear what is shown: an answer, or a text with answers in it."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return all(isinstance(each, str | Output | Result | Given) for each in parts)


def _is_more(listed: frozenset[str], joins: Sequence[str]) -> bool:
    """Say whether a program lists more joins than are read, those without a name among them."""
    return len(listed - {*joins}) > sum(name not in listed for name in joins)


def _tidy_router(machine: Machine, router: Step) -> None:
    """Leave out a router that leads nowhere; a lone question is asked so that it leads on."""
    draft = machine.draft
    used = {branch for step in draft.kept for branch in _branches(router, step)}
    if router.otherwise is None and "otherwise" in used:
        router.otherwise = "otherwise"
    if router.otherwise not in used:
        router.otherwise = None
    if not used:
        router.is_dropped = True
        draft.remark(router.line, "No agent runs on this condition, so it is left out.")
        return
    unused = [rule for rule in router.rules if rule.branch not in used]
    only = router.rules[0] if len(router.rules) == 1 else None
    if unused and only and isinstance(only.when.equals, bool) and router.otherwise is not None:
        when = only.when.model_copy(update={"equals": not only.when.equals})
        turned = Gate(router.number, (router.otherwise,))
        for step in draft.steps:
            step.gates = tuple(turned if g.router == router.number else g for g in step.gates)
        router.rules = [Rule(branch=router.otherwise, when=when)]
        router.otherwise = None


def _branches(router: Step, step: Step) -> list[str]:
    """Return the branches of a router on which a step is done, or is handed something."""
    every = (*step.gates, *handed_in(step.message))
    gates = [each for each in every if each.router == router.number]
    return [branch for gate in gates for branch in branches_of(gate, router)]


def _drop_unread(draft: Draft) -> None:
    """Leave out joins that were made for what nobody reads after all."""
    read = {each for end in (*draft.ends, *draft.shown) for each in steps_in(end)}
    for step in reversed(draft.steps):
        step.is_dropped |= step.is_holder and step.number not in read
        read |= set() if step.is_dropped else {*mentioned(draft, step)}


def _by_name(machine: Machine, value: Value) -> Value:
    match value:
        case Known(value=str() as said, name=name) if name and said.strip():
            if machine.constants.setdefault(name, said) == said:
                return Given(name)
            return value
        case _:
            return value


def _name_inputs(draft: Draft, constants: Mapping[str, str], overview: Overview) -> None:
    """Keep the inputs that something reads, in the order of the list of steps."""
    read = [
        name
        for step in draft.steps
        for value in (step.message, *([] if step.loop is None else [draft.loops[step.loop].items]))
        for name in givens_in(value)
    ]
    for name in dict.fromkeys(read):
        if name not in draft.inputs:
            draft.inputs[name] = Entered(
                name, 1, example=draft.defaults.get(name) or constants.get(name, "")
            )
    kept = [name for name in draft.inputs if name in read or name in overview.parts]
    for name in [each for each in draft.inputs if each not in kept]:
        entered = draft.inputs[name]
        draft.remark(entered.line, f'No agent reads "{name}"; it is no input.')
    order = {name: place for place, name in enumerate(overview.parts)}
    kept.sort(key=lambda name: order.get(name, len(order)))
    draft.inputs = {name: draft.inputs[name] for name in kept}


def _add_agents(machine: Machine) -> None:
    """Place agents that nothing runs, where nothing runs at all; else say that they are left."""
    draft = machine.draft
    used = {id(step.agent) for step in draft.kept if step.agent is not None}
    reached = list(draft.agents)
    helped = {id(other) for spec in reached for other in (*spec.handoffs, *spec.agents_as_tools)}
    for spec in reached:
        if id(spec) in used or id(spec) in helped:
            continue
        if used:
            draft.remark(spec.line, f'Nothing runs the agent "{spec.name}"; it is left out.')
            continue
        machine.after = frozenset()
        step = machine.add_step("agent", Given("message"), line=spec.line)
        step.agent = spec
        draft.remark(spec.line, f'Nothing runs the agent "{spec.name}"; it is put at the start.')
        draft.inputs.setdefault("message", Entered("message", spec.line))


def _invent_input(draft: Draft) -> None:
    """Give a flow that is told nothing its input: what its first agents are told."""
    roots = [step for step in draft.steps if not [*mentioned(draft, step)]]
    said = {step.message.value for step in roots if isinstance(step.message, Known)}
    entered = Entered("message", roots[0].line if roots else 1)
    draft.inputs["message"] = entered
    if len(said) == 1 and all(_is_plain(step) for step in roots):
        entered.example = str(said.pop() or "")
        for step in roots:
            step.message = Given("message")


def _is_plain(step: Step) -> bool:
    return isinstance(step.message, Known) and step.loop is None


__all__ = ["Unclear", "finish"]
