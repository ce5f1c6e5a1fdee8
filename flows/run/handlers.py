"""Handler: what each type of node does with the message it was given."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from flows.document.model import AgentNode, JoinNode, RouterNode
from flows.errors import NodeError
from flows.plan.plan import Step
from flows.plan.wording import listed, titled
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
            given = board.parents(work.step, work.arrived)
            return NodeFinished(work.key, given, why=tell_race(work, board))
        case JoinNode():
            return NodeFinished(work.key, work.message, why=tell_race(work, board))
        case RouterNode(ask=None) as router:
            branches, why = choose_by_rules(router, work.message)
            return NodeFinished(work.key, work.message, branches=branches, why=why)
        case RouterNode() as router:
            return asking_agent(work.step, router)
        case node:
            raise NodeError(f"{titled(node)} cannot be run.")


def tell_race(work: Work, board: Board) -> str:
    """Say who was first, where a step does not wait for all; else an empty text."""
    first = board.names(work.arrived)
    if not work.step.races or not first:
        return ""
    return f"{listed(first)} {'was' if len(first) == 1 else 'were'} first."


def read_end(work: Work, end: NodeEnd, board: Board) -> NodeEnd:
    """Read the end of a call: a router's answer is the way its message goes."""
    if not isinstance(end, NodeFinished) or end.error:
        return end
    if isinstance(work.step.node, RouterNode):
        return _read_answer(work, end)
    return msgspec.structs.replace(end, why=tell_race(work, board))


def _read_answer(work: Work, end: NodeFinished) -> NodeEnd:
    try:
        branches = chosen_branches(work.step, end.output)
    except NodeError as error:
        return failure(work.step, work.key, str(error))
    why = f"{end.model or 'The model'} chose."
    return msgspec.structs.replace(end, output=work.message, branches=branches, why=why)
