"""Values: the lanes' view as the JSON values their JavaScript draws from."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import JsonValue

from components.lanes.view import LanesView
from flows.document.model import AgentNode
from flows.plan.graph import data_edges, parents_in_order, stages_of
from flows.plan.layout import drawn_stages
from flows.plan.limits import limits_of


def lanes_values(view: LanesView) -> dict[str, JsonValue]:
    """Return everything the browser needs: the lanes in order, and where the run is told.

    `awaits`: the parents after whose end a node waits for its stage, in runs that have barriers.
    `limits`: how many calls of which nodes work at once, and in what words.
    """
    stages = stages_of(view.flow)
    held = parents_in_order(view.flow)
    sources = {edge.source for edge in data_edges(view.flow)}
    return {
        "flow_id": view.flow_id,
        "follow": view.follow,
        "stages": [list(stage) for stage in drawn_stages(view.flow)],
        "limits": [asdict(limit) for limit in limits_of(view.flow, stages)],
        "ends": [node for stage in stages for node in stage if node not in sources],
        "nodes": [
            {
                "id": node.id,
                "type": node.type,
                "name": node.name,
                "instructions": node.instructions if isinstance(node, AgentNode) else "",
                "awaits": list(held.get(node.id, ())) if node.needs == "all" else [],
            }
            for node in view.flow.nodes
        ],
        "shared_processor": view.shared_processor,
        "as_completed": view.flow.run.results == "as_completed",
        "play": view.play,
        "note": view.note,
        "presented": view.presented,
        "about": view.about,
        "addresses": asdict(view.addresses),
    }
