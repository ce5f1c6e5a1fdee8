"""Docstring: what a flow says about itself, as words that can never be code."""

from __future__ import annotations

import re

from flows.document.model import Flow
from flows.share.python_code.layout import WIDTH, width_of


def docstring(flow: Flow) -> list[str]:
    """Write the program's docstring: the flow's name, its description, its notes."""
    said = [_plain_words(flow.name) or "A flow", *_paragraphs(flow.description)]
    for note in flow.notes:
        said += _paragraphs(note.text)
    first, *rest = said
    title = first if first.endswith((".", "?", "!")) else f"{first}."
    return [f'"""{title}', *rest, "", "Made by Fanfold; it needs only openai-agents.", '"""']


def _paragraphs(said: str) -> list[str]:
    """Write foreign text as lines of a docstring."""
    lines: list[str] = []
    for paragraph in said.splitlines():
        words = _plain_words(paragraph).split()
        line = ""
        for word in words:
            if line and width_of(f"{line} {word}") > WIDTH - 4:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line] if line else []
    return ["", *lines] if lines else []


def _plain_words(said: str) -> str:
    """Leave nothing of a text that could end a docstring or a comment."""
    plain = "".join(sign if sign.isprintable() else " " for sign in said)
    plain = plain.replace("\\", "/").replace('"', "'")
    return " ".join(word[: WIDTH - 10] for word in re.split(r"\s+", plain)).strip()
