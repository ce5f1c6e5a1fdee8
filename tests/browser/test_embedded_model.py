"""The first minute of somebody without a key: open, press Run, read an answer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from components.opening import opening_template
from flows.models.connections import LOCAL, load_connections, status
from flows.plan.graph import stages_of
from tests.browser.conftest import App, end_app, start_app
from tests.browser.hands import canvas, card

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("home")
    now = status(load_connections(home, {}).get(LOCAL), {})
    if not now.usable:
        pytest.skip(now.sentence)
    running = start_app(home, {})
    yield running
    end_app(running)


@pytest.mark.timeout(300)
def test_the_opening_flow_runs_without_a_key(browser: Browser, keyless: App) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(keyless.url)
    expect(canvas(page)).to_be_visible()
    expect(page.get_by_test_id("run")).to_contain_text("local · demo quality")
    page.get_by_test_id("run").click()
    (last,) = stages_of(opening_template())[-1]
    expect(card(page, last)).to_have_attribute("data-status", "finished", timeout=240_000)
    assert len(page.get_by_test_id("result").inner_text()) > 40
    page.close()
