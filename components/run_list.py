"""RunList: the column of past runs: what is looked for, what is found, what was deleted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, get_args

import streamlit as st

from components import state, trash, widgets
from components.run_changes import RunChanges
from components.text import moment, plain, span, tell_apart
from flows.ids import FlowId, RunId
from flows.store.history import RunRow
from flows.store.past_runs import ListedRun, PastRuns, RunQuery, Tally
from flows.templates.samples import is_sample_id
from flows.trace.ending import say_status
from flows.trace.flaws import Flaws
from flows.trace.fold import RunStatus

FIRST: Final = 200
"""How many runs are listed before more are asked for."""

_LOOK_S: Final = 1.0
_MOST_DELETED: Final = 20
_SHORT: Final = 28
_SIGNS: Final[Mapping[RunStatus, str]] = {
    "running": ":blue[●] running",
    "finished": ":green[●] finished",
    "failed": ":red[●] failed",
    "cancelled": ":gray[●] stopped",
    "interrupted": ":orange[●] interrupted",
}


def ask_query(flow_id: FlowId | None, *, besides: RunId | None) -> RunQuery:
    """Ask which runs are looked for; `flow_id`: of the open flow, whose runs alone can be."""
    st.text_input(
        "Search runs",
        key=state.RUN_SEARCH,
        type="search",
        live=True,
        placeholder="Search by flow or input",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    with st.container(
        key="run-filters", horizontal=True, vertical_alignment="center", gap="small", wrap=False
    ):
        status: RunStatus | None = st.selectbox(
            "Status",
            get_args(RunStatus),
            index=None,
            key=state.RUN_STATUS,
            format_func=lambda each: say_status(each).capitalize(),
            placeholder="Every status",
            label_visibility="collapsed",
            filter_mode=None,
        )
        only_kept = st.toggle("Kept", key=state.ONLY_KEPT, width="content")
    only = flow_id is not None and st.toggle("Only of this flow", key=state.ONLY_THIS_FLOW)
    return RunQuery(
        words=str(widgets.value_of(state.RUN_SEARCH) or ""),
        status=status,
        flow_id=flow_id if only else None,
        only_kept=only_kept,
        besides=besides,
    )


def show_runs(
    found: Sequence[ListedRun], flaws: Mapping[RunId, Flaws], *, key: str, address: str
) -> None:
    """Draw a line for each run; the one chosen is kept under `key`, and in the address."""
    names, apart = _names(found), said_apart(found)
    state.note_run_order(tuple(names))
    st.radio(
        "Past runs",
        list(names),
        index=None,
        key=key,
        format_func=lambda each: names[each],
        captions=[
            _caption(each, flaws.get(each.row.id, Flaws()), apart[each.row.id]) for each in found
        ],
        label_visibility="collapsed",
        width="stretch",
        on_change=_take_choice,
        args=(key, address),
    )


def offer_more(listed: int, tally: Tally) -> None:
    """Offer to list more runs than are listed."""
    if tally.count > listed:
        st.button(
            f"Show more: {tally.count - listed:,} are not shown",
            key="more-runs",
            type="tertiary",
            on_click=state.list_more_runs,
            args=(listed + FIRST,),
        )


def offer_clearing(past: PastRuns, query: RunQuery, changes: RunChanges) -> None:
    """Draw the menu of the list, in which all that is listed can be deleted."""
    count = past.clearable(query)
    if not count:
        return
    each = "run" if count == 1 else "runs"
    st.menu_button(
        "Clear",
        [f"Delete {count:,} listed {each}; kept ones stay"],
        key="runs-menu",
        type="tertiary",
        icon=":material/delete_sweep:",
        help="Deletes the runs that are listed; they can be brought back",
        on_click=changes.clear,
        args=(query,),
    )


def offer_undo(past: PastRuns, changes: RunChanges) -> None:
    """Offer to bring back what was just deleted, as long as it is in the trash."""
    batch = state.just_deleted_runs()
    gone = next((each for each in past.deleted(limit=_MOST_DELETED) if each.batch == batch), None)
    if gone is not None:
        one = f"A run of **{plain(gone.name)}** was deleted."
        said = one if gone.count == 1 else f"**{gone.count:,} runs** were deleted."
        trash.offer_undo(said, partial(changes.bring_back, gone.batch))


def offer_deleted(past: PastRuns, changes: RunChanges) -> None:
    """List what can be brought back, folded."""
    deleted = past.deleted(limit=_MOST_DELETED)
    gone = [trash.Gone(each.batch, _called(each.name, each.count), each.at) for each in deleted]
    trash.offer_deleted(gone, changes.bring_back, title="Deleted runs")


def _called(name: str, count: int) -> str:
    return f"{plain(name)} and {count - 1:,} more" if count > 1 else plain(name)


@st.fragment(run_every=_LOOK_S)
def await_change(past: PastRuns, query: RunQuery, seen: Tally) -> None:
    """Draw the page anew once runs have come, gone or ended."""
    if past.tally(query) != seen:
        st.rerun()


def said_when(row: RunRow, *, now: float) -> str:
    """Say when a run began; the times of a sample are invented and say nothing."""
    return "sample" if is_sample_id(row.id) else moment(row.started_at, now=now)


def said_origin(listed: ListedRun) -> str:
    """Say where a run came from; empty for a run of this home."""
    return f"from {listed.file}" if listed.file else ""


def sign_of(row: RunRow, flaws: Flaws) -> str:
    """Say how the run ended, and how much of it went wrong all the same."""
    if row.status != "finished":
        return _SIGNS[row.status]
    failed = [f"{flaws.failed} failed"] if flaws.failed else []
    instead = [f"{flaws.fallbacks} by fallback"] if flaws.fallbacks else []
    words = [*failed, *instead]
    return ", ".join([":orange[●] finished", *words]) if words else _SIGNS[row.status]


def _take_choice(key: str, address: str) -> None:
    for word in ("play", "turned"):
        st.query_params.pop(word, None)
    st.query_params[address] = str(widgets.value_of(key))


def _names(found: Sequence[ListedRun]) -> dict[RunId, str]:
    now = time.time()
    return tell_apart({each.row.id: _name(each, now=now) for each in found})


def _name(each: ListedRun, *, now: float) -> str:
    pin = ":material/keep: " if each.is_kept else ""
    origin = ":material/upload_file: " if each.file else ""
    when = said_when(each.row, now=now)
    return f"{pin}{origin}{plain(each.row.name)} :small[:gray[{when}]]"


def _caption(listed: ListedRun, flaws: Flaws, apart: str) -> str:
    row = listed.row
    took = (
        "" if is_sample_id(row.id) or row.ended_at is None else span(row.ended_at - row.started_at)
    )
    first = _line(sign_of(row, flaws), took)
    renamed = f"now “{listed.renamed}”" if listed.renamed else ""
    more = _line(renamed, apart, said_origin(listed))
    return f"{first}  \n:small[{plain(more)}]" if more else first


def said_apart(found: Sequence[ListedRun]) -> dict[RunId, str]:
    """Say what each run was given, and its settings and model where others of its flow differ."""
    families: dict[str, list[ListedRun]] = {}
    for each in found:
        families.setdefault(each.row.flow_id or each.row.name, []).append(each)
    return {
        each.row.id: _line(_short(each.input), *_differences(each, family))
        for family in families.values()
        for each in family
    }


def said_whole(each: ListedRun) -> str:
    """Say in one line what a run was given, how it was set and whom it asked."""
    return _line(each.input, each.settings, each.model)


def _line(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _differences(each: ListedRun, family: Sequence[ListedRun]) -> Iterator[str]:
    """Yield the settings and the model of a run, but not what its whole flow's runs share."""
    is_alone = len(family) == 1
    if is_alone or len({one.settings for one in family}) > 1:
        yield each.settings
    if is_alone or len({one.model for one in family}) > 1:
        yield each.model


def _short(said: str) -> str:
    return said if len(said) <= _SHORT else f"{said[: _SHORT - 1].rstrip()}…"
