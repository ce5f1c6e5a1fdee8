"""Deps: what a run takes from outside: who does the work, the clock, the SDK's trace."""

from __future__ import annotations

import asyncio
import gc
import importlib.metadata
import platform
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from flows.errors import ConnectionsError
from flows.ids import RunId
from flows.models.connections import Connections
from flows.run.executor import Executor

OpenTrace: TypeAlias = Callable[[str, RunId], AbstractContextManager[object]]
"""Opens the SDK's trace around a run: workflow name, run id."""


def _no_trace(_name: str, _run_id: RunId) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Deps:
    """What a run is given.

    `model`: what stands for a model of null, as connection/model. `versions`: package → version,
    for the record. `clock`: seconds since the epoch, read once a run.
    """

    executor: Executor
    model: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    open_trace: OpenTrace = _no_trace


def load_sdk(connections: Connections | None = None, *, model: str | None = None) -> None:
    """Import all that `open_deps` will need, about two seconds, so that it need not wait then.

    With `connections`, the types of the API that will answer are built as well; not on a loop.
    Raises ConnectionsError when `model` names nobody.
    """
    api = None if connections is None else connections.resolve(model).connection.api
    import flows.models.local
    import flows.models.provider
    import flows.run.sdk.agent_run  # noqa: F401 - loaded for later
    from flows.run.sdk.warm import warm_up

    if api is not None:
        asyncio.run(warm_up(api))


@asynccontextmanager
async def open_deps(connections: Connections, *, model: str | None = None) -> AsyncIterator[Deps]:
    """Open what runs on this machine need, and close it with all its connections and processes.

    `model`: replaces the connections' default, as connection/model. Traces of the SDK stay in this
    process unless FANFOLD_UPLOAD_TRACES is 1. Imports the SDK (about two seconds). Raises
    ConnectionsError when `model` names nobody.
    """
    from flows.models.local import LocalServer
    from flows.models.provider import open_models
    from flows.run.sdk.agent_run import Models, SdkExecutor, flow_trace
    from flows.run.sdk.spans import keep_traces_here, upload_traces
    from flows.run.sdk.warm import warm_up

    choice = connections.resolve(model)
    if connections.environ.get("FANFOLD_UPLOAD_TRACES") == "1":
        upload_traces()
    else:
        keep_traces_here()
    local = LocalServer()
    provider = open_models(connections, connections.environ, local)
    await warm_up(choice.connection.api)
    with suppress(ConnectionsError):  # the first run says it
        provider.get_model(str(choice))  # its client reads this machine's certificates
    gc.freeze()  # no collection during a run looks through the libraries
    try:
        yield Deps(
            executor=SdkExecutor(Models(connections, provider, default=str(choice))),
            model=str(choice),
            versions=_versions(),
            open_trace=flow_trace,
        )
    finally:
        await provider.aclose()
        local.close()


def _versions() -> dict[str, str]:
    packages = ("openai-agents", "openai", "networkx")
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in packages
    }
