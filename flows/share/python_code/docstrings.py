"""Docstring: what a flow says about itself, as words that can never be code."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from flows.document.model import AgentNode, Flow, InputNode, Node
from flows.document.policy import ForEach
from flows.ids import NodeId
from flows.share.python_code.layout import WIDTH, width_of

HEADING = "Inputs and steps:"
"""The line above the list of the flow's nodes."""

FAILURE = "When a step fails: "
"""Begins the line with the policy of a flow whose code has no place to say it."""

_USUAL_ITEMS = ForEach.model_fields["max_items"].default

MADE_BY = "Made by Fanfold; it needs only openai-agents."


def answer_doc(name: str) -> str:
    """Write what stands in the class of an agent's answer, where the schema says nothing."""
    return f"What {name} answers."


def is_usual(said: str) -> bool:
    """Say whether a docstring is what stands in such a class by itself."""
    return re.fullmatch(r"What .* answers\.", said) is not None


def docstring(
    flow: Flow,
    variables: Mapping[NodeId, str],
    *,
    capped: Container[NodeId] = (),
    in_row: bool = False,
    running: Sequence[str] = (),
) -> list[str]:
    """Write the program's docstring: the flow's name, its description, its notes, its nodes.

    `variables`: how the program calls each node. `capped`: those whose code says `max_items`.
    `in_row`: nothing runs side by side, so that no code says what a failure means for others.
    `running`: how it is run.
    """
    said = [_plain_words(flow.name) or "A flow", *_paragraphs(flow.description)]
    for note in flow.notes:
        said += _paragraphs(note.text)
    first, *rest = said
    title = first if first.endswith((".", "?", "!")) else f"{first}."
    listed = [line for node in flow.nodes for line in _entry(node, variables, capped)]
    if in_row and flow.run.on_failure != "finish":
        listed += ["", f"{FAILURE}{flow.run.on_failure}."]
    how = [line for each in running for line in _wrapped(_plain_words(each).split())]
    return [f'"""{title}', *rest, "", HEADING, *listed, "", MADE_BY, *how, '"""']


def _entry(node: Node, variables: Mapping[NodeId, str], capped: Container[NodeId]) -> Iterator[str]:
    """Write what a node is called: `- intro_text: an agent, 'Intro text' (intro)`."""
    kind = node.kind.replace("_", " ") if isinstance(node, InputNode) else node.type
    article = "an" if kind[0] in "aeiou" else "a"
    variable = variables[node.id]
    said = f"- {variable}: {article} {kind}, '{_plain_words(node.name)}'"
    if node.id != variable:
        said += f" ({node.id})"
    if isinstance(node, AgentNode) and node.for_each and node.id not in capped:
        most = node.for_each.max_items
        said += f", at most {most} items" if most != _USUAL_ITEMS else ""
    if isinstance(node, InputNode) and node.required and node.example.strip():
        said += ", required"
    first, *more = _wrapped(said.split())
    yield first
    yield from (f"  {line}" for line in more)


def _paragraphs(said: str) -> list[str]:
    """Write foreign text as lines of a docstring."""
    lines: list[str] = []
    for paragraph in said.splitlines():
        lines += _wrapped(_plain_words(paragraph, quotes=('""', "''")).split())
    return ["", *lines] if lines else []


def _wrapped(words: list[str]) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in words:
        if line and width_of(f"{line} {word}") > WIDTH - 4:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def _plain_words(said: str, *, quotes: tuple[str, str] = ('"', "'")) -> str:
    """Leave nothing of a text that could end a docstring. `quotes`: what is put for what."""
    plain = "".join(sign if sign.isprintable() else " " for sign in said)
    plain = plain.replace("\\", "/").replace(*quotes)
    return " ".join(word[: WIDTH - 10] for word in re.split(r"\s+", plain)).strip()
