"""Note: what could not be said, written on the canvas beneath the step it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.document.model import Edge, Note, Position
from flows.ids import NodeId
from flows.plan.curve import CARD_WIDTH, PORT, sunk_at
from flows.plan.layout import COLUMN
from flows.share.python_code.drawing import NOTE_LEFT
from flows.share.python_import.draft import Remark

_BELOW = 84
"""From a card's centre to the upper edge of the note that stands beneath it."""

_WIDE = 230
"""How far apart notes stand at least, from corner to corner."""

_LONGEST = 40

_LETTERS = 30
"""As many stand on a line of a note."""

_LINE, _AROUND, _HIGHEST = 16, 18, 260
"""How high a line of a note is, what there is above and below all, and a note of many."""

_CLEAR = 12
"""From a note to a link that passes above or below it."""


def notes_of(
    remarks: Sequence[tuple[Remark, NodeId | None]],
    layout: Mapping[NodeId, Position],
    *,
    titles: Mapping[NodeId, str],
    filename: str,
    links: Sequence[Edge] = (),
    earlier: Sequence[tuple[str, NodeId | None]] = (),
) -> tuple[Note, ...]:
    """Write the remarks as notes, each beneath its node; what belongs to none stands at the start.

    A note names the node where several stand above it, and covers none of the `links`. `filename`:
    the file whose lines they name; `earlier`: what was said before, of another file or by a person.
    """
    first = min((place.x for place in layout.values()), default=0.0)
    texts: dict[float, list[str]] = {}

    def column(node: NodeId | None) -> list[str]:
        x = first if node is None else layout[node].x
        near = next((each for each in texts if abs(each - x) < _WIDE), x)
        return texts.setdefault(near, [])

    for said, node in earlier:
        column(node).append(said)
    for remark, node in remarks:
        x = first if node is None else layout[node].x
        is_one = node is None or sum(abs(p.x - x) < COLUMN / 2 for p in layout.values()) == 1
        named = "" if node is None or is_one else f" ({titles[node]})"
        said = f"{filename} as imported, line {remark.line}{named}: {remark.said}"
        column(node).append(said)
    return tuple(
        Note(
            id=NodeId(f"note_{number}"),
            text=_text(said),
            x=x + NOTE_LEFT,
            y=_free(x, _text(said), layout, links),
        )
        for number, (x, said) in enumerate(sorted(texts.items()), start=1)
    )


def _free(x: float, text: str, layout: Mapping[NodeId, Position], links: Sequence[Edge]) -> float:
    """Return how far beneath a column's cards a note hides no link that passes them."""
    top = _lowest(x, layout) + _BELOW
    lines = sum(1 + len(line) // _LETTERS for line in text.splitlines())
    height = min(lines * _LINE + _AROUND, _HIGHEST)
    for high, low in sorted(_passing(x, layout, links)):
        if high < top + height + _CLEAR and low > top - _CLEAR:
            top = low + _CLEAR
    return top


def _passing(
    x: float, layout: Mapping[NodeId, Position], links: Sequence[Edge]
) -> Iterator[tuple[float, float]]:
    """Yield how high and how low the links run where they pass a column."""
    for link in links:
        start, end = layout[link.source], layout[link.target]
        if not start.x < x - COLUMN / 2 < x + COLUMN / 2 < end.x:
            continue
        left = start.x + CARD_WIDTH / 2 + PORT
        across = end.x - CARD_WIDTH / 2 - PORT - left
        sides = (x - CARD_WIDTH / 2 - left, x + CARD_WIDTH / 2 - left)
        high, low = sorted(
            start.y + sunk_at(side, across=across) * (end.y - start.y) for side in sides
        )
        yield high, low


def _lowest(x: float, layout: Mapping[NodeId, Position]) -> float:
    """Return how far down the cards of a column reach."""
    return max((place.y for place in layout.values() if abs(place.x - x) < COLUMN / 2), default=0.0)


def _text(remarks: Sequence[str]) -> str:
    said = list(remarks[:_LONGEST])
    more = len(remarks) - _LONGEST
    return "\n".join([*said, f"and {more} more"] if more > 0 else said)
