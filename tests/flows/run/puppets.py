"""Puppet: a node's work that does what the test says, when the test says it, from any thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from flows.document.model import AgentNode
from flows.errors import FlowsError, NodeError
from flows.ids import NodeKey, RunId
from flows.run.deps import Deps
from flows.run.executor import Emit, NodeResult
from flows.trace.events import NodeRetried, TextDelta, Usage

WAIT_S = 10.0
MODEL = "test/puppet"

Act = Callable[[NodeKey, Emit], NodeResult | None]


@dataclass
class _Stage:
    """Where a node waits for its next act; made when the node comes or the test speaks first."""

    acts: asyncio.Queue[Act]
    entered: threading.Event


class Puppets:
    """Opens deps whose executor plays them. `trouble`: opening fails with this sentence."""

    def __init__(self) -> None:
        self.trouble = ""
        self.closed = threading.Event()
        self.opened = threading.Event()
        self.may_open = threading.Event()
        self.may_open.set()
        self._stages: dict[str, _Stage] = {}

    def deps(self):
        """Open deps; called in a thread of its own, as long imports are."""
        assert self.may_open.wait(WAIT_S)
        self.opened.set()
        if self.trouble:
            raise FlowsError(self.trouble)
        return self._deps()

    @asynccontextmanager
    async def _deps(self) -> AsyncIterator[Deps]:
        self._loop = asyncio.get_running_loop()
        yield Deps(executor=self, model=MODEL)
        self.closed.set()

    async def call(
        self, run_id: RunId, key: NodeKey, *, spec: AgentNode, inputs: str, emit: Emit
    ) -> NodeResult:
        stage = self._stage(key)
        stage.entered.set()
        while True:
            result = (await stage.acts.get())(key, emit)
            if result is not None:
                return result

    def _stage(self, key: str) -> _Stage:
        """Return a node's stage, the same to the test's thread and to the loop's."""
        return self._stages.setdefault(key, _Stage(asyncio.Queue(), threading.Event()))

    def wait_for(self, *keys: str) -> None:
        """Wait until these nodes work."""
        for key in keys:
            assert self._stage(key).entered.wait(WAIT_S), f"{key} never started"

    def say(self, key: str, text: str) -> None:
        self._act(key, lambda node, emit: emit(TextDelta(node, text)))

    def stumble(self, key: str, error: str) -> None:
        event = lambda node: NodeRetried(node, attempt=1, error=error, delay_s=0.5)  # noqa: E731
        self._act(key, lambda node, emit: emit(event(node)))

    def finish(self, key: str, output: object) -> None:
        result = NodeResult(output, usage=Usage(1, 2, 3, 5), model=MODEL, last_agent=key)
        self._act(key, lambda _node, _emit: result)

    def fail(self, key: str, error: str) -> None:
        def act(_node: NodeKey, _emit: Emit) -> NodeResult | None:
            raise NodeError(error)

        self._act(key, act)

    def _act(self, key: str, act: Act) -> None:
        self.wait_for(key)
        self._loop.call_soon_threadsafe(self._stage(key).acts.put_nowait, act)
