"""Names: the ids and names of inputs and steps: those of the list of steps, else of the code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.ids import NodeId, free_node_id, node_id_from_name
from flows.share.python_code.drawing import words_of
from flows.share.python_import.agents import AgentSpec
from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.gates import branches_of
from flows.share.python_import.overview import Overview, Part


@dataclass(slots=True)
class Names:
    """What every node is called. `parts`: the part of the list that a node is."""

    inputs: dict[str, NodeId] = field(default_factory=dict)
    steps: dict[int, NodeId] = field(default_factory=dict)
    titles: dict[NodeId, str] = field(default_factory=dict)
    parts: dict[NodeId, Part] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)


def names_of(draft: Draft, overview: Overview) -> Names:
    """Name everything, each id once."""
    names = Names()
    listed = {part.id for part in overview.parts.values()}
    for name, entered in draft.inputs.items():
        part = overview.parts.get(name)
        said = (part.name if part else "") or words_of(name)
        names.inputs[name] = _add(names, part, said, stem=entered.option or name, listed=listed)
    counts: Counter[int] = Counter()
    free = [part for part in overview.parts.values() if part.kind == "a join"]
    bound = {step.variable for step in draft.steps if step.kind == "join"}
    left = iter([part for part in free if part.variable not in bound])
    held = Counter(step.name for step in draft.kept if step.is_holder)
    for step in draft.kept:
        part = _part_of(step, overview.parts)
        if part is None and step.kind == "join" and not step.variable:
            part = next(left, None)
        said = _title(step, part, counts)
        if said == "End" and step.gates:
            said = _ending(draft, step, names)
        elif part is None and step.is_holder and step.gates and held[said] > 1:
            said = _first_free(f"{said}: {_branch_of(draft, step)}", names)
        names.steps[step.number] = _add(names, part, said, stem=said, listed=listed)
    return names


def _ending(draft: Draft, step: Step, names: Names) -> str:
    """Name a join in which a branch ends by its router and the branch."""
    router = step.gates[-1].router
    said = names.titles[names.steps[router]] if router in names.steps else "Router"
    return _first_free(f"End: {said}, {_branch_of(draft, step)}", names)


def _branch_of(draft: Draft, step: Step) -> str:
    gate = step.gates[-1]
    return " or ".join(branches_of(gate, draft.steps[gate.router]))


def _first_free(said: str, names: Names) -> str:
    return said if said not in names.titles.values() else f"{said} {len(names.titles)}"


def name_agent(names: Names, spec: AgentSpec) -> NodeId:
    """Name an agent that is only handed over to, or called as a tool."""
    node = node_id_from_name(spec.name, taken=names.taken)
    names.taken.add(node)
    names.titles[node] = spec.name[:200]
    return node


def _part_of(step: Step, parts: Mapping[str, Part]) -> Part | None:
    if step.kind != "agent" or step.agent is None:
        return parts.get(step.variable)
    variable = step.agent.variable
    part = parts.get(variable) or parts.get(re.sub(r"_agent(_\d+)?$", "", variable))
    return part if part is not None and part.kind in {"", "an agent", "a router"} else None


def _title(step: Step, part: Part | None, counts: Counter[int]) -> str:
    """Return a step's name: its agent's, numbered where an agent runs more than once."""
    if step.kind != "agent" or step.agent is None:
        if part is not None:
            return part.name
        return step.name or words_of(step.variable) or _usual(step)
    counts[id(step.agent)] += 1
    count = counts[id(step.agent)]
    return step.agent.name if count == 1 else f"{step.agent.name} {count}"


def _usual(step: Step) -> str:
    """Name a join, or a router by what it looks at."""
    looks_at = next((rule.when.at for rule in step.rules if rule.when.at), None)
    if step.kind == "join":
        return "Result"
    return "Choice" if looks_at is None else words_of(looks_at.rpartition("/")[2])


def _add(names: Names, part: Part | None, said: str, *, stem: str, listed: set[str]) -> NodeId:
    if part is not None and part.id not in names.taken:
        node = free_node_id(part.id, taken=names.taken)
        names.parts[node] = part
    else:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", stem)
        node = node_id_from_name(words, taken=names.taken | listed)
    names.taken.add(node)
    names.titles[node] = said[:200]
    return node
