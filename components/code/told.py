"""Told: a flow's program, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flows.document.model import Flow
from flows.errors import FlowHasProblems, FlowsError
from flows.models.connections import Connections
from flows.share.python_code import Program, write_program


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a flow has no program: a sentence, and whether its problems have to be mended first."""

    sentence: str
    needs_mending: bool = False


Told: TypeAlias = Program | Refused


def told_of(flow: Flow, connections: Callable[[], Connections]) -> Told:
    """Write a flow's program, or say what stands in the way."""
    try:
        return write_program(flow, connections())
    except FlowHasProblems:
        return Refused("The program stands here once the flow can run.", needs_mending=True)
    except FlowsError as error:
        return Refused(str(error))
