"""What a person reads when a model call fails: the connection, the reason, the remedy."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from agents.exceptions import AgentsException, ModelBehaviorError
from openai import OpenAIError

from flows.errors import FlowsError
from flows.models.connections import Api, Connection, ModelChoice
from flows.models.model_errors import explain_model_error
from tests.flows.models.asking import LAB, LOCAL, asking
from tests.model_server import (
    Behaviour,
    Break,
    Garbage,
    Hang,
    ModelServer,
    Refuse,
)

TOO_LONG = Refuse(
    400,
    "request (3031 tokens) exceeds the available context size (2048 tokens), try increasing it",
    extra={"type": "exceed_context_size_error", "n_prompt_tokens": 3031, "n_ctx": 2048},
)
NO_ANSWER = (
    'The connection "lab" sent something that is no answer of a model. Check that {url} speaks '
    "the {api} API."
)
BROKE_OFF = 'The connection "lab" broke off in the middle of an answer. Run again.'
WAIT = "or lower its max_concurrency or requests_per_minute in connections.toml."


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


async def failure(connection: Connection, *, streamed: bool = True) -> str:
    async with asking(connection, environ={"LAB_KEY": "sk-private-1"}) as asker:
        model = f"{connection.name}/m1"
        with pytest.raises((OpenAIError, AgentsException, FlowsError, ValueError)) as failed:
            await asker.ask(model, streamed=streamed)
        return explain_model_error(failed.value, asker.connections.resolve(model))


@pytest.mark.parametrize("api", ["chat_completions", "responses"])
@pytest.mark.parametrize(
    "behaviour, sentence",
    [
        pytest.param(
            Refuse(401, "Incorrect API key provided: sk-private-1", "invalid_api_key"),
            'The connection "lab" refuses the key in LAB_KEY (401). Set LAB_KEY to a valid key and '
            "start again.",
        ),
        pytest.param(
            Refuse(403, "Your key sk-private-1 may not use this."),
            'The connection "lab" refuses the request (403: Your key … may not use this). Check '
            "the model, its settings and what the key may do.",
        ),
        pytest.param(
            Refuse(404, "The model `m1` does not exist", "model_not_found"),
            'The connection "lab" has no model "m1" (404: The model `m1` does not exist). Choose '
            "another, or set its default_model in connections.toml.",
        ),
        pytest.param(
            TOO_LONG,
            'The text is too long for the model "m1" of the connection "lab": request (3031 '
            "tokens) exceeds the available context size (2048 tokens), try increasing it. Shorten "
            "input or instructions, or choose a model that reads more.",
        ),
        pytest.param(
            Refuse(400, "Unsupported value: temperature"),
            'The connection "lab" refuses the request (400: Unsupported value: temperature). Check '
            "the model, its settings and what the key may do.",
        ),
        pytest.param(
            Refuse(429, "Rate limit reached", "rate_limit_exceeded", retry_after_s=3),
            'The connection "lab" takes no more requests for now (429: Rate limit reached). Wait '
            f"3 s, {WAIT}",
        ),
        pytest.param(
            Refuse(429, "Slow down"),
            'The connection "lab" takes no more requests for now (429: Slow down). Wait a little, '
            f"{WAIT}",
        ),
        pytest.param(
            Refuse(429, "You exceeded your current quota", "insufficient_quota"),
            'The connection "lab" has no credit left (429: You exceeded your current quota). Add '
            "some to its account.",
        ),
        pytest.param(
            Refuse(503, "<html><h1>Bad gateway</h1></html>"),
            'The connection "lab" has trouble of its own (503: no readable reason). Run again '
            "later.",
        ),
        pytest.param(
            Hang(),
            'The connection "lab" sent nothing for 0.3 s. Run again, or raise its timeout_s in '
            "connections.toml.",
        ),
        pytest.param(
            Hang(after=2),
            'The connection "lab" sent nothing for 0.3 s. Run again, or raise its timeout_s in '
            "connections.toml.",
        ),
        (Break(), BROKE_OFF),
        (Break(after=2), BROKE_OFF),
        pytest.param(
            Garbage('data: {"error": {"message": "out of memory"}}\n\n', "text/event-stream"),
            'The model "m1" of the connection "lab" broke off with an error: out of memory. Run '
            "again.",
        ),
    ],
)
async def test_each_failure_is_a_sentence_with_its_remedy(
    server: ModelServer, api: Api, behaviour: Behaviour, sentence: str
) -> None:
    server.script("m1", behaviour)
    url = server.base_url
    lab = replace(LAB, base_url=url, api=api, key_env="LAB_KEY", timeout_s=0.3)
    assert await failure(lab) == sentence


@pytest.mark.parametrize("api", ["chat_completions", "responses"])
@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize(
    "body",
    [
        Garbage(),
        Garbage("OK", "text/plain"),
        Garbage("", "application/json"),
        Garbage("null", "application/json"),
        Garbage("[]", "application/json"),
        Garbage('{"choices": []}', "application/json"),
        Garbage('{"hello": "world"}', "application/json"),
        Garbage("{nope", "application/json"),
    ],
)
async def test_a_200_that_is_no_answer_is_a_failure_and_no_empty_text(
    server: ModelServer, api: Api, streamed: bool, body: Garbage
) -> None:
    server.script("m1", body)
    lab = replace(LAB, base_url=server.base_url, api=api)
    expected = NO_ANSWER.format(url=server.base_url, api=api)
    assert await failure(lab, streamed=streamed) == expected


@pytest.mark.parametrize("body", ["data: [DONE]\n\n", "data: {nope\n\n", ": ping\n\n"])
async def test_a_stream_without_an_answer_is_a_failure(server: ModelServer, body: str) -> None:
    server.script("m1", Garbage(body, "text/event-stream"))
    lab = replace(LAB, base_url=server.base_url)
    expected = NO_ANSWER.format(url=server.base_url, api="chat_completions")
    assert await failure(lab) == expected


async def test_a_server_without_this_api_is_told_from_a_missing_model(server: ModelServer) -> None:
    bare = server.base_url.removesuffix("/v1")
    assert await failure(replace(LAB, base_url=bare, api="responses")) == (
        f'The connection "lab" finds nothing at {bare} (404: There is nothing at /responses). Most '
        'addresses end in /v1; or set api = "chat_completions" for it in connections.toml.'
    )


async def test_a_server_that_asks_for_a_key_is_told_from_a_wrong_key(server: ModelServer) -> None:
    server.script("m1", Refuse(401))
    assert await failure(replace(LAB, base_url=server.base_url)) == (
        'The connection "lab" asks for a key (401). Name the variable that holds it with key_env '
        "in connections.toml."
    )


@pytest.mark.parametrize(
    "base_url, why",
    [
        ("http://127.0.0.1:9/v1", "nothing accepts connections there"),
        ("http://nowhere.invalid/v1", "its host is not known on this network"),
    ],
)
async def test_an_address_that_cannot_be_reached_is_told_with_the_reason(
    base_url: str, why: str
) -> None:
    assert await failure(replace(LAB, base_url=base_url)) == (
        f'The connection "lab" cannot be reached at {base_url}: {why}. Check the network, or its '
        "base_url in connections.toml."
    )


async def test_a_secure_address_for_a_plain_server_is_told(server: ModelServer) -> None:
    told = await failure(replace(LAB, base_url=server.base_url.replace("http:", "https:")))
    assert "no secure connection comes about, perhaps http:// and https:// are mixed up" in told


def test_an_answer_cut_off_before_it_began_names_the_setting() -> None:
    error = ModelBehaviorError("stream terminated with finish_reason='length' but produced nothing")
    assert explain_model_error(error, ModelChoice(LAB, "m1")) == (
        'The model "m1" of the connection "lab" said nothing before its max_tokens ran out. Raise '
        "them."
    )


def test_an_error_nobody_expected_is_named_and_shows_no_key() -> None:
    error = RuntimeError("bad header Bearer sk-private-1\nin the middle")
    assert explain_model_error(error, ModelChoice(LOCAL, "m1")) == (
        'The call to the model "m1" of the connection "local" failed: RuntimeError: bad header … '
        "in the middle."
    )
