"""Mount: the lanes and the result on a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from components.lanes.values import lanes_values
from components.lanes.view import LanesView
from components.live.component import as_data, make_component

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HEIGHT = "var(--fanfold-lanes-height, 252px)"
_SKELETON = (Path(__file__).parent / "lanes.html").read_text("utf-8")


def mount_lanes(view: LanesView, *, key: str) -> None:
    """Show the lanes of a run, and beside them its result."""
    _lanes()(key=key, data=as_data(lanes_values(view)))


@cache
def _lanes() -> ComponentRenderer:
    return make_component(
        "fanfold-lanes", module="lanes/main.js", height=_HEIGHT, more_html=_SKELETON
    )
