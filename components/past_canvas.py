"""PastCanvas: a run on the flow it ran, or a flow as drawn, to be looked at and not edited."""

from __future__ import annotations

from components import state
from components.addresses import addresses_of
from components.canvas import CanvasView, RunOffer, mount_canvas
from components.services import Services
from flows.document.model import Flow, InputNode
from flows.document.placeholders import as_text
from flows.ids import FlowId, NodeId, NodeKey
from flows.store.history import RunRow
from flows.store.library import StoredFlow
from flows.trace.fold import RunTrace


def show_past_canvas(
    services: Services,
    row: RunRow,
    flow: Flow,
    *,
    trace: RunTrace,
    reruns: bool,
    presented: bool = False,
) -> None:
    """Show the run on its frozen flow; `reruns`: it can be run again in part."""
    view = CanvasView(
        flow_id=flow_id_of(row),
        rev=0,
        flow=flow,
        addresses=addresses_of(services),
        run=RunOffer(label="", inputs=_inputs(trace)),
        models={node.id: _model(trace, node.id) for node in flow.nodes if node.type == "agent"},
        follow=row.id,
        reruns=reruns,
        presented=presented,
    )
    mount_canvas(
        view,
        key=state.canvas_key(FlowId(row.id)),
        on_outbox=_ignore,
        on_selection=_ignore,
        on_inputs=_ignore,
    )


def show_drawn_canvas(services: Services, stored: StoredFlow) -> None:
    """Show a flow to people who only look on."""
    view = CanvasView(
        flow_id=stored.id,
        rev=stored.rev,
        flow=stored.flow,
        addresses=addresses_of(services),
        run=RunOffer(label="", inputs=typed_or_example(stored)),
        presented=True,
    )
    mount_canvas(
        view,
        key=f"{state.canvas_key(stored.id)}-presented",
        on_outbox=_ignore,
        on_selection=_ignore,
        on_inputs=_ignore,
    )


def typed_or_example(stored: StoredFlow) -> dict[NodeId, str]:
    """Return what the flow would be run with now."""
    inputs = (node for node in stored.flow.nodes if isinstance(node, InputNode))
    return {node.id: stored.inputs.get(node.id) or node.example for node in inputs}


def flow_id_of(row: RunRow) -> FlowId:
    """Return the flow that a run is told under; a run of no flow is told under its own id."""
    return row.flow_id or FlowId(row.id)


def _inputs(trace: RunTrace) -> dict[NodeId, str]:
    return {NodeId(key): as_text(value) for key, value in trace.inputs.items()}


def _model(trace: RunTrace, node: NodeId) -> str:
    """Name the model that answered, or the one that would have."""
    answered = trace.nodes.get(NodeKey(node))
    return (answered.model if answered else "") or trace.model


def _ignore() -> None:
    """A past run is not edited."""
