"""The real embedded model, where it is installed: it answers, alone and side by side."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from openai import APIConnectionError, AsyncOpenAI, BadRequestError, DefaultAsyncHttpxClient

from flows.models.connections import ModelChoice, load_connections, status
from flows.models.local import LocalServer
from flows.models.model_errors import explain_model_error
from flows.models.transport import EmbeddedTransport
from tests.flows.models.asking import LOCAL, asking
from tests.flows.models.processes import is_gone, until

pytestmark = pytest.mark.model
MODEL = "local/smollm2-135m-instruct"
CHOICE = ModelChoice(LOCAL, "smollm2-135m-instruct")


@pytest.fixture
def server() -> Iterator[LocalServer]:
    found = status(load_connections(Path("nowhere"), {}).get("local"), {})
    if not found.usable and "CI" not in os.environ:
        pytest.skip(found.sentence)
    assert found.usable, found.sentence
    running = LocalServer()
    yield running
    running.close()


async def test_it_answers_without_a_key(server: LocalServer) -> None:
    async with asking(LOCAL, local=server) as asker:
        assert len(await asker.ask(MODEL, "Name a colour.", at_most=8)) > 1


async def test_it_answers_several_at_once(server: LocalServer) -> None:
    async with asking(LOCAL, local=server) as asker:
        questions = ("Name a colour.", "Name a fruit.", "Name a town.")
        answers = await asyncio.gather(*[asker.ask(MODEL, text, at_most=8) for text in questions])
    assert all(answers)


async def test_an_answer_asked_for_right_after_another_is_not_lost(server: LocalServer) -> None:
    wire = DefaultAsyncHttpxClient(transport=EmbeddedTransport(server))
    client = AsyncOpenAI(
        api_key="none", base_url="http://local/v1", max_retries=0, http_client=wire
    )
    ends = []
    for count in range(60):
        stream = await client.chat.completions.create(
            model="smollm2-135m-instruct",
            messages=[{"role": "user", "content": str(count)}],
            max_tokens=1,
            stream=True,
        )
        chunks = [chunk async for chunk in stream]
        ends.append(chunks[-1].choices[0].finish_reason)
    await client.close()
    assert ends == ["length"] * 60


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from Linux's /proc")
async def test_it_takes_at_most_400_megabytes(server: LocalServer) -> None:
    async with asking(LOCAL, local=server) as asker:
        await asyncio.gather(*[asker.ask(MODEL, str(count), at_most=8) for count in range(4)])
        status_of = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")  # noqa: ASYNC240
    (peak,) = [line for line in status_of.splitlines() if line.startswith("VmHWM")]
    assert int(peak.split()[1]) < 400_000


async def test_a_text_too_long_for_it_is_told_with_both_numbers(server: LocalServer) -> None:
    async with asking(LOCAL, local=server) as asker:
        with pytest.raises(BadRequestError) as failed:
            await asker.ask(MODEL, "word " * 3000)
    told = explain_model_error(failed.value, CHOICE)
    assert told.startswith('The text is too long for the model "smollm2-135m-instruct"')
    assert re.search(r"\(30\d\d tokens\).*\(2048 tokens\)", told)


async def test_nobody_without_its_key_gets_an_answer(server: LocalServer) -> None:
    import httpx2

    address = await server.address()
    async with httpx2.AsyncClient() as stranger:
        reply = await stranger.post(f"{address.base_url}/chat/completions", json={"messages": []})
    assert reply.status_code == 401


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
async def test_when_it_dies_in_an_answer_the_next_call_finds_it_alive(server: LocalServer) -> None:
    async with asking(LOCAL, local=server) as asker:
        begun = asyncio.Event()
        story = asker.ask(MODEL, "Tell a very long story of a lighthouse.", begun=begun)
        asked = asyncio.create_task(story)
        await begun.wait()
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(APIConnectionError) as failed:
            await asked
        assert explain_model_error(failed.value, CHOICE) == (
            'The connection "local": the embedded model\'s server ended. Run again: it is started '
            "anew."
        )
        assert await asker.ask(MODEL, "Name a colour.", at_most=8)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
async def test_a_call_it_had_not_begun_to_answer_when_it_died_is_answered_by_the_next(
    server: LocalServer,
) -> None:
    async with asking(LOCAL, local=server) as asker:
        await asker.ask(MODEL, "Name a colour.", at_most=8)
        frozen = server.pid
        assert frozen is not None
        os.kill(frozen, signal.SIGSTOP)
        asked = asyncio.create_task(asker.ask(MODEL, "Name a fruit.", at_most=8))
        await asyncio.wait_for(until(lambda: _is_connected_to(frozen)), 30)
        os.kill(frozen, signal.SIGKILL)
        assert await asked


def _is_connected_to(pid: int) -> bool:
    """Whether this process has a connection of its own to what that one listens on."""
    ports = {each.laddr.port for each in psutil.Process(pid).net_connections("tcp")}
    mine = psutil.Process().net_connections("tcp")
    return any(each.raddr and each.raddr.port in ports for each in mine)


async def test_closing_frees_the_machine_within_two_seconds(server: LocalServer) -> None:
    async with asking(LOCAL, local=server) as asker:
        begun = asyncio.Event()
        story = asker.ask(MODEL, "Tell a very long story of a lighthouse.", begun=begun)
        asked = asyncio.create_task(story)
        await begun.wait()
        started = time.monotonic()
        await asyncio.to_thread(server.close)
        assert time.monotonic() - started < 2
        with pytest.raises(APIConnectionError):
            await asked


@pytest.mark.skipif(os.name != "posix", reason="process numbers of POSIX")
def test_it_ends_when_whoever_started_it_is_killed(server: LocalServer) -> None:
    code = (
        "import asyncio, time\nfrom flows.models.local import LocalServer\nserver = LocalServer()\n"
        "asyncio.run(server.address())\nprint(server.pid, flush=True)\ntime.sleep(60)"
    )
    command, root = (sys.executable, "-c", code), Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    asyncio.run(asyncio.wait_for(until(lambda: is_gone(pid)), 5))
