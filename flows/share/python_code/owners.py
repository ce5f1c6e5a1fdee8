"""Owner: the nodes a line of the program belongs to, noted by whoever writes the line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from flows.ids import NodeId


class OwnLine(str):
    """A line that belongs to nodes; wherever lines are laid out it is a text like any other."""

    __slots__ = ("nodes",)
    nodes: frozenset[NodeId]


def own(lines: Iterable[str], nodes: Collection[NodeId]) -> list[str]:
    """Note that lines belong to these nodes too; an empty line belongs to nobody."""
    return [_owned(line, nodes) if line and nodes else line for line in lines]


def owners_of(line: str) -> frozenset[NodeId]:
    """Return the nodes a line belongs to."""
    return line.nodes if isinstance(line, OwnLine) else frozenset()


def lines_by_node(lines: Sequence[str]) -> Mapping[NodeId, tuple[int, ...]]:
    """Return the numbers of each node's lines; the first line is 1."""
    numbers: defaultdict[NodeId, list[int]] = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        for node in owners_of(line):
            numbers[node].append(number)
    return {node: tuple(found) for node, found in numbers.items()}


def _owned(line: str, nodes: Collection[NodeId]) -> OwnLine:
    owned = OwnLine(line)
    owned.nodes = owners_of(line).union(nodes)
    return owned
