"""Templates: the page where a new flow begins: the shipped flows as pictures of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

from components import state
from components.header import HeaderIntent, NewFlow, OpenFile, PlaySample
from components.own_galleries import OWN, offer_adding, show_galleries
from components.pictures import card_html, figures_of, image_of
from flows.document.model import empty_flow
from flows.share.svg import Scheme
from flows.store.galleries import Galleries
from flows.templates import Template, list_templates, load_template
from flows.trace.sample import WRITTEN

KINDS: Final = ("All", "Patterns", "Real flows", OWN)
_STYLE: Final = Path(__file__).with_suffix(".css")


def show_page(home: Path, want: Callable[[HeaderIntent], None]) -> None:
    """Draw a card for every template, and for the flows of one's own folders.

    `home`: where these are kept; `want` is told which one is to be used.
    """
    st.html(_STYLE)
    galleries = Galleries(home)
    with st.container(key="template-page", width=1320, gap="small"):
        with st.container(key="template-head", horizontal=True, vertical_alignment="center"):
            st.markdown("### Templates", width="content")
            st.space("stretch")
            offer_adding(galleries)
            kind = st.segmented_control(
                "Which templates",
                KINDS,
                default=KINDS[0],
                required=True,
                key=state.TEMPLATE_KIND,
                label_visibility="collapsed",
            )
        scheme: Scheme = st.context.theme.type or "auto"
        if kind != OWN:
            with st.container(key="template-cards"):
                _offer_starts(want, scheme)
                for template in _of_kind(kind):
                    _offer(template, want, scheme)
        if kind in {KINDS[0], OWN}:
            show_galleries(galleries, want, scheme, says_none=kind == OWN)


def _of_kind(kind: str) -> Iterator[Template]:
    for template in list_templates():
        if kind == KINDS[0] or template.is_pattern == (kind == "Patterns"):
            yield template


def _offer_starts(want: Callable[[HeaderIntent], None], scheme: Scheme) -> None:
    """Draw the two cards for whoever begins with something else."""
    with st.container(key="template-start-empty", border=True, gap="small"):
        st.html(
            card_html("Empty flow", "One input, and all the rest is yours.", picture=_empty(scheme))
        )
        _press("Start empty", "use-empty", want, NewFlow(None))
    with st.container(key="template-start-file", border=True, gap="small"):
        st.html(
            card_html(
                "Open a file or a link",
                "A flow that was downloaded or mailed, or a program on the Agents SDK. "
                "Opening it runs nothing.",
                picture='<div class="ff-file" aria-hidden="true">{ }</div>',
            )
        )
        _press("Open", "use-file", want, OpenFile())


def _offer(template: Template, want: Callable[[HeaderIntent], None], scheme: Scheme) -> None:
    with st.container(key=f"template-{template.name}", border=True, gap="small"):
        words = _figures(template.name)
        st.html(
            card_html(
                template.title,
                template.shows,
                picture=_picture(template.name, scheme),
                figures=f"{template.pattern} · {words}",
            )
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if template.needs_larger_model:
                st.badge("needs a larger model", color="orange")
            else:
                st.badge("needs no key", color="green")
            st.space("stretch")
            st.button(
                "Play the sample",
                key=f"play-{template.name}",
                type="tertiary",
                icon=":material/play_arrow:",
                help=f"A recorded run with {WRITTEN}: needs no key and no network",
                on_click=want,
                args=(PlaySample(template.name),),
            )
            _press("Use this", f"use-{template.name}", want, NewFlow(template.name))


def _press(
    label: str, key: str, want: Callable[[HeaderIntent], None], intent: HeaderIntent
) -> None:
    st.button(label, key=key, on_click=want, args=(intent,))


@cache
def _figures(name: str) -> str:
    return figures_of(load_template(name))


@cache
def _picture(name: str, scheme: Scheme) -> str:
    return image_of(load_template(name), scheme)


@cache
def _empty(scheme: Scheme) -> str:
    return image_of(empty_flow(), scheme)
