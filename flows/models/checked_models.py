"""The SDK's two OpenAI models, which here also notice an answer of 200 that is no answer."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

from agents import ModelResponse, OpenAIChatCompletionsModel, OpenAIResponsesModel
from agents.items import TResponseStreamEvent

from flows.models.model_errors import NoAnswer

_NOT_UNDERSTOOD = (AttributeError, TypeError, ValueError)
"""What the SDK stumbles over when a body is not what it takes for granted; JSON's errors too."""


class ChatModel(OpenAIChatCompletionsModel):
    """Chat completions; raises NoAnswer where the SDK would take nothing for an empty text."""

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        """Return the answer whole."""
        try:
            return await super().get_response(*args, **kwargs)
        except _NOT_UNDERSTOOD as error:
            raise NoAnswer from error

    async def stream_response(
        self, *args: Any, **kwargs: Any
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Hand the answer out as it comes."""
        begun = False
        stream = cast(
            "AsyncGenerator[TResponseStreamEvent]", super().stream_response(*args, **kwargs)
        )
        try:
            async with aclosing(stream) as events:  # so that a reader who leaves frees the server
                async for event in events:
                    begun = begun or event.type == "response.created"
                    if not begun:
                        raise NoAnswer
                    yield event
        except _NOT_UNDERSTOOD as error:
            raise NoAnswer from error


class ResponsesModel(OpenAIResponsesModel):
    """Responses; raises NoAnswer where the SDK would stumble."""

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        """Return the answer whole."""
        try:
            return await super().get_response(*args, **kwargs)
        except _NOT_UNDERSTOOD as error:
            raise NoAnswer from error
