"""FlowName: the dialog for a flow's name and tags."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import state
from components.flow_changes import FlowChanges
from components.text import plain
from flows.store.library import FlowRow

_LONGEST_NAME = 200
_LONGEST_TAGS = 600


def _close() -> None:
    state.rename_flow(None)


@st.dialog("Name and tags", on_dismiss=_close)
def ask_for_name(row: FlowRow, tags: Sequence[str], changes: FlowChanges) -> None:
    """Ask how the flow is called; it is drawn with every page until it is dismissed."""
    with st.form(f"name-form-{row.id}", border=False):
        name = st.text_input(
            "Name", row.name, key=f"flow-name-{row.id}-{row.rev}", max_chars=_LONGEST_NAME
        )
        words = st.text_input(
            "Tags",
            ", ".join(tags),
            key=f"flow-tags-{row.id}-{row.rev}",
            max_chars=_LONGEST_TAGS,
            placeholder="work, to show",
            help="A few words to find it by, with commas between them. They stay in this home "
            "and are not in the flow's file.",
        )
        if not st.form_submit_button("Save", key=f"save-name-{row.id}", type="primary"):
            return
    trouble = changes.rename(row.id, name=name, tags=words.split(","))
    if trouble:
        st.error(plain(trouble))
        return
    _close()
    st.rerun()
