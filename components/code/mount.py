"""Mount: the program on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from components.code.pieces import Piece, Word, joined, lines_of, pieces_of
from components.code.view import CodeView
from components.live.component import as_data, make_component
from flows.ids import NodeId

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_MARKUP = Path(__file__).with_name("code.html")
_NEVER_WRAPPED: Final = 34
"""Signs of a line that fit beside the canvas at its narrowest."""
_FARTHEST_IN: Final = 12


def mount_code(view: CodeView, *, key: str) -> None:
    """Show the program; its lines and the canvas choose together, in the browser alone."""
    _code()(key=key, data=as_data(code_values(view)))


def code_values(view: CodeView) -> dict[str, JsonValue]:
    """Return what the browser draws from."""
    names = {node.id: node.name or node.id for node in view.flow.nodes}
    return {
        "flow_id": view.flow_id,
        "blocks": [_block(piece, names) for piece in pieces_of(view.program)],
        "addresses": asdict(view.addresses),
    }


def _block(piece: Piece, names: dict[NodeId, str]) -> JsonValue:
    """Say whose the lines are, what a press on them does, and their words."""
    chosen = " and ".join(names[node] for node in piece.nodes)
    hint = f"Choose {chosen} on the canvas" if piece.nodes else ""
    return [list(piece.nodes), hint, *_lines(piece.words)]


def _lines(words: Sequence[Word]) -> Iterator[JsonValue]:
    """Put the words of each line that may be wrapped into one, with how far it stands in."""
    for is_long, lines in groupby(lines_of(words), key=lambda line: _length(line) > _NEVER_WRAPPED):
        if is_long:
            yield from map(_line, lines)
        else:
            for kind, said in joined(chain.from_iterable(lines)):
                yield [kind, said]


def _length(line: Sequence[Word]) -> int:
    return sum(len(said) for _, said in line)


def _line(words: Sequence[Word]) -> JsonValue:
    text = "".join(said for _, said in words)
    lead = len(text) - len(text.lstrip(" "))
    rest: list[JsonValue] = [[kind, said] for kind, said in _without(words, lead)]
    return [f"line in{min(lead // 4 * 4, _FARTHEST_IN)}", ["lead", text[:lead]], *rest]


def _without(line: Sequence[Word], lead: int) -> Iterator[Word]:
    """Leave the first signs of a line out."""
    for kind, said in line:
        if said[lead:]:
            yield kind, said[lead:]
        lead = max(0, lead - len(said))


@cache
def _code() -> ComponentRenderer:
    return make_component(
        "fanfold-code", module="code/main.js", height="0", more_html=_MARKUP.read_text("utf-8")
    )
