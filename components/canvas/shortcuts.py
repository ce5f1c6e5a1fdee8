"""Shortcut: what a key or a gesture does on the canvas, for the keyboard and for who asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

Where = Literal["canvas", "in", "card", "beside", "page"]
"""Where a key is heard: the focus is in the canvas or nowhere, in it, on a card, beside it (in the
form, an input or the result), or anywhere on the page."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`keys`: each does it; `act`: the canvas's command, empty where the browser knows how."""

    keys: tuple[str, ...]
    does: str
    act: str = ""
    where: Where = "canvas"


SHORTCUTS: Final = (
    Shortcut(("Ctrl+Enter",), "Run. On a Mac, Cmd stands for Ctrl throughout", "run", "page"),
    Shortcut(("Ctrl+.",), "Stop the run", "stop", "page"),
    Shortcut(("Tab", "Shift+Tab"), "Walk the cards, stage by stage"),
    Shortcut(("Enter",), "Open a card’s form, at its name", "open", "card"),
    Shortcut(("Escape",), "In form, input or result: back to the card", "goHome", "beside"),
    Shortcut(("I",), "Write the run’s input", "goInput"),
    Shortcut(("R",), "Read the result", "goResult"),
    Shortcut(("Space", "Shift+Space"), "Choose a card, or one more", "pick", "card"),
    Shortcut(("A",), "Add an agent after a card, linked to it, and name it", "grow", "card"),
    Shortcut(("C",), "Connect a card to others", "connect", "card"),
    Shortcut(("Arrow", "Shift+Arrow"), "Move what is chosen by 10 pixels, or by 1", "nudge", "in"),
    Shortcut(("Delete", "Backspace"), "Delete what is chosen", "remove", "in"),
    Shortcut(("Menu", "Shift+F10", "Right-click"), "What can be done here"),
    Shortcut(("Ctrl+A",), "Choose all", "selectAll"),
    Shortcut(("Ctrl+C", "Ctrl+X", "Ctrl+V"), "Copy, cut, paste: in another tab too"),
    Shortcut(("Ctrl+D",), "Duplicate", "duplicate"),
    Shortcut(("Ctrl+Z",), "Undo", "undo"),
    Shortcut(("Ctrl+Shift+Z", "Ctrl+Y"), "Redo", "redo"),
    Shortcut(("Shift+L",), "Arrange by stage", "layout"),
    Shortcut(("F",), "Show everything", "fit"),
    Shortcut(("+", "="), "Zoom in", "zoomIn", "in"),
    Shortcut(("-",), "Zoom out", "zoomOut", "in"),
    Shortcut(("N",), "New: the menu of what can be made", "goNew"),
    Shortcut((",", "."), "In a replay: to the change before, to the next one"),
    Shortcut(("Escape",), "Choose nothing, close what is open", "escape"),
    Shortcut(("?",), "Show this list", "help"),
    Shortcut(("Double-click",), "Add an agent; on a card: open its form, at its name"),
    Shortcut(
        ("Drag from a ring",),
        "Link to a card, or to a new one; from one of several chosen, link them all",
    ),
    Shortcut(("Drag onto a link",), "Put a card into it; what follows makes room"),
    Shortcut(("Shift+drag",), "Choose all in a box"),
    Shortcut(("Shift+click", "Ctrl+click"), "Choose one more, or one less"),
    Shortcut(("Wheel", "drag"), "Zoom, move the view"),
)


def help_rows() -> str:
    """Write the list as the rows of a definition list, each with what the keyboard reads of it."""
    return "".join(map(_row, SHORTCUTS))


def help_table() -> str:
    """Write the list as a Markdown table."""
    return "\n".join(("| Key | What it does |", "|---|---|", *_lines()))


def _row(each: Shortcut) -> str:
    pressed = escape(" ".join(each.keys))
    heard = f' data-does="{each.act}" data-where="{each.where}" data-keys="{pressed}"'
    keys = "".join(f"<kbd>{escape(key)}</kbd>" for key in each.keys)
    return f"<div{heard if each.act else ''}><dt>{keys}</dt><dd>{escape(each.does)}</dd></div>"


def _lines() -> Iterator[str]:
    for each in SHORTCUTS:
        yield f"| {' · '.join(f'`{key}`' for key in each.keys)} | {each.does} |"
