"""Cut: links taken away, with what must stand in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from flows.document.edits import AddEdge, Edit, Group, RemoveEdges, apply_edit
from flows.document.model import AgentNode, Edge, Flow, JoinNode, Node
from flows.document.placeholders import InputValue, NodeOutput, Parents, Placeholder, placeholders
from flows.ids import NodeId
from flows.plan.graph import ancestors_of, data_edges, parents_in_order, stages_of
from flows.plan.guards import guards_of

Pair = tuple[NodeId, NodeId]
"""The two ends of a link: who waits comes second."""


@dataclass(frozen=True)
class Links:
    """A flow with what is asked of it again and again.

    `reads`: node → the placeholders it names; None where it takes in all its parents.
    """

    flow: Flow
    edges: tuple[Edge, ...]
    parents: Mapping[NodeId, tuple[NodeId, ...]]
    reads: Mapping[NodeId, tuple[Placeholder, ...] | None]

    @cached_property
    def upstream(self) -> Mapping[NodeId, frozenset[NodeId]]:
        """What stands before each node; costly in large flows, and mostly not needed."""
        return ancestors_of(self.flow)


def links_of(flow: Flow) -> Links:
    """Look at a flow for what its nodes wait for and what they read."""
    return Links(
        flow,
        edges=tuple(data_edges(flow)),
        parents=parents_in_order(flow),
        reads={node.id: _reads(node) for node in flow.nodes},
    )


def nodes_in(named: Iterable[Placeholder]) -> list[NodeId]:
    """Return whose outputs are named."""
    return [each.node for each in named if isinstance(each, NodeOutput)]


def cut_links(links: Links, pairs: AbstractSet[Pair]) -> Edit | None:
    """Take links away; whoever read something over them is linked to that itself.

    None where that would leave somebody alone, put two policies into one stage, or let a node run
    when it did not: what stands behind a router's branch waits for the router.
    """
    left: list[Edge] = []
    cut: list[Edge] = []
    for each in links.edges:
        (cut if (each.source, each.target) in pairs else left).append(each)
    started = _started(links, pairs, left)
    added = [*started, *_lost_reads(links, [*left, *started], pairs)]
    linked = {end for each in (*left, *added) for end in (each.source, each.target)}
    if not {parent for parent, _ in pairs} <= linked:
        return None
    if any(links.flow.node(each.target).needs != "all" for each in added):
        return None  # a race is decided by those it has
    edit = Group(edits=(RemoveEdges(edges=tuple(cut)), *(AddEdge(edge=each) for each in added)))
    if not guards_of(links.flow).stay_with(cut=cut, added=added):
        return None
    keeps = len(links.flow.run.stages) < 2 or _keeps_policies(apply_edit(links.flow, edit))
    return edit if keeps else None


def _reads(node: Node) -> tuple[Placeholder, ...] | None:
    """Return what a node's templates name; None when it takes in all its parents."""
    match node:
        case AgentNode(for_each=each):
            message = node.prompt if node.prompt.strip() else "{{ item }}" if each else ""
            items = each.items if each and isinstance(each.items, str) else ""
        case JoinNode(as_="text"):
            message, items = node.prompt, ""
        case _:
            return None
    named = (*placeholders(message), *placeholders(items))
    takes_all = not message.strip() or any(isinstance(each, Parents) for each in named)
    return None if takes_all else named


def _keeps_policies(flow: Flow) -> bool:
    return all(sum(each in flow.run.stages for each in stage) < 2 for stage in stages_of(flow))


def _started(links: Links, pairs: AbstractSet[Pair], left: Iterable[Edge]) -> list[Edge]:
    """Return links from inputs to the nodes that would be left without a parent.

    The inputs a node names; where it names none, those of the parents it had.
    """
    ids = [each.id for each in links.flow.inputs]
    fed = {each.target for each in left}
    found: list[Edge] = []
    for node in dict.fromkeys(node for _, node in pairs if node not in fed):
        named = [each.node for each in links.reads[node] or () if isinstance(each, InputValue)]
        said = [each for each in ids if each in named or (None in named and len(ids) == 1)]
        mine = {parent for parent, child in pairs if child == node}
        theirs = [each.source for each in links.edges if each.target in mine]
        before = [each for each in ids if each in theirs]
        found += [Edge(source=each, target=node) for each in said or before or ids[:1]]
    return found


def _lost_reads(links: Links, left: Iterable[Edge], pairs: AbstractSet[Pair]) -> Iterator[Edge]:
    """Yield a link for every node that was read over a cut one and over no other.

    Only what stands before a cut can be lost, and only by those behind it.
    """
    nodes = {node for _, node in pairs}
    before = {each for parent, _ in pairs for each in links.upstream[parent] | {parent}}
    parents: dict[NodeId, list[NodeId]] = {}
    for edge in left:
        parents.setdefault(edge.target, []).append(edge.source)
    for reader, named in links.reads.items():
        if reader in nodes or nodes & links.upstream[reader]:
            wanted = before.intersection(nodes_in(named or ())) & links.upstream[reader]
            for source in sorted(wanted - _reached_from(reader, parents)) if wanted else ():
                yield Edge(source=source, target=reader)


def _reached_from(node: NodeId, parents: Mapping[NodeId, Iterable[NodeId]]) -> set[NodeId]:
    reached: set[NodeId] = set()
    open_ends = [node]
    while open_ends:
        new = set(parents.get(open_ends.pop(), ())) - reached
        reached |= new
        open_ends += new
    return reached
