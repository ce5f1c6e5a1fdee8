"""A callback is done to its end, though the browser sends something newer meanwhile."""

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.runtime.state import SafeSessionState, SessionState

from components import whole as whole_module
from components.whole import whole


class Context:
    def __init__(self, session_state: SafeSessionState) -> None:
        self.session_state = session_state


def test_what_looks_into_the_state_is_broken_off_after_the_callback_and_not_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop() -> None:
        raise StopException

    session = SafeSessionState(SessionState(), stop)
    monkeypatch.setattr(whole_module, "get_script_run_ctx", lambda **_: Context(session))

    def take(word: str) -> None:
        session["typed"] = word

    with pytest.raises(StopException):
        take("lost")
    whole(take)("kept")
    assert session.filtered_state == {"typed": "kept"}
    with pytest.raises(StopException):
        session["typed"]


def test_without_a_session_a_callback_is_called_as_it_is() -> None:
    heard: list[str] = []
    whole(heard.append)("said")
    assert heard == ["said"]
