"""Result: what the end nodes gave, on stdout, in order or as they come."""

from __future__ import annotations

from flows.document.placeholders import as_text
from flows.ids import NodeId
from flows.plan.plan import Plan
from flows.trace.events import (
    Json,
    NodeFinished,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
)


class ResultPrinter:
    """Prints the end results of one run as `run.results` says: in order at the end, or at once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._at_once = plan.flow.run.results == "as_completed"

    def take(self, record: Record) -> None:
        """Look at the next record and print what it is time for."""
        match record.event:
            case NodeFinished(node=key, output=output) if self._at_once:
                if NodeId(key) in self._plan.ends:
                    self._print(NodeId(key), output)
            case (
                RunFinished(outputs=outputs)
                | RunFailed(outputs=outputs)
                | RunCancelled(outputs=outputs)
            ) if not self._at_once:
                for node, output in outputs.items():
                    self._print(NodeId(node), output)

    def _print(self, node: NodeId, output: Json) -> None:
        if len(self._plan.ends) > 1:
            print(f"## {self._plan.flow.node(node).name}")
        print(as_text(output), flush=True)
