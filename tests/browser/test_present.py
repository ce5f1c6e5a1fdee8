"""Presented, a run stands alone on its page, large, and the arrow keys lead through its stages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PatienceLost

from flows.store.store import open_store
from flows.templates import list_templates, load_template
from flows.templates.samples import load_sample
from flows.trace.brief import say_brief, say_chain
from flows.trace.causes import say_causes
from flows.trace.fold import build_trace
from flows.trace.sample import WRITTEN
from tests.browser.conftest import App, Visit
from tests.browser.hands import begin_run, card, stands
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape

SIZES = ((1440, 900), (1024, 768))
READABLE_PX = 14
ITEMS = ("apples", "carrots", "walnuts", "onions", "honey")
NAMES = """() => {
    const frame = document.querySelector(".ff-canvas").getBoundingClientRect();
    return [...document.querySelectorAll(".ff-card")].map((card) => {
        const { left, right, top, bottom, width } = card.getBoundingClientRect();
        const name = card.querySelector(".ff-name");
        const px = (parseFloat(getComputedStyle(name).fontSize) * width) / card.offsetWidth;
        const whole = left >= frame.left && right <= frame.right;
        return [card.dataset.id, px, whole && top >= frame.top && bottom <= frame.bottom];
    });
}"""
"""Cards by id, how large their names are seen, and whether they are in sight as a whole."""
ALL_SEEN = f"""([wanted, px]) => {{
    const seen = ({NAMES})();
    return seen.length === wanted && seen.every(([, large, whole]) => whole && large >= px);
}}"""
"""Whether so many cards are in sight, each as a whole, their names at least so large."""
HALF = """() => {
    const frame = document.querySelector(".ff-canvas").getBoundingClientRect();
    return [...document.querySelectorAll(".ff-card")].filter((card) => {
        const { left, right, top, bottom } = card.getBoundingClientRect();
        const across = left < frame.right && right > frame.left;
        const whole = left >= frame.left && right <= frame.right;
        const high = top < frame.bottom && bottom > frame.top;
        return across && high && !(whole && top >= frame.top && bottom <= frame.bottom);
    }).map((card) => card.dataset.id);
}"""
"""The cards of which only a part is in sight."""
BROKEN = """() => [...document.querySelectorAll(".ff-card .ff-name")].flatMap((name) => {
    const words = [...name.textContent.matchAll(/[^\\s-]+/g)];
    const range = document.createRange();
    return words.filter(({ index, 0: word }) => {
        range.setStart(name.firstChild, index);
        range.setEnd(name.firstChild, index + word.length);
        return range.getClientRects().length > 1;
    }).map(([word]) => word);
})"""
"""The words in the names of cards that go on in another line."""
LARGE = f"""(wanted) => {{
    const px = wanted.at(-1);
    const large = ({NAMES})().filter(([, seen, whole]) => whole && seen >= px).map(([id]) => id);
    return wanted.slice(0, -1).every((id) => large.includes(id));
}}"""
"""Whether these cards are in sight as a whole, their names as large as the number at the end."""


STILL = """() => new Promise((done) => {
    const place = () => JSON.stringify(document.querySelector(".ff-card").getBoundingClientRect());
    const before = place();
    let frames = 20;
    const look = () => {
        if (place() !== before) return done(false);
        return frames-- ? requestAnimationFrame(look) : done(true);
    };
    look();
})"""


def names_seen(page: Page) -> list[tuple[str, float, bool]]:
    return [(str(node), float(px), bool(whole)) for node, px, whole in page.evaluate(NAMES)]


def sees_all(page: Page, *, cards: int) -> None:
    """Wait until the camera has come to rest on all of them, each large enough to be read."""
    try:
        page.wait_for_function(ALL_SEEN, arg=[cards, READABLE_PX])
    except PatienceLost:
        pytest.fail(f"Of {cards} cards these are seen (id, pixels, whole): {names_seen(page)}")


def rests(page: Page) -> None:
    """Wait until the cards have stood still for a while of frames."""
    page.wait_for_function(STILL)


def sees_none_by_half(page: Page) -> None:
    try:
        page.wait_for_function(f"() => !({HALF})().length")
    except PatienceLost:
        pytest.fail(f"Cut off: {page.evaluate(HALF)}")


def says_step(page: Page, words: str) -> None:
    expect(page.get_by_test_id("present-step")).to_have_text(words)


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sums")).to_be_visible()


def present_sample(context: BrowserContext, app: App, name: str, *, steps: int = 3) -> Page:
    with open_store(app.home, {}) as store:
        run_id = store.runs.keep_file(load_sample(name))
    page = context.new_page()
    page.goto(f"{app.url}/?present={run_id}")
    says_step(page, f"1 of {steps} · The flow")
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
    expect(page.locator(".ff-band[data-told]")).to_have_count(1)
    expect(page.get_by_text("A school garden brings food")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    says_step(page, "3 of 3 · Result")
    expect(page.locator(".ff-band[data-told]")).to_have_count(0)
    stands(page, summary="finished")
    expect(page.get_by_text("A school garden brings food")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    stands(page, skeptic="finished", summary="idle")
    page.keyboard.press("Space")
    stands(page, summary="running")
    stands(page, summary="finished")
    says_step(page, "3 of 3 · Result")
    leave(page)


def test_the_keys_of_a_remote_lead_on_and_back_and_end_and_home_to_the_ends(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    steps = (
        ("PageDown", "2 of 3 · Stage 1"),
        ("End", "3 of 3 · Result"),
        ("PageUp", "2 of 3 · Stage 1"),
        ("Home", "1 of 3 · The flow"),
    )
    for key, said in steps:
        page.keyboard.press(key)
        says_step(page, said)


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


def test_who_leaves_without_playing_finds_the_run_at_its_end(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    leave(page)
    stands(page, optimist="finished", summary="finished")
    expect(page.get_by_test_id("replay-play")).to_be_hidden()
    expect(page.get_by_test_id("replay")).to_be_visible()


def test_who_leaves_at_a_stage_that_was_played_finds_the_run_at_its_end(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    page.keyboard.press("Space")
    stands(page, optimist="running", summary="idle")
    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 3 · Stage 1")
    leave(page)
    stands(page, optimist="finished", summary="finished")
    expect(page.get_by_test_id("replay-play")).to_be_hidden()


def test_who_leaves_finds_what_had_begun_before_its_stage_was_shown(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "incident_response", steps=4)
    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 4 · Stage 1")
    stands(page, impact="finished", note="idle")
    leave(page)
    stands(page, impact="finished", note="finished", review="finished")


def test_a_replay_that_was_left_to_present_the_run_stands_at_its_end_too(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    leave(page)
    page.get_by_test_id("replay").click()
    stands(page, optimist="running", summary="idle")
    page.get_by_role("link", name="Present").click()
    says_step(page, "1 of 3 · The flow")
    stands(page, optimist="idle", summary="idle")
    leave(page)
    stands(page, skeptic="finished", summary="finished")
    expect(page.get_by_test_id("player")).not_to_contain_text("8.3 s")


def test_at_the_end_it_is_said_what_the_run_took_and_what_held_it_up_and_no_speed_claimed(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    said = page.get_by_test_id("present-sums")
    expect(said).to_have_text("")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    says_step(page, "3 of 3 · Result")
    trace = build_trace(load_sample("three_views"))
    expect(said).to_have_text(f"{say_brief(trace)}. {say_causes(trace)}")
    expect(said).to_contain_text("4 agents, up to 3 at once · ")
    expect(said).to_contain_text(WRITTEN)
    expect(page.get_by_text("faster")).to_have_count(0)


def test_the_lanes_take_the_place_of_the_results_to_be_looked_at_alone(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    timing, result = page.get_by_test_id("present-timing"), page.get_by_test_id("result")
    page.keyboard.press("ArrowRight")
    timing.click()
    expect(timing).to_have_attribute("aria-pressed", "true")
    expect(result).to_be_hidden()
    lane = page.get_by_test_id("lane-optimist")
    expect(lane).to_have_attribute("data-status", "finished")
    for hidden in ("sums", "player", "zoom-lanes-in", "filter-lanes", "room-half"):
        expect(page.get_by_test_id(hidden)).to_be_hidden()
    box = lane.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 10, box["y"] + 10)
    expect(page.get_by_test_id("run-detail")).to_be_hidden()
    page.keyboard.press("Space")  # it goes on by the keys, though the button was pressed
    expect(page.get_by_test_id("lane-summary")).to_have_attribute("data-status", "running")
    timing.click()
    expect(result).to_be_visible()
    expect(lane).to_be_hidden()


def test_the_speed_of_what_is_played_is_chosen_where_it_is_presented(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    speed = page.get_by_test_id("presenter").get_by_test_id("replay-speed")
    expect(speed.locator("option")).to_have_text(["0.5×", "1×", "4×", "instant"])
    speed.select_option("instant")
    page.get_by_test_id("present-play").click()
    says_step(page, "3 of 3 · Result")
    stands(page, optimist="finished", summary="finished")


def test_each_step_is_read_from_its_beginning(context: BrowserContext, bare: App) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 900, "height": 600})
    with open_store(bare.home, {}) as store:
        run_id = store.runs.keep_file(load_sample("contract_review"))
    page.goto(f"{bare.url}/?present={run_id}")
    says_step(page, "1 of 3 · The flow")
    result = page.get_by_test_id("result")
    result.evaluate("each => (each.scrollTop = 40)")
    for step in ("2 of 3 · Stage 1", "3 of 3 · Result"):
        page.keyboard.press("ArrowRight")
        says_step(page, step)
        expect(result).to_have_js_property("scrollTop", 0)


def test_the_steps_of_a_run_over_items_show_without_a_mistake(
    context: BrowserContext, bare: App
) -> None:
    mistakes: list[str] = []
    context.on("weberror", lambda error: mistakes.append(str(error.error)))
    page = present_sample(context, bare, "dynamic_parallel")
    page.keyboard.press("ArrowRight")
    stands(page, describe="finished", intro="idle")
    page.keyboard.press("ArrowLeft")
    says_step(page, "1 of 3 · The flow")
    stands(page, describe="idle")
    assert mistakes == []


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
    says_step(page, "1 of 3 · The flow")
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    heads = page.locator(".ff-band-head")
    expect(heads.first).to_have_text(re.compile(r"^Stage 1 · \d agents?$"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    says_step(page, "3 of 3 · Result")
    expect(page.get_by_test_id("result")).to_contain_text("Before we sign")
    rests(page)
    shown = page.get_by_test_id("result").inner_text()
    scale = page.locator(".ff-card").first.bounding_box()
    for part in (0.2, 0.5, 0.8):
        page.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -400)
    expect(page.get_by_test_id("run-detail")).to_be_hidden()
    expect(page.get_by_test_id("result")).to_have_text(shown, use_inner_text=True)
    assert page.locator(".ff-card").first.bounding_box() == scale


@pytest.mark.parametrize("size", SIZES)
def test_the_names_of_every_template_can_be_read_from_afar_and_all_cards_are_in_sight(
    context: BrowserContext, bare: App, size: tuple[int, int]
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for template in list_templates():
        with open_store(bare.home, {}) as store:
            run_id = store.runs.keep_file(load_sample(template.name))
        page.goto(f"{bare.url}/?present={run_id}")
        expect(page.get_by_test_id("present-step")).to_have_text(re.compile("^1 of"))
        sees_all(page, cards=len(load_template(template.name).nodes))


def test_no_name_breaks_within_a_word_where_the_times_take_room_from_the_cards(
    context: BrowserContext, bare: App
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 1024, "height": 768})
    for template in list_templates():
        with open_store(bare.home, {}) as store:
            run_id = store.runs.keep_file(load_sample(template.name))
        page.goto(f"{bare.url}/?present={run_id}")
        expect(page.get_by_test_id("present-step")).to_have_text(re.compile("^1 of"))
        page.get_by_test_id("present-timing").click()
        expect(page.get_by_test_id("result")).to_be_hidden()
        sees_all(page, cards=len(load_template(template.name).nodes))
        assert page.evaluate(BROKEN) == [], template.name


@pytest.mark.parametrize("size", SIZES)
def test_the_camera_shows_no_card_by_half_at_any_step(
    context: BrowserContext, bare: App, size: tuple[int, int]
) -> None:
    page = present_sample(context, bare, "expert_panel")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    sees_all(page, cards=7)
    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 3 · Stage 1")
    stands(page, economist="finished")
    sees_none_by_half(page)
    assert {node for node, _, whole in names_seen(page) if whole} >= {"question", "historian"}


@pytest.mark.parametrize("size", SIZES)
def test_of_a_long_flow_the_stage_that_is_told_is_seen_large_with_its_neighbours(
    visit: Visit, app: App, size: tuple[int, int]
) -> None:
    stored = app.keep(shape("in > a > b > c > d > e > f"))
    page = begin_run(visit, stored)
    stands(page, f="finished")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{app.url}/?present={stored.id}")
    says_step(page, "1 of 7 · The flow")
    sees_all(page, cards=7)
    for around in ("in a b", "a b c", "b c d", "c d e", "d e f"):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(LARGE, arg=[*around.split(), 16])
        sees_none_by_half(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(LARGE, arg=["in", *"abcdef", READABLE_PX])


def test_a_high_flow_stands_beside_its_answers_and_has_its_steps_under_both(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "rate_limited")
    canvas = page.get_by_test_id("canvas").bounding_box()
    result = page.get_by_test_id("result").bounding_box()
    steps = page.get_by_test_id("presenter").bounding_box()
    assert canvas
    assert result
    assert steps
    assert canvas["x"] + canvas["width"] <= result["x"]
    assert abs(canvas["y"] - result["y"]) < 5
    assert steps["y"] >= canvas["y"] + canvas["height"]
    assert steps["width"] > canvas["width"] + result["width"]


def test_where_an_answer_is_cut_off_it_is_said_that_more_follows_and_a_key_leads_there(
    context: BrowserContext, bare: App
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 900, "height": 600})
    with open_store(bare.home, {}) as store:
        run_id = store.runs.keep_file(load_sample("contract_review"))
    page.goto(f"{bare.url}/?present={run_id}")
    says_step(page, "1 of 3 · The flow")
    page.keyboard.press("ArrowRight")
    result = page.get_by_test_id("result")
    expect(result).to_have_attribute("data-more", "")
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    expect(result).not_to_have_attribute("data-more", "")
    assert result.evaluate("it => it.scrollTop + it.clientHeight >= it.scrollHeight - 2")
    page.keyboard.press("ArrowUp")
    expect(result).to_have_attribute("data-more", "")


def test_the_picture_of_the_times_says_what_it_shows_and_names_the_longest_chain(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "rate_limited")
    page.get_by_test_id("present-timing").click()
    key = page.locator(".ff-timing-key")
    expect(key.get_by_text("longest chain")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for sign in ("at work", "waited to try again", "waited for a free place", "longest chain"):
        expect(key.get_by_text(sign, exact=True)).to_be_visible()
    expect(key.get_by_text("waited for its stage")).to_be_hidden()
    chain = say_chain(build_trace(load_sample("rate_limited")))
    expect(page.get_by_test_id("present-chain")).to_have_text(chain)
    expect(page.get_by_test_id("lane-cairo")).to_have_attribute("data-critical", "")


def test_the_longest_chain_is_drawn_through_the_times_that_are_presented(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "three_views")
    page.get_by_test_id("present-timing").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ff-path")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ff-path")).to_have_count(1)
    expect(page.locator(".ff-path")).to_be_visible()


def test_a_card_says_that_its_agent_was_tried_again_and_that_one_of_its_items_was(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "rate_limited")
    page.keyboard.press("ArrowRight")
    expect(card(page, "cairo")).to_contain_text("done, try 2")
    expect(card(page, "paris")).not_to_contain_text("try")
    page = present_sample(context, bare, "dynamic_parallel")
    page.keyboard.press("ArrowRight")
    expect(card(page, "describe")).to_contain_text("done, try 2")


def test_each_result_of_an_item_stands_beside_its_item(context: BrowserContext, bare: App) -> None:
    page = present_sample(context, bare, "dynamic_parallel")
    page.keyboard.press("ArrowRight")
    told = page.get_by_test_id("result").locator("p:visible")
    expect(told).to_have_text([re.compile(f"^{item} · [A-Z]") for item in ITEMS])
    expect(told.first).to_have_text(re.compile("^apples · Crisp apples"))


def test_a_list_in_an_answer_of_an_item_is_not_numbered_once_more(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("lister", Answer("1. Plant\n2. Water"))
    each = {"model": "openai/lister", "for_each": {"items": ["tomatoes"]}}
    stored = app.keep(shape("in > a", a=each))
    page = begin_run(visit, stored)
    stands(page, a="finished")
    page.goto(f"{app.url}/?present={stored.id}")
    says_step(page, "1 of 2 · The flow")
    page.keyboard.press("ArrowRight")
    result = page.get_by_test_id("result")
    expect(result.locator("b:visible")).to_have_text("tomatoes")
    expect(result.locator("li:visible")).to_have_text(["Plant", "Water"])


def test_an_answer_with_fields_is_told_in_words(context: BrowserContext, bare: App) -> None:
    page = present_sample(context, bare, "research_report", steps=4)
    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 4 · Stage 1")
    result = page.get_by_test_id("result")
    expect(result.locator("b:visible")).to_have_text("questions")
    expect(result.locator("li:visible")).to_have_count(3)
    expect(result).not_to_contain_text("{")


def test_a_join_shows_no_placeholders_to_who_looks_on(context: BrowserContext, bare: App) -> None:
    page = present_sample(context, bare, "task_group", steps=2)
    expect(card(page, "leaflet").locator(".ff-name")).to_be_visible()
    expect(card(page, "leaflet").locator(".ff-preview")).to_be_hidden()
    expect(card(page, "place").locator(".ff-preview")).to_be_visible()


def test_what_was_stopped_says_why_and_that_its_text_is_not_finished(
    context: BrowserContext, bare: App
) -> None:
    page = present_sample(context, bare, "expert_panel")
    page.keyboard.press("ArrowRight")
    says_step(page, "2 of 3 · Stage 1")
    enough = "stopped: the first 3 answers were enough"
    titles = page.get_by_test_id("result").locator(".ff-answer-title:visible")
    panel = ["Economist", "Psychologist", "Engineer"]
    stopped = [f"Lawyer · not finished, {enough}", f"Historian · {enough}"]
    expect(titles).to_have_text([*panel, *stopped])
    expect(card(page, "historian")).to_contain_text("stopped")


def test_keys_that_come_before_the_run_can_be_stepped_through_are_not_lost(
    context: BrowserContext, bare: App
) -> None:
    with open_store(bare.home, {}) as store:
        run_id = store.runs.keep_file(load_sample("three_views"))
    page = context.new_page()
    early = 'addEventListener("DOMContentLoaded", () => ["x", "ArrowRight", "ArrowRight"].forEach('
    press = (
        '(key) => document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}))'
    )
    page.add_init_script(f"{early}{press}))")
    page.goto(f"{bare.url}/?present={run_id}")
    says_step(page, "3 of 3 · Result")


def test_a_flow_is_presented_by_its_newest_run_as_it_goes(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("slow", Answer("Shown to all.", gate=gate))
    stored = app.keep(shape("in > a", a={"model": "openai/slow"}))
    page = begin_run(visit, stored)
    stands(page, a="running")
    shown = visit(present=stored.id)
    stands(shown, a="running")
    says_step(shown, "As it goes")
    gate.open()
    stands(shown, a="finished")
    says_step(shown, "2 of 2 · Result")
    expect(shown.get_by_test_id("result")).to_contain_text("Shown to all.")


def test_build_leads_to_a_flow_as_drawn_and_then_to_its_run_as_it_goes(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("slow", Answer("Shown to all.", gate=gate))
    flow = shape("in > a", a={"model": "openai/slow"}, **{"in": {"example": "Good morning"}})
    stored = app.keep(flow)
    shown = visit(flow=stored.id)
    shown.get_by_role("button", name="Present").click()
    shown.wait_for_url(f"**present={stored.id}")
    expect(shown.get_by_test_id("result")).to_contain_text("Good morning")
    expect(shown.get_by_test_id("palette-agent")).to_be_hidden()
    expect(shown.get_by_test_id("presenter")).to_be_hidden()
    begin_run(visit, stored)
    stands(shown, a="running")
    gate.open()
    says_step(shown, "2 of 2 · Result")
    shown.keyboard.press("Escape")
    expect(shown.locator("[data-testid=palette-agent]:visible")).to_have_count(1)


def test_what_is_not_there_cannot_be_presented_and_that_is_said(visit: Visit) -> None:
    page = visit(present="nobody")
    expect(page.get_by_text("There is no run to present")).to_be_visible()
