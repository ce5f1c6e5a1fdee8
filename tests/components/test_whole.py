"""What the browser sends is taken in to its end, though it sends something newer meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.runtime.state import SafeSessionState, SessionState

from components.whole import take_in_whole


class Taking(SessionState):
    """A state that calls back what changed, as Streamlit's own does."""

    def __init__(self, callback: Callable[[], None]) -> None:
        super().__init__()
        self._callback = callback

    def on_script_will_rerun(self, *_: Any, **__: Any) -> None:
        self._callback()


def session_with(callback: Callable[[], None]) -> SafeSessionState:
    """A session that is broken off wherever that can be."""

    def stop() -> None:
        raise StopException

    return SafeSessionState(Taking(callback), stop)


@pytest.fixture(autouse=True)
def taken_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = SafeSessionState.on_script_will_rerun
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", kept)
    take_in_whole()


def test_a_callback_is_called_and_done_before_anything_newer() -> None:
    def callback() -> None:
        session["typed"] = "kept"

    session = session_with(callback)
    session.on_script_will_rerun(None)
    assert session.filtered_state == {"typed": "kept"}


def test_after_it_the_script_can_be_broken_off_as_before() -> None:
    session = session_with(lambda: None)
    session.on_script_will_rerun(None)
    with pytest.raises(StopException):
        session["typed"]


def test_it_is_wrapped_once_however_often_the_app_is_made() -> None:
    wrapped = SafeSessionState.on_script_will_rerun
    take_in_whole()
    assert SafeSessionState.on_script_will_rerun is wrapped
