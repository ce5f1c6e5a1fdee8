"""Crew: everyone at work: one task a piece of work, under its own clock, until its end is heard.

A task's end is heard through a done callback: one that is cancelled before its first step never
enters its own `try`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextvars import Context
from functools import partial

from flows.document.model import AgentNode
from flows.ids import NodeKey, RunId
from flows.models.clock import bind_limit
from flows.run.clocks import Clock, Clocks
from flows.run.executor import Emit, Executor, NodeResult
from flows.run.work import Work
from flows.trace.events import NodeEnd

OnDone = Callable[[Work, asyncio.Task[NodeResult]], None]


class Crew:
    """Starts work on the running loop, in copies of a context, and tells `on_done` of each end.

    `at_work`: those at work now, for others to read.
    """

    def __init__(
        self, executor: Executor, run_id: RunId, *, context: Context, emit: Emit, on_done: OnDone
    ) -> None:
        self._call, self._run_id = executor.call, run_id
        self._context, self._emit, self._on_done = context, emit, on_done
        self._loop = asyncio.get_running_loop()
        self._clocks = Clocks(self._loop)
        self.at_work: dict[NodeKey, Work] = {}

    def __iter__(self) -> Iterator[Work]:
        """Go over those at work now; they may end meanwhile."""
        return iter(list(self.at_work.values()))

    def begin(self, work: Work, spec: AgentNode) -> None:
        """Call the executor for a piece of work."""
        work.hears, key = self._emit, work.key
        call = self._call(self._run_id, key, spec=spec, inputs=work.message, emit=work.emit)
        context = self._context.copy()
        seconds = work.step.timeout_s
        if seconds is not None:
            work.clock = clock = Clock(self._clocks, seconds, work.ring)
            self._clocks.start(clock)
            context.run(bind_limit, clock)
        # the class itself: a loop's create_task names twice, and a factory might start it at once
        work.task = task = asyncio.Task(call, loop=self._loop, name=key, context=context)
        self.at_work[key] = work
        task.add_done_callback(partial(self._done, work), context=self._context)

    def stop(self, key: NodeKey, verdict: NodeEnd) -> bool:
        """Cancel a piece of work, to end as said; say whether it was at work."""
        work = self.at_work.get(key)
        if work is not None:
            work.stop(verdict)
        return work is not None

    def close(self) -> None:
        """Let go of the clocks."""
        self._clocks.close()

    def _done(self, work: Work, task: asyncio.Task[NodeResult]) -> None:
        work.hears = None
        del self.at_work[work.key]
        clock, work.clock = work.clock, None  # the two know each other, and are let go of apart
        if clock is not None:
            clock.end()
        self._on_done(work, task)
