"""Rules on what the format can say and this version does not run: said, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from flows.document.model import ApprovalNode, Flow
from flows.document.problem import Problem
from flows.plan.unready import unready_fields
from flows.plan.wording import called, error, titled


def node_types(flow: Flow) -> Iterator[Problem]:
    """Approvals are drawn and saved, and do not run yet."""
    for node in flow.nodes:
        if isinstance(node, ApprovalNode):
            message = (
                f"{titled(node)} is a node of type {node.type}, which this version of Fanfold does "
                "not run. Remove it to run the flow."
            )
            yield error("not_yet", message, node.id)


def agent_features(flow: Flow) -> Iterator[Problem]:
    """Some fields of an agent are kept and do not run yet."""
    for node in flow.nodes:
        for name in unready_fields(node):
            message = (
                f'{titled(node)} uses "{name}", which this version of Fanfold does not run. '
                "Take it out to run the flow."
            )
            yield error("not_yet", message, node.id)


def attached(flow: Flow) -> Iterator[Problem]:
    """Handoffs and agents as tools do not run yet."""
    for edge in flow.edges:
        if edge.kind != "data":
            message = (
                f"This version of Fanfold does not run the {edge.kind} edge "
                f"{called(flow, edge.source)} → {called(flow, edge.target)}. Remove it to run."
            )
            yield error("not_yet", message, edge.source, edge.target)


RULES = (node_types, agent_features, attached)
