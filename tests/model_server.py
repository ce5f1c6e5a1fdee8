"""A model server for tests: real HTTP on a port of its own, in a thread, that speaks both APIs.

    with ModelServer(slow=Answer("Done.", delay_s=1.0), bad=Refuse(401)) as server:
        ...                                    # base_url=server.base_url
        assert server.max_at_once() == 3

What a model does is scripted by its name; `server.log` says who asked what, from when to when.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Literal, Self, assert_never

import uvicorn
from starlette.types import Receive, Scope, Send

from tests.model_script import (
    DEFAULT_TEXT,
    Answer,
    Behaviour,
    Break,
    Entry,
    Garbage,
    Gate,
    Hang,
    Refuse,
    Script,
)
from tests.model_wire import Api, chunks_of, error_body, events_of, plain_body, text_of

__all__ = [
    "DEFAULT_TEXT",
    "Answer",
    "Behaviour",
    "Break",
    "Entry",
    "Garbage",
    "Gate",
    "Hang",
    "ModelServer",
    "Refuse",
    "Script",
]

DEFAULT_ANSWER = Answer()
API_OF_PATH: Mapping[str, Api] = {
    "/v1/chat/completions": "chat_completions",
    "/v1/responses": "responses",
}


class ModelServer:
    """The server, running inside its `with` block."""

    def __init__(
        self, *, default: Script = DEFAULT_ANSWER, key: str | None = None, **script: Script
    ) -> None:
        """Script the models named in `script`; all others do `default`; `key` is demanded."""
        self._default = default
        self._key = key
        self._scripts: dict[str, Script] = dict(script)
        self._asked: dict[str, int] = {}
        self._entries: list[Entry] = []
        self._changed = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            lifespan="off",
            ws="none",
            loop="asyncio",
            http="h11",
            proxy_headers=False,
            log_config=None,
            log_level="critical",
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.ready.wait(10):
            raise RuntimeError("The model server did not start within 10 s.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server at once, open requests included."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)
        self._socket.close()

    def script(self, model: str, script: Script) -> None:
        """Change what `model` does from its next request on (also for names with a slash)."""
        self._asked[model] = 0
        self._scripts[model] = script

    @property
    def log(self) -> tuple[Entry, ...]:
        """All requests so far, in order of arrival."""
        with self._changed:
            return tuple(self._entries)

    def max_at_once(self) -> int:
        """The largest number of requests that were open at the same moment."""
        now = time.monotonic()
        moments = [(e.start, 1) for e in self.log] + [(e.end or now, -1) for e in self.log]
        peak = level = 0
        for _, step in sorted(moments):
            level += step
            peak = max(peak, level)
        return peak

    def wait_until(
        self, holds: Callable[[Sequence[Entry]], bool], *, timeout_s: float = 60
    ) -> tuple[Entry, ...]:
        """Block until `holds(log)`; from a coroutine call it through `asyncio.to_thread`."""
        with self._changed:
            if not self._changed.wait_for(lambda: holds(self._entries), timeout_s):
                raise AssertionError(f"Not seen within {timeout_s} s; the log: {self._entries}")
            return tuple(self._entries)

    def wait_for(self, count: int, *, timeout_s: float = 60) -> tuple[Entry, ...]:
        """Block until `count` requests are open at the same time."""
        return self.wait_until(
            lambda log: sum(entry.end is None for entry in log) >= count, timeout_s=timeout_s
        )

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        number = self._open(scope, body)
        reply = _Reply(send)
        answering = asyncio.create_task(self._answer(number, scope["path"], reply))
        leaving = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
        finally:
            answering.cancel()
            leaving.cancel()
            early = leaving.done() and not reply.complete
            end = time.monotonic() if reply.ended_at is None else reply.ended_at
            self._change(number, end=end, status=reply.status, closed_early=early)

    def _open(self, scope: Scope, raw: bytes) -> int:
        body: Mapping[str, object] = json.loads(raw or b"{}")
        api: Api | Literal["other"] = API_OF_PATH.get(scope["path"], "other")
        with self._changed:
            entry = Entry(
                number=len(self._entries),
                model=str(body.get("model", "")),
                api=api,
                streamed=body.get("stream") is True,
                text=text_of(body),
                body=body,
                headers={name.decode(): value.decode() for name, value in scope["headers"]},
                start=time.monotonic(),
            )
            self._entries.append(entry)
            self._changed.notify_all()
        return entry.number

    def _change(self, number: int, **changes: object) -> None:
        with self._changed:
            self._entries[number] = replace(self._entries[number], **changes)
            self._changed.notify_all()

    async def _answer(self, number: int, path: str, reply: "_Reply") -> None:
        entry = self._entries[number]
        if self._key is not None and entry.headers.get("authorization") != f"Bearer {self._key}":
            await reply.refuse(Refuse(401, "Incorrect API key provided.", "invalid_api_key"))
        elif entry.api == "other" and path == "/v1/models":
            models = [{"id": name, "object": "model"} for name in self._scripts]
            await reply.whole(200, json.dumps({"object": "list", "data": models}))
        elif entry.api == "other":
            await reply.refuse(Refuse(404, f"There is nothing at {path}."))
        else:
            await self._behave(entry, entry.api, reply)

    def _behaviour(self, entry: Entry) -> Behaviour:
        script = self._scripts.get(entry.model, self._default)
        nth = self._asked.get(entry.model, 0)
        self._asked[entry.model] = nth + 1
        if callable(script):
            return script(entry)
        return script[min(nth, len(script) - 1)] if isinstance(script, Sequence) else script

    async def _behave(self, entry: Entry, api: Api, reply: "_Reply") -> None:
        match self._behaviour(entry):
            case Answer(text=text, delay_s=delay_s, chunk_s=chunk_s, gate=gate):
                await asyncio.sleep(delay_s)
                if gate is not None:
                    await gate.wait()
                if entry.streamed:
                    await reply.stream(_slowly(events_of(api, entry.model, text), chunk_s))
                else:
                    await reply.whole(200, plain_body(api, entry.model, text))
            case Refuse() as refusal:
                await reply.refuse(refusal)
            case Hang(after=after):
                await reply.begin(api, entry, after)
                await asyncio.Event().wait()
            case Break(after=after):
                await reply.begin(api, entry, after, head=True)
            case Garbage(body=body, content_type=content_type):
                await reply.whole(200, body, content_type=content_type)
            case never:
                assert_never(never)


class _Server(uvicorn.Server):
    """Says when it listens, and ends without a farewell."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drop all clients, as a killed server does; uvicorn would send them a 500."""
        for connection in self.server_state.connections:
            connection.transport.abort()
        await super().shutdown(sockets=sockets)


