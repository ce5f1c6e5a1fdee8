"""The server: on a free port, said in one line, and gone soon after Ctrl-C."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from components import serve

ROOT = Path(__file__).parents[2]
APP = """\
import asyncio
from contextlib import asynccontextmanager

import streamlit as st
from starlette.responses import StreamingResponse
from starlette.routing import Route


async def for_ever(_request):
    async def words():
        yield "open\\n"
        await asyncio.sleep(3600)

    return StreamingResponse(words())


@asynccontextmanager
async def hang_at_the_end(_app):
    yield
    await asyncio.sleep(3600)


app = st.App("page.py", lifespan=hang_at_the_end, routes=[Route("/for-ever", for_ever)])
"""
OPEN = re.compile(r"Fanfold is open at http://127\.0\.0\.1:(\d+)  \(Ctrl-C ends it\)\n")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the server and an app so small that only serving is tested."""
    components = tmp_path / "components"
    components.mkdir()
    for name in ("__init__.py", "__main__.py", "serve.py"):
        shutil.copy(ROOT / "components" / name, components / name)
    shutil.copytree(ROOT / ".streamlit", tmp_path / ".streamlit")
    (tmp_path / "app.py").write_text(APP, "utf-8")
    (tmp_path / "page.py").write_text("import streamlit as st\nst.title('Here')\n", "utf-8")
    return tmp_path


@contextmanager
def serving(home: Path, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "components", "--no-browser", "--port", str(port)],
        cwd=home,
        env={**os.environ, "HOME": str(home), "PYTHONPATH": str(home), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def opened_port(line: str) -> int:
    found = OPEN.fullmatch(line)
    assert found, line
    return int(found[1])


def test_a_free_port_is_taken_as_wanted() -> None:
    with serve.open_port("127.0.0.1", 0) as first:
        wanted = first.getsockname()[1]
    with serve.open_port("127.0.0.1", wanted) as again:
        assert again.getsockname()[1] == wanted


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with serve.open_port("127.0.0.1", 0) as first:
        wanted = first.getsockname()[1]
        with serve.open_port("127.0.0.1", wanted) as second:
            assert second.getsockname()[1] > wanted


def test_an_address_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(OSError, match=r"assign|address"):
        serve.open_port("192.0.2.1", 0)


def test_an_open_server_answers_and_says_one_line(home: Path) -> None:
    with serving(home) as server:
        port = opened_port(read_line(server))
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/_stcore/health")
            assert connection.getresponse().read() == b"ok"


def test_a_second_start_says_which_port_it_uses(home: Path) -> None:
    with serving(home) as first:
        wanted = opened_port(read_line(first))
        with serving(home, wanted) as second:
            said = read_line(second)
            used = opened_port(read_line(second))
    assert said == f"Port {wanted} is taken, so Fanfold uses {used}.\n"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent to a console there.")
def test_ctrl_c_ends_whatever_hangs_in_two_seconds_and_without_a_word(home: Path) -> None:
    with serving(home) as server:
        port = opened_port(read_line(server))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as tab:
            tab.sendall(b"GET /for-ever HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            while b"open" not in tab.recv(4096):
                pass
            pressed = time.monotonic()
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=20)
            took = time.monotonic() - pressed
    assert (server.returncode, out, err) == (0, "", "")
    assert took < 2
