"""OwnModels: a program's own model provider, asked for the models that a flow names; its trace."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from agents import Model, ModelProvider, get_current_trace, trace

from flows.ids import RunId
from flows.models.connections import Connection, Connections, ModelChoice

_NAME = "own"


class Provider(Protocol):
    """What a program brings: the SDK's ModelProvider, or anything with its `get_model`."""

    def get_model(self, model_name: str | None) -> Any:
        """Return the SDK's Model of that name; None is the default one."""
        ...


class OwnModels(ModelProvider):
    """Asks the program's provider by the names that stand in the flow; None where none stands."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def get_model(self, model_name: str | None) -> Model:
        """Return the program's model."""
        name = (model_name or "").removeprefix(f"{_NAME}/")
        model: Model = self._provider.get_model(name or None)
        return model


class OwnConnections(Connections):
    """Stands for all connections: whatever a flow names, the program's provider answers."""

    def resolve(self, model: str | None) -> ModelChoice:
        """Keep the name as the flow has it."""
        return ModelChoice(self.all[0], model or "")


def own_connections() -> OwnConnections:
    """Return the one connection that a program's own provider is."""
    connection = Connection(
        name=_NAME,
        base_url="http://own.invalid",  # never asked: the provider knows where its models are
        key_env=None,
        api="chat_completions",
        default_model=None,
        max_concurrency=None,
        requests_per_minute=None,
        timeout_s=120.0,
    )
    return OwnConnections((connection,), {})


def join_trace(name: str, run_id: RunId) -> AbstractContextManager[object]:
    """Let a run's spans stand in the program's own trace; where it has none, they go nowhere."""
    if get_current_trace() is not None:
        return nullcontext()
    return trace(name, group_id=run_id, disabled=True)
