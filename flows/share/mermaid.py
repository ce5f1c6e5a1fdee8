"""Mermaid: a flow as a flowchart in text, for READMEs and wikis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from flows.document.model import (
    AgentNode,
    ApprovalNode,
    Edge,
    Flow,
    InputNode,
    JoinNode,
    Node,
    RouterNode,
)
from flows.ids import NodeId
from flows.plan.graph import stages_of
from flows.plan.heads import stage_heads

_LONGEST = 80
_ALIKE = str.maketrans({'"': "”", "`": "’", "<": "‹", ">": "›", "\\": "＼"})
_ENTITY = re.compile(r"[#&](?=#?\w+;)")
_MARKER = re.compile(r"^(\d+[.)]|[-*+#]+) ")


def write_mermaid(flow: Flow) -> str:
    """Write a flow as a Mermaid flowchart, a subgraph for each stage; foreign text is quoted."""
    nodes = {node.id: node for node in flow.nodes}
    stages = stages_of(flow)
    staged = {each for stage in stages for each in stage}
    loose = (_node(node) for node in nodes.values() if node.id not in staged)
    lines = [
        "flowchart LR",
        *(f"  {line}" for line in loose),
        *(f"  {line}" for line in _stages(flow, stages, nodes)),
        *(f"  {_link(edge)}" for edge in flow.edges if {edge.source, edge.target} <= nodes.keys()),
    ]
    return "\n".join(lines) + "\n"


def _stages(
    flow: Flow, stages: tuple[tuple[NodeId, ...], ...], nodes: dict[NodeId, Node]
) -> Iterator[str]:
    for number, (stage, head) in enumerate(zip(stages, stage_heads(flow, stages), strict=True), 1):
        yield f"subgraph stage{number}[{_quoted(head)}]"
        yield "  direction TB"
        yield from (f"  {_node(nodes[each])}" for each in stage)
        yield "end"


def _node(node: Node) -> str:
    name = " ".join(each for each in (node.icon, node.name) if each)
    words = _quoted(name or node.id)
    return f"{_id(node.id)}{_shape(node, words)}"


def _shape(node: Node, words: str) -> str:
    match node:
        case InputNode():
            return f"([{words}])"
        case AgentNode():
            return f"({words})" if node.for_each is None else f"[[{words}]]"
        case RouterNode():
            return f"{{{words}}}"
        case JoinNode():
            return f"{{{{{words}}}}}"
        case ApprovalNode():
            return f"[/{words}\\]"
        case _:
            assert_never(node)


def _link(edge: Edge) -> str:
    source, target = _id(edge.source), _id(edge.target)
    match edge.kind:
        case "data":
            label = f"|{_quoted(edge.branch)}|" if edge.branch else ""
            return f"{source} -->{label} {target}"
        case "handoff":
            return f'{source} -.->|"hands off to"| {target}'
        case "tool":
            return f'{source} -.->|"uses as a tool"| {target}'


def _id(node: NodeId) -> str:
    """Write an id that is no word of Mermaid's, as `end`, `class` or `click` would be."""
    return f"n_{node}"


def _quoted(text: str) -> str:
    """Quote a text on one line; signs that mean something to Mermaid become others like them.

    Not its entities: where labels are no HTML, as in Streamlit, they are shown as they are written.
    """
    words = _clipped(text.split()).translate(_ALIKE).replace("%%", "％％")
    words = _ENTITY.sub(lambda found: {"#": "＃", "&": "＆"}[found[0]], words)
    # a space that breaks no line keeps "1. Draft" from being taken for a list
    words = _MARKER.sub("\\1\u00a0", words)
    return f'"{words}"'


def _clipped(words: Iterable[str]) -> str:
    line = " ".join(words)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
