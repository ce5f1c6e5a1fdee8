"""Model: what an agent is asked through, as connection/model."""

from __future__ import annotations

from flows.models.connections import LOCAL
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.values import Known, Library, Made, Value


def model_of(machine: Machine, value: Value, call: Call) -> str | None:
    """Return a model as connection/model, None for the default one."""
    match value:
        case Known(value=str() as said):
            return said if said.startswith("openai/") else f"openai/{said}"
        case Library(name="os.environ[]", default=said):
            machine.draft.remark(call.tree.lineno, _of_environment(said))
            return (said if said.startswith("openai/") else f"openai/{said}") if said else None
        case Made(args=[Known(value=str() as said), Made(kind="AsyncOpenAI") as client, *_]):
            return f"{_connection(machine, client, call)}/{said}"
        case Made(options=options) if isinstance(name := options.get("model"), Known):
            through = options.get("openai_client")
            if isinstance(through, Made):
                return f"{_connection(machine, through, call)}/{name.value}"
            return _litellm(machine, str(name.value), call)
        case _:
            return None


def _of_environment(said: str) -> str:
    taken = f'"{said}" is taken' if said else "the default is taken"
    return f"The environment names this agent's model; {taken}."


def _connection(machine: Machine, client: Made, call: Call) -> str:
    """Name the connection that a client stands for."""
    url = client.options.get("base_url")
    name = client.variable.lower() or "server"
    if isinstance(url, Library) and url.name == "os.environ[]":
        return _environments(machine, name, call)
    if not isinstance(url, Known):
        return "openai"
    machine.draft.remark(
        call.tree.lineno, f'The agent asks the server at {url.value}: make a connection "{name}".'
    )
    return name


def _environments(machine: Machine, name: str, call: Call) -> str:
    """Name the connection for an address that stands in the environment."""
    if name != LOCAL:
        machine.draft.remark(
            call.tree.lineno,
            f'The agent asks a server that the environment names: make a connection "{name}".',
        )
    return name


def _litellm(machine: Machine, name: str, call: Call) -> str:
    machine.draft.remark(
        call.tree.lineno, f'"{name}" is asked through a library: make a connection for it.'
    )
    return name if "/" in name else f"openai/{name}"
