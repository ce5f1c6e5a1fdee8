"""Agent run: one agent of the flow on the SDK's Runner, as the in-process executor does it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from agents import (
    Agent,
    ItemHelpers,
    ModelSettings,
    RunConfig,
    Runner,
    RunResultStreaming,
    StreamEvent,
    trace,
)
from agents.exceptions import MaxTurnsExceeded
from agents.models.interface import ModelProvider
from openai.types.responses import ResponseTextDeltaEvent

from flows.document.model import AgentNode
from flows.errors import ConnectionsError, NodeError
from flows.ids import NodeKey, RunId
from flows.models.clock import begin_clock
from flows.models.connections import Connections, ModelChoice
from flows.models.provider import default_settings, explain_model_error
from flows.plan.wording import titled
from flows.run.executor import Emit, NodeResult
from flows.run.sdk.output_schema import JsonSchemaOutput, OutputMismatchError
from flows.run.sdk.retries import retry_settings
from flows.run.sdk.spans import read_spans
from flows.trace.events import Json, LoadingBegan, LoadingEnded, TextDelta, Usage


@dataclass(frozen=True, slots=True)
class Models:
    """Who answers. `default`: what stands for a model of null (None: the connections' own)."""

    connections: Connections
    provider: ModelProvider
    default: str | None = None

    def choose(self, model: str | None) -> ModelChoice:
        """Find the model of a node. Raises ConnectionsError when nobody answers for it."""
        return self.connections.resolve(model or self.default)


class SdkExecutor:
    """Does the work of agents in this process, through the SDK's Runner."""

    def __init__(self, models: Models) -> None:
        self._models = models

    async def call(
        self, run_id: RunId, key: NodeKey, *, spec: AgentNode, inputs: str, emit: Emit
    ) -> NodeResult:
        """Run the agent on the message. Raises NodeError with the connection and the remedy."""
        try:
            choice = self._models.choose(spec.model)
        except ConnectionsError as error:
            raise NodeError(f"{titled(spec)}: {error}") from error
        clock = begin_clock(
            load=partial(emit, LoadingBegan(key)), loaded=partial(emit, LoadingEnded(key))
        )
        agent = build_agent(spec, choice, key=key, emit=emit)
        config = RunConfig(model_provider=self._models.provider, group_id=run_id)
        with read_spans(key, emit):
            run = Runner.run_streamed(agent, inputs, run_config=config, **_turns(spec.max_turns))
            try:
                async for event in run.stream_events():
                    _pass_on(event, key=key, emit=emit)
                result = _result(spec, run, choice, limit=agent.model_settings.max_tokens)
                return replace(result, waited_s=clock.waited_s, loading_s=clock.loading_s)
            except NodeError:
                raise
            except Exception as error:  # the node's own code ends here and ours begins
                raise NodeError(_explain(error, spec, choice)) from error
            finally:
                await _stop(run)


def build_agent(spec: AgentNode, choice: ModelChoice, *, key: NodeKey, emit: Emit) -> Agent[Any]:
    """Make an Agent of its own for one run: one object in many runs is quadratic in the SDK."""
    output = None if spec.output_schema is None else JsonSchemaOutput(spec.output_schema)
    return Agent(
        name=spec.name,
        instructions=spec.instructions or None,
        model=str(choice),
        model_settings=_settings(spec, choice, key=key, emit=emit),
        output_type=output,
    )


@contextmanager
def flow_trace(name: str, run_id: RunId) -> Iterator[None]:
    """Open one SDK trace around a run of a flow."""
    with trace(name, group_id=run_id):
        yield


def _settings(spec: AgentNode, choice: ModelChoice, *, key: NodeKey, emit: Emit) -> ModelSettings:
    try:
        own = ModelSettings(**spec.model_settings)  # type: ignore[arg-type] # checked by the SDK
    except (TypeError, ValueError) as error:
        message = f"The model settings of {titled(spec)} are not the SDK's: {error}"
        raise NodeError(message) from error
    explain = partial(_explain, spec=spec, choice=choice)
    retry = retry_settings(spec.retries, key=key, emit=emit, explain=explain)
    return default_settings(choice).resolve(own).resolve(ModelSettings(retry=retry))


def _turns(max_turns: int | None) -> dict[str, Any]:
    return {} if max_turns is None else {"max_turns": max_turns}


def _pass_on(event: StreamEvent, *, key: NodeKey, emit: Emit) -> None:
    if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
        emit(TextDelta(key, event.data.delta))


def _result(
    spec: AgentNode, run: RunResultStreaming, choice: ModelChoice, *, limit: int | None
) -> NodeResult:
    usage = run.context_wrapper.usage
    output = _output(spec, run)
    if output in (None, ""):
        raise NodeError(
            f'{titled(spec)} got no answer: the connection "{choice.connection.name}" ended the '
            f'call of "{choice.model_name}" without any text. Try again, or choose another model.'
        )
    return NodeResult(
        output=output,
        usage=Usage(
            requests=usage.requests,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            total_tokens=usage.total_tokens,
        ),
        model=str(choice),
        last_agent=run.last_agent.name,
        warning=_cut_off(run, limit),
    )


def _cut_off(run: RunResultStreaming, limit: int | None) -> str:
    """Say when the last answer filled its limit: the SDK does not pass the finish reason on."""
    last = run.raw_responses[-1].usage.output_tokens if run.raw_responses else 0
    if limit is None or last < limit:
        return ""
    return (
        f"the answer was cut off at {limit} tokens. Allow it more: “Longest answer” (max_tokens)."
    )


def _output(spec: AgentNode, run: RunResultStreaming) -> Json:
    if spec.output == "text_messages":
        return ItemHelpers.text_message_outputs(run.new_items)
    return run.final_output


def _explain(error: BaseException, spec: AgentNode, choice: ModelChoice) -> str:
    match error:
        case MaxTurnsExceeded():
            turns = spec.max_turns or "its"
            return f"{titled(spec)} did not come to an end in {turns} turns. Allow it more turns."
        case OutputMismatchError():
            said = f'"{choice.connection.name}" gave an answer of "{choice.model_name}" that cannot'
            return f"{titled(spec)}: the connection {said} be used: {error}"
        case _:
            return f"{titled(spec)}: {explain_model_error(error, choice)}"


async def _stop(run: RunResultStreaming) -> None:
    """Cancel what is left of a run and wait until its task and its connection are gone."""
    task = run.run_loop_task
    if task is None or task.done():
        return
    run.cancel()
    await asyncio.wait([task], timeout=2)
