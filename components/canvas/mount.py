"""Mount: the canvas on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from components.canvas.protocol import Outbox, read_inputs, read_outbox, read_selection
from components.canvas.shortcuts import help_rows
from components.canvas.values import canvas_values
from components.canvas.view import CanvasView
from components.live.component import as_data, make_component
from flows.ids import NodeId

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_MARKUP = Path(__file__).with_name("canvas.html")
_HEIGHT = "var(--fanfold-canvas-height, clamp(420px, calc(100vh - 352px), 1200px))"


@dataclass(frozen=True, slots=True)
class CanvasIntent:
    """What the person at the canvas wants: edits, what is selected, what was typed to run it."""

    outbox: Outbox
    selection: tuple[NodeId, ...]
    inputs: Mapping[NodeId, str]


def mount_canvas(
    view: CanvasView,
    *,
    key: str,
    on_outbox: Callable[[], None],
    on_selection: Callable[[], None],
    on_inputs: Callable[[], None],
) -> CanvasIntent:
    """Show the canvas and return what is wanted of it.

    The callbacks run before the script does; what changed they read by `intent_of` from the
    session state under `key`.
    """
    result = _canvas()(
        key=key,
        data=as_data(canvas_values(view)),
        on_outbox_change=on_outbox,
        on_selection_change=on_selection,
        on_inputs_change=on_inputs,
        on_seen_change=_look_again,
    )
    return intent_of(result)


def intent_of(state: object) -> CanvasIntent:
    """Read the component's state; what is missing or unreadable is empty."""
    values = state if isinstance(state, Mapping) else {}
    return CanvasIntent(
        outbox=read_outbox(values.get("outbox")),
        selection=read_selection(values.get("selection") or ()),
        inputs=read_inputs(values.get("inputs") or {}),
    )


def _look_again() -> None:
    """Let the script run: the browser heard that another page changed the flow."""


@cache
def _canvas() -> ComponentRenderer:
    return make_component(
        "fanfold-canvas",
        module="canvas/main.js",
        height=_HEIGHT,
        more_html=_MARKUP.read_text("utf-8").replace("<!-- shortcuts -->", help_rows()),
    )
