"""WrittenModel: the SDK's scripted model, saying written answers at the pace of a real one."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx2
import msgspec
import openai
from agents import Model, ModelProvider, Usage
from agents.items import TResponseStreamEvent
from agents.testing import ModelStep, ScriptedModel, assistant_message
from openai.types.responses import ResponseTextDeltaEvent

from flows.models.connections import Connection, Connections, ModelChoice

_PIECE: Final = re.compile(r"(?:\S+\s*){1,3}")
_LETTERS_A_TOKEN: Final = 4
_ADDRESS: Final = "http://sample.invalid"  # never asked


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call that is refused after `after_s` seconds; `retry_after_s`: when to call again."""

    status: int
    message: str
    after_s: float
    retry_after_s: float


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a node's model does: its refusals, then its answer.

    `first_s`: seconds to the first words; `word_s`: about how long each further word takes.
    """

    answer: str
    first_s: float
    word_s: float
    refusals: tuple[Refusal, ...] = ()


class WrittenModel(ScriptedModel):
    """Acts by a script, in the time of the running loop; the same script goes the same way."""

    def __init__(self, script: Script) -> None:
        failures = [ModelStep.raise_error(_error(each)) for each in script.refusals]
        super().__init__([*failures, ModelStep(output=[assistant_message(script.answer)])])
        self._word_s = script.word_s
        self._waits_s = iter([*(each.after_s for each in script.refusals), script.first_s])
        self._chance = random.Random(script.answer)
        self._answer = script.answer

    async def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        """Yield what the scripted model does, its text in pieces of a few words."""
        self.set_default_usage(self._usage(str(args[0]) + str(args[1])))
        await asyncio.sleep(next(self._waits_s))
        async for event in super().stream_response(*args, **kwargs):
            if isinstance(event, ResponseTextDeltaEvent):
                async for piece in self._spell(event):
                    yield piece
            else:
                yield event

    async def _spell(self, event: ResponseTextDeltaEvent) -> AsyncIterator[TResponseStreamEvent]:
        for number, piece in enumerate(_PIECE.findall(event.delta)):
            if number:
                words = len(piece.split())
                await asyncio.sleep(self._word_s * words * (0.5 + self._chance.random()))
            yield event.model_copy(update={"delta": piece})

    def _usage(self, asked: str) -> Usage:
        """Count tokens as the length suggests."""
        read, wrote = (len(each) // _LETTERS_A_TOKEN for each in (asked, self._answer))
        return Usage(requests=1, input_tokens=read, output_tokens=wrote, total_tokens=read + wrote)


class WrittenModels(ModelProvider):
    """Gives one node its model, whatever name is asked for."""

    def __init__(self, script: Script) -> None:
        self._model = WrittenModel(script)

    def get_model(self, model_name: str | None) -> Model:  # noqa: ARG002 - as every provider
        """Return the model."""
        return self._model


class _NamedChoice(ModelChoice):
    def __str__(self) -> str:
        return self.model_name


class WrittenConnections(Connections):
    """Stands for all connections; each model bears the one `name`."""

    def __init__(self, name: str) -> None:
        connection = Connection(
            name="sample",
            base_url=_ADDRESS,
            key_env=None,
            api="chat_completions",
            default_model=name,
            max_concurrency=None,
            requests_per_minute=None,
            timeout_s=120.0,
        )
        super().__init__((connection,), {})

    def resolve(self, model: str | None) -> ModelChoice:  # noqa: ARG002 - as all connections
        """Return the model under its one name, whatever is asked for."""
        return _NamedChoice(self.all[0], str(self.all[0].default_model))


def _error(refusal: Refusal) -> openai.APIStatusError:
    headers = {"retry-after": f"{refusal.retry_after_s:g}"}
    request = httpx2.Request("POST", _ADDRESS)
    response = httpx2.Response(refusal.status, headers=headers, request=request)
    return openai.APIStatusError(
        refusal.message, response=response, body={"message": refusal.message}
    )
