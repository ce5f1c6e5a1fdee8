"""Blank: a flow or a run with its contents left out: what is what, but nothing of what it says.

Everything is built anew from what may stay (types, links, limits, times, counts); a field that is
not named here never leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from flows.document.files import flow_values, read_values
from flows.document.model import (
    FORMAT,
    AgentNode,
    ApprovalNode,
    Edge,
    Flow,
    InputNode,
    JoinNode,
    Node,
    RouterNode,
    Rule,
    When,
)
from flows.document.policy import Fallback, ForEach, OnError
from flows.ids import NodeId, NodeKey, RunId, item_index, item_key, node_of
from flows.trace.events import (
    ApprovalGiven,
    ApprovalRequested,
    Event,
    HandedOff,
    LoadingBegan,
    LoadingEnded,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    SpanEnded,
    TextDelta,
    ToolCalled,
    ToolReturned,
)

LEFT_OUT = "What was said is left out."
"""Stands where a sentence stood."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What each node and each branch is called instead."""

    nodes: Mapping[NodeId, NodeId]
    branches: Mapping[str, str]

    def key(self, key: NodeKey) -> NodeKey:
        """Rename a node's key, or that of one of its items."""
        node, index = self.nodes[node_of(key)], item_index(key)
        return NodeKey(node) if index is None else item_key(node, index)

    def has(self, key: str) -> bool:
        """Say whether the flow has the node of this key."""
        return node_of(NodeKey(key)) in self.nodes


def blank_flow(flow: Flow) -> Flow:
    """Return the flow with neutral names and without texts, models, tools, values and notes."""
    names = _names_of(flow)
    run = flow.run
    stages = {names.nodes[key]: run.stages[key] for key in run.stages if key in names.nodes}
    return Flow(
        fanfold=FORMAT,
        name="Flow",
        nodes=tuple(_blank_node(node, names) for node in flow.nodes),
        edges=tuple(
            _blank_edge(edge, names)
            for edge in flow.edges
            if edge.source in names.nodes and edge.target in names.nodes
        ),
        run=run.model_copy(update={"stages": stages}),
        layout={names.nodes[key]: at for key, at in flow.layout.items() if key in names.nodes},
    )


def blank_records(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return a run's records without contents. Raises FlowFileError when its flow is none."""
    blank = tuple(_blank_records(records))
    return tuple(
        Record(run=RunId("run"), seq=number, at=at, event=event)
        for number, (at, event) in enumerate(blank, start=1)
    )


def _blank_records(records: Iterable[Record]) -> Iterator[tuple[float, Event]]:
    names = _Names({}, {})
    for record in records:
        if isinstance(record.event, RunStarted):
            flow = read_values(record.event.flow)
            names = _names_of(flow)
            yield record.at, RunStarted(flow=flow_values(blank_flow(flow)), inputs={})
            continue
        event = _blank_event(record.event, names)
        if event is not None:
            yield record.at, event


def _names_of(flow: Flow) -> _Names:
    nodes: dict[NodeId, NodeId] = {}
    counts: Counter[str] = Counter()
    for node in flow.nodes:
        if node.id not in nodes:
            counts[node.type] += 1
            nodes[node.id] = NodeId(f"{node.type}_{counts[node.type]}")
    rules = (
        rule.branch for node in flow.nodes if isinstance(node, RouterNode) for rule in node.rules
    )
    drawn = (edge.branch for edge in flow.edges if edge.branch is not None)
    branches = dict.fromkeys((*rules, *drawn))
    return _Names(nodes, {name: f"branch {place}" for place, name in enumerate(branches, 1)})


def _blank_node(node: Node, names: _Names) -> Node:
    new = names.nodes[node.id]
    name = new.replace("_", " ").capitalize()
    match node:
        case InputNode():
            return InputNode(id=new, type="input", name=name)
        case AgentNode():
            return AgentNode(
                id=new,
                type="agent",
                name=name,
                needs=node.needs,
                timeout_s=node.timeout_s,
                on_error=_blank_fallback(node),
                retries=node.retries,
                for_each=_blank_for_each(node.for_each),
            )
        case RouterNode():
            rules = tuple(
                Rule(branch=branch, when=When())
                for branch in dict.fromkeys(names.branches[rule.branch] for rule in node.rules)
            )
            return RouterNode(
                id=new, type="router", name=name, needs=node.needs, rules=rules, take=node.take
            )
        case JoinNode():
            return JoinNode(id=new, type="join", name=name, needs=node.needs)
        case ApprovalNode():
            return ApprovalNode(id=new, type="approval", name=name, needs=node.needs)
        case _:
            assert_never(node)


def _blank_fallback(node: AgentNode) -> OnError:
    return Fallback(fallback="") if isinstance(node.on_error, Fallback) else "fail"


def _blank_for_each(for_each: ForEach | None) -> ForEach | None:
    return for_each and for_each.model_copy(update={"items": ""})


def _blank_edge(edge: Edge, names: _Names) -> Edge:
    return Edge(
        source=names.nodes[edge.source],
        target=names.nodes[edge.target],
        kind=edge.kind,
        branch=None if edge.branch is None else names.branches[edge.branch],
    )


def _blank_event(event: Event, names: _Names) -> Event | None:  # noqa: C901, PLR0911, PLR0912 - one arm a member
    match event:
        case RunStarted() | TextDelta() | ToolCalled() | ToolReturned() | HandedOff():
            return None
        case SpanEnded():  # its names are people's own
            return None
        case RunFinished():
            return RunFinished(outputs={}, errors=_blank_errors(event.errors, names))
        case RunFailed():
            return RunFailed(error=LEFT_OUT, errors=_blank_errors(event.errors, names))
        case RunCancelled():
            return RunCancelled(reason=LEFT_OUT, errors=_blank_errors(event.errors, names))
        case _ if not names.has(event.node):
            return None
        case NodeQueued():
            return NodeQueued(names.key(event.node))
        case NodeStarted():
            return NodeStarted(names.key(event.node), items=event.items)
        case LoadingBegan():
            return LoadingBegan(names.key(event.node))
        case LoadingEnded():
            return LoadingEnded(names.key(event.node))
        case ApprovalRequested():
            return ApprovalRequested(names.key(event.node), shown="")
        case ApprovalGiven():
            return ApprovalGiven(names.key(event.node), decision="")
        case NodeRetried():
            return NodeRetried(
                names.key(event.node), attempt=event.attempt, error=LEFT_OUT, delay_s=event.delay_s
            )
        case NodeFinished():
            return _blank_end(event, names)
        case NodeFailed():
            return NodeFailed(names.key(event.node), error=LEFT_OUT)
        case NodeSkipped():
            return NodeSkipped(names.key(event.node), reason="")
        case NodeCancelled():
            return NodeCancelled(names.key(event.node), reason="")
        case _:
            assert_never(event)


def _blank_end(event: NodeFinished, names: _Names) -> NodeFinished:
    taken = (names.branches.get(branch, "") for branch in event.branches)
    return NodeFinished(
        names.key(event.node),
        output=None,
        usage=event.usage,
        error=LEFT_OUT if event.error else "",
        warning=LEFT_OUT if event.warning else "",
        branches=tuple(branch for branch in taken if branch),
        waited_s=event.waited_s,
        reused=event.reused,
        loading_s=event.loading_s,
    )


def _blank_errors(errors: Mapping[str, str], names: _Names) -> dict[str, str]:
    return {names.key(NodeKey(key)): LEFT_OUT for key in errors if names.has(key)}
