"""View: the plain values the program beside the canvas is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from components.canvas.view import Addresses
from flows.document.model import Flow
from flows.ids import FlowId
from flows.share.python_code import Program


@dataclass(frozen=True, slots=True)
class CodeView:
    """A flow and the program that says it."""

    flow_id: FlowId
    flow: Flow
    program: Program
    addresses: Addresses
