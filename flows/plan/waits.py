"""Wait: a link that makes a node wait for an output it never reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from flows.document.advice import Advice
from flows.document.edits import AddEdge, Edit, Group, RemoveEdges, apply_edit
from flows.document.model import AgentNode, Edge, Flow, InputNode, JoinNode, Node
from flows.document.placeholders import InputValue, NodeOutput, Parents, Placeholder, placeholders
from flows.ids import NodeId
from flows.plan.checks import find_problems
from flows.plan.graph import ancestors_of, data_edges, parents_in_order
from flows.plan.wording import advice, called, titled

Seconds = Mapping[NodeId, float]


def needless_sequences(flow: Flow, seconds: Seconds) -> Iterator[Advice]:
    """Two agents stand one after the other only where the second uses what the first said."""
    parents = parents_in_order(flow)
    for node in flow.nodes:
        match parents.get(node.id, ()):
            case (only,) if isinstance(node, AgentNode) and _may_be_cut(flow, only, node):
                message = (
                    f"{titled(node)} waits for {called(flow, only)} and never uses its output. "
                    f"{_cost(seconds, only, node.id)} Link them side by side."
                )
                yield from _cut(flow, only, node, code="needless_sequence", message=message)
            case _:
                pass


def unread_parents(flow: Flow, seconds: Seconds) -> Iterator[Advice]:
    """A node that folds several parents waits only for those it reads."""
    parents, upstream = parents_in_order(flow), ancestors_of(flow)
    ends = _ends(parents, seconds)
    for node in flow.nodes:
        mine = parents.get(node.id, ())
        for parent in mine if len(mine) > 1 else ():
            others = [each for each in mine if each != parent]
            passed_on = any(parent in upstream[each] for each in others)
            wait = _extra_wait(ends, parent, others)
            if passed_on or wait == 0 or not _may_be_cut(flow, parent, node):
                continue
            costs = f", which cost {wait:.1f} s in the last run" if wait else ""
            message = (
                f"{titled(node)} waits for {called(flow, parent)}{costs}, but its prompt never "
                f"uses that output. Remove the link, or write {{{{ nodes.{parent}.output }}}} "
                "where it is needed."
            )
            yield from _cut(flow, parent, node, code="unread_parent", message=message)


def _may_be_cut(flow: Flow, parent: NodeId, node: Node) -> bool:
    """Say whether the node reads other things only, and nothing but the data speaks for the order.

    What stands behind a tool may depend on what the tool did; routers and approvals decide.
    """
    source = flow.node(parent)
    read = _reads(node)
    if read is None or parent in _nodes_in(read) or node.needs != "all":
        return False
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


def _cut(flow: Flow, parent: NodeId, node: Node, *, code: str, message: str) -> Iterator[Advice]:
    """Advise to take the link away, where that breaks nothing."""
    edit = _cutting(flow, parent, node)
    before = set(find_problems(flow))
    if not set(find_problems(apply_edit(flow, edit))) - before:
        yield Advice(advice(code, message, parent, node.id), fix="Cut the link", edit=edit)


def _cutting(flow: Flow, parent: NodeId, node: Node) -> Edit:
    """Take the link away; whoever read something over it is linked to that itself."""
    gone = [each for each in data_edges(flow) if (each.source, each.target) == (parent, node.id)]
    edits: list[Edit] = [RemoveEdges(edges=tuple(gone))]
    edits += (AddEdge(edge=each) for each in _started_by(flow, parent, node))
    cut = apply_edit(flow, Group(edits=tuple(edits)))
    edits += (AddEdge(edge=each) for each in _lost_reads(cut))
    return Group(edits=tuple(edits))


def _started_by(flow: Flow, parent: NodeId, node: Node) -> Iterator[Edge]:
    """Yield links from inputs to a node that would be left without a parent.

    The inputs it names; where it names none, those of the parent.
    """
    edges = list(data_edges(flow))
    if any(each.target == node.id and each.source != parent for each in edges):
        return
    ids = [each.id for each in flow.nodes if isinstance(each, InputNode)]
    named = [each.node for each in _reads(node) or () if isinstance(each, InputValue)]
    said = [each for each in ids if each in named or (None in named and len(ids) == 1)]
    fed = [each.source for each in edges if each.target == parent and each.source in ids]
    for source in said or fed or ids[:1]:
        yield Edge(source=source, target=node.id)


def _lost_reads(flow: Flow) -> Iterator[Edge]:
    """Yield a link for every node named by one that no longer stands behind it."""
    upstream = ancestors_of(flow)
    wanted = ((source, node.id) for node in flow.nodes for source in _nodes_in(_reads(node) or ()))
    for source, target in dict.fromkeys(wanted):
        if source not in upstream[target]:
            yield Edge(source=source, target=target)


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
