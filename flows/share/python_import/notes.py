"""Note: what could not be said, written on the canvas beneath the step it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flows.document.model import Note, Position
from flows.ids import NodeId
from flows.plan.layout import COLUMN
from flows.share.python_import.draft import Remark

_BELOW, _LEFT = 84, -110
"""From a card's centre to the corner of the note that stands beneath it."""

_WIDE = 230
"""How far apart notes stand at least, from corner to corner."""

_LONGEST = 40


def notes_of(
    remarks: Sequence[Remark],
    lines: Mapping[NodeId, Iterable[int]],
    layout: Mapping[NodeId, Position],
    *,
    filename: str,
    earlier: Sequence[str] = (),
) -> tuple[Note, ...]:
    """Write the remarks as notes. `lines`: where each node stands in the program.

    `filename`: the file whose lines they name; `earlier`: what was said of another file before.
    """
    columns: dict[float, list[Remark]] = {}
    for remark in sorted(remarks):
        x = _column(remark, lines, layout)
        near = next((each for each in columns if abs(each - x) < _WIDE), x)
        columns.setdefault(near, []).append(remark)
    texts = {x: [f"{filename} as imported, {each}" for each in said] for x, said in columns.items()}
    if earlier:
        first = min((place.x for place in layout.values()), default=0.0)
        near = next((each for each in texts if abs(each - first) < _WIDE), first)
        texts[near] = [*earlier, *texts.get(near, [])]
    return tuple(
        Note(
            id=NodeId(f"note_{number}"),
            text=_text(said),
            x=x + _LEFT,
            y=_lowest(x, layout) + _BELOW,
        )
        for number, (x, said) in enumerate(sorted(texts.items()), start=1)
    )


def _lowest(x: float, layout: Mapping[NodeId, Position]) -> float:
    """Return how far down the cards of a column reach."""
    return max((place.y for place in layout.values() if abs(place.x - x) < COLUMN / 2), default=0.0)


def _column(
    remark: Remark,
    lines: Mapping[NodeId, Iterable[int]],
    layout: Mapping[NodeId, Position],
) -> float:
    """Return where the node stands that begins nearest above the remark's line.

    One below it is taken where it is at most half as far: a loop, say, around what it runs.
    """
    places = [
        ((remark.line - line) if line <= remark.line else 2 * (line - remark.line), node)
        for node, starts in lines.items()
        for line in starts
    ]
    return layout[min(places)[1]].x if places else 0.0


def _text(remarks: Sequence[str]) -> str:
    said = list(remarks[:_LONGEST])
    more = len(remarks) - _LONGEST
    return "\n".join([*said, f"and {more} more"] if more > 0 else said)
