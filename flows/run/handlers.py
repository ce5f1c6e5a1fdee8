"""Handler: what each type of node does with the message it was given."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from flows.document.model import AgentNode, JoinNode, RouterNode
from flows.errors import NodeError
from flows.plan.plan import Step
from flows.plan.wording import titled
from flows.run.board import Board
from flows.run.routes import asking_agent, choose_by_rules, chosen_branches
from flows.run.work import Work, failure
from flows.trace.events import NodeEnd, NodeFinished

Task: TypeAlias = AgentNode | NodeEnd
"""What a started step has to do: run this agent, or nothing more since it has ended."""


def holds_slot(step: Step) -> bool:
    """Say whether a step's own work counts under limits: joins, rules and containers do not."""
    match step.node:
        case AgentNode():
            return step.for_each is None
        case RouterNode(ask=ask):
            return ask is not None
        case _:
            return False


def task_of(work: Work, board: Board) -> Task:
    """Say what a step that starts has to do. Raises NodeError for what cannot be run."""
    match work.step.node:
        case AgentNode() as agent:
            return agent
        case JoinNode(as_="list"):
            return NodeFinished(work.key, board.parents(work.step, work.arrived))
        case JoinNode():
            return NodeFinished(work.key, work.message)
        case RouterNode(ask=None) as router:
            branches, why = choose_by_rules(router, work.message)
            return NodeFinished(work.key, work.message, branches=branches, why=why)
        case RouterNode() as router:
            return asking_agent(work.step, router)
        case node:
            raise NodeError(f"{titled(node)} cannot be run.")


def read_answer(work: Work, end: NodeEnd) -> NodeEnd:
    """Read the end of a router's call: its answer is the way its message goes."""
    if not isinstance(end, NodeFinished) or end.error:
        return end
    try:
        branches = chosen_branches(work.step, end.output)
    except NodeError as error:
        return failure(work.step, work.key, str(error))
    why = f"{end.model or 'The model'} chose."
    return msgspec.structs.replace(end, output=work.message, branches=branches, why=why)
