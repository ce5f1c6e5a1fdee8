"""Compare: two runs side by side: their sums, their nodes on one scale, their results."""

from __future__ import annotations

import time
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from components.rendered import render_output
from components.run_changes import is_turned, leave_comparison, open_alone, swap
from components.run_list import said_when, said_whole, sign_of
from components.services import Services
from components.text import plain, span
from flows.store.past_runs import ListedRun
from flows.trace.comparison import (
    SMALL,
    Comparison,
    NodePair,
    ResultPair,
    Stretch,
    Sum,
    Unit,
    compare,
)
from flows.trace.ending import say_status
from flows.trace.flaws import flaws_of
from flows.trace.fold import RunTrace
from flows.trace.remarks import LETTERS, remarks_on
from flows.trace.verdict import say_verdict

_STYLE: Final = Path(__file__).with_suffix(".css")
_LOOK_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Side:
    letter: str
    listed: ListedRun
    trace: RunTrace


def show_comparison(services: Services, first: ListedRun, second: ListedRun | None) -> None:
    """Draw two runs side by side; what still goes on is drawn anew every second."""
    st.html(_STYLE)
    with st.container(key="comparison", gap="small"):
        if second is None:
            _offer_end(first, None)
            st.info("Choose a run on the left: it stands beside this one here.")
            return
        left, right = in_order(first, second)
        _offer_end(left, right)
        goes_on = any(each.row.status == "running" for each in (left, right))
        st.fragment(_draw, run_every=_LOOK_S if goes_on else None)(services, left, right)


def in_order(first: ListedRun, second: ListedRun) -> tuple[ListedRun, ListedRun]:
    """Put the earlier run left: what came after it is read as the change; unless it is turned."""
    later = first.row.started_at > second.row.started_at
    return (second, first) if later != is_turned() else (first, second)


def _draw(services: Services, first: ListedRun, second: ListedRun) -> None:
    traces = services.runner.fold(first.row.id), services.runner.fold(second.row.id)
    if traces[0] is None or traces[1] is None:
        st.error("One of these runs cannot be read: its records are not complete.")
        return
    one, two = _Side("A", first, traces[0]), _Side("B", second, traces[1])
    told = compare(one.trace, two.trace, now=time.time())
    st.html(f'<div class="ff-compare">{_head(one, two)}{_verdict(one, two)}</div>')
    if notes := " ".join(map(plain, remarks_on(one.trace, two.trace))):
        st.caption(notes)
    figures = f'<div class="ff-told">{_sums(told)}{_nodes(told)}</div>'
    st.html(f'<div class="ff-compare">{figures}{_results(told)}</div>')


def _offer_end(first: ListedRun, second: ListedRun | None) -> None:
    with st.container(
        key="compare-head", horizontal=True, gap="small", vertical_alignment="center"
    ):
        st.markdown("**Two runs side by side**", width="stretch")
        if second is not None:
            ids = (first.row.id, second.row.id)
            st.button(
                "Swap",
                key="swap",
                icon=":material/swap_horiz:",
                type="tertiary",
                on_click=swap,
                help="The earlier run stands left, unless it is swapped",
            )
            for letter, run_id in zip(LETTERS, ids, strict=True):
                st.button(
                    f"Open {letter}",
                    key=f"open-{letter}",
                    type="tertiary",
                    on_click=open_alone,
                    args=(run_id,),
                )
        st.button(
            "Close",
            key="leave-comparison",
            icon=":material/close:",
            type="tertiary",
            on_click=leave_comparison,
        )


def _head(one: _Side, two: _Side) -> str:
    cells = "".join(_side(side) for side in (one, two))
    return f'<div class="ff-sides">{cells}</div>'


def _verdict(one: _Side, two: _Side) -> str:
    said = say_verdict(one.trace, two.trace)
    return f'<p class="ff-verdict" data-testid="verdict">{escape(said)}</p>' if said else ""


def _side(side: _Side) -> str:
    row = side.listed.row
    sign = sign_of(row, flaws_of(side.trace)).partition("] ")[2]
    when = said_when(row, now=0)
    return (
        f'<div class="ff-side"><b class="ff-letter">{side.letter}</b><div>'
        f'<strong>{escape(row.name)}</strong> <span class="ff-end">'
        f'<i class="ff-dot ff-{side.trace.status}"></i>{escape(sign)} · {when}</span>'
        f"<p>{escape(said_whole(side.listed))}</p></div></div>"
    )


