"""Crash: what a page shows when its script could not go on."""

from __future__ import annotations

import streamlit as st

from components.text import plain
from flows.errors import FlowsError


def show_crash(error: Exception) -> bool:
    """Say in a sentence what went wrong; the terminal has the rest. True: it is shown."""
    if isinstance(error, FlowsError):
        st.error(plain(str(error)))
    else:
        st.error(
            f"This page met something unexpected ({type(error).__name__}). The terminal where "
            "Fanfold runs says more. Your flows are kept: reload the page."
        )
    return True
