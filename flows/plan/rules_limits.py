"""Rules on limits: numbers that can be kept."""

from __future__ import annotations

from collections.abc import Iterator

from flows.document.model import AgentNode, Flow
from flows.document.policy import FirstOf
from flows.document.problem import Problem
from flows.ids import NodeId
from flows.plan.graph import stages_of
from flows.plan.wording import called, error, titled


def below_one(flow: Flow) -> Iterator[Problem]:
    """A limit lets at least one through."""
    for place, number, nodes in _limits(flow):
        if number is not None and number < 1:
            message = f"{place} is {number}. Make it 1 or more, or leave it empty."
            yield error("limit_below_one", message, *nodes)


def not_above_zero(flow: Flow) -> Iterator[Problem]:
    """A timeout leaves some time."""
    for place, seconds, nodes in _timeouts(flow):
        if seconds is not None and seconds <= 0:
            message = f"{place} is {seconds:g} seconds. Make it more than 0, or leave it empty."
            yield error("timeout_not_above_zero", message, *nodes)


def negative_retries(flow: Flow) -> Iterator[Problem]:
    """A call is tried at least once."""
    for node in flow.nodes:
        if isinstance(node, AgentNode) and node.retries < 0:
            message = f"{titled(node)} has {node.retries} retries. Make it 0 or more."
            yield error("negative_retries", message, node.id)


def two_policies(flow: Flow) -> Iterator[Problem]:
    """A stage has one policy."""
    for number, stage in enumerate(stages_of(flow), start=1):
        keys = [node for node in stage if node in flow.run.stages]
        if len(keys) > 1:
            names = " and ".join(called(flow, key) for key in keys)
            message = f"Stage {number} has two policies, at {names}. Keep one of them."
            yield error("two_policies", message, *keys)


_Numbers = Iterator[tuple[str, int | None, tuple[NodeId, ...]]]
_Durations = Iterator[tuple[str, float | None, tuple[NodeId, ...]]]


def _limits(flow: Flow) -> _Numbers:
    yield "max_concurrency of the run", flow.run.max_concurrency, ()
    for key, policy in flow.run.stages.items():
        yield f"max_concurrency of the stage at {called(flow, key)}", policy.max_concurrency, (key,)
    for node in flow.nodes:
        mine = (node.id,)
        if isinstance(node.needs, FirstOf):
            yield f'"first" of {titled(node)}', node.needs.first, mine
        if isinstance(node, AgentNode):
            yield f"max_turns of {titled(node)}", node.max_turns, mine
            if node.for_each is not None:
                each = node.for_each
                yield f"max_concurrency of for_each in {titled(node)}", each.max_concurrency, mine
                yield f"max_items of for_each in {titled(node)}", each.max_items, mine


def _timeouts(flow: Flow) -> _Durations:
    yield "timeout_s of the run", flow.run.timeout_s, ()
    for key, policy in flow.run.stages.items():
        yield f"timeout_s of the stage at {called(flow, key)}", policy.timeout_s, (key,)
    for node in flow.nodes:
        yield f"timeout_s of {titled(node)}", node.timeout_s, (node.id,)


RULES = (below_one, not_above_zero, negative_retries, two_policies)
