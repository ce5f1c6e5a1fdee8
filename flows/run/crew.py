"""Crew: everyone at work: one task a piece of work, under its own clock, until its end is heard.

A task's end is heard through a done callback: one that is cancelled before its first step never
enters its own `try`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextvars import Context
from functools import partial

from flows.document.model import AgentNode
from flows.ids import NodeKey, RunId
from flows.models.clock import TimeLimit, bind_limits
from flows.run.clocks import Clock, Clocks
from flows.run.executor import Emit, Executor, NodeResult
from flows.run.work import Work
from flows.trace.events import NodeEnd

OnDone = Callable[[Work, asyncio.Task[NodeResult]], None]


class Crew:
    """Starts work on the running loop, in copies of a context, and tells `on_done` of each end.

    `at_work`: those at work now, for others to read. A task's name is the key of its work.
    """

    def __init__(
        self, executor: Executor, run_id: RunId, *, context: Context, emit: Emit, on_done: OnDone
    ) -> None:
        self._call, self._run_id = executor.call, run_id
        self._context, self._emit, self._on_done = context, emit, on_done
        self._loop = asyncio.get_running_loop()
        self.at_work: dict[str, Work] = {}
        self._clocks = Clocks(self._loop, self.at_work)
        context.run(bind_limits, partial(_limit_of_task, self.at_work, self._clocks))

    def __iter__(self) -> Iterator[Work]:
        """Go over those at work now; they may end meanwhile."""
        return iter(list(self.at_work.values()))

    def begin(self, work: Work, spec: AgentNode) -> None:
        """Call the executor for a piece of work."""
        work.hears, key = self._emit, work.key
        call = self._call(self._run_id, key, spec=spec, inputs=work.message, emit=work.emit)
        # the class itself: a loop's create_task names twice, and a factory might start it at once
        task = asyncio.Task(call, loop=self._loop, name=key, context=self._context.copy())
        work.task = task
        self.at_work[key] = work
        work.left_s = work.step.timeout_s
        self._clocks.start(work)
        task.add_done_callback(self._done, context=self._context)

    def stop(self, key: NodeKey, verdict: NodeEnd) -> bool:
        """Cancel a piece of work, to end as said; say whether it was at work."""
        work = self.at_work.get(key)
        if work is not None:
            work.stop(verdict)
        return work is not None

    def close(self) -> None:
        """Let go of the clocks."""
        self._clocks.close()

    def _done(self, task: asyncio.Task[NodeResult]) -> None:
        work = self.at_work.pop(task.get_name())
        work.hears = work.left_s = work.deadline = None
        self._on_done(work, task)


def _limit_of_task(at_work: Mapping[str, Work], clocks: Clocks) -> TimeLimit | None:
    """Return the clock of the work whose task runs: a variable a task would cost each of them."""
    task = asyncio.current_task()
    work = None if task is None else at_work.get(task.get_name())
    return None if work is None else Clock(clocks, work)
