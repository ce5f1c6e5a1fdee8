"""Guide: the page that helps to choose a pattern, opens its template, and lists the shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from components.canvas.shortcuts import help_table
from components.text import plain
from flows.plan.guide import GUIDE, Choice
from flows.templates import Template, list_templates

_WORDS = Path(__file__).with_suffix(".md")
_STYLE = Path(__file__).with_suffix(".css")
_WIDTHS = (3, 4.2, 3.4, 3)
_HEADS = ("You want", "Take", "In asyncio", "See it run")


def show_page(*, build_page: Page) -> None:
    """Draw the guide; its links open a template on the build page."""
    st.html(_STYLE)
    with st.container(key="reading", width=1120):
        st.markdown("### Which pattern?")
        with st.container(key="choices", gap=None):
            _row("heads", _HEADS)
            for choice in GUIDE:
                _show(choice, build_page)
        with st.container(key="meanings", width=860):
            st.markdown(f"{_WORDS.read_text('utf-8')}\n{help_table()}")


def _show(choice: Choice, build_page: Page) -> None:
    setting = f" :small[`{choice.setting}`]" if choice.setting else ""
    texts = (choice.want, f"{plain(choice.take)}{setting}", f"`{choice.python}`")
    last = _row(f"choice-{choice.template}", texts)
    with last, st.container(horizontal=True, gap="small"):
        for template in _templates_of(choice):
            st.page_link(
                build_page,
                label=plain(template.title),
                query_params={"template": template.name},
                help=plain(template.shows),
            )


def _row(key: str, texts: tuple[str, ...]) -> st.delta_generator.DeltaGenerator:
    """Draw a row of the table and return its last cell."""
    with st.container(key=key):
        cells = st.columns(_WIDTHS, gap="small", vertical_alignment="center")
    for cell, text in zip(cells, texts, strict=False):
        cell.markdown(text)
    return cells[-1]


def _templates_of(choice: Choice) -> Iterator[Template]:
    """Yield the templates that show the pattern, the guide's own first."""
    shown = [each for each in list_templates() if each.pattern == choice.pattern]
    yield from (each for each in shown if each.name == choice.template)
    yield from (each for each in shown if each.name != choice.template)
