"""The two wire forms of OpenAI's API, as JSON text: what a model server sends."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

Api: TypeAlias = Literal["chat_completions", "responses"]
Json: TypeAlias = dict[str, object]


def text_of(body: Mapping[str, object]) -> str:
    """The last user message of a request of either API; empty where there is none."""
    messages = body.get("messages", body.get("input", ""))
    if isinstance(messages, str):
        return messages
    texts = [_content(m) for m in _items(messages) if m.get("role") == "user"]
    return texts[-1] if texts else ""


def _content(message: Mapping[str, object]) -> str:
    content = message.get("content", "")
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in _items(content))


def _items(value: object) -> Sequence[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words_of(text: str) -> list[str]:
    """The pieces in which a text is streamed; joined they are the text."""
    head, *rest = text.split(" ")
    return [head, *(f" {word}" for word in rest)]


def error_body(message: str, code: str | None, extra: Mapping[str, object]) -> str:
    """An error in the shape that both APIs share."""
    error = {"message": message, "type": "scripted", "param": None, "code": code, **extra}
    return json.dumps({"error": error})


def plain_body(api: Api, model: str, text: str) -> str:
    """The answer to a request that does not stream."""
    if api == "responses":
        return json.dumps(_response(model, text, "completed"))
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant"}}
    choice["message"] = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 10, "completion_tokens": len(words_of(text))}
    usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
    return json.dumps(_chat("chat.completion", model, [choice], usage))


def events_of(api: Api, model: str, text: str) -> list[str]:
    """The whole stream: its first events, one a word, its last events."""
    return [*_stream(api, model, words_of(text))]


def chunks_of(api: Api, model: str, text: str, words: int) -> list[str]:
    """The stream up to and with its first `words` words, without an end."""
    head = 3 if api == "responses" else 1
    return events_of(api, model, text)[: head + words]


def _stream(api: Api, model: str, words: Sequence[str]) -> Iterator[str]:
    if api == "chat_completions":
        yield from (f"data: {json.dumps(chunk)}\n\n" for chunk in _chat_chunks(model, words))
        yield "data: [DONE]\n\n"
        return
    for number, event in enumerate(_response_events(model, words)):
        data = json.dumps({**event, "sequence_number": number})
        yield f"event: {event['type']}\ndata: {data}\n\n"


def _chat(kind: str, model: str, choices: Sequence[Json], usage: Mapping[str, int] | None) -> Json:
    chunk: Json = {"id": "chat_1", "object": kind, "created": 1, "model": model}
    return {**chunk, "choices": choices, "usage": usage}


def _chat_chunks(model: str, words: Sequence[str]) -> Iterator[Json]:
    first: Json = {"role": "assistant", "content": ""}
    for delta in (first, *[Json(content=word) for word in words]):
        choice: Json = {"index": 0, "delta": delta, "finish_reason": None}
        yield _chat("chat.completion.chunk", model, [choice], None)
    last: Json = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield _chat("chat.completion.chunk", model, [last], None)
    usage = {"prompt_tokens": 10, "completion_tokens": len(words), "total_tokens": 10 + len(words)}
    yield _chat("chat.completion.chunk", model, [], usage)


def _message(text: str, status: str) -> Json:
    content = [_part(text)] if status == "completed" else []
    item: Json = {"id": "msg_1", "type": "message", "role": "assistant", "status": status}
    return {**item, "content": content}


def _part(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _response(model: str, text: str, status: str) -> Json:
    done = status == "completed"
    tokens = len(words_of(text))
    usage: Json = {
        "input_tokens": 10,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 10 + tokens,
    }
    response: Json = {"id": "resp_1", "object": "response", "created_at": 1, "model": model}
    response |= {"status": status, "error": None, "incomplete_details": None, "instructions": None}
    response |= {"metadata": {}, "tools": [], "tool_choice": "auto", "parallel_tool_calls": True}
    response |= {"temperature": None, "top_p": None}
    return {
        **response,
        "output": [_message(text, status)] if done else [],
        "usage": usage if done else None,
    }


def _response_events(model: str, words: Sequence[str]) -> Iterator[Json]:
    text = "".join(words)
    item: Json = {"output_index": 0}
    part: Json = {**item, "item_id": "msg_1", "content_index": 0}
    yield {"type": "response.created", "response": _response(model, "", "in_progress")}
    yield {"type": "response.output_item.added", **item, "item": _message("", "in_progress")}
    yield {"type": "response.content_part.added", **part, "part": _part("")}
    for word in words:
        yield {"type": "response.output_text.delta", **part, "delta": word, "logprobs": []}
    yield {"type": "response.output_text.done", **part, "text": text, "logprobs": []}
    yield {"type": "response.content_part.done", **part, "part": _part(text)}
    yield {"type": "response.output_item.done", **item, "item": _message(text, "completed")}
    yield {"type": "response.completed", "response": _response(model, text, "completed")}
