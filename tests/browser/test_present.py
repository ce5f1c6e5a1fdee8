"""Presented, a run stands alone on its page, large, and the arrow keys lead through its stages."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from flows.store.store import open_store
from flows.templates.samples import load_sample
from flows.trace.sample import WRITTEN
from tests.browser.conftest import App, Visit
from tests.browser.hands import card
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape


def stands(page: Page, **statuses: str) -> None:
    for node, status in statuses.items():
        expect(card(page, node)).to_have_attribute("data-status", status)


def test_the_arrow_keys_lead_through_the_stages_of_a_run(
    context: BrowserContext, bare: App
) -> None:
    with open_store(bare.home, {}) as store:
        run_id = store.runs.keep_file(load_sample("three_views"))
    page = context.new_page()
    page.goto(f"{bare.url}/?present={run_id}")
    stands(page, optimist="finished", summary="finished")
    expect(page.get_by_test_id("result")).to_contain_text("two raised beds near a tap")
    expect(page.get_by_role("heading", name=WRITTEN)).to_be_visible()
    for hidden in ("sums", "lanes", "tab-result", "fit", "room-half", "palette-agent"):
        expect(page.get_by_test_id(hidden)).to_be_hidden()
    expect(page.get_by_role("link", name="Connections")).to_have_count(0)

    page.keyboard.press("ArrowRight")
    stands(page, optimist="running", skeptic="running", planner="running", summary="idle")
    page.keyboard.press("ArrowRight")
    stands(page, optimist="finished", skeptic="finished", planner="finished", summary="running")
    page.keyboard.press("ArrowRight")
    stands(page, summary="finished")
    page.keyboard.press("ArrowLeft")
    stands(page, skeptic="finished", summary="running")
    page.keyboard.press("Space")
    stands(page, summary="finished")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sums")).to_be_visible()


def test_a_flow_is_presented_by_its_newest_run_as_it_goes(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("slow", Answer("Shown to all.", gate=gate))
    stored = app.keep(shape("in > a", a={"model": "openai/slow"}))
    page = visit(flow=stored.id)
    page.get_by_test_id("run").click()
    stands(page, a="running")
    shown = visit(present=stored.id)
    stands(shown, a="running")
    gate.open()
    stands(shown, a="finished")
    expect(shown.get_by_test_id("result")).to_contain_text("Shown to all.")


def test_what_never_ran_cannot_be_presented_and_that_is_said(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a"))
    page = visit(present=stored.id)
    expect(page.get_by_text("There is no run to present")).to_be_visible()
