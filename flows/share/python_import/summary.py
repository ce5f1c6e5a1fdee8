"""Summary: what was read of a program, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from flows.document.model import AgentNode, ApprovalNode, Flow
from flows.share.python_import.draft import Remark


def sum_up(flow: Flow, remarks: Sequence[Remark]) -> str:
    """Say how much of a program stands in the flow: `3 agents, 4 links, nothing left out.`."""
    agents = sum(isinstance(node, AgentNode) for node in flow.nodes)
    approvals = sum(isinstance(node, ApprovalNode) for node in flow.nodes)
    others = len(flow.nodes) - agents - approvals - len(flow.inputs)
    counts = [
        _count(len(flow.inputs), "input"),
        _count(agents, "agent"),
        *([_count(others, "router or join", "routers and joins")] if others else []),
        *([_count(approvals, "approval")] if approvals else []),
        _count(len(flow.edges), "link"),
    ]
    left = _count(len(remarks), "remark") if remarks else "nothing left out"
    return f"Read {', '.join(counts)}; {left}."


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"
