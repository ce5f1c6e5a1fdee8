"""Slide: how a flow's canvas and its results share the page that presents it."""

from __future__ import annotations

from typing import Final

from flows.document.model import Flow
from flows.plan.layout import complete_layout

_CARD: Final = (220, 92)
"""A card's size at zoom 1, as `geometry.js` draws it."""

_TALL: Final = 0.6
"""From so many pixels high, for each of its width, a flow is larger beside its results."""


def size_style(flow: Flow) -> str:
    """Return the CSS that tells the page how large the flow is, for `present.css` to fit it."""
    width, height = _size(flow)
    return f":root {{ --slide-width: {width:.0f}; --slide-height: {height:.0f}; }}"


def stands_beside(flow: Flow) -> bool:
    """Whether the flow is high: it is larger, and so are its results, side by side with them."""
    width, height = _size(flow)
    return height > _TALL * width


def _size(flow: Flow) -> tuple[float, float]:
    """Measure the flow from its first card to its last, in pixels at zoom 1."""
    places = complete_layout(flow).values()
    across = [place.x for place in places] or [0.0]
    down = [place.y for place in places] or [0.0]
    return max(across) - min(across) + _CARD[0], max(down) - min(down) + _CARD[1]
