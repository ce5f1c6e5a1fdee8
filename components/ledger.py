"""Ledger: one flow of the library, as every edit of a page reaches it, from canvas or inspector."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from components.canvas.protocol import change_flow
from flows.document.edits import Edit
from flows.document.model import Flow
from flows.ids import FlowId

if TYPE_CHECKING:
    from components.services import Services
    from flows.store.library import StoredFlow


class FlowLedger:
    """Takes edits of one flow into the store and tells the other pages of the new revision."""

    def __init__(self, services: Services, flow_id: FlowId) -> None:
        self._services = services
        self._library = services.store.flows
        self._flow_id = flow_id

    def apply(self, edit_of: Callable[[Flow], Edit]) -> None:
        """Do the edit that something typed means for the flow as it is now.

        Raises EditRefused, StoreError.
        """
        self.change(lambda flow: change_flow(flow, edit_of(flow)), client="", seq=0)

    def acked(self, client: str) -> int:
        """Return the last seq taken from the client, 0 when there is none."""
        return self._library.acked(self._flow_id, client)

    def change(self, change: Callable[[Flow], Flow], *, client: str, seq: int) -> None:
        """Store the changed flow. Lets the EditRefused of `change` through, and keeps the flow."""
        stored = self._library.change(self._flow_id, change, client=client, seq=seq)
        self._tell(stored, client=client, seq=seq)

    def undo(self, *, client: str, seq: int) -> None:
        """Take the last change back; does nothing when there is none."""
        stored = self._library.undo(self._flow_id, client=client, seq=seq)
        self._tell(stored, client=client, seq=seq)

    def redo(self, *, client: str, seq: int) -> None:
        """Do again what was taken back; does nothing when there is nothing."""
        stored = self._library.redo(self._flow_id, client=client, seq=seq)
        self._tell(stored, client=client, seq=seq)

    def refuse(self, *, client: str, seq: int) -> None:
        """Count the seq as seen and raise the revision, so that the browser rolls back."""
        self._library.bump(self._flow_id, client=client, seq=seq)

    def _tell(self, stored: StoredFlow, *, client: str, seq: int) -> None:
        """Tell the pages at once: the one that sent the edit need not wait to be drawn anew."""
        self._services.announce(stored.id, stored.rev, client=client, seq=seq)
