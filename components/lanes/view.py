"""View: the plain values the lanes and the result are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from components.canvas.view import Addresses
from flows.document.model import Flow
from flows.ids import FlowId, RunId


@dataclass(frozen=True, slots=True)
class LanesView:
    """A flow whose newest run is followed live, or one given run.

    `flow`: what the lanes are named and ordered by; for a past run the flow frozen in its records.
    `follow`: the one run to show; None: always the newest of the flow. `shared_processor`: the
    answers come from the embedded model, whose calls slow each other down. `play`: a word; another
    one than before plays the followed run at once. `note`: what has to be known of the run, said
    beside the player. `presented`: the results alone, large, step by step. `about`:
    Markdown that says what the flow is, for the first step.
    """

    flow_id: FlowId
    flow: Flow
    addresses: Addresses
    follow: RunId | None = None
    shared_processor: bool = False
    play: str = ""
    note: str = ""
    presented: bool = False
    about: str = ""
