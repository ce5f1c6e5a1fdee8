"""Executor: the seam to engines. The scheduler decides what is ready; an executor does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from flows.document.model import AgentNode
from flows.ids import NodeKey, RunId
from flows.trace.events import Json, NodeEvent, Usage

Emit: TypeAlias = Callable[[NodeEvent], None]
"""Takes an event of a node; the run stamps it and makes it a record."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What a node's work gave.

    `output`: plain JSON. `model`: the model that answered, as connection/model. `last_agent`: the
    name of the agent that answered last. `warning`: what is wrong with the output all the same.
    `waited_s`: how long its calls did nothing but wait for their connection, in seconds;
    `loading_s`: how much of that for the embedded model, which was being loaded.
    """

    output: Json
    usage: Usage | None = None
    model: str = ""
    last_agent: str = ""
    warning: str = ""
    waited_s: float = 0.0
    loading_s: float = 0.0


class Executor(Protocol):
    """Does one piece of work, however and wherever it likes."""

    async def call(
        self, run_id: RunId, key: NodeKey, *, spec: AgentNode, inputs: str, emit: Emit
    ) -> NodeResult:
        """Do the work of `key`; the same (run_id, key) twice is the same work.

        `inputs` is the message as sent. Events on the way go to `emit`. Raises NodeError with a
        sentence for people when the work fails; a cancelled call really stops.
        """
        ...
