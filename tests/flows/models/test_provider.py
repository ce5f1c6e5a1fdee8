"""Models through the SDK: what goes over the wire, which client is used, what is never sent."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from agents import ModelSettings

from flows.errors import ConnectionsError
from flows.models.connections import Api, Connection, ModelChoice
from flows.models.provider import default_settings
from tests.flows.models.asking import LAB, LOCAL, Asker, asking
from tests.model_server import DEFAULT_TEXT, Answer, Entry, Gate, Hang, ModelServer, Refuse

OPENAI = replace(
    LAB, name="openai", base_url="https://api.openai.com/v1", key_env="KEY", api="responses"
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def lab(server: ModelServer, api: Api = "chat_completions") -> Connection:
    return replace(LAB, base_url=server.base_url, api=api)


@pytest.mark.parametrize("api", ["chat_completions", "responses"])
@pytest.mark.parametrize("streamed", [True, False])
async def test_each_connection_is_asked_in_its_own_api(
    server: ModelServer, api: Api, streamed: bool
) -> None:
    async with asking(lab(server, api)) as asker:
        assert await asker.ask("lab/org/model", "Hi", streamed=streamed) == DEFAULT_TEXT
    told = [(e.api, e.model, e.text, e.streamed) for e in server.log]
    assert told == [(api, "org/model", "Hi", streamed)]


async def test_a_foreign_endpoint_is_asked_for_usage_and_given_a_limit(server: ModelServer) -> None:
    async with asking(lab(server)) as asker:
        await asker.ask("lab/any")
    (entry,) = server.log
    sent = {name: entry.body[name] for name in ("stream_options", "max_tokens")}
    assert sent == {"stream_options": {"include_usage": True}, "max_tokens": 4096}


def test_openais_own_models_keep_the_sdks_settings() -> None:
    settings = default_settings(ModelChoice(OPENAI, "gpt-4.1"))
    assert settings == ModelSettings(include_usage=True)
    assert default_settings(ModelChoice(OPENAI, "gpt-5.6-luna")).verbosity == "low"


async def test_a_failed_call_is_sent_once_only(server: ModelServer) -> None:
    server.script("busy", [Refuse(429, retry_after_s=0), Answer("Too late.")])
    async with asking(lab(server)) as asker:
        with pytest.raises(Exception, match="429"):
            await asker.ask("lab/busy")
    assert len(server.log) == 1


async def test_calls_of_one_connection_run_at_once(server: ModelServer) -> None:
    gate = Gate()
    server.script("held", Answer("Through.", gate=gate))
    async with asking(lab(server)) as asker, asyncio.TaskGroup() as group:
        asked = [group.create_task(asker.ask("lab/held")) for _ in range(8)]
        await asyncio.to_thread(server.wait_for, 8)
        gate.open()
    assert [task.result() for task in asked] == ["Through."] * 8


async def test_a_cancelled_call_frees_the_server_at_once(server: ModelServer) -> None:
    server.script("slow", Hang(after=2))
    async with asking(lab(server)) as asker:
        asked = asyncio.create_task(asker.ask("lab/slow"))
        await asyncio.to_thread(server.wait_for, 1)
        asked.cancel()
        (entry,) = await asyncio.to_thread(server.wait_until, _all_ended, timeout_s=1)
    assert entry.closed_early


def _all_ended(log: Sequence[Entry]) -> bool:
    return all(entry.end is not None for entry in log)


async def test_a_missing_key_is_told_before_anything_is_sent(server: ModelServer) -> None:
    async with asking(replace(lab(server), key_env="LAB_KEY")) as asker:
        with pytest.raises(ConnectionsError) as refused:
            await asker.ask("lab/any")
    assert str(refused.value) == (
        'The connection "lab" needs a key: set the environment variable LAB_KEY and start again, '
        'or choose another connection such as "local".'
    )
    assert server.log == ()


async def test_a_key_that_cannot_be_sent_is_told_without_showing_it(server: ModelServer) -> None:
    connection = replace(lab(server), key_env="LAB_KEY")
    async with asking(connection, environ={"LAB_KEY": "sk-1\nsk-2"}) as asker:
        with pytest.raises(ConnectionsError, match="what stands in LAB_KEY") as refused:
            await asker.ask("lab/any")
    assert "sk-" not in str(refused.value)


async def test_a_key_is_read_at_the_moment_of_use(server: ModelServer) -> None:
    environ = {"LAB_KEY": "one"}
    async with asking(replace(lab(server), key_env="LAB_KEY"), environ=environ) as asker:
        await asker.ask("lab/any")
        environ["LAB_KEY"] = "two"
        await asker.ask("lab/any")
    sent = [entry.headers["authorization"] for entry in server.log]
    assert sent == ["Bearer one", "Bearer two"]


async def test_nothing_of_openais_goes_to_others(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "private")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer private\nX-Own: private")
    async with asking(lab(server)) as asker:
        await asker.ask("lab/any")
    (entry,) = server.log
    assert "private" not in str(entry.headers)


async def test_an_unknown_name_is_refused_with_what_there_is() -> None:
    async with asking(LAB, LOCAL) as asker:
        with pytest.raises(ConnectionsError, match=r'no connection "labs"\. Did you mean "lab"'):
            asker.models.get_model("labs/any")


def test_each_event_loop_has_a_client_of_its_own(server: ModelServer) -> None:
    async def twice() -> None:
        async with asking(lab(server)) as asker:
            await asker.ask("lab/any")
            await asyncio.to_thread(asyncio.run, ask_and_close(asker))
            await asker.ask("lab/any")

    async def ask_and_close(asker: Asker) -> None:
        await asker.ask("lab/any")
        await asker.models.aclose()

    asyncio.run(twice())
    assert [entry.status for entry in server.log] == [200, 200, 200]


async def test_the_sdk_keeps_its_failures_out_of_the_terminal(
    server: ModelServer, capfd: pytest.CaptureFixture[str]
) -> None:
    server.script("locked", Refuse(401))
    async with asking(lab(server, "responses")) as asker:
        with pytest.raises(Exception, match="401"):
            await asker.ask("lab/locked")
    assert capfd.readouterr() == ("", "")
