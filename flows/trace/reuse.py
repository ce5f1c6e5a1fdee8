"""Reuse: which results of an earlier run stand in a new one, so that only the rest is run.

A result is reused if its node finished, is the same since, and stands behind nothing that runs
again: its parents are reused themselves, or a reused router went past them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows.document.files import read_values
from flows.document.model import Flow, RouterNode
from flows.document.placeholders import as_text
from flows.document.policy import quorum_of
from flows.errors import FlowFileError, ReuseError
from flows.ids import NodeId, NodeKey, RunId, item_index, node_of
from flows.plan.changed import changed_nodes
from flows.plan.graph import parents_in_order
from flows.plan.plan import Plan, Step
from flows.plan.wording import did_you_mean
from flows.trace.events import NodeFinished
from flows.trace.fold import NodeTrace, RunTrace


@dataclass(frozen=True, slots=True)
class Reuse:
    """What a run is given of an earlier one. `run`: which; `ends`: key → its end, told once more.

    Items of a `for_each` stand here where their node itself runs again.
    """

    run: RunId
    ends: Mapping[NodeKey, NodeFinished]


def reuse_before(trace: RunTrace, plan: Plan, node: NodeId) -> Reuse:
    """Reuse what can be, so that `node` and all that stands behind it run.

    Raises ReuseError when there is no such step, or when the run is one of another flow.
    """
    if node not in plan.steps:
        known = list(plan.steps)
        hint = did_you_mean(node, known)
        raise ReuseError(
            f'"{node}" is no step of this flow.{hint} Its steps: {", ".join(known) or "none"}.'
        )
    again = _with_all_behind(plan, node)
    return _reuse(trace, plan, lambda told: node_of(told.key) not in again)


def reuse_finished(trace: RunTrace, plan: Plan) -> Reuse:
    """Reuse what can be, so that what failed, or did not come to its end, runs.

    Of a `for_each` that failed in part only the failed items run; where a fallback stands in for a
    failure, that is tried again too. Raises ReuseError when the run is one of another flow.
    """
    flawed = {node_of(key) for key, told in trace.nodes.items() if _is_flawed(told)}
    return _reuse(
        trace,
        plan,
        lambda told: (
            not told.error and (item_index(told.key) is not None or node_of(told.key) not in flawed)
        ),
    )


def texts_of_inputs(trace: RunTrace, flow: Flow) -> dict[str, str]:
    """Return what an earlier run was given, as text, for the inputs that the flow still has."""
    known = {node.id for node in flow.inputs}
    return {key: as_text(value) for key, value in trace.inputs.items() if key in known}


def _is_flawed(told: NodeTrace) -> bool:
    """Say whether a node or item did not give what it should have."""
    return told.status != "finished" or bool(told.error)


def _reuse(trace: RunTrace, plan: Plan, may: Callable[[NodeTrace], bool]) -> Reuse:
    """`may`: whether the result of a node or item that finished may be reused at all."""
    changed = _changed(trace, plan)
    ends: dict[NodeKey, NodeFinished] = {}
    passed: set[NodeId] = set()
    for node in parents_in_order(plan.flow):
        step, told = plan.steps[node], trace.nodes.get(NodeKey(node))
        came = [each for each in step.work_parents if _leads(plan, ends, each, node)]
        to_come = [e for e in step.work_parents if NodeKey(e) not in ends and e not in passed]
        if _is_out_of_reach(step, came=len(came), to_come=len(to_come)):
            passed.add(node)
        elif told is not None and node not in changed and _is_ready(step, came, to_come):
            if told.status == "finished" and may(told):
                ends[told.key] = _told_again(told)
            elif step.for_each is not None and step.node.needs == "all":
                ends |= _items(trace, node, may)
    return Reuse(trace.run_id, ends)


def _changed(trace: RunTrace, plan: Plan) -> frozenset[NodeId]:
    try:
        ran = read_values(trace.flow)
    except FlowFileError as error:
        raise ReuseError(f"The flow of that run cannot be read: {error}") from error
    changed = frozenset(changed_nodes(ran, plan.flow))
    if changed.issuperset(plan.steps) and not {node.id for node in ran.nodes} & set(plan.steps):
        raise ReuseError(
            f'That is a run of another flow, "{ran.name}": none of its steps is in '
            f'"{plan.flow.name}". Give it a run of this flow.'
        )
    return changed


def _leads(plan: Plan, ends: Mapping[NodeKey, NodeFinished], parent: NodeId, child: NodeId) -> bool:
    """Say whether a parent's reused result arrives at a child."""
    end = ends.get(NodeKey(parent))
    if end is None:
        return False
    branches = plan.steps[parent].children[child]
    if branches is None or not isinstance(plan.steps[parent].node, RouterNode):
        return True
    return not branches.isdisjoint(end.branches)


def _is_ready(step: Step, came: list[NodeId], to_come: list[NodeId]) -> bool:
    quorum = quorum_of(step.node.needs)
    if not step.work_parents:
        return True
    return bool(came) and not to_come if quorum is None else len(came) >= quorum


def _is_out_of_reach(step: Step, *, came: int, to_come: int) -> bool:
    """Say whether a step's needs cannot be met again, since reused routers went past it."""
    if not step.work_parents:
        return False
    quorum = quorum_of(step.node.needs)
    return came + to_come < (1 if quorum is None else quorum)


def _items(
    trace: RunTrace, node: NodeId, may: Callable[[NodeTrace], bool]
) -> dict[NodeKey, NodeFinished]:
    return {
        key: _told_again(told)
        for key, told in trace.nodes.items()
        if item_index(key) is not None
        and node_of(key) == node
        and told.status == "finished"
        and may(told)
    }


def _told_again(told: NodeTrace) -> NodeFinished:
    """Make an end that has cost nothing."""
    return NodeFinished(
        told.key,
        told.output,
        model=told.model,
        last_agent=told.last_agent,
        error=told.error,
        warning=told.warning,
        branches=told.branches,
        why=told.why,
        reused=True,
    )


def _with_all_behind(plan: Plan, node: NodeId) -> frozenset[NodeId]:
    found, fresh = {node}, [node]
    while fresh:
        behind = set(plan.steps[fresh.pop()].children) - found
        found |= behind
        fresh.extend(behind)
    return frozenset(found)
