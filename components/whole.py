"""Whole: what the browser sends is taken in to its end: all values, and every callback of them.

A look into the session state is a place where Streamlit may break a script off when the browser has
sent something newer. It does so before it takes in what it was about to, and inside callbacks, and
comes back to neither: a press or a typed text would be lost. So the newer waits for that long; it
is taken up right after. Streamlit offers no seam for this: a method of its SafeSessionState is
wrapped, which `tests/components/test_whole.py` watches.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Final

from streamlit.runtime.state import SafeSessionState

_STOP_HERE: Final = "_yield_callback"


def take_in_whole() -> None:
    """Let nothing newer break off what is being taken in, in this process, from now on."""
    takes_in = SafeSessionState.on_script_will_rerun
    if hasattr(takes_in, "__wrapped__"):
        return

    @wraps(takes_in)
    def take_in(session: SafeSessionState, *args: Any, **words: Any) -> None:
        inside = vars(session)
        stop_here = inside[_STOP_HERE]
        inside[_STOP_HERE] = _go_on
        try:
            takes_in(session, *args, **words)
        finally:
            inside[_STOP_HERE] = stop_here

    SafeSessionState.on_script_will_rerun = take_in  # type: ignore[method-assign,assignment]


def _go_on() -> None:
    """Do nothing where the script might be broken off."""
