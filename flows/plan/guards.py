"""Guard: under which branches of which routers a node runs, and whose deeds it waits for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Final

from flows.document.model import AgentNode, ApprovalNode, Edge, Flow, Node, RouterNode
from flows.document.policy import FirstOf
from flows.ids import NodeId
from flows.plan.graph import ancestors_of, parents_in_order
from flows.plan.memory import remembered

_MOST: Final = 32
"""How many ways lead to a node at most; of one with more it is not known when it runs."""

_Taken = tuple[NodeId, str]
"""A router with a branch; or any node with "", where it is not known when that runs."""

_Way = frozenset[_Taken]
_Guard = frozenset[_Way]
"""The node runs where all of some way was taken: `{{}}` is a node that always runs."""

_ALWAYS: Final[_Guard] = frozenset([frozenset()])


class Guards:
    """When the nodes of a flow run that has no errors, as drawn and with other links."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._nodes = {node.id: node for node in flow.nodes}
        self._parents = parents_in_order(flow)
        self._into: dict[NodeId, list[Edge]] = defaultdict(list)
        for edge in flow.edges:
            if edge.kind == "data" and edge.source in self._parents:
                self._into[edge.target].append(edge)

    def stay_with(self, *, cut: Iterable[Edge], added: Iterable[Edge]) -> bool:
        """Say whether with these links every node still runs when it did, and after whose deeds.

        What a tool or a person did, and what a session remembers, no link says; and who races
        must be the same, as losers are cancelled.
        """
        gone, fresh = set(cut), tuple(added)
        into: dict[NodeId, list[Edge]] = defaultdict(list)
        for edge in chain(gone, fresh):
            into[edge.target] = [each for each in self._into[edge.target] if each not in gone]
        for edge in fresh:
            if edge.source in self._parents:
                into[edge.target].append(edge)
        sources = {edge.source for edge in chain(gone, fresh) if edge.source in self._parents}
        if any(sources & self._upstream[race] for race in self._races):
            return False
        return all(self._same(node, edges) for node, edges in into.items())

    def one_of(self, nodes: Collection[NodeId]) -> bool:
        """Say whether a router lets at most one of the nodes run, as each is on another branch."""
        singles = [each for each in self._routers if _takes_one(self._nodes[each])]
        ways = {node: self._all.get(node, _ALWAYS) for node in nodes} if singles else {}
        for router in singles:
            taken = [
                {branch for way in found for each, branch in way if each == router}
                for found in ways.values()
            ]
            by_it = (
                any(each == router for each, _ in way) for all_ in ways.values() for way in all_
            )
            if all(by_it) and sum(map(len, taken)) == len(set().union(*taken)):
                return True
        return False

    def _same(self, node: NodeId, into: list[Edge]) -> bool:
        """Compare one node; those before it are told of at their own turn."""
        if self._doers(into) != self._doers(self._into[node]):
            return False
        if not self._routers:
            return True
        after = self._runs(into, self._all)
        return after is not None and after == self._runs(self._into[node], self._all)

    def _doers(self, into: Iterable[Edge]) -> set[NodeId]:
        before = {edge.source for edge in into} if self._all_doers else set()
        upstream = (self._upstream[each] | {each} for each in before)
        return {doer for each in upstream for doer in each & self._all_doers}

    def _runs(self, into: Iterable[Edge], known: Mapping[NodeId, _Guard]) -> _Guard | None:
        """Return when a node with these links runs; None where too many ways lead to it."""
        ways: set[_Way] = set()
        for edge in into:
            taken = [(edge.source, edge.branch or "")] if edge.source in self._routers else []
            ways |= {way.union(taken) for way in known[edge.source]}
            if len(ways) > _MOST:
                return None
        return self._simplest(ways) if ways else _ALWAYS

    def _simplest(self, ways: set[_Way]) -> _Guard:
        """Leave out what says nothing: all branches of a router together, and the narrower ways."""
        open_ways = list(ways)
        while open_ways:
            way = open_ways.pop()
            for router, _ in way:
                rest = frozenset(each for each in way if each[0] != router)
                branches = self._routers.get(router) or ()
                whole = all(rest | {(router, each)} in ways for each in branches)
                if branches and whole and rest not in ways:
                    ways.add(rest)
                    open_ways.append(rest)
        return frozenset(way for way in ways if not any(other < way for other in ways))

    @cached_property
    def _all(self) -> Mapping[NodeId, _Guard]:
        known: dict[NodeId, _Guard] = {}
        for node in self._parents:  # before their children
            needs = self._nodes[node].needs
            counts = isinstance(needs, FirstOf) and needs.first > 1
            runs = None if counts else self._runs(self._into[node], known)
            known[node] = runs or frozenset([frozenset([(node, "")])])
        return known

    @cached_property
    def _routers(self) -> Mapping[NodeId, frozenset[str]]:
        """Router → all the branches of which it takes one for certain; none where it may not."""
        routers = (node for node in self._flow.nodes if isinstance(node, RouterNode))
        return {each.id: self._branches(each) for each in routers}

    def _branches(self, router: RouterNode) -> frozenset[str]:
        otherwise = () if router.otherwise is None else (router.otherwise,)
        if not otherwise and (router.ask is None or router.on_error != "fail"):
            return frozenset()
        drawn = (each.branch or "" for each in self._flow.edges if each.source == router.id)
        ruled = (each.branch for each in router.rules)
        return frozenset([*(ruled if router.ask is None else drawn), *otherwise])

    @cached_property
    def _upstream(self) -> Mapping[NodeId, frozenset[NodeId]]:
        return ancestors_of(self._flow)

    @cached_property
    def _all_doers(self) -> frozenset[NodeId]:
        return frozenset(node.id for node in self._flow.nodes if _does_more(node))

    @cached_property
    def _races(self) -> tuple[NodeId, ...]:
        return tuple(node for node in self._parents if self._nodes[node].needs != "all")


def _takes_one(node: Node) -> bool:
    return isinstance(node, RouterNode) and (node.ask is not None or node.take == "first")


def _does_more(node: Node) -> bool:
    return isinstance(node, ApprovalNode) or (
        isinstance(node, AgentNode) and bool(node.tools or node.mcp or node.session)
    )


guards_of = remembered(Guards)
"""Return when the nodes of a flow run; worked out once for a flow."""
