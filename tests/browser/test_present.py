"""Presented, a run stands alone on its page, large, and the arrow keys lead through its stages."""

from __future__ import annotations

import re

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


def says_step(page: Page, words: str) -> None:
    expect(page.get_by_test_id("present-step")).to_have_text(words)


def present_sample(context: BrowserContext, app: App, name: str) -> Page:
    with open_store(app.home, {}) as store:
        run_id = store.runs.keep_file(load_sample(name))
    page = context.new_page()
    page.goto(f"{app.url}/?present={run_id}")
    says_step(page, "1 of 3 · The flow")
    return page


def test_the_arrow_keys_lead_through_whole_stages_of_a_run(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    stands(page, optimist="idle", summary="idle")
    result = page.get_by_test_id("result")
    start = load_sample("three_views")[0].event
    expect(result).to_contain_text(start.flow["description"])
    expect(result).to_contain_text(next(iter(start.inputs.values())))
    expect(page.get_by_role("heading", name=WRITTEN)).to_be_visible()
    for hidden in ("sums", "lanes", "tab-result", "fit", "room-half", "palette-agent"):
        expect(page.get_by_test_id(hidden)).to_be_hidden()
    expect(page.get_by_role("link", name="Connections")).to_have_count(0)

    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 3 · Stage 1")
    stands(page, optimist="finished", skeptic="finished", planner="finished", summary="idle")
    expect(result.locator(".ff-answer-title:visible")).to_have_text(
        ["Optimist", "Skeptic", "Planner"]
    )
    expect(page.get_by_text("A school garden brings food")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    says_step(page, "3 of 3 · Result")
    stands(page, summary="finished")
    expect(page.get_by_text("A school garden brings food")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    stands(page, skeptic="finished", summary="idle")
    page.keyboard.press("Space")
    stands(page, summary="running")
    stands(page, summary="finished")
    says_step(page, "3 of 3 · Result")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sums")).to_be_visible()


def test_buttons_in_sight_lead_back_and_on_and_play_the_run(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    back, on = page.get_by_test_id("present-previous"), page.get_by_test_id("present-next")
    expect(back).to_be_disabled()
    on.click()
    says_step(page, "2 of 3 · Stage 1")
    on.click()
    says_step(page, "3 of 3 · Result")
    expect(on).to_be_disabled()
    back.click()
    back.click()
    says_step(page, "1 of 3 · The flow")
    page.get_by_test_id("present-play").click()
    says_step(page, "2 of 3 · playing")
    stands(page, optimist="running", summary="idle")
    page.get_by_test_id("present-play").click()
    says_step(page, "2 of 3 · Stage 1")
    on.click()
    stands(page, optimist="finished", planner="finished", summary="idle")


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sums")).to_be_visible()


def test_who_leaves_without_playing_finds_the_run_at_its_end(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    leave(page)
    stands(page, optimist="finished", summary="finished")
    expect(page.get_by_test_id("replay-play")).to_be_hidden()
    expect(page.get_by_test_id("replay")).to_be_visible()


def test_who_leaves_a_presentation_that_was_played_finds_its_moment(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    page.keyboard.press("Space")
    stands(page, optimist="running", summary="idle")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("present-play")).to_have_accessible_name(re.compile("^Play"))
    leave(page)
    stands(page, optimist="running", summary="idle")
    expect(page.get_by_test_id("replay-play")).to_have_accessible_name("Play")


def test_a_replay_stands_after_a_presentation_where_it_stood_before(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    leave(page)
    page.get_by_test_id("replay").click()
    page.get_by_test_id("replay-play").click()
    page.get_by_test_id("replay-at").fill("6.5")
    stands(page, skeptic="finished", summary="running")
    page.get_by_role("link", name="Present").click()
    says_step(page, "1 of 3 · The flow")
    stands(page, optimist="idle", summary="idle")
    leave(page)
    expect(page.get_by_test_id("replay-clock")).to_have_text("6.5 / 8.3 s")
    stands(page, skeptic="finished", summary="running")


def test_a_stage_that_took_no_time_has_its_step_too(context: BrowserContext, bare: App) -> None:
    with open_store(bare.home, {}) as store:
        run_id = store.runs.keep_file(load_sample("support_triage"))
    page = context.new_page()
    page.goto(f"{bare.url}/?present={run_id}")
    says_step(page, "1 of 4 · The flow")
    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 4 · Stage 1")
    expect(page.get_by_test_id("result")).to_contain_text("→ billing, technical")
    stands(page, triage="finished", billing="idle", technical="idle")


def test_cards_shown_to_a_room_tell_no_tokens_and_fill_their_page(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    page.keyboard.press("ArrowRight")
    expect(card(page, "optimist").locator(".ff-figures")).to_have_text("3.3 s")
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(page.locator(".ff-cards")).to_have_attribute("style", re.compile(r"scale\(1\.[1-9]"))


def test_who_looks_on_can_press_anywhere_and_sees_no_internals(
    context: BrowserContext, bare: App
) -> None:
    with open_store(bare.home, {}) as store:
        run_id = store.runs.keep_file(load_sample("contract_review"))
    page = context.new_page()
    page.goto(f"{bare.url}/runs?run={run_id}")
    page.get_by_test_id("lanes").locator(".ff-lane").first.click()
    page.get_by_role("link", name="Present").click()
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    says_step(page, "1 of 3 · The flow")
    heads = page.locator(".ff-band-head")
    expect(heads.first).to_have_text(re.compile(r"^Stage 1 · \d agents?$"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    says_step(page, "3 of 3 · Result")
    shown = page.get_by_test_id("result").inner_text()
    scale = page.locator(".ff-card").first.bounding_box()
    for part in (0.2, 0.5, 0.8):
        page.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -400)
    expect(page.get_by_test_id("run-detail")).to_be_hidden()
    expect(page.get_by_test_id("result")).to_have_text(shown, use_inner_text=True)
    assert page.locator(".ff-card").first.bounding_box() == scale


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
    says_step(shown, "As it goes")
    gate.open()
    stands(shown, a="finished")
    says_step(shown, "2 of 2 · Result")
    expect(shown.get_by_test_id("result")).to_contain_text("Shown to all.")


def test_what_never_ran_cannot_be_presented_and_that_is_said(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a"))
    page = visit(present=stored.id)
    expect(page.get_by_text("There is no run to present")).to_be_visible()
