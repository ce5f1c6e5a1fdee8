"""After a failed run the failed node says why and what to do, and nothing shows a run before."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Visit
from tests.browser.hands import begin_run, card, choose, field
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape

LOCKED = Refuse(401, "Incorrect API key provided.", "invalid_api_key")


def statuses(page: Page, **expected: str) -> None:
    """Wait until these cards look so."""
    for node, status in expected.items():
        expect(card(page, node)).to_have_attribute("data-status", status)


def test_a_failed_node_leads_to_its_form_and_runs_again(
    visit: Visit, app: App, models: ModelServer
):
    models.script("sometimes", [LOCKED, Answer("At last.")])
    page = begin_run(visit, app.keep(shape("in > a", a={"model": "openai/sometimes"})))
    statuses(page, a="failed")
    expect(card(page, "a").locator("[data-said]")).to_have_text(re.compile(r"^The connection"))
    choose(page, "a")
    told = page.get_by_test_id("run-detail")
    expect(told).to_contain_text("OPENAI_API_KEY")
    expect(page.get_by_test_id("open-failed")).to_be_in_viewport()
    page.get_by_test_id("open-failed").click()
    expect(field(page, "a", "name")).to_be_focused()
    page.get_by_test_id("run-again").click()
    statuses(page, a="finished")
    expect(page.get_by_test_id("open-failed")).to_be_hidden()
    expect(page.get_by_test_id("result")).to_contain_text("At last.")


def test_a_node_that_did_not_fail_is_not_told_to_be_mended(visit: Visit, app: App):
    page = begin_run(visit, app.keep(shape("in > a")))
    statuses(page, a="finished")
    choose(page, "a")
    page.get_by_test_id("tab-detail").click()
    expect(page.get_by_test_id("run-detail")).to_contain_text("finished")
    expect(page.get_by_test_id("run-again")).to_be_hidden()


def test_nothing_is_green_from_the_run_before(visit: Visit, app: App, models: ModelServer):
    models.script("turning", [Answer("Well."), LOCKED])
    page = begin_run(visit, app.keep(shape("in > a > b > c", a={"model": "openai/turning"})))
    statuses(page, a="finished", b="finished", c="finished")
    page.get_by_test_id("run").click()
    statuses(page, a="failed")
    expect(page.get_by_test_id("run")).to_be_enabled()
    after = [card(page, node).get_attribute("data-status") for node in ("b", "c")]
    assert "finished" not in after
    expect(page.get_by_test_id("result").get_by_text("Well.")).to_be_hidden()
    page.reload()
    statuses(page, a="failed", b=str(after[0]), c=str(after[1]))
