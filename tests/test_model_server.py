"""The test server itself: what the client libraries see of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from openai import (
    APIConnectionError,
    AsyncOpenAI,
    AuthenticationError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
)

from tests.model_server import (
    DEFAULT_TEXT,
    Answer,
    Break,
    Gate,
    Hang,
    ModelServer,
    Refuse,
)

APIS = ("chat_completions", "responses")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def client(server: ModelServer) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=server.base_url, api_key="k", max_retries=0) as opened:
        yield opened


async def ask(client: AsyncOpenAI, api: str, model: str, text: str = "Hello") -> str:
    if api == "responses":
        response = await client.responses.create(model=model, input=text)
        return response.output_text
    done = await client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": text}]
    )
    return done.choices[0].message.content or ""


async def stream(client: AsyncOpenAI, api: str, model: str) -> AsyncIterator[str]:
    if api == "responses":
        events = await client.responses.create(model=model, input="Hello", stream=True)
        async for event in events:
            if event.type == "response.output_text.delta":
                yield event.delta
        return
    chunks = await client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Hello"}], stream=True
    )
    async for chunk in chunks:
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


async def drain(client: AsyncOpenAI, api: str, model: str, *, into: list[str]) -> None:
    async for word in stream(client, api, model):
        into.append(word)  # noqa: PERF401 - a comprehension would lose the words before a break


@pytest.mark.parametrize("api", APIS)
async def test_an_answer_comes_whole_or_word_by_word(
    server: ModelServer, client: AsyncOpenAI, api: str
) -> None:
    assert await ask(client, api, "any") == DEFAULT_TEXT
    words: list[str] = []
    await drain(client, api, "any", into=words)
    assert words == ["A", " fine", " answer."]
    told = [(e.model, e.api, e.streamed, e.text, e.status, e.closed_early) for e in server.log]
    assert told == [
        ("any", api, False, "Hello", 200, False),
        ("any", api, True, "Hello", 200, False),
    ]


@pytest.mark.parametrize("api", APIS)
async def test_each_status_is_the_clients_own_error(
    server: ModelServer, client: AsyncOpenAI, api: str
) -> None:
    server.script("late", [Refuse(429, retry_after_s=2), Refuse(500), Answer("At last.")])
    with pytest.raises(RateLimitError) as limited:
        await ask(client, api, "late")
    assert limited.value.response.headers["retry-after"] == "2"
    with pytest.raises(InternalServerError):
        await ask(client, api, "late")
    assert await ask(client, api, "late") == "At last."
    server.script("none", Refuse(404, "no such model", "model_not_found"))
    with pytest.raises(NotFoundError, match="no such model"):
        await ask(client, api, "none")


async def test_a_wrong_key_is_refused() -> None:
    with ModelServer(key="right") as server:
        async with AsyncOpenAI(base_url=server.base_url, api_key="wrong", max_retries=0) as client:
            with pytest.raises(AuthenticationError):
                await ask(client, "responses", "any")


@pytest.mark.parametrize("api", APIS)
async def test_requests_held_at_a_gate_are_open_at_once(
    server: ModelServer, client: AsyncOpenAI, api: str
) -> None:
    gate = Gate()
    server.script("held", Answer("Through.", gate=gate))
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(client, api, "held")) for _ in range(3)]
        await asyncio.to_thread(server.wait_for, 3)
        gate.open()
    assert [task.result() for task in asked] == ["Through."] * 3
    assert server.max_at_once() == 3


@pytest.mark.parametrize("api", APIS)
async def test_a_broken_stream_breaks_after_its_words(
    server: ModelServer, client: AsyncOpenAI, api: str
) -> None:
    server.script("broken", Break(after=2))
    heard: list[str] = []
    with pytest.raises(APIConnectionError):
        await drain(client, api, "broken", into=heard)
    assert heard == ["A", " fine"]
    with pytest.raises(APIConnectionError):
        await ask(client, api, "broken")


@pytest.mark.parametrize("after", [0, 2])
async def test_a_client_that_hangs_up_is_seen(
    server: ModelServer, client: AsyncOpenAI, after: int
) -> None:
    server.script("silent", Hang(after=after))
    asking = asyncio.create_task(drain(client, "responses", "silent", into=[]))
    await asyncio.to_thread(server.wait_for, 1)
    asking.cancel()
    (entry,) = await asyncio.to_thread(
        server.wait_until, lambda log: all(e.end is not None for e in log)
    )
    assert entry.closed_early


def test_the_server_ends_at_once_with_a_request_open() -> None:
    async def hang_up_late(base_url: str) -> None:
        async with AsyncOpenAI(base_url=base_url, api_key="k", max_retries=0) as client:
            with pytest.raises(APIConnectionError):
                await ask(client, "responses", "silent")

    async def main() -> None:
        with ModelServer(silent=Hang()) as server:
            asking = asyncio.create_task(hang_up_late(server.base_url))
            await asyncio.to_thread(server.wait_for, 1)
            await asyncio.to_thread(server.stop)
            await asking

    asyncio.run(main())
