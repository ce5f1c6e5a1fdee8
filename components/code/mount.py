"""Mount: the program on a page."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from components.code.pieces import Piece, pieces_of
from components.code.view import CodeView
from components.live.component import as_data, make_component
from flows.ids import NodeId

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_MARKUP = Path(__file__).with_name("code.html")


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
    words: list[JsonValue] = [[kind, said] for kind, said in piece.words]
    return [list(piece.nodes), hint, *words]


@cache
def _code() -> ComponentRenderer:
    return make_component(
        "fanfold-code", module="code/main.js", height="0", more_html=_MARKUP.read_text("utf-8")
    )
