"""Plan: an error-free flow put in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.document.files import flow_values
from flows.document.model import AgentNode, Flow, InputNode, Node, RouterNode
from flows.document.policy import ForEach, StagePolicy
from flows.errors import FlowHasProblems
from flows.ids import NodeId
from flows.plan.checks import find_problems
from flows.plan.graph import branches_from, data_edges, stages_of, steps_of


@dataclass(frozen=True, slots=True)
class Step:
    """One node that works, and its place in the plan.

    `place` is its number in document order, `stage` counts from 0. `parents` are all its data
    parents, inputs among them, in edge order; `work_parents` only those that work. `children`:
    child → the branches that lead to it, or None where the edge is always taken. `branches` are
    those a router chooses from, in edge order. `for_each`, `prompt` and `timeout_s` are the node's
    own, copied because a run reads them for every piece of work. `races`: it takes the first of its
    parents and not all.
    """

    id: NodeId
    node: Node
    place: int
    stage: int
    parents: tuple[NodeId, ...]
    work_parents: tuple[NodeId, ...]
    children: Mapping[NodeId, frozenset[str] | None]
    branches: tuple[str, ...]
    for_each: ForEach | None
    prompt: str
    timeout_s: float | None
    races: bool


@dataclass(frozen=True)
class Plan:
    """A flow in order. `steps` is in document order; `ends` are the steps without children."""

    flow: Flow
    stages: tuple[tuple[NodeId, ...], ...]
    steps: Mapping[NodeId, Step]
    ends: tuple[NodeId, ...]

    def in_drawn_order(self, nodes: Iterable[NodeId]) -> list[NodeId]:
        """Sort steps as the document has them: what can start together starts in this order."""
        return sorted(nodes, key=lambda node: self.steps[node].place)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The flow's JSON values, as a run's first record holds them."""
        return flow_values(self.flow)

    @cached_property
    def names(self) -> Mapping[NodeId, str]:
        """What people call each node, inputs among them."""
        return {node.id: node.name for node in self.flow.nodes}

    @cached_property
    def stage_policies(self) -> tuple[StagePolicy, ...]:
        """The policy of every stage, in stage order; where none is said, the empty one."""
        said = {self.steps[key].stage: policy for key, policy in self.flow.run.stages.items()}
        return tuple(said.get(number, StagePolicy()) for number in range(len(self.stages)))


def plan_flow(flow: Flow) -> Plan:
    """Put a flow in order. Raises FlowHasProblems when it has errors."""
    errors = [problem for problem in find_problems(flow) if problem.severity == "error"]
    if errors:
        raise FlowHasProblems(errors)
    stages = stages_of(flow)
    stage_of = {node: number for number, stage in enumerate(stages) for node in stage}
    inputs = {node.id for node in flow.nodes if isinstance(node, InputNode)}
    parents, children = _links(flow)
    steps = {
        node.id: Step(
            id=node.id,
            node=node,
            place=place,
            stage=stage_of[node.id],
            parents=tuple(parents[node.id]),
            work_parents=tuple(each for each in parents[node.id] if each not in inputs),
            children=_branches(children[node.id]),
            branches=branches_from(flow, node.id),
            for_each=node.for_each if isinstance(node, AgentNode) else None,
            prompt=_prompt(node),
            timeout_s=node.timeout_s,
            races=node.needs != "all",
        )
        for place, node in enumerate(steps_of(flow))
    }
    ends = tuple(node for node, step in steps.items() if not step.children)
    return Plan(flow=flow, stages=stages, steps=steps, ends=ends)


def _prompt(node: Node) -> str:
    if isinstance(node, InputNode | RouterNode):
        return ""
    return node.prompt if node.prompt.strip() else ""


_Links = dict[NodeId, dict[NodeId, list[str | None]]]


def _links(flow: Flow) -> tuple[_Links, _Links]:
    """Map each node to its parents, and to its children, with the branches of the edges between."""
    parents: _Links = {node.id: {} for node in flow.nodes}
    children: _Links = {node.id: {} for node in flow.nodes}
    for edge in data_edges(flow):
        parents[edge.target].setdefault(edge.source, []).append(edge.branch)
        children[edge.source].setdefault(edge.target, []).append(edge.branch)
    return parents, children


def _branches(links: dict[NodeId, list[str | None]]) -> dict[NodeId, frozenset[str] | None]:
    return {
        child: None
        if None in branches
        else frozenset(each for each in branches if each is not None)
        for child, branches in links.items()
    }
