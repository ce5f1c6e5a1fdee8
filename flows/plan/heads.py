"""Head: the line over a stage, `Stage 2 · 3 agents · gather · max 2 · 30 s · barrier`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flows.document.model import AgentNode, Flow, Node
from flows.document.policy import StagePolicy
from flows.ids import NodeId
from flows.plan.guards import guards_of

_PATTERNS = {"finish": "gather", "cancel": "TaskGroup", "collect": "gather, errors collected"}


def stage_heads(
    flow: Flow, stages: Sequence[Sequence[NodeId]], *, how: bool = True
) -> tuple[str, ...]:
    """Say for every stage how many nodes run side by side there, and `how`: by which pattern.

    Where calls side by side have no limit of their own, the run's limit holds and is said. A stage
    that starts only when the one before has ended stands behind a barrier.
    """
    nodes = {node.id: node for node in flow.nodes}
    heads = []
    for number, stage in enumerate(stages, start=1):
        words = [f"Stage {number}", _count([nodes[each] for each in stage])]
        if how:
            words += _pattern(flow, stage)
            words += ["barrier"] if number > 1 and flow.run.start == "by_stage" else []
        heads.append(" · ".join(words))
    return tuple(heads)


def _count(nodes: Sequence[Node]) -> str:
    counts = Counter(node.type for node in nodes)
    return ", ".join(f"{number} {_plural(kind, number)}" for kind, number in counts.items())


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _race(flow: Flow, stage: Sequence[NodeId]) -> str:
    """Say what the stage races for: a node that takes the first of it; empty where none does."""
    for node in flow.nodes:
        if node.needs == "all":
            continue
        parents = {edge.source for edge in flow.edges if edge.target == node.id}
        if parents >= {*stage}:
            count = 1 if node.needs == "any" else node.needs.first
            return "race" if count == 1 else f"first {count} of {len(parents)}"
    return ""


def _pattern(flow: Flow, stage: Sequence[NodeId]) -> list[str]:
    policy = next((flow.run.stages[each] for each in stage if each in flow.run.stages), None)
    said = policy or StagePolicy()
    pattern = _PATTERNS[said.on_failure or flow.run.on_failure]
    usual = "gather" if flow.run.results == "in_order" else "as completed"
    is_one = len(stage) > 1 and guards_of(flow).one_of(stage)
    several = len(stage) > 1 and not is_one
    parts = [pattern.replace("gather", _race(flow, stage) or usual)] if several else []
    parts += [f"one of {len(stage)}"] if is_one else []
    of_run = flow.run.max_concurrency if several or _is_mapped(flow, stage) else None
    most = said.max_concurrency if said.max_concurrency is not None else of_run
    if most is not None:
        parts.append(f"max {most}")
    if said.timeout_s is not None:
        parts.append(f"{said.timeout_s:g} s")
    return parts


def _is_mapped(flow: Flow, stage: Sequence[NodeId]) -> bool:
    nodes = (flow.node(each) for each in stage)
    return any(isinstance(node, AgentNode) and node.for_each is not None for node in nodes)
