"""RunChanges: what the page of past runs does to runs; a failure becomes a notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from components import state
from flows.errors import StoreError
from flows.ids import RunId
from flows.store.history import RunRow
from flows.store.past_runs import PastRuns, RunQuery

_TURNED: Final = "turned"


@dataclass(frozen=True, slots=True)
class RunChanges:
    """Keeps, deletes and brings back runs, and leads the address to what is then shown."""

    past: PastRuns
    forget: Callable[[], None]
    """Called when runs were deleted: what is remembered of them is to be forgotten."""

    def keep(self, run_id: RunId) -> None:
        """Keep the run from every clearing."""
        _speaking(lambda: self.past.keep(run_id))

    def let_go(self, run_id: RunId) -> None:
        """Let clearings take the run like any other."""
        _speaking(lambda: self.past.let_go(run_id))

    def delete(self, run_id: RunId) -> None:
        """Put the run into the trash; the page then shows the one after it."""

        def put_away() -> None:
            state.note_deleted_runs(self.past.delete(run_id).batch)
            self.forget()
            _leave(run_id)

        _speaking(put_away)

    def clear(self, query: RunQuery) -> None:
        """Put all that are listed into the trash, but for those that are kept or go on."""

        def put_away() -> None:
            gone = self.past.clear(query)
            state.note_deleted_runs(gone.batch if gone else "")
            self.forget()

        _speaking(put_away)

    def bring_back(self, batch: str) -> None:
        """Take what one press deleted out of the trash."""

        def fetch() -> None:
            self.past.bring_back(batch)
            state.note_deleted_runs("")

        _speaking(fetch)

    def compare(self, row: RunRow) -> None:
        """Put the run that is most like this one beside it."""
        other = self.past.beside(row)
        if other is None:
            state.add_notice("There is no other run to compare this one with. Run the flow again.")
            return
        st.query_params["run"] = row.id
        st.query_params["with"] = other


def leave_comparison() -> None:
    """Show the first of two runs alone again."""
    st.query_params.pop("with", None)
    st.query_params.pop(_TURNED, None)


def is_turned() -> bool:
    """Whether the later of two runs is to stand left, before the earlier one."""
    return _TURNED in st.query_params


def swap() -> None:
    """Let two runs that stand side by side change places."""
    if is_turned():
        st.query_params.pop(_TURNED)
    else:
        st.query_params[_TURNED] = "1"


def open_alone(run_id: RunId) -> None:
    """Show one of two runs alone."""
    st.query_params["run"] = run_id
    leave_comparison()


def _leave(run_id: RunId) -> None:
    following = state.run_after(run_id)
    if following is not None:
        st.query_params["run"] = following
    elif st.query_params.get("run") == run_id:
        st.query_params.pop("run")


def _speaking(change: Callable[[], None]) -> None:
    try:
        change()
    except StoreError as error:
        state.add_notice(str(error))
