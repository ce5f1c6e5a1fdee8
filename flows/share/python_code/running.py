"""Running: what a program needs to be run, as its docstring says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.document.model import Flow
from flows.models.connections import LOCAL_MODEL, Connection
from flows.share.python_code.docstrings import NEEDED, RUN
from flows.share.python_code.names import module_name

LOCAL_ADDRESS = "LOCAL_BASE_URL"
"""The variable that names the server which stands in for the embedded model."""

LOCAL_DEFAULT = "http://localhost:8080/v1"
"""Where llama.cpp's server listens when nobody says otherwise."""

LOCAL_SAID = (
    f"The embedded model {LOCAL_MODEL} runs only inside Fanfold. In its place the program asks "
    f"the server at {LOCAL_ADDRESS}, or at {LOCAL_DEFAULT} where that is not set: llama.cpp's "
    "or any other that speaks OpenAI's API."
)


def running(
    flow: Flow, connections: Sequence[Connection], *, asks_openai: bool, uses_default: bool
) -> list[str]:
    """Say how the program is started and whom it asks, a paragraph each.

    `connections`: those it asks besides OpenAI. `uses_default`: whether an agent has the model
    that MODEL names.
    """
    said = [f"{RUN}{_command(flow)}"]
    if asks_openai:
        model = ", and OPENAI_DEFAULT_MODEL to a model it has" if uses_default else ""
        said.append(
            f"{NEEDED}, and the key to OpenAI in OPENAI_API_KEY. For another server "
            f"that speaks OpenAI's API set OPENAI_BASE_URL too{model}; one that needs no key "
            "takes any."
        )
    else:
        said.append(f"{NEEDED}.")
    return [*said, *_others(connections)]


def _others(connections: Sequence[Connection]) -> Iterator[str]:
    for each in connections:
        if each.is_embedded:
            yield LOCAL_SAID
        elif each.key_env:
            yield f"It asks {each.base_url} with the key in {each.key_env}."
        else:
            yield f"It asks {each.base_url}, without a key."


def _command(flow: Flow) -> str:
    command = f"python3 {module_name(flow.name)}.py"
    match flow.inputs:
        case []:
            return command
        case [_]:
            return f"{command} 'your text'"
        case several:
            return " ".join([command, *(f"--{each.id} 'text'" for each in several)])
