"""Curve: the way of a link from one card's right side to another card's left, as it is drawn."""

from __future__ import annotations

from functools import cache
from typing import Final

CARD_WIDTH, CARD_HEIGHT = 220, 92
"""The size of a card, in pixels at zoom 1, as on the canvas."""

PORT: Final = 7
"""From a card's side to where a link begins or ends."""

_HALVINGS: Final = 24


def bend_of(across: float) -> float:
    """Say how far a link swings out; one that runs back does so on both sides."""
    if across > 0:
        return max(min(across * 0.5, 160), min(40, across))
    return min(60 - across * 0.4, 260)


@cache
def sunk_at(x: float, *, across: float) -> float:
    """Say what part of its way down a link to the right has gone where it has come `x` across."""
    bend = bend_of(across)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):  # such a link never turns back, so the place is between the two
        t = (low + high) / 2
        u = 1 - t
        reached = 3 * u * t * (u * bend + t * (across - bend)) + t**3 * across
        low, high = (t, high) if reached < x else (low, t)
    return low * low * (3 - 2 * low)
