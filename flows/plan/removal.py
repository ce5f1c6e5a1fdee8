"""Removal: taking nodes away so that a stage keeps its policy."""

from __future__ import annotations

from collections.abc import Iterable

from flows.document.edits import RemoveNodes
from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.graph import stages_of


def removal_of(flow: Flow, ids: Iterable[NodeId]) -> RemoveNodes:
    """Make the edit that removes these nodes and hands their stage policies to a stage sibling."""
    gone = tuple(dict.fromkeys(ids))
    heirs: dict[NodeId, NodeId] = {}
    for stage in stages_of(flow):
        left = [node for node in stage if node not in gone]
        keys = [node for node in stage if node in gone and node in flow.run.stages]
        if left and keys and left[0] not in flow.run.stages:
            heirs[keys[0]] = left[0]
    return RemoveNodes(ids=gone, heirs=heirs)
