"""Actor: an executor for tests whose nodes take the time, and end, as they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from flows.document.model import AgentNode, Flow
from flows.errors import NodeError
from flows.ids import NodeKey, RunId
from flows.plan.plan import plan_flow
from flows.run.deps import Deps
from flows.run.executor import Emit, NodeResult
from flows.run.run import Run
from flows.trace.events import Measured, NodeFinished, Record
from flows.trace.reuse import Reuse


class Actors:
    """Each node sleeps for its seconds and answers `id(message)`, or fails with `id broke`."""

    def __init__(
        self,
        seconds: Mapping[str, float] | None = None,
        *,
        failing: Collection[str] = (),
        outputs: Mapping[str, Any] | None = None,
        warnings: Mapping[str, str] | None = None,
    ) -> None:
        self._seconds = seconds or {}
        self._failing = failing
        self._outputs = outputs or {}
        self._warnings = warnings or {}
        self.running = 0
        self.most_at_once = 0
        self.stopped: list[str] = []

    async def call(
        self, run_id: RunId, key: NodeKey, *, spec: AgentNode, inputs: str, emit: Emit
    ) -> NodeResult:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await asyncio.sleep(self._seconds.get(key, 1.0))
        except asyncio.CancelledError:
            self.stopped.append(key)
            raise
        finally:
            self.running -= 1
        if key in self._failing:
            raise NodeError(f"{key} broke")
        output = self._outputs.get(key, f"{key}({inputs})")
        return NodeResult(output, warning=self._warnings.get(key, ""))


def deps_of(actors: Actors) -> Deps:
    return Deps(executor=actors, model="test/actor", clock=lambda: 1000.0)


async def play(
    flow: Flow,
    actors: Actors,
    inputs: str = "hi",
    *,
    reused: Mapping[Any, NodeFinished] | None = None,
) -> list[Record]:
    """Run a flow to its end and return its records. `reused`: ends of an earlier run, by key."""
    earlier = Reuse(RunId("before"), reused) if reused else None
    return await play_again(flow, actors, earlier, inputs)


async def play_again(
    flow: Flow, actors: Actors, earlier: Reuse | Measured | None, inputs: str = "hi"
) -> list[Record]:
    """Run a flow to its end with what it has of an earlier run."""
    run = Run(plan_flow(flow), inputs, deps=deps_of(actors), earlier=earlier)
    return [record async for record in run.records()]
