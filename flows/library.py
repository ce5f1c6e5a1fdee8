"""Library: a flow inside someone's own program: `from flows import load_flow, run_flow`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flows.document.files import read_flow
from flows.document.model import Flow

if TYPE_CHECKING:
    from flows.models.own import Provider
    from flows.plan.plan import Plan
    from flows.run.deps import Deps
    from flows.trace.events import Json, Record
    from flows.trace.fold import RunTrace

    Listener = Callable[[Record], None]
    ResultListener = Callable[[str, Json], None]

__all__ = ["load_flow", "run_flow"]


def load_flow(path: str | Path) -> Flow:
    """Read a flow file. Raises FlowFileError with every mistake in it, OSError."""
    return read_flow(Path(path).read_bytes())


async def run_flow(
    flow: Flow,
    inputs: str | Mapping[str, str] | None = None,
    *,
    provider: Provider | None = None,
    model: str | None = None,
    on_record: Listener | None = None,
    on_result: ResultListener | None = None,
) -> RunTrace:
    """Run a flow to its end and return its story: `status`, `outputs`, `errors`, `nodes`.

    `inputs`: the text of the only input, or texts by input id; what is not given takes its example.
    `provider`: the SDK's ModelProvider that answers, asked by the names in the flow; without one
    the connections of this machine do, and `model` (connection/model) replaces their default.
    `on_record` hears every record as it comes. `on_result` hears each end result, by node id: at
    once or in order at the end, as the flow's `results` says. A run that fails is returned too.
    Cancelling cancels the run. Raises FlowHasProblems, InputError, ConnectionsError.
    """
    from flows.plan.plan import plan_flow
    from flows.run.run import Run
    from flows.trace.fold import TraceFold

    plan = plan_flow(flow)
    fold = TraceFold()
    async with _open_deps(provider, model) as deps:
        run = Run(plan, {} if inputs is None else inputs, deps=deps)
        async with aclosing(run.records()) as records:
            async for record in records:
                fold.add(record)
                if on_record is not None:
                    on_record(record)
                if on_result is not None:
                    _tell_results(plan, record, on_result)
    return fold.trace


def _tell_results(plan: Plan, record: Record, tell: ResultListener) -> None:
    from flows.trace.events import NodeFinished, RunCancelled, RunFailed, RunFinished

    at_once = plan.flow.run.results == "as_completed"
    match record.event:
        case NodeFinished(node=key, output=output) if at_once:
            if key in set(map(str, plan.ends)):
                tell(key, output)
        case RunFinished() | RunFailed() | RunCancelled() as end if not at_once:
            for node, output in end.outputs.items():
                tell(node, output)


@asynccontextmanager
async def _open_deps(provider: Provider | None, model: str | None) -> AsyncIterator[Deps]:
    """Open what a run needs. The SDK's tracing stays as the program has set it."""
    from flows.models.own import OwnModels, join_trace, own_connections
    from flows.run.deps import Deps
    from flows.run.sdk.agent_run import Models, SdkExecutor

    if provider is not None:
        own = Models(own_connections(), OwnModels(provider), default=model)
        yield Deps(executor=SdkExecutor(own), model=model or "", open_trace=join_trace)
        return
    from flows.models.connections import load_connections
    from flows.models.local import LocalServer
    from flows.models.provider import open_models
    from flows.store.home import home_of

    connections = load_connections(home_of(os.environ), os.environ)
    choice = str(connections.resolve(model))
    local = LocalServer()
    models = open_models(connections, os.environ, local)
    try:
        executor = SdkExecutor(Models(connections, models, default=choice))
        yield Deps(executor=executor, model=choice, open_trace=join_trace)
    finally:
        await models.aclose()
        local.close()
