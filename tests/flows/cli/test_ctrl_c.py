"""Ctrl-C: it is heard at every moment, and what was recorded is complete."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.cli.ctrl_c import PATIENCE_S, CtrlC, listen_for_ctrl_c
from flows.trace.events import Record, RunCancelled, decode_records
from flows.trace.fold import build_trace
from tests.flows.cli.starting import start
from tests.flows.models.processes import until
from tests.flows.run.over_http import hold_laws
from tests.model_server import Hang
from tests.shapes import shape

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Ctrl-C is sent otherwise on Windows"
)


@pytest.fixture
def begin(environ, saved, tmp_path):
    """Start a run of three agents and a picker, recorded; return its process and the record."""

    def run(**streams):
        record = tmp_path / "run.jsonl"
        file = saved(shape("in > a b c > pick"))
        words = ("run", file, "--model", "test", "--record", str(record))
        return start(environ, *words, **streams), record

    return run


def read(record: Path) -> list[Record]:
    return [*decode_records(record.read_bytes().splitlines())]


def assert_stopped(process, record: Path) -> Sequence[Record]:
    _, err = process.communicate(timeout=30)
    records = read(record)
    hold_laws(records)
    assert process.returncode == 130
    assert records[-1].event == RunCancelled("stopped with Ctrl-C", {}, {})
    assert "Traceback" not in (err or "")
    return records


@pytest.mark.parametrize("after", [0, 1], ids=["while waiting", "mid-stream"])
@pytest.mark.parametrize("presses", [1, 5])
def test_it_cancels_the_run_and_leaves_a_complete_record(begin, server, after, presses):
    server.script("plain", Hang(after=after))
    process, record = begin()
    server.wait_for(3)
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
    trace = build_trace(assert_stopped(process, record))
    assert {key: node.status for key, node in trace.nodes.items()} == {
        "a": "cancelled",
        "b": "cancelled",
        "c": "cancelled",
        "pick": "skipped",
    }


def test_a_thousand_items_are_stopped_as_one(environ, saved, server, tmp_path):
    server.script("plain", Hang(after=1))
    record = tmp_path / "run.jsonl"
    each = {"for_each": {"items": "{{ input }}", "max_concurrency": 20}}
    lines = "\n".join(f"item {number}" for number in range(1000))
    words = ("--model", "test", "--record", str(record), "--input", lines)
    process = start(environ, "run", saved(shape("in > a", a=each)), *words)
    server.wait_for(20)
    process.send_signal(signal.SIGINT)
    trace = build_trace(assert_stopped(process, record))
    assert {node.status for node in trace.nodes.values()} <= {"cancelled", "skipped"}
    assert len(server.log) == 20


async def test_before_the_sdk_is_there_it_does_not_wait_for_it(begin, server):
    process, record = begin()
    await until(record.exists)
    process.send_signal(signal.SIGINT)
    assert_stopped(process, record)
    assert server.log == ()


def test_on_a_terminal_the_key_does_the_same(begin, server):
    server.script("plain", Hang(after=1))
    with terminal() as (keys, screen):
        process, record = begin(
            stdin=screen, stderr=screen, preexec_fn=lambda: os.login_tty(os.dup(screen))
        )
        os.close(screen)
        reading = threading.Thread(target=read_all, args=(keys,))
        reading.start()
        server.wait_for(3)
        os.write(keys, b"\x03")
        assert_stopped(process, record)
        reading.join()


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    keys, screen = os.openpty()
    yield keys, screen
    os.close(keys)


def read_all(keys: int) -> None:
    """Take what the screen shows, as a terminal does, until nobody writes any more."""
    try:
        while os.read(keys, 65536):
            pass
    except OSError:  # how Linux says that the other side is closed
        return


def test_on_a_terminal_the_result_still_goes_where_stdout_goes(environ, saved):
    file = saved(shape("in > a"))
    with terminal() as (keys, screen):
        process = start(environ, "run", file, "--model", "test", stdin=screen, stderr=screen)
        os.close(screen)
        reading = threading.Thread(target=read_all, args=(keys,))
        reading.start()
        out, _ = process.communicate(timeout=60)
        reading.join()
    assert out == "A fine answer.\n"


async def test_a_press_before_anybody_listens_is_not_lost():
    with listen_for_ctrl_c() as ctrl_c:
        signal.raise_signal(signal.SIGINT)
        await ctrl_c.wait()


async def test_a_press_wakes_who_listens():
    with listen_for_ctrl_c() as ctrl_c:
        threading.Timer(0.01, os.kill, [os.getpid(), signal.SIGINT]).start()
        await ctrl_c.wait()


def test_who_presses_again_after_a_while_is_let_out(monkeypatch):
    ctrl_c = CtrlC()
    ctrl_c.press(signal.SIGINT, None)
    ctrl_c.press(signal.SIGINT, None)
    later = time.monotonic() + PATIENCE_S + 1
    monkeypatch.setattr("time.monotonic", lambda: later)
    with pytest.raises(KeyboardInterrupt):
        ctrl_c.press(signal.SIGINT, None)
