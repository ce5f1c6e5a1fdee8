"""Warm: the SDK's first answer, taken from nobody, before a person waits for one.

The first streamed answer of a process builds the types of the API: a third of a second for chat
completions, more than one for Responses. It is built here, on an answer that never left the house.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import httpx2
from agents import Agent, RunConfig, Runner
from openai import AsyncOpenAI

from flows.models.checked_models import ChatModel, ResponsesModel
from flows.models.connections import Api

_CHUNK = {"id": "w", "object": "chat.completion.chunk", "created": 0, "model": "w"}
_MESSAGE = {"type": "message", "id": "m", "role": "assistant", "status": "completed"}
_TEXT = {"type": "output_text", "text": "w", "annotations": []}
_PLACE = {"item_id": "m", "output_index": 0, "content_index": 0}
_RESPONSE = {"id": "w", "object": "response", "created_at": 0, "model": "w", "tools": []} | {
    "parallel_tool_calls": True,
    "tool_choice": "auto",
}
_USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2} | {
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 0},
}
_SAID: dict[str, Any] = _MESSAGE | {"content": [_TEXT]}
_DONE = _RESPONSE | {"status": "completed", "output": [_SAID], "usage": _USAGE}
_ANSWERS: dict[Api, tuple[dict[str, Any], ...]] = {
    "chat_completions": (
        _CHUNK | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "w"}}]},
        _CHUNK | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ),
    "responses": (
        {"type": "response.created", "response": _RESPONSE | {"output": []}},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": _MESSAGE | {"content": []},
        },
        {"type": "response.content_part.added", **_PLACE, "part": _TEXT},
        {"type": "response.output_text.delta", **_PLACE, "delta": "w", "logprobs": []},
        {"type": "response.output_text.done", **_PLACE, "text": "w", "logprobs": []},
        {"type": "response.content_part.done", **_PLACE, "part": _TEXT},
        {"type": "response.output_item.done", "output_index": 0, "item": _SAID},
        {"type": "response.completed", "response": _DONE},
    ),
}


_WARM: set[Api] = set()


async def warm_up(api: Api) -> None:
    """Read one made-up answer through the SDK, once a process; errors show at the first run."""
    if api in _WARM:
        return
    transport = httpx2.MockTransport(lambda _request: _answer(api))
    async with httpx2.AsyncClient(transport=transport) as http:
        client = AsyncOpenAI(
            base_url="http://warm.invalid/v1", api_key="none", max_retries=0, http_client=http
        )
        model = (ResponsesModel if api == "responses" else ChatModel)("warm", client)
        config = RunConfig(tracing_disabled=True)
        with contextlib.suppress(Exception):
            run = Runner.run_streamed(Agent(name="warm", model=model), "warm", run_config=config)
            async for _event in run.stream_events():
                pass
            _WARM.add(api)


def _answer(api: Api) -> httpx2.Response:
    lines = [_line(number, event) for number, event in enumerate(_ANSWERS[api])]
    body = "".join(lines) + "data: [DONE]\n\n"
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=body)


def _line(number: int, event: dict[str, Any]) -> str:
    kind = event.get("type")
    head = f"event: {kind}\n" if kind else ""
    return f"{head}data: {json.dumps(event | {'sequence_number': number})}\n\n"
