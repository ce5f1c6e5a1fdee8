"""Look: the app's colours and drawn signs, for what leaves it."""

from __future__ import annotations

from typing import Final

LIGHT: Final = {
    "page": "#ffffff",
    "raised": "#ffffff",
    "ground": "#fafafb",
    "text": "#1d2433",
    "soft": "#717683",
    "faint": "#969aa4",
    "line": "#dcdee2",
    "link": "#b2b5bc",
    "band": "#f5f6f7",
    "edge": "#ebecef",
    "accent": "#4f46e5",
    "accent-tint": "#edecfc",
    "plain-tint": "#eff0f1",
    "fold": "#0f8a5f",
    "fold-tint": "#e5f2ed",
}
"""Colours in the light."""

DARK: Final = {
    "page": "#11141c",
    "raised": "#20232b",
    "ground": "#0d1016",
    "text": "#e5e9f2",
    "soft": "#949aa6",
    "faint": "#737781",
    "line": "#393c45",
    "link": "#6a6d76",
    "band": "#171a20",
    "edge": "#1e2128",
    "accent": "#818cf8",
    "accent-tint": "#2a2c48",
    "plain-tint": "#2e3139",
    "fold": "#6fd3a8",
    "fold-tint": "#283b3b",
}
"""The same colours in the dark."""

SIGNS: Final = {
    "input": "M4 5.5h12M4 10h8M4 14.5h5",
    "agent": (
        "M10 3.2l1.7 4.3 4.3 1.7-4.3 1.7L10 15.2l-1.7-4.3L4 9.2l4.3-1.7z"
        "M15.6 13.6l.7 1.7 1.7.7-1.7.7-.7 1.7-.7-1.7-1.7-.7 1.7-.7z"
    ),
    "join": ("M3.5 5h3.2c2.6 0 3.3 5 6 5h3.8M3.5 15h3.2c2.6 0 3.3-5 6-5M13.8 7.2L16.6 10l-2.8 2.8"),
    "router": (
        "M3.5 10h3.8c2.6 0 3.3-5 6-5h3.2M7.3 10c2.6 0 3.3 5 6 5h3.2"
        "M14 2.6L16.5 5 14 7.4M14 12.6l2.5 2.4-2.5 2.4"
    ),
    "approval": ("M10 2.8l6 2.2v4.6c0 3.8-2.5 6.3-6 7.6-3.5-1.3-6-3.8-6-7.6V5zM7.3 10l2 2 3.6-3.8"),
}
"""A sign for every type of node, as lines on a grid of 20."""

TINTS: Final = {
    "input": "plain",
    "agent": "accent",
    "join": "fold",
    "router": "fold",
    "approval": "fold",
}
"""Which colour a type's sign is drawn in."""
