"""Picture: a flow as an image of a page, with its size in words."""

from __future__ import annotations

import base64
from html import escape
from typing import Final

from flows.document.model import AgentNode, Flow
from flows.plan.graph import stages_of
from flows.share.picture import picture_of
from flows.share.svg import Scheme, write_svg

MOST_DRAWN: Final = 150
"""A flow of more steps is told in words: its picture would be small print and a megabyte."""

_SMALLEST: Final = 0.7
_LARGEST: Final = 1.1
"""Sizes at which a card's words are read well; 1 is that of the canvas."""


def picture_of_any(flow: Flow, scheme: Scheme) -> str:
    """Draw the flow, or say how large it is, as HTML."""
    if len(flow.nodes) > MOST_DRAWN:
        return f"<p>A large flow: {counted(len(flow.nodes), 'step')}.</p>"
    return image_of(flow, scheme)


def readable_picture(flow: Flow, scheme: Scheme) -> str:
    """Draw the flow no smaller than it can be read, or say how large it is, as HTML."""
    if len(flow.nodes) > MOST_DRAWN:
        return picture_of_any(flow, scheme)
    across = picture_of(flow).box.width
    most, least = round(across * _LARGEST), round(across * _SMALLEST)
    return (
        f'<div class="ff-readable" style="width:{most}px;min-width:{least}px">'
        f"{image_of(flow, scheme)}</div>"
    )


def more_aside(flow: Flow) -> str:
    """Say that a readable picture goes on; the style shows it where it is wider than its place."""
    if len(flow.nodes) > MOST_DRAWN:
        return ""
    least = round(picture_of(flow).box.width * _SMALLEST)
    said = "The flow goes on to the right: scroll the picture."
    return f'<p class="ff-more" style="--least:{least}px">{said}</p>'


def image_of(flow: Flow, scheme: Scheme) -> str:
    """Draw the flow as an image of the page: what stands in one can neither run nor reach out."""
    data = base64.b64encode(write_svg(flow, scheme=scheme).encode()).decode()
    return f'<img alt="Picture of {escape(flow.name)}" src="data:image/svg+xml;base64,{data}">'


def card_html(title: str, shows: str, *, picture: str, figures: str = "") -> str:
    """Write what a card of the gallery says, as HTML in which nothing runs."""
    last = f'<p class="ff-figures">{escape(figures)}</p>' if figures else ""
    return (
        f'<div class="ff-template"><div class="ff-picture">{picture}</div>'
        f"<h4>{escape(title)}</h4>{last}"
        f'<p class="ff-shows" title="{escape(shows)}">{escape(shows)}</p></div>'
    )


def figures_of(flow: Flow) -> str:
    """Say how many agents and stages it has."""
    agents = sum(isinstance(node, AgentNode) for node in flow.nodes)
    return f"{counted(agents, 'agent')} · {counted(len(stages_of(flow)), 'stage')}"


def counted(number: int, noun: str) -> str:
    """Say a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
