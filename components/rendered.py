"""Rendered: what a run gave, as HTML to be read: Markdown as it is meant, JSON in lines."""

from __future__ import annotations

import json
from functools import cache
from html import escape

from markdown_it import MarkdownIt

from flows.trace.events import Json


def render_output(output: Json) -> str:
    """Write an output as safe HTML: foreign HTML is shown as text, pictures are only linked."""
    if isinstance(output, str):
        return str(_reader().render(output))
    return f"<pre>{escape(json.dumps(output, ensure_ascii=False, indent=2))}</pre>"


@cache
def _reader() -> MarkdownIt:
    # a picture would be fetched from elsewhere by whoever only looks at a run
    return (
        MarkdownIt("commonmark", {"html": False})
        .enable(["table", "strikethrough"])
        .disable("image")
    )
