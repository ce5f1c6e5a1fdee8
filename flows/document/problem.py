"""Problem: one finding about a flow."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from flows.ids import NodeId


class Problem(BaseModel):
    """One finding: an `error` stops a run, a `warning` and an `advice` do not.

    `code` is stable and snake_case; `message` is a sentence with the remedy; `nodes` are the ids
    to mark, in the order the message names them; `place` is where in the file, as `nodes[2].name`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Literal["error", "warning", "advice"]
    message: str
    nodes: tuple[NodeId, ...] = ()
    place: str = ""
