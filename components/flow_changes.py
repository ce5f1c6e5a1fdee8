"""FlowChanges: what the page of flows does to a flow; a failure becomes a notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from components import state
from components.opening import create_copy
from components.services import Services
from flows.document.edits import ChangeFlow, apply_edit
from flows.errors import EditRefused, StoreError
from flows.ids import FlowId


@dataclass(frozen=True, slots=True)
class FlowChanges:
    """Changes the library, tells other pages of the flow, says what went wrong."""

    services: Services

    def rename(self, flow_id: FlowId, *, name: str, tags: Sequence[str]) -> str:
        """Give the flow this name and these tags; return why not, or an empty text."""
        if not name.strip():
            return "Give the flow a name."
        library = self.services.store.flows
        edit = ChangeFlow(name=name.strip())
        try:
            library.set_tags(flow_id, tags)
            stored = library.change(flow_id, partial(apply_edit, edit=edit))
        except (EditRefused, StoreError) as error:
            return str(error)
        self.services.announce(flow_id, stored.rev, client="", seq=0)
        return ""

    def duplicate(self, flow_id: FlowId) -> None:
        """Keep a copy of the flow under a name that no other has, with its tags."""

        def copy() -> None:
            library = self.services.store.flows
            stored = library.get(flow_id)
            if stored is None:
                raise StoreError("This flow was just deleted in another tab.")
            made = create_copy(stored.flow, library)
            library.set_tags(made.id, library.tags().get(flow_id, ()))

        _speaking(copy)

    def delete(self, flow_id: FlowId) -> None:
        """Put the flow into the trash; an address that still names it is mended."""

        def put_away() -> None:
            library = self.services.store.flows
            stored = library.get(flow_id)
            library.delete(flow_id)
            state.note_deleted(flow_id)
            if stored is not None:  # a page draws itself anew for a revision it has not seen
                self.services.announce(flow_id, stored.rev + 1, client="", seq=0)

        _speaking(put_away)
        if st.query_params.get("flow") == flow_id:
            st.query_params.pop("flow")

    def bring_back(self, flow_id: FlowId) -> None:
        """Take the flow out of the trash as it was."""

        def fetch() -> None:
            self.services.store.flows.bring_back(flow_id)
            state.note_deleted(None)

        _speaking(fetch)


def _speaking(change: Callable[[], None]) -> None:
    try:
        change()
    except (EditRefused, StoreError) as error:
        state.add_notice(str(error))
