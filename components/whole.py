"""Whole: a callback that is done to its end.

A look into the session state is a place where Streamlit may break a script off, when the browser
has sent something newer. It breaks off callbacks there too and never calls them again: what was
typed would be lost. So the newer waits until the callback is done; it is taken up right after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

from streamlit.runtime.scriptrunner import get_script_run_ctx

Given = ParamSpec("Given")

_STOP_HERE = "_yield_callback"  # how Streamlit's SafeSessionState calls it


def whole(callback: Callable[Given, None]) -> Callable[Given, None]:
    """Return the callback as one that nothing newer from the browser breaks off."""

    def done(*args: Given.args, **words: Given.kwargs) -> None:
        with _unbroken():
            callback(*args, **words)

    return done


@contextmanager
def _unbroken() -> Iterator[None]:
    context = get_script_run_ctx(suppress_warning=True)
    inside = vars(context.session_state) if context else {}
    stop_here = inside.get(_STOP_HERE)
    if stop_here is None:
        yield
        return
    inside[_STOP_HERE] = _go_on
    try:
        yield
    finally:
        inside[_STOP_HERE] = stop_here


def _go_on() -> None:
    """Do nothing where the callback might be broken off."""
