"""State: every session key. What outlives a session stands in the store, not here."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

from components.canvas.view import Refusal
from flows.ids import FlowId, NodeId, RunId

Made = TypeVar("Made")

CHOSEN_RUN = "chosen_run"
"""The run the page of past runs shows."""

COMPARED_RUN = "compared_run"
"""The run that stands beside the one the page of past runs shows."""

RUN_SEARCH = "run_search"
"""What the page of past runs is searched for."""

RUN_STATUS = "run_status"
"""How the runs ended that alone are listed."""

ONLY_KEPT = "only_kept_runs"
"""Whether the page of past runs lists the kept ones alone."""

ONLY_THIS_FLOW = "only_this_flow"
"""Whether the page of past runs lists the runs of one flow."""

TEMPLATE_KIND = "template-kind"
"""Which templates alone are shown."""

FLOW_SEARCH = "flow_search"
"""What the page of flows is searched for."""

FLOW_TAG = "flow_tag"
"""The tag whose flows alone are listed."""

BESIDE = "beside_the_canvas"
"""What stands beside the canvas: the form, the code, or both."""

_CODE_IS_WIDE = "code_is_wide"
_LISTED = "flows_listed"
_RUNS_LISTED = "runs_listed"
_RUN_ORDER = "run_order"
_RUNS_DELETED = "runs_deleted"
_RENAMED = "flow_renamed"
_DELETED = "flow_deleted"
_MADE = "made_of_template"
_DRAWN = "presented_as_drawn"
_WANTED = "wanted"
_NOTICES = "notices"
_UPLOADS = "uploads"
_GIVEN = "given_flow"
_BEFORE = "flow_before"
_MOST_REFUSALS = 20


def canvas_key(flow_id: FlowId) -> str:
    """Name the canvas of a flow: one each, so that edits of two flows never meet."""
    return f"canvas-{flow_id}"


def lanes_key(flow_id: FlowId) -> str:
    """Name the lanes of a flow."""
    return f"lanes-{flow_id}"


def program_key(flow_id: FlowId) -> str:
    """Name the program of a flow as it was last shown."""
    return f"program-{flow_id}"


def made_of_value(key: str, value: object, make: Callable[[], Made]) -> Made:
    """Return what was made of a value; it is made anew only where the value is another one."""
    kept: tuple[object, Made] | None = st.session_state.get(key)
    if kept is None or kept[0] != value:
        kept = value, make()
        st.session_state[key] = kept
    return kept[1]


def widen_code(*, wide: bool) -> None:
    """Give the code beside the canvas more room, or only that of the form."""
    st.session_state[_CODE_IS_WIDE] = wide


def is_code_wide() -> bool:
    """Whether the code has more room than the form."""
    return bool(st.session_state.get(_CODE_IS_WIDE, False))


def field_key(flow_id: FlowId, owner: str, name: str) -> str:
    """Name a field of the inspector; `owner` is a node's id, or what else has fields."""
    return f"field-{flow_id}-{owner}-{name}"


def upload_key() -> str:
    """Name the place for files; a new name after each one read, so that it is empty again."""
    return f"upload-{st.session_state.get(_UPLOADS, 0)}"


def clear_upload() -> None:
    """Forget the file that was read."""
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1


def note_given(given: object) -> str:
    """Keep what was given to be opened, alone; return what names it in an address."""
    word = secrets.token_hex(4)
    st.session_state[_GIVEN] = word, given
    return word


def given(word: str) -> Any:
    """Return what was given under this name, None where it is no longer kept."""
    kept, what = st.session_state.get(_GIVEN, ("", None))
    return what if kept == word else None


def note_open(flow_id: FlowId) -> None:
    """Remember which flow was open last."""
    st.session_state[_BEFORE] = flow_id


def flow_before() -> FlowId | None:
    """Return the flow that was open last, None when there was none yet."""
    flow_id: FlowId | None = st.session_state.get(_BEFORE)
    return flow_id


def is_drawn(flow_id: FlowId, *, ran: bool) -> bool:
    """Whether a flow is presented as drawn: while it never ran, and on while it then is run."""
    if not ran:
        st.session_state[_DRAWN] = flow_id
    drawn: FlowId | None = st.session_state.get(_DRAWN)
    return drawn == flow_id


def forget_drawn() -> None:
    """Forget that a flow was presented as drawn: its newest run is shown the next time."""
    st.session_state.pop(_DRAWN, None)


def made_of(template: str) -> FlowId | None:
    """Return the flow this session made of a template its address names, None before that."""
    made: dict[str, FlowId] = st.session_state.get(_MADE, {})
    return made.get(template)


