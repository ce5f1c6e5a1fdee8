"""Wait: a link that makes a node wait for an output it never reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from flows.document.advice import Advice
from flows.document.edits import AddEdge, Edit, Group, RemoveEdges, apply_edit
from flows.document.model import AgentNode, Edge, Flow, JoinNode, Node
from flows.document.placeholders import InputValue, NodeOutput, Parents, Placeholder, placeholders
from flows.ids import NodeId
from flows.plan.graph import ancestors_of, data_edges, parents_in_order, stages_of
from flows.plan.wording import advice, called, titled

Seconds = Mapping[NodeId, float]


@dataclass(frozen=True)
class _Links:
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


def needless_waits(flow: Flow, seconds: Seconds) -> Iterator[Advice]:
    """Advise to cut the links that carry nothing.

    `seconds`: node → how long its work took in the last run. The flow has no errors.
    """
    links = _Links(
        flow,
        edges=tuple(data_edges(flow)),
        parents=parents_in_order(flow),
        reads={node.id: _reads(node) for node in flow.nodes},
    )
    yield from _needless_sequences(links, seconds)
    yield from _unread_parents(links, seconds)


def _needless_sequences(links: _Links, seconds: Seconds) -> Iterator[Advice]:
    """Two agents stand one after the other only where the second uses what the first said."""
    for node in links.flow.nodes:
        match links.parents.get(node.id, ()):
            case (only,) if isinstance(node, AgentNode) and _may_be_cut(links, only, node):
                message = (
                    f"{titled(node)} waits for {called(links.flow, only)} and never uses its "
                    f"output. {_cost(seconds, only, node.id)} Link them side by side."
                )
                yield from _cut(links, only, node.id, said=("needless_sequence", message))
            case _:
                pass


def _unread_parents(links: _Links, seconds: Seconds) -> Iterator[Advice]:
    """A node that folds several parents waits only for those it reads."""
    ends = _ends(links.parents, seconds)
    for node in links.flow.nodes:
        mine = links.parents.get(node.id, ())
        for parent in mine if len(mine) > 1 else ():
            others = [each for each in mine if each != parent]
            wait = _extra_wait(ends, parent, others)
            if wait == 0 or not _may_be_cut(links, parent, node):
                continue
            if any(parent in links.upstream[each] for each in others):
                continue  # another parent waits for it in any case
            costs = f", which cost {wait:.1f} s in the last run" if wait else ""
            message = (
                f"{titled(node)} waits for {called(links.flow, parent)}{costs}, but its prompt "
                f"never uses that output. Remove the link, or write {{{{ nodes.{parent}.output }}}}"
                " where it is needed."
            )
            yield from _cut(links, parent, node.id, said=("unread_parent", message))


def _may_be_cut(links: _Links, parent: NodeId, node: Node) -> bool:
    """Say whether the node reads other things only, and nothing but the data speaks for the order.

    What stands behind a tool may depend on what the tool did; routers and approvals decide.
    """
    read = links.reads[node.id]
    if read is None or parent in _nodes_in(read) or node.needs != "all":
        return False
    source = links.flow.node(parent)
    return isinstance(source, JoinNode) or (
        isinstance(source, AgentNode) and not (source.tools or source.mcp or source.session)
    )


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


def _nodes_in(named: Iterable[Placeholder]) -> list[NodeId]:
    return [each.node for each in named if isinstance(each, NodeOutput)]


def _cut(links: _Links, parent: NodeId, node: NodeId, *, said: tuple[str, str]) -> Iterator[Advice]:
    """Advise to take the link away, where that leaves nobody alone and every stage its policy."""
    if not any(
        node != each.target and parent in (each.source, each.target) for each in links.edges
    ):
        return
    edit = _cutting(links, parent, node)
    if len(links.flow.run.stages) < 2 or _keeps_policies(apply_edit(links.flow, edit)):
        code, message = said
        yield Advice(advice(code, message, parent, node), fix="Cut the link", edit=edit)


def _keeps_policies(flow: Flow) -> bool:
    return all(sum(each in flow.run.stages for each in stage) < 2 for stage in stages_of(flow))


def _cutting(links: _Links, parent: NodeId, node: NodeId) -> Edit:
    """Take the link away; whoever read something over it is linked to that itself."""
    cut = [each for each in links.edges if (each.source, each.target) == (parent, node)]
    left = [each for each in links.edges if each not in cut]
    started = list(_started_by(links, parent, node))
    mended = list(_lost_reads(links, [*left, *started], cut=(parent, node)))
    added = [AddEdge(edge=each) for each in (*started, *mended)]
    return Group(edits=(RemoveEdges(edges=tuple(cut)), *added))


def _started_by(links: _Links, parent: NodeId, node: NodeId) -> Iterator[Edge]:
    """Yield links from inputs to a node that would be left without a parent.

    The inputs it names; where it names none, those of the parent.
    """
    if any(each.target == node and each.source != parent for each in links.edges):
        return
    ids = [each.id for each in links.flow.inputs]
    named = [each.node for each in links.reads[node] or () if isinstance(each, InputValue)]
    said = [each for each in ids if each in named or (None in named and len(ids) == 1)]
    fed = [each.source for each in links.edges if each.target == parent and each.source in ids]
    for source in said or fed or ids[:1]:
        yield Edge(source=source, target=node)


def _lost_reads(
    links: _Links, left: Iterable[Edge], *, cut: tuple[NodeId, NodeId]
) -> Iterator[Edge]:
    """Yield a link for every node that was read over the cut one and over no other.

    Only what stands before the cut can be lost, and only by those behind it.
    """
    parent, node = cut
    before = links.upstream[parent] | {parent}
    parents: dict[NodeId, list[NodeId]] = {}
    for edge in left:
        parents.setdefault(edge.target, []).append(edge.source)
    for reader, named in links.reads.items():
        if reader == node or node in links.upstream[reader]:
            wanted = before.intersection(_nodes_in(named or ()))
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


def _cost(seconds: Seconds, first: NodeId, second: NodeId) -> str:
    if first not in seconds or second not in seconds:
        return (
            "One after the other they take as long as both together; side by side as long as the "
            "slower one."
        )
    one, two = seconds[first], seconds[second]
    return (
        f"In the last run that took {one:.1f} s + {two:.1f} s = {one + two:.1f} s; side by side it "
        f"is {max(one, two):.1f} s."
    )


def _ends(parents: Mapping[NodeId, tuple[NodeId, ...]], seconds: Seconds) -> dict[NodeId, float]:
    """Return when each step would end if each waited for its parents alone; unknown ones left out.

    `parents` has parents before their children.
    """
    ends: dict[NodeId, float] = {}
    for node, mine in parents.items():
        if node in seconds and all(each in ends for each in mine):
            ends[node] = max((ends[each] for each in mine), default=0.0) + seconds[node]
    return ends


def _extra_wait(
    ends: Mapping[NodeId, float], parent: NodeId, others: Iterable[NodeId]
) -> float | None:
    """Return how much later the parent comes than all others; None when that is not known."""
    rest = list(others)
    if not all(each in ends for each in chain(rest, [parent])):
        return None
    return max(0.0, ends[parent] - max(ends[each] for each in rest))
