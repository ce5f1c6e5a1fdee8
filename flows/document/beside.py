"""Beside: a node's output named in a message next to another's, in the same form."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from flows.document.model import Node
from flows.document.placeholders import NodeOutput, placeholders
from flows.ids import NodeId

HOLE = re.compile(r"\{\{.*?\}\}")
_WORDS = re.compile(r"\w(?:.*\w)?")
_LISTED = re.compile(r" (?:and|or) ")


def name_also(message: str, node: Node, *, beside: Collection[NodeId]) -> str:
    """Name a node's output after the last place that names one of those beside it."""
    said = f"{{{{ nodes.{node.id}.output }}}}"
    lines = message.split("\n")
    places = [number for number, line in enumerate(lines) if _holes_of(line, beside)]
    if not places:
        return f"{message}\n{said}"
    at = places[-1]
    line = lines[at]
    last = _holes_of(line, beside)[-1]
    label = line[: last.start()]
    if HOLE.search(label) or line[last.end() :].strip() or not _is_label(label):
        return "\n".join([*lines[:at], _in_list(line, last, said), *lines[at + 1 :]])
    head = [] if label.strip() else [each for each in lines[at - 1 : at] if _is_head(each)]
    own = [_labelled(each, node) for each in head]
    written = [*([""] if head else []), *own, f"{_labelled(label, node)}{said}"]
    return "\n".join([*lines[: at + 1], *written, *lines[at + 1 :]])


def write_inline(line: str, hole: re.Match[str], said: str) -> str:
    """Write something after a placeholder of a line, parted as the others of it are."""
    gaps = [line[one.end() : two.start()] for one, two in pairwise(HOLE.finditer(line))]
    signs = [gap for gap in gaps if not re.search(r"\w", gap)]
    gap = signs[0] if signs else ", "
    return f"{line[: hole.end()]}{gap}{said}{line[hole.end() :]}"


def _holes_of(line: str, nodes: Collection[NodeId]) -> list[re.Match[str]]:
    def names(hole: re.Match[str]) -> bool:
        (named,) = placeholders(hole[0])
        return isinstance(named, NodeOutput) and named.node in nodes

    return [hole for hole in HOLE.finditer(line) if names(hole)]


def _in_list(line: str, last: re.Match[str], said: str) -> str:
    """Write it after the last of a list, or before the "and" that ends the list."""
    for one, two in pairwise(HOLE.finditer(line)):
        if two.start() == last.start() and _LISTED.fullmatch(line[one.end() : two.start()]):
            return write_inline(line, one, said)
    return write_inline(line, last, said)


def _is_label(text: str) -> bool:
    """Whether what stands before a placeholder is its label, or nothing but signs."""
    return not _WORDS.search(text) or text.rstrip().rstrip("*_").endswith(":")


def _is_head(line: str) -> bool:
    said = line.strip().rstrip("*_")
    return not HOLE.search(line) and (said.startswith("#") or said.endswith(":"))


def _labelled(text: str, node: Node) -> str:
    name = node.name.replace("{{", "").replace("}}", "")
    return _WORDS.sub(lambda _: name, text, count=1)
