"""Run: one execution of a plan. Records come out; `cancel` goes in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from flows.ids import RunId, new_run_id
from flows.plan.plan import Plan
from flows.run.deps import Deps
from flows.run.inputs import fill_inputs
from flows.run.line import Line
from flows.run.recorder import Recorder
from flows.run.scheduler import Scheduler
from flows.trace.events import Measured, Record
from flows.trace.reuse import Reuse


class Run:
    """One execution of a plan. Raises InputError when it is given what the flow cannot take.

    `earlier`: what it is given of an earlier run, or the run it measures.
    """

    def __init__(
        self,
        plan: Plan,
        inputs: str | Mapping[str, str],
        *,
        deps: Deps,
        run_id: RunId | None = None,
        earlier: Reuse | Measured | None = None,
    ) -> None:
        self.id = run_id or new_run_id()
        self.plan = plan
        self.inputs = fill_inputs(plan.flow, inputs)
        self._deps = deps
        self._earlier = earlier
        self._scheduler: Scheduler | None = None
        self._cancelled: str | None = None

    async def records(self) -> AsyncGenerator[Record, None]:
        """Run, and yield every record as it comes, up to the run's end. Only once a run.

        Leaving early, or being cancelled, cancels the run and waits until all of it has stopped.
        """
        async with aclosing(self.batches()) as batches:
            async for batch in batches:
                for record in batch:
                    yield record

    async def batches(self) -> AsyncGenerator[list[Record], None]:
        """Do what `records` does; yield together what came together."""
        line = Line()
        recorder = Recorder(self.id, clock=self._deps.clock, line=line.records, wake=line.wake_soon)
        scheduler = Scheduler(
            self.plan,
            self.inputs,
            run_id=self.id,
            deps=self._deps,
            recorder=recorder,
            earlier=self._earlier,
        )
        self._scheduler = scheduler
        if self._cancelled is not None:
            scheduler.cancel(self._cancelled)
        driver = asyncio.create_task(scheduler.run(), name=f"run {self.id}")
        driver.add_done_callback(line.wake)
        try:
            while not driver.done() or line.records:
                while line.records:
                    yield line.take()
                if not driver.done():
                    await line.wait()
            driver.result()
        finally:
            scheduler.cancel("the one who started the run went away")
            await asyncio.wait([driver])

    def cancel(self, reason: str = "stopped by hand") -> None:
        """Stop the run: every started node ends cancelled, every call is really cancelled."""
        self._cancelled = reason
        if self._scheduler is not None:
            self._scheduler.cancel(reason)