def note_made(template: str, flow_id: FlowId) -> None:
    """Remember it, so that a page drawn twice before the address changes makes one flow."""
    st.session_state[_MADE] = {**st.session_state.get(_MADE, {}), template: flow_id}


def flows_listed(*, first: int) -> int:
    """Return how many flows are listed at most; `first`: before more were asked for."""
    return int(st.session_state.get(_LISTED, first))


def list_more_flows(count: int) -> None:
    """List so many."""
    st.session_state[_LISTED] = count


def runs_listed(*, first: int) -> int:
    """Return how many runs are listed at most; `first`: before more were asked for."""
    return int(st.session_state.get(_RUNS_LISTED, first))


def list_more_runs(count: int) -> None:
    """List so many."""
    st.session_state[_RUNS_LISTED] = count


def note_run_order(run_ids: Sequence[RunId]) -> None:
    """Remember in which order runs are listed."""
    st.session_state[_RUN_ORDER] = tuple(run_ids)


def run_after(run_id: RunId) -> RunId | None:
    """Return the run listed after this one, else the one before it."""
    order: tuple[RunId, ...] = st.session_state.get(_RUN_ORDER, ())
    if run_id not in order:
        return None
    place = order.index(run_id)
    near = order[place + 1 : place + 2] or order[max(place - 1, 0) : place]
    return near[0] if near else None


def note_deleted_runs(batch: str) -> None:
    """Remember what of the trash this session deleted last; an empty text forgets it."""
    st.session_state[_RUNS_DELETED] = batch


def just_deleted_runs() -> str:
    """Return what of the trash this session deleted last and has not brought back."""
    return str(st.session_state.get(_RUNS_DELETED, ""))


def rename_flow(flow_id: FlowId | None) -> None:
    """Open the dialog for a flow's name; None closes it."""
    st.session_state[_RENAMED] = flow_id


def renamed_flow() -> FlowId | None:
    """Return the flow whose name is asked for."""
    flow_id: FlowId | None = st.session_state.get(_RENAMED)
    return flow_id


def note_deleted(flow_id: FlowId | None) -> None:
    """Remember which flow was just deleted; None forgets it."""
    st.session_state[_DELETED] = flow_id


def just_deleted() -> FlowId | None:
    """Return the flow this session deleted last and has not brought back."""
    flow_id: FlowId | None = st.session_state.get(_DELETED)
    return flow_id


def want(intent: object) -> None:
    """Keep what was asked for until a page takes it up: one that is drawn may be broken off."""
    st.session_state[_WANTED] = intent


def wanted() -> Any:
    """Return what was asked for, None when there is nothing."""
    return st.session_state.get(_WANTED)


def forget_wanted() -> None:
    """Forget it: it is done, or no longer wanted."""
    st.session_state.pop(_WANTED, None)


def choose_run(run_id: RunId) -> None:
    """Let the page of past runs show this one; called before its list is drawn."""
    st.session_state[CHOSEN_RUN] = run_id


def selection_of(flow_id: FlowId, *, kept: Sequence[NodeId]) -> tuple[NodeId, ...]:
    """Return what this session has selected; `kept`: what was selected when it is new here."""
    chosen: tuple[NodeId, ...] = st.session_state.setdefault(_selection_key(flow_id), tuple(kept))
    return chosen


def select(flow_id: FlowId, ids: Sequence[NodeId]) -> None:
    """Select these nodes."""
    st.session_state[_selection_key(flow_id)] = tuple(ids)


def refusals_of(flow_id: FlowId) -> tuple[Refusal, ...]:
    """Return the last edits of the canvas that were refused."""
    refused: tuple[Refusal, ...] = st.session_state.get(_refusals_key(flow_id), ())
    return refused


def add_refusals(flow_id: FlowId, refusals: Sequence[Refusal]) -> None:
    """Keep what the canvas has to hear."""
    every = (*refusals_of(flow_id), *refusals)
    st.session_state[_refusals_key(flow_id)] = every[-_MOST_REFUSALS:]


def add_notice(sentence: str) -> None:
    """Keep a sentence to be shown once, for as long as it takes to read what to do."""
    st.session_state.setdefault(_NOTICES, []).append((sentence, "long"))


def confirm(sentence: str) -> None:
    """Keep a sentence that says what was done, to be shown once and shortly."""
    st.session_state.setdefault(_NOTICES, []).append((sentence, "short"))


def take_notices() -> tuple[tuple[str, Literal["long", "short"]], ...]:
    """Return the sentences to be shown, each with for how long, and forget them."""
    return tuple(st.session_state.pop(_NOTICES, ()))


def _selection_key(flow_id: FlowId) -> str:
    return f"selection-{flow_id}"


def _refusals_key(flow_id: FlowId) -> str:
    return f"refusals-{flow_id}"
