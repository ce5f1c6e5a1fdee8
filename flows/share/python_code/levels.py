"""Level: what is done on one way, one after another or side by side, and the ways on from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from flows.document.model import RouterNode
from flows.ids import NodeId
from flows.plan.graph import ancestors_of
from flows.plan.plan import Plan
from flows.share.python_code.scope import is_call, named_in
from flows.share.python_code.ways import Turn, Way, ways_of


@dataclass(slots=True)
class Arms:
    """What follows the branches of a router, each on a level of its own."""

    router: NodeId
    levels: dict[frozenset[str], Level] = field(default_factory=dict)

    def nodes(self) -> Iterator[NodeId]:
        """Return all steps of all branches."""
        for level in self.levels.values():
            yield from level.nodes()


Element = NodeId | Arms


@dataclass(slots=True)
class Level:
    """The elements of one way, parents before children."""

    elements: list[Element] = field(default_factory=list)

    def nodes(self) -> Iterator[NodeId]:
        """Return the steps of this level and of those within."""
        for element in self.elements:
            yield from nodes_of(element)

    def at(self, way: Way) -> Level:
        """Return the level of a way, begun where there is none."""
        level = self
        for turn in way:
            level = level._arm(turn)
        return level

    def _arm(self, turn: Turn) -> Level:
        for element in self.elements:
            if isinstance(element, Arms) and element.router == turn.router:
                return element.levels.setdefault(turn.branches, Level())
        self.elements.append(Arms(turn.router))
        return self._arm(turn)


def nodes_of(element: Element) -> Iterator[NodeId]:
    """Return the steps of an element."""
    if isinstance(element, Arms):
        yield from element.nodes()
    else:
        yield element


@dataclass(frozen=True, slots=True)
class Order:
    """A flow in which all is said by statements, and how they follow each other."""

    plan: Plan
    ways: Mapping[NodeId, Way]
    top: Level
    ancestors: Mapping[NodeId, frozenset[NodeId]]

    def groups(self, level: Level) -> list[list[Element]]:
        """Put together what runs side by side; each group waits for all of the one before."""
        groups: list[list[Element]] = []
        for element in level.elements:
            if not self.calls(element):
                continue
            beside = [
                group for group in groups if any(self._beside(element, each) for each in group)
            ]
            if not beside:
                groups.append([element])
                continue
            first = groups.index(beside[0])
            groups[first:] = [[each for group in groups[first:] for each in group] + [element]]
        return groups

    def lines(self, group: Sequence[Element]) -> list[list[NodeId]] | None:
        """Return a group as calls one after another; None where that is not all it is.

        What a line begins with leads nowhere else, and nobody else reads it.
        """
        nodes = [each for each in group if not isinstance(each, Arms)]
        lines: list[list[NodeId]] = []
        for node in nodes:
            before = self.ancestors[node] & {*nodes}
            mine = [line for line in lines if before == {*line}] if before else [[]]
            if len(nodes) < len(group) or not mine:
                return None
            mine[0].append(node)
            lines += [] if before else mine
        return lines if all(self._is_line(line, nodes) for line in lines) else None

    def _is_line(self, line: Sequence[NodeId], beside: Sequence[NodeId]) -> bool:
        steps = self.plan.steps
        if len(line) > 1 and any(isinstance(steps[node].node, RouterNode) for node in line):
            return False  # those it leads to read what it was told
        waits = [each for node in line for each in steps[node].work_parents if each not in line]
        late = [each for each in waits if self.ancestors[each] & {*beside}]
        led = [child for node in line[:-1] for child in steps[node].children]
        others = [step for step in steps.values() if step.id not in line]
        read = {node for step in others for node in named_in(step)}
        return not late and {*led} <= {*line} and not read & {*line[:-1]}

    def calls(self, element: Element) -> list[NodeId]:
        """Return the steps of an element that take time."""
        return [node for node in nodes_of(element) if is_call(self.plan.steps[node])]

    def all_groups(self, level: Level) -> Iterator[list[Element]]:
        """Return the groups of a level and of those within."""
        yield from self.groups(level)
        for element in level.elements:
            for inner in element.levels.values() if isinstance(element, Arms) else ():
                yield from self.all_groups(inner)

    def _beside(self, one: Element, other: Element) -> bool:
        pairs = [*product(self.calls(one), self.calls(other))]
        return not (
            all(second in self.ancestors[first] for first, second in pairs)
            or all(first in self.ancestors[second] for first, second in pairs)
        )


def order_of(plan: Plan) -> Order | None:
    """Return a flow's order; None where its ways cannot be said."""
    ways = ways_of(plan)
    if ways is None:
        return None
    top = Level()
    for stage in plan.stages:
        for node in stage:
            top.at(ways[node]).elements.append(node)
    return Order(plan, ways, top, ancestors_of(plan.flow))
