"""The server goes away under an open page, and comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, end_app, start_app
from tests.browser.hands import all_cards, canvas, card, choose, drop_agent, field, stands
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape


class Server:
    """An app that can be ended, killed and started again at the same address."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self._home, self._environ = home, environ
        self.app = start_app(home, environ)

    def end(self) -> None:
        """End it as Ctrl-C does."""
        end_app(self.app)

    def kill(self) -> None:
        """End it as a crash does."""
        self.app.process.kill()
        self.app.process.communicate()

    def start(self) -> None:
        """Start it again where it was."""
        self.app = start_app(self._home, self._environ, port=self.app.url.rpartition(":")[2])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path, {})
    yield running
    end_app(running.app)


def test_a_page_whose_server_has_ended_says_so_itself_and_goes_on_with_the_next(
    server: Server, context: BrowserContext
) -> None:
    page = _open(context, server.app)
    server.end()
    page.get_by_test_id("stDialog").wait_for(state="attached")  # Streamlit's own words
    expect(page.get_by_test_id("stDialog")).to_be_hidden()
    assert "Start it again (python3 fanfold.py)" in _told(page)
    with page.expect_navigation():  # it loads itself anew
        server.start()
    canvas(page)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-connection-state", "CONNECTED"
    )
    new = drop_agent(page, 500, 560)
    assert _told(page) == "none"
    expect(field(page, new, "name")).to_have_value("Agent")
    choose(page, "a")


def test_a_run_that_its_server_took_along_is_told_by_the_next_one(
    models: ModelServer, tmp_path: Path, context: BrowserContext
) -> None:
    gate = Gate()
    models.script("held", Answer("Never said.", gate=gate))
    environ = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": models.base_url}
    server = Server(tmp_path, {**environ, "OPENAI_DEFAULT_MODEL": "held"})
    try:
        page = _open(context, server.app)
        page.get_by_test_id("run").click()
        stands(page, a="running")
        server.end()
        gate.open()
        server.start()
        stands(page, a="cancelled")
        expect(page.get_by_test_id("run")).to_be_enabled()
    finally:
        end_app(server.app)


def test_what_was_acknowledged_before_a_crash_is_there_after_it(
    server: Server, context: BrowserContext
) -> None:
    page = _open(context, server.app)
    drawn = [drop_agent(page, 420, y) for y in (420, 560)]
    expect(canvas(page)).to_have_attribute("data-rev", "3")
    card(page, drawn[1]).press("ArrowDown")
    expect(canvas(page)).to_have_attribute("data-rev", "4")
    server.kill()
    server.start()
    page.reload()
    expect(all_cards(page)).to_have_count(4)
    page.get_by_test_id("undo").click()
    page.get_by_test_id("undo").click()
    expect(card(page, drawn[1])).to_have_count(0)


def _open(context: BrowserContext, app: App) -> Page:
    stored = app.keep(shape("in > a"))
    page = context.new_page()
    page.goto(f"{app.url}/?flow={stored.id}")
    canvas(page)
    return page


def _told(page: Page) -> str:
    """What the page itself says over everything, `none` where it says nothing."""
    told: str = page.get_by_test_id("stApp").evaluate(
        "app => getComputedStyle(app, '::after').content"
    )
    return told
