"""Guide: the page that helps to choose a pattern, and lists the shortcuts."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_WORDS = Path(__file__).with_suffix(".md")


def show_page() -> None:
    """Draw the guide."""
    with st.container(key="reading", width=860):
        st.markdown(_WORDS.read_text("utf-8"))
