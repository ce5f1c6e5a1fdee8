"""Work: one step's call on the executor, under its own clock, and how it ended."""

from __future__ import annotations

import asyncio

from flows.document.model import AgentNode
from flows.document.policy import Fallback
from flows.errors import NodeError
from flows.ids import NodeKey, RunId
from flows.models.clock import bind_clock, clock_of
from flows.plan.plan import Step
from flows.plan.wording import titled
from flows.run.executor import Emit, Executor, NodeResult
from flows.trace.events import NodeEnd, NodeFailed, NodeFinished


async def do_work(
    executor: Executor, run_id: RunId, key: NodeKey, *, node: AgentNode, message: str, emit: Emit
) -> NodeResult:
    """Call the executor. Raises NodeError when the call outlasts the node's timeout_s.

    The time in which its model calls wait for their turn on a connection does not count.
    """
    clock = asyncio.timeout(node.timeout_s)
    try:
        async with clock:
            if node.timeout_s is not None:
                bind_clock(clock_of(clock))
            return await executor.call(run_id, key, spec=node, inputs=message, emit=emit)
    except TimeoutError as error:
        if not clock.expired():
            raise
        raise NodeError(
            f"{titled(node)} took longer than its {node.timeout_s:g} s and was stopped. "
            "Raise its timeout, or make its work smaller."
        ) from error


def end_of(task: asyncio.Task[NodeResult], step: Step, *, verdict: NodeEnd | None) -> NodeEnd:
    """Say how a step's task ended. `verdict`: what was decided when the task was cancelled.

    What had finished when it was stopped stays finished.
    """
    if task.cancelled():
        return verdict or failure(step, f"{titled(step.node)} was cancelled from inside.")
    error = task.exception()
    if error is None:
        done = task.result()
        key = NodeKey(step.node.id)
        return NodeFinished(
            key,
            done.output,
            done.usage,
            done.model,
            done.last_agent,
            warning=done.warning,
        )
    return verdict or failure(step, _sentence(error, step))


def failure(step: Step, error: str) -> NodeEnd:
    """Make the end of a step whose own work failed: its fallback, where it has one."""
    key = NodeKey(step.node.id)
    match step.node.on_error:
        case Fallback(fallback=text):
            return NodeFinished(key, text, error=error)
        case "fail":
            return NodeFailed(key, error)


def _sentence(error: BaseException, step: Step) -> str:
    if isinstance(error, NodeError):
        return str(error)
    return f"{titled(step.node)} failed: {type(error).__name__}: {error}"
