"""A file from the desktop is dropped on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flows.document.files import write_flow
from flows.store.store import open_store
from tests.browser.conftest import App, Visit
from tests.browser.files import at_rest, drop_file, keep_given, opener
from tests.browser.hands import canvas, card
from tests.shapes import shape

pytestmark = pytest.mark.browser

DROPPED = shape("in > dropped")


@pytest.fixture
def page(visit: Visit, app: App) -> Page:
    opened = visit(flow=app.keep(shape("in > a > b")).id)
    canvas(opened)
    return opened


def test_a_flow_dropped_on_the_canvas_is_looked_at_and_kept_with_one_press(
    page: Page, tmp_path: Path
):
    file = tmp_path / "dropped.json"
    file.write_text(write_flow(DROPPED), "utf-8")
    drop_file(page, canvas(page), file)
    expect(page.get_by_alt_text("Picture of")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    keep_given(page)
    expect(card(page, "dropped")).to_be_visible()
    expect(page.get_by_text("from the file “dropped.json”")).to_be_visible()


def test_what_is_dropped_and_is_no_flow_is_answered_and_the_next_drop_is_taken(
    page: Page, tmp_path: Path
):
    wrong, right = tmp_path / "wrong.json", tmp_path / "right.json"
    wrong.write_text('{"fanfold": 1, "name": NaN}', "utf-8")
    right.write_text(write_flow(DROPPED), "utf-8")
    before = page.url
    drop_file(page, canvas(page), wrong)
    expect(page.get_by_role("dialog")).to_contain_text("NaN is not JSON")
    assert page.url == before
    drop_file(page, page.get_by_role("dialog"), right)
    keep_given(page)
    expect(card(page, "dropped")).to_be_visible()


def test_streamlits_own_place_for_files_takes_a_drop_once(page: Page, app: App, tmp_path: Path):
    file = tmp_path / "once.json"
    once = DROPPED.model_copy(update={"name": "Dropped once"})
    file.write_text(write_flow(once), "utf-8")
    opener(page).click()
    drop_file(page, at_rest(page).get_by_test_id("stFileUploaderDropzone"), file)
    keep_given(page)
    expect(card(page, "dropped")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    at_rest(page)
    with open_store(app.home, {}) as store:
        assert [row.name for row in store.flows.list() if "once" in row.name] == ["Dropped once"]