class _Reply:
    """The way back of one request."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.complete = False
        self.ended_at: float | None = None

    async def whole(
        self, status: int, body: str, *, content_type: str = "application/json", **headers: str
    ) -> None:
        raw = body.encode()
        await self._head(status, content_type, {"content-length": str(len(raw)), **headers})
        await self._body(raw, last=True)

    async def refuse(self, refusal: Refuse) -> None:
        body = error_body(refusal.message, refusal.code, refusal.extra)
        after = refusal.retry_after_s
        headers = {} if after is None else {"retry-after": f"{after:g}"}
        await self.whole(refusal.status, body, **headers)

    async def stream(self, events: AsyncIterator[str]) -> None:
        await self._head(200, "text/event-stream", {})
        async for event in events:
            await self._body(event.encode())
        await self._body(b"", last=True)

    async def begin(self, api: Api, entry: Entry, words: int, *, head: bool = False) -> None:
        """Send the start of an answer and no end; nothing at all for no words and no head."""
        if not entry.streamed and (words or head):
            await self._head(200, "application/json", {"content-length": "1000"})
        elif words or head:
            await self._head(200, "text/event-stream", {})
            for event in chunks_of(api, entry.model, DEFAULT_TEXT, words):
                await self._body(event.encode())

    async def _head(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        self.status = status
        pairs = {"content-type": content_type, **headers}.items()
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in pairs]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def _body(self, raw: bytes, *, last: bool = False) -> None:
        self.complete = last
        if last:  # before the client can know of it and send its next request
            self.ended_at = time.monotonic()
        await self._send({"type": "http.response.body", "body": raw, "more_body": not last})


async def _slowly(events: Sequence[str], chunk_s: float) -> AsyncIterator[str]:
    for number, event in enumerate(events):
        if number and chunk_s:
            await asyncio.sleep(chunk_s)
        yield event


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
