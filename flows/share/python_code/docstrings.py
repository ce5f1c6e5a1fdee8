"""Docstring: what a flow says about itself, as words that can never be code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.document.model import Flow
from flows.share.python_code.layout import WIDTH, width_of

RUN = "Run it: "
"""Begins what a program's docstring says of how it is run."""

NEEDED = "It needs openai-agents"
"""Begins what it says of that."""

WORDS = WIDTH - 4
"""How long a line of words is at most."""


def answer_doc(name: str) -> str:
    """Write what stands in the class of an agent's answer, where the schema says nothing."""
    return f"What {name} answers."


def is_usual(said: str) -> bool:
    """Say whether a docstring is what stands in such a class by itself."""
    return re.fullmatch(r"What .* answers\.", said) is not None


def docstring(flow: Flow, *, running: Sequence[str] = ()) -> list[str]:
    """Write the program's docstring: the flow's name, its description, and how it is run."""
    name = plain_words(flow.name) or "A flow"
    title = name if name.endswith((".", "?", "!")) else f"{name}."
    said = [""] if flow.description.strip() else []
    for line in flow.description.strip().splitlines():
        indent = " " * min(len(line) - len(line.lstrip(" ")), WORDS // 2)
        words = plain_words(line, quotes=('""', "''")).split()
        said += [f"{indent}{each}" for each in wrapped(words, WORDS - len(indent))] or [""]
    how = [line for each in running for line in wrapped(plain_words(each).split())]
    return [f'"""{title}', *said, "", *how, '"""']


def unwrapped(said: str) -> str:
    """Take back the line ends that `wrapped` put between words."""
    lines: list[str] = []
    last = ""
    for line in said.splitlines():
        first = line.strip().partition(" ")[0]
        if last and first and width_of(f"{last} {first}") > WORDS:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
        last = line
    return "\n".join(lines).strip()


def wrapped(words: list[str], most: int = WORDS) -> list[str]:
    """Put words into lines."""
    lines: list[str] = []
    line = ""
    for word in words:
        if line and width_of(f"{line} {word}") > most:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def plain_words(said: str, *, quotes: tuple[str, str] = ('"', "'")) -> str:
    """Leave nothing of a text that could end a docstring. `quotes`: what is put for what."""
    plain = "".join(sign if sign.isprintable() else " " for sign in said)
    plain = plain.replace("\\", "/").replace(*quotes)
    return " ".join(word[: WIDTH - 10] for word in re.split(r"\s+", plain)).strip()
