"""Advice: what a flow could do better; `find_advice` names it all, each with its edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flows.document.advice import Advice
from flows.document.edits import ChangeNode, Group, SetStage
from flows.document.model import AgentNode, Flow
from flows.document.policy import FirstOf, OnFailure, StagePolicy
from flows.document.problem import Problem
from flows.ids import NodeId
from flows.plan.graph import parents_in_order, stages_of, steps_of
from flows.plan.unready import going_without
from flows.plan.waits import needless_waits
from flows.plan.wording import advice, called, titled

TOOL_TIMEOUT_S = 60.0
"""What is offered for an agent with tools; the person may set another."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the flow.

    `seconds`: node → how long its work took in the last run. `limits`: agent → how many calls at
    once its connection lets through.
    """

    seconds: Mapping[NodeId, float] = field(default_factory=dict)
    limits: Mapping[NodeId, int] = field(default_factory=dict)


def find_advice(flow: Flow, known: Known, *, problems: Iterable[Problem]) -> tuple[Advice, ...]:
    """Return what could be better; () for a flow with errors: those come first.

    `problems`: what `find_problems` says of the flow.
    """
    told = tuple(problems)
    if any(each.severity == "error" and each.code != "not_yet" for each in told):
        return ()
    idle = {node for each in told if each.code == "not_yet" for node in each.nodes}
    places = _places(flow)
    return (
        *going_without(flow),
        *needless_waits(flow, known.seconds),
        *_unlimited_maps(flow, known.limits, places),
        *_fragile_races(flow, places),
        *(each for each in _endless_tools(flow, places) if idle.isdisjoint(each.problem.nodes)),
    )


_Places = Mapping[NodeId, tuple[NodeId, ...]]
"""Step → the steps of its stage."""


def _unlimited_maps(flow: Flow, limits: Mapping[NodeId, int], places: _Places) -> Iterator[Advice]:
    """A `for_each` asks for no more at once than its connection lets through."""
    for node in steps_of(flow):
        if not isinstance(node, AgentNode) or node.for_each is None or node.id not in limits:
            continue
        most = limits[node.id]
        said = (node.for_each, flow.run, _policy(flow, places, node.id))
        held = [each.max_concurrency for each in said if each.max_concurrency is not None]
        if held and min(held) <= most:
            continue
        problem = advice(
            "unlimited_for_each",
            f"{titled(node)} starts all its items at once, and its connection lets {most} through "
            f"at a time: the others wait there, in the way of every other agent. Set "
            f"max_concurrency of its for_each to {most}.",
            node.id,
        )
        limited = node.for_each.model_copy(update={"max_concurrency": most})
        edit = ChangeNode(id=node.id, changes={"for_each": limited.model_dump(mode="json")})
        yield Advice(problem, fix=f"{most} at once", edit=edit)


def _fragile_races(flow: Flow, places: _Places) -> Iterator[Advice]:
    """A race goes on with the others when one of them fails."""
    parents = parents_in_order(flow)
    for node in steps_of(flow):
        if node.needs == "all":
            continue
        racers = [each for each in parents.get(node.id, ()) if _fails_the_run(flow, places, each)]
        wanted = node.needs.first if isinstance(node.needs, FirstOf) else 1
        if wanted >= len(parents.get(node.id, ())) or not racers:
            continue
        names = ", ".join(called(flow, each) for each in racers)
        problem = advice(
            "fragile_race",
            f"{titled(node)} needs only the first {wanted} of its parents, but a failure of "
            f"{names} fails the whole run. Set on_failure of their stage to collect: the race "
            "then goes on with the others.",
            node.id,
            *racers,
        )
        edits = {
            key: SetStage(node=key, policy=policy.model_copy(update={"on_failure": "collect"}))
            for key, policy in (_stage_policy(flow, places, each) for each in racers)
        }
        yield Advice(problem, fix="Collect failures", edit=Group(edits=tuple(edits.values())))


def _endless_tools(flow: Flow, places: _Places) -> Iterator[Advice]:
    """What an agent's tools call comes to an end."""
    for node in steps_of(flow):
        if not isinstance(node, AgentNode) or not (node.tools or node.mcp):
            continue
        policy = _policy(flow, places, node.id)
        if any(each.timeout_s is not None for each in (node, policy, flow.run)):
            continue
        problem = advice(
            "endless_tool",
            f"{titled(node)} uses tools and has no time limit, so a tool that hangs holds up the "
            f"run for ever. Set its timeout_s, to {TOOL_TIMEOUT_S:g} seconds for a start.",
            node.id,
        )
        edit = ChangeNode(id=node.id, changes={"timeout_s": TOOL_TIMEOUT_S})
        yield Advice(problem, fix=f"{TOOL_TIMEOUT_S:g} s limit", edit=edit)


def _places(flow: Flow) -> _Places:
    return {node: stage for stage in stages_of(flow) for node in stage}


def _stage_policy(flow: Flow, places: _Places, node: NodeId) -> tuple[NodeId, StagePolicy]:
    """Return where the policy of the node's stage is keyed, or would be, and the policy."""
    keys = [each for each in places.get(node, ()) if each in flow.run.stages]
    key = keys[0] if keys else places.get(node, (node,))[0]
    return key, flow.run.stages.get(key, StagePolicy())


def _policy(flow: Flow, places: _Places, node: NodeId) -> StagePolicy:
    return _stage_policy(flow, places, node)[1]


def _fails_the_run(flow: Flow, places: _Places, node: NodeId) -> bool:
    judged: OnFailure = _policy(flow, places, node).on_failure or flow.run.on_failure
    return judged == "finish" and flow.node(node).on_error == "fail"