def _sums(told: Comparison) -> str:
    rows = "".join(_sum(each) for each in told.sums if each.first or each.second)
    return (
        '<table class="ff-figures"><thead><tr><th></th><th>A</th><th>B</th>'
        f"<th>B − A</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _sum(each: Sum) -> str:
    figures = "".join(
        f"<td>{_figure(value, each.unit)}</td>" for value in (each.first, each.second)
    )
    name = escape(each.name.capitalize())
    return f"<tr><th>{name}</th>{figures}{_difference(each.difference, each.unit)}</tr>"


def _figure(value: float | None, unit: Unit) -> str:
    if value is None:
        return "not told"
    match unit:
        case "s":
            return span(value) if value >= 60 else f"{value:.2f} s"
        case "×":
            return f"{value:.1f}×"
        case "count":
            return f"{value:,.0f}"


def _difference(value: float | None, unit: Unit) -> str:
    if value is None:
        return "<td></td>"
    if abs(value) < SMALL[unit]:
        return '<td class="ff-none">same</td>'
    sign = "+" if value > 0 else "−"
    return f'<td class="ff-more">{sign}{_figure(abs(value), unit)}</td>'


def _nodes(told: Comparison) -> str:
    if not told.nodes:
        return ""
    rows = "".join(_node(pair, told.longest_s) for pair in told.nodes)
    ticks = "".join(f"<span>{span(told.longest_s * part)}</span>" for part in (0, 0.5, 1))
    return (
        '<div class="ff-pairs"><div class="ff-pair ff-axis"><h5>Node</h5>'
        f'<div class="ff-ticks">{ticks}</div><b></b><b>B − A</b></div>{rows}'
        '<p class="ff-legend">Each run from its own start. Thin: it waited for its turn. '
        "Dotted: it waited for its stage. Striped: it waited to try again. "
        "Underlined: on the critical path.</p></div>"
    )


def _node(pair: NodePair, longest_s: float) -> str:
    stretches = tuple(zip(LETTERS, (pair.first, pair.second), strict=True))
    bars = "".join(_bar(letter, each, longest_s) for letter, each in stretches)
    times = "".join(
        f"<span>{letter} {_time(each)}</span>"
        if has
        else f'<span class="ff-none">not in {letter}</span>'
        for (letter, each), has in zip(stretches, pair.is_in, strict=True)
    )
    more = _difference(pair.difference_s, "s").replace("td", "span")
    return (
        f'<div class="ff-pair" data-testid="pair-{escape(pair.key)}"><h5>{escape(pair.name)}</h5>'
        f'<div class="ff-bars">{bars}</div><div class="ff-times">{times}</div>{more}</div>'
    )


def _time(each: Stretch | None) -> str:
    if each is None:
        return "—"
    if each.reused:
        return "reused"
    if each.status in {"skipped", "idle"} or not (each.busy_s or each.status == "finished"):
        return say_status(each.status)
    items = f", {each.items} items" if each.items is not None else ""
    status = "" if each.status == "finished" else f" {say_status(each.status)}"
    tries = f", {len(each.waits) + 1} attempts" if each.waits else ""
    return f"{_figure(each.busy_s, 's')}{items}{tries}{status}"


def _bar(letter: str, each: Stretch | None, longest_s: float) -> str:
    """Draw a node's bar where it stood in its run, and before it what it waited for."""
    if each is None:
        return "<div></div>"
    scale = 100 / longest_s if longest_s > 0 else 0.0
    begin = each.start_s * scale
    waited = min(each.queue_s, each.start_s) * scale
    held = min(each.held_s * scale, begin - waited)
    length = (each.end_s - each.start_s) * scale
    critical = " ff-critical" if each.is_critical else ""
    return (
        f'<div><i class="ff-held" style="left:{begin - waited - held:.2f}%;width:{held:.2f}%"></i>'
        f'<i class="ff-wait" style="left:{begin - waited:.2f}%;width:{waited:.2f}%"></i>'
        f'<i class="ff-bar ff-run-{letter} ff-is-{each.status}{critical}" '
        f'style="left:{begin:.2f}%;width:{length:.2f}%"></i>{_waits(each, scale)}</div>'
    )


def _waits(each: Stretch, scale: float) -> str:
    return "".join(
        f'<i class="ff-again" title="Waited to try again" '
        f'style="left:{since * scale:.2f}%;width:{(until - since) * scale:.2f}%"></i>'
        for since, until in each.waits
    )


def _results(told: Comparison) -> str:
    if not told.results:
        return "<p>Neither run gave a result.</p>"
    return "".join(_result(each) for each in told.results)


def _result(each: ResultPair) -> str:
    same = '<span class="ff-none">the same in both</span>' if each.is_same else ""
    columns = "".join(
        f'<div class="ff-result" data-testid="result-{letter}"><b class="ff-letter">{letter}</b>'
        f"{_given(output)}</div>"
        for letter, output in zip(LETTERS, (each.first, each.second), strict=True)
    )
    return f'<h5>{escape(each.name)} {same}</h5><div class="ff-sides">{columns}</div>'


def _given(output: object) -> str:
    if output is None:
        return '<p class="ff-none">no result</p>'
    return f'<div class="ff-text">{render_output(output)}</div>'
