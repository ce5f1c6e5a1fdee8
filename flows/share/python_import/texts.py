"""Text: values as pieces of a message, and what a value is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.share.python_import.values import (
    Given,
    Handed,
    Index,
    Instance,
    Item,
    Known,
    Library,
    Listed,
    Listing,
    Made,
    Merged,
    Output,
    Result,
    Table,
    Text,
    Unclear,
    Value,
)

_LONGEST_TEXT = 150_000
_MOST_PARTS = 4_000
_DOUBT = Unclear()
"""Stands in a message where it is known only when it runs what comes there."""


def parts_of(value: Value) -> tuple[str | Value, ...]:
    """Return a value as pieces of a text."""
    return _pieces(value, [_MOST_PARTS])


def _pieces(  # noqa: C901, PLR0911, PLR0912 - one arm a member
    value: Value, room: list[int]
) -> tuple[str | Value, ...]:
    """Take a value apart. `room`: for how many; values within values would else be without end."""
    room[0] -= 1
    if room[0] < 0:
        return ()
    match value:
        case Known(value=None):
            return ("",)
        case Known(value=said):
            return (str(said),)
        case Result(step=step):
            return (Output(step),)
        case Text(parts=parts):
            return parts
        case Merged(ways=[_, *_]):
            return (value,)
        case Merged(options=options) | Unclear(parts=options):
            pieces = tuple(piece for each in options for piece in _pieces(each, room))
            said = any(isinstance(piece, str) and piece.strip() for piece in pieces)
            return (*pieces, _DOUBT) if said and isinstance(value, Merged) else pieces
        case Listed(items=items):
            gaps = [piece for each in items for piece in ("\n\n", *_pieces(each, room))]
            return tuple(gaps[1:])
        case Listing(element=element):
            made = [each for each in _pieces(element, room) if not isinstance(each, str)]
            of_steps = [each for each in made if not isinstance(each, Item | Index)]
            return tuple(of_steps or made)
        case Table(pairs=pairs) | Instance(attributes=pairs):
            return _pieces(Listed(list(pairs.values())), room)
        case Given() | Output() | Handed() | Item() | Index():
            return (value,)
        case Library(name="os.environ[]", default=said):
            return (said, _DOUBT)
        case _:
            return ()


def leaves(value: Value) -> Iterator[Value]:
    """Yield the values without parts that a value is made of, up to a bound."""
    waiting, room = [value], _MOST_PARTS
    while waiting and room > 0:
        room -= 1
        each = waiting.pop()
        inside = _inside(each)
        if inside is None:
            yield each
        else:
            waiting += reversed(inside)


def _inside(value: Value) -> list[Value] | None:
    match value:
        case Text(parts=parts):
            return [part for part in parts if not isinstance(part, str)]
        case Merged(options=values) | Unclear(parts=values) | Made(args=values):
            return list(values)
        case Listed(items=items):
            return items
        case Table(pairs=pairs) | Instance(attributes=pairs):
            return list(pairs.values())
        case Listing(element=element):
            return [element]
        case _:
            return None


def text_of(*pieces: str | Value) -> Value:
    """Join pieces to one text; a text beyond all measure becomes unclear."""
    parts = _joined(pieces)
    length = sum(len(part) for part in parts if isinstance(part, str))
    if length > _LONGEST_TEXT or len(parts) > _MOST_PARTS:
        return Unclear()
    match parts:
        case [] if any(isinstance(piece, Unclear) for piece in pieces):
            return Unclear()
        case []:
            return Known("")
        case [str() as only]:
            return Known(only)
        case _:
            return Text(tuple(parts))


def _joined(pieces: Sequence[str | Value]) -> list[str | Value]:
    parts: list[str | Value] = []
    for piece in pieces:
        for part in (piece,) if isinstance(piece, str) else parts_of(piece):
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    return parts
