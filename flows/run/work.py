"""Work: one call on the executor: a step's own, or that of one item of it.

What a run makes for every node is a msgspec Struct: a class with an `__init__` of its own takes
four times as long to make.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from flows.document.model import RouterNode
from flows.document.policy import Fallback
from flows.errors import NodeError
from flows.ids import NodeId, NodeKey
from flows.plan.plan import Step
from flows.plan.wording import titled
from flows.run.executor import Emit, NodeResult
from flows.run.repair import repair_event, repair_result, repair_text
from flows.run.routes import fallback_branches
from flows.run.turns import Slots
from flows.trace.events import NodeEnd, NodeEvent, NodeFailed, NodeFinished, NodeRetried


class Work(msgspec.Struct, eq=False):
    """A piece of work from the moment its needs are met to its end: a step's, or an item's.

    `arrived`: the parents it takes, in the order of their coming. `index`: the item's number, None
    for a step. `slots`: what it gives back at its end. `hears`: who hears its call's events, while
    it is at work; `left_s`, `deadline`: the time it then still has. `verdict`: how it ends when it
    is cancelled, said before it is. `stumbled`: why its last try failed.
    """

    step: Step
    key: NodeKey
    arrived: Sequence[NodeId] = ()
    index: int | None = None
    slots: Slots | None = None
    message: str = ""
    hears: Emit | None = None
    task: asyncio.Task[NodeResult] | None = None
    left_s: float | None = None
    deadline: float | None = None
    verdict: NodeEnd | None = None
    stumbled: str = ""

    def emit(self, event: NodeEvent) -> None:
        """Pass an event on. After the end nothing is: a cancelled call may still be speaking."""
        if self.hears is not None:
            if type(event) is NodeRetried:
                self.stumbled = event.error
            self.hears(repair_event(event))

    def stop(self, verdict: NodeEnd) -> None:
        """Cancel the call, and remember how it is to end; the first verdict counts."""
        if self.verdict is None and self.task is not None:
            self.verdict = verdict
            self.task.cancel()

    def ring(self) -> None:
        """Its time is up."""
        said = (
            f"{titled(self.step.node)} took longer than its {self.step.timeout_s:g} s and was "
            "stopped. Raise its timeout, or make its work smaller."
        )
        before = f" A try before that failed: {self.stumbled}" if self.stumbled else ""
        self.stop(failure(self.step, self.key, said + before))

    def end(self, task: asyncio.Task[NodeResult]) -> NodeEnd:
        """Say how its task ended. What had finished when it was stopped stays finished."""
        if task.cancelled():
            said = f"{titled(self.step.node)} was cancelled from inside."
            return self.verdict or failure(self.step, self.key, said)
        error = task.exception()
        if error is not None:
            return self.verdict or failure(self.step, self.key, _sentence(error, self.step))
        got = repair_result(task.result())
        return NodeFinished(
            self.key,
            got.output,
            got.usage,
            got.model,
            got.last_agent,
            "",
            got.warning,
            waited_s=got.waited_s,
            loading_s=got.loading_s,
        )


def failure(step: Step, key: NodeKey, error: str) -> NodeEnd:
    """Make the end of a step or item whose own work failed: its fallback, where it has one."""
    node = step.node
    match node.on_error:
        case Fallback(fallback=text):
            branches = fallback_branches(node) if isinstance(node, RouterNode) else ()
            return NodeFinished(key, text, error=error, branches=branches)
        case "fail":
            return NodeFailed(key, error)


def _sentence(error: BaseException, step: Step) -> str:
    if isinstance(error, NodeError):
        return repair_text(str(error))
    return repair_text(f"{titled(step.node)} failed: {type(error).__name__}: {error}")
