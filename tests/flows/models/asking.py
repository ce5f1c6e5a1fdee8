"""Ways for tests to ask a model as a run does: through the SDK's Runner."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from agents import Agent, ModelSettings, RunConfig, Runner

from flows.models.connections import Connection, Connections
from flows.models.local import LocalServer
from flows.models.provider import FlowModels, default_settings, open_models
from flows.run.sdk.spans import keep_traces_here

LAB = Connection(
    name="lab",
    base_url="http://127.0.0.1:9/v1",
    key_env=None,
    api="chat_completions",
    default_model="any",
    max_concurrency=None,
    requests_per_minute=None,
    timeout_s=5,
)
LOCAL = replace(
    LAB, name="local", base_url=None, default_model="smollm2-135m-instruct", timeout_s=120
)


@dataclass(frozen=True)
class Asker:
    """Asks the models of some connections."""

    connections: Connections
    models: FlowModels

    async def ask(
        self,
        model: str,
        text: str = "Hello",
        *,
        streamed: bool = True,
        begun: asyncio.Event | None = None,
        at_most: int | None = None,
    ) -> str:
        """Return the answer, `at_most` tokens of it; `begun` is set at the stream's first event."""
        keep_traces_here()
        settings = default_settings(self.connections.resolve(model))
        settings = settings.resolve(ModelSettings(max_tokens=at_most))
        agent = Agent(name="asker", instructions="Be brief.", model=model, model_settings=settings)
        config = RunConfig(model_provider=self.models)
        if not streamed:
            return str((await Runner.run(agent, text, run_config=config)).final_output)
        run = Runner.run_streamed(agent, text, run_config=config)
        async for event in run.stream_events():
            if begun is not None and event.type == "raw_response_event":
                begun.set()
        return str(run.final_output)


@asynccontextmanager
async def asking(
    *connections: Connection,
    environ: Mapping[str, str] | None = None,
    local: LocalServer | None = None,
) -> AsyncIterator[Asker]:
    """Open the models of these connections and close them again."""
    keys = environ or {}
    known = Connections(connections, keys)
    server = local or LocalServer()
    models = open_models(known, keys, server)
    try:
        yield Asker(known, models)
    finally:
        await models.aclose()
        server.close()
