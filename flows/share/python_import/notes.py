"""Note: what could not be said, written on the canvas above the column it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flows.document.model import Note, Position
from flows.ids import NodeId
from flows.share.python_import.draft import Remark

_ABOVE = 150
_LONGEST = 40


def notes_of(
    remarks: Sequence[Remark],
    lines: Mapping[NodeId, Iterable[int]],
    layout: Mapping[NodeId, Position],
) -> tuple[Note, ...]:
    """Write the remarks as notes. `lines`: where each node stands in the program."""
    top = min((place.y for place in layout.values()), default=0.0)
    columns: dict[float, list[Remark]] = {}
    for remark in sorted(remarks):
        columns.setdefault(_column(remark, lines, layout), []).append(remark)
    return tuple(
        Note(id=NodeId(f"note_{number}"), text=_text(said), x=x, y=top - _ABOVE)
        for number, (x, said) in enumerate(sorted(columns.items()), start=1)
    )


def _column(
    remark: Remark,
    lines: Mapping[NodeId, Iterable[int]],
    layout: Mapping[NodeId, Position],
) -> float:
    """Return where the node stands that begins nearest above the remark's line."""
    best: tuple[int, float] | None = None
    for node, starts in lines.items():
        for line in starts:
            if line <= remark.line and (best is None or line > best[0]):
                best = line, layout[node].x
    return 0.0 if best is None else best[1]


def _text(remarks: Sequence[Remark]) -> str:
    said = [str(each) for each in remarks[:_LONGEST]]
    more = len(remarks) - _LONGEST
    return "\n".join([*said, f"and {more} more"] if more > 0 else said)
