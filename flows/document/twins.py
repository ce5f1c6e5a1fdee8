"""Twin: a copy of a node, linked as it is, that is read wherever the original is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from flows.document.beside import HOLE, write_inline
from flows.document.edits import AddEdge, AddNode, Group
from flows.document.model import AgentNode, ApprovalNode, Flow, JoinNode, Node
from flows.document.placeholders import NodeOutput, placeholders, rename_node


def read_twins(before: Flow, after: Flow, edit: Group) -> Flow:
    """Let who reads a node read the twins of it that the edit added, beside it and as it.

    `after`: the flow with the edit done. A message that names no node reads all there are.
    """
    twins = [each.node for each in edit.edits if isinstance(each, AddNode)]
    links = [each.edge for each in edit.edits if isinstance(each, AddEdge)]
    old = {node.id for node in before.nodes}
    nodes = {node.id: node for node in after.nodes}
    for twin in twins:
        many = sum(twin.id in (each.source, each.target) for each in links)
        if not any(each.source == twin.id for each in links):
            continue
        originals = list(_originals(before, twin, links=many))
        for reader in [nodes[each] for each in old & nodes.keys()] if originals else ():
            nodes[reader.id] = _reading(reader, originals, twin)
    return after.model_copy(update={"nodes": tuple(nodes.values())})


def _reading(reader: Node, originals: Iterable[Node], twin: Node) -> Node:
    if isinstance(reader, AgentNode | JoinNode | ApprovalNode):
        for original in originals:
            prompt = _read_beside(reader.prompt, original, twin)
            if prompt != reader.prompt:
                return reader.model_copy(update={"prompt": prompt})
    return reader


def _originals(flow: Flow, twin: Node, *, links: int) -> Iterator[Node]:
    """Yield the nodes the twin may be a copy of, the youngest first; what they read may differ."""
    for node in reversed(flow.nodes):
        mine = sum(node.id in (each.source, each.target) for each in flow.edges)
        if mine == links and _shown(node) == _shown(twin):
            yield node


def _shown(node: Node) -> dict[str, object]:
    own = {"id", "prompt", "for_each"}
    stem = re.sub(r" \d+$", "", node.name)
    return node.model_dump(exclude=own) | {"name": stem}


def _read_beside(message: str, original: Node, twin: Node) -> str:
    """Name the twin after each line, or each place, that names the original."""
    lines = message.split("\n")
    written: list[str] = []
    for number, line in enumerate(lines):
        named = [each.node for each in placeholders(line) if isinstance(each, NodeOutput)]
        if original.id not in named:
            written.append(line)
        elif set(named) == {original.id} and line.rstrip().endswith("}}"):
            head = _head(lines[:number], original)
            said = [_renamed(each, original, twin) for each in (*head, line)]
            written += [line, *([""] if head else []), *said]
        else:
            written.append(_inline(line, original, twin))
    return "\n".join(written)


def _head(lines: list[str], original: Node) -> list[str]:
    """Return the line above where that is a heading with the node's name."""
    above = lines[-1:]
    return [each for each in above if original.name in each and not placeholders(each)]


def _inline(line: str, original: Node, twin: Node) -> str:
    for hole in reversed(list(HOLE.finditer(line))):
        said = rename_node(hole[0], original.id, twin.id)
        if said != hole[0]:
            return write_inline(line, hole, said)
    return line


def _renamed(line: str, original: Node, twin: Node) -> str:
    """Say of the twin what a line says of the original, its name outside of placeholders too."""
    ends = [0, *(end for hole in HOLE.finditer(line) for end in hole.span()), len(line)]
    pieces = [line[one:two] for one, two in pairwise(ends)]
    named = re.compile(rf"(?<!\w){re.escape(original.name)}(?!\w)")
    return "".join(
        rename_node(piece, original.id, twin.id)
        if number % 2
        else named.sub(lambda _: twin.name, piece)
        for number, piece in enumerate(pieces)
    )
