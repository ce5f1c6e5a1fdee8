"""App: from the start command to the first change after Run, in a real browser.

Runs go to a model server of the test's own on this machine, so that no figure is a model's.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, expect

from tests.bench.browser import open_browser
from tests.bench.table import Row
from tests.model_server import Answer, ModelServer

ROOT = Path(__file__).parents[2]
TIMES = 5
PATIENCE_S = 60.0
LOOK_S = 2.0
"""How long a person looks at a page they have never seen before they press anything."""

WATCH_RUN = """() => {
  const card = document.querySelector('[data-testid="node-optimist"]');
  const button = document.querySelector('[data-testid="run"]');
  window.pressed = null; window.changed = null;
  button.addEventListener("click", () => { window.pressed = performance.now(); }, {capture: true});
  new MutationObserver(() => {
    if (window.changed !== null) return;
    requestAnimationFrame(() => { window.changed = performance.now(); });
  }).observe(card, {attributes: true, attributeFilter: ["data-status"]});
}"""


@dataclass
class Readings:
    """What each start of the app gave; seconds, milliseconds for `first_change`, megabytes."""

    answers: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    next_load: list[float] = field(default_factory=list)
    first_change: list[float] = field(default_factory=list)
    first_run_later: list[float] = field(default_factory=list)
    first_run_at_once: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def measure_app() -> list[Row]:
    """Start the app five times, each time in an empty home, and use it."""
    readings = Readings()
    with ModelServer(default=Answer("A fine answer.")) as server, open_browser() as browser:
        for _ in range(TIMES):
            _measure_once(server, browser, readings)
            _press_at_once(server, browser, readings)
    return [
        Row("start command → server answers", readings.answers, "s", 1.5),
        Row("start command → canvas can be used", readings.usable, "s", 5),
        Row("next page load → canvas can be used", readings.next_load, "s", 3),
        Row("Run pressed → first visible change", readings.first_change, "ms", 100),
        Row(
            f"first Run, {LOOK_S:g} s later, slower than the second by",
            readings.first_run_later,
            "s",
            0.5,
        ),
        Row("first Run, pressed at once, slower by", readings.first_run_at_once, "s"),
        Row("app memory without the model", readings.memory, "MB", 220),
    ]


def _measure_once(server: ModelServer, browser: Browser, readings: Readings) -> None:
    with tempfile.TemporaryDirectory() as home, _tab(browser) as page:
        began = time.perf_counter()
        with _app(Path(home), server.base_url) as (process, url):
            _wait_until_it_answers(url)
            readings.answers.append(time.perf_counter() - began)
            page.goto(url)
            _wait_until_usable(page)
            readings.usable.append(time.perf_counter() - began)
            time.sleep(LOOK_S)
            first = _run_once(page, readings.first_change)
            second = _run_once(page, [])
            readings.first_run_later.append(first - second)
            again = time.perf_counter()
            page.reload()
            _wait_until_usable(page)
            readings.next_load.append(time.perf_counter() - again)
            readings.memory.append(_memory_mb(process.pid))


def _press_at_once(server: ModelServer, browser: Browser, readings: Readings) -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        _tab(browser) as page,
        _app(Path(home), server.base_url) as (_process, url),
    ):
        _wait_until_it_answers(url)
        page.goto(url)
        _wait_until_usable(page)
        first, second = _run_once(page, []), _run_once(page, [])
        readings.first_run_at_once.append(first - second)


@contextmanager
def _tab(browser: Browser) -> Iterator[Page]:
    """Open an empty tab, quiet again before anything is measured: the browser's start is not ours.

    Its cache is empty, as on the first visit of all.
    """
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    try:
        page.goto("about:blank")
        time.sleep(LOOK_S)
        yield page
    finally:
        page.close()


def _run_once(page: Page, first_change: list[float]) -> float:
    """Press Run; return the seconds until the run's last agent is done."""
    page.evaluate(WATCH_RUN)
    began = time.perf_counter()
    page.get_by_test_id("run").click()
    page.wait_for_function("() => window.changed !== null")
    first_change.append(page.evaluate("() => window.changed - window.pressed"))
    last = page.get_by_test_id("node-summary")  # told anew with the first change of all
    expect(last).to_have_attribute("data-status", "finished", timeout=PATIENCE_S * 1000)
    return time.perf_counter() - began


def _wait_until_usable(page: Page) -> None:
    """The canvas can be used once its cards stand and Run may be pressed."""
    page.get_by_test_id("node-optimist").wait_for(timeout=PATIENCE_S * 1000)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=\"run\"]').disabled === false"
    )


def _wait_until_it_answers(url: str) -> None:
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise TimeoutError(f"{url} did not answer within {PATIENCE_S} s.")


@contextmanager
def _app(home: Path, base_url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environ = {
        **os.environ,
        "FANFOLD_HOME": str(home),
        "OPENAI_API_KEY": "test",
        "OPENAI_BASE_URL": base_url,
    }
    process = subprocess.Popen(
        [sys.executable, "fanfold.py", "--no-browser", "--port", "0"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, _address(process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
    raise RuntimeError("The app ended before it was open.")


def _memory_mb(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(each.memory_info().rss for each in family)) / 1e6
