"""A recorded run plays again, on canvas and lanes alike, without a model, a key or a network."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from flows.ids import NodeKey
from flows.run.steps import say_steps
from flows.run.story import tell_story
from flows.templates.samples import load_sample, sample_file
from flows.trace.events import encode_record
from flows.trace.fold import build_trace
from flows.trace.sample import WRITTEN
from tests.browser.conftest import App, Visit
from tests.browser.files import at_rest, give_file
from tests.browser.hands import card, stands
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape

LABEL = WRITTEN.capitalize()


def play_sample(context: BrowserContext, app: App, name: str) -> Page:
    """Press "Play the sample" on the page of templates."""
    page = context.new_page()
    page.goto(f"{app.url}/templates")
    page.locator(f".st-key-play-{name} button:visible").click()
    expect(page.get_by_test_id("replay-play")).to_have_accessible_name("Pause")
    return page


def pause(page: Page) -> None:
    page.get_by_test_id("replay-play").click()
    expect(page.get_by_test_id("replay-play")).to_have_accessible_name("Play")


def scrub(page: Page, at: float) -> None:
    page.get_by_test_id("replay-at").fill(str(at))


def shows(page: Page, name: str, at: float) -> None:
    """Wait until cards and lanes stand as the records up to this moment say."""
    records = load_sample(name)
    start = records[0].at
    then = build_trace([each for each in records if each.at - start < at + 1e-6])
    for key, node in build_trace(records).nodes.items():
        told = then.nodes.get(key)
        status = told.status if told else "idle"
        if "[" not in key:
            expect(card(page, key)).to_have_attribute("data-status", status)
            expect(page.get_by_test_id(f"lane-{key}")).to_have_attribute("data-status", status)
        if told and told.text and node.status == "finished" and status == "running":
            page.get_by_test_id(f"lane-{key}").click()
            expect(page.get_by_test_id("run-detail")).to_contain_text(
                told.text.removeprefix("1. ").split("\n")[0]
            )
            expect(page.get_by_test_id("run-detail")).not_to_contain_text(node.text[-20:])


def test_a_sample_plays_to_its_end_where_no_model_can_be_asked(
    context: BrowserContext, bare: App
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page = play_sample(context, bare, "three_views")
    expect(page.get_by_test_id("player-note")).to_have_text(LABEL)
    stands(page, optimist="running")
    page.get_by_test_id("replay-speed").select_option("4×")
    stands(page, summary="running")
    stands(page, summary="finished")
    expect(page.get_by_test_id("result")).to_contain_text("two raised beds near a tap")
    expect(page.get_by_test_id("replay-clock")).to_have_text("8.3 / 8.3 s")
    expect(page.get_by_test_id("replay-play")).to_have_accessible_name("Play")
    assert set(asked) - {""} == {urlsplit(bare.url).netloc}  # pictures of the page itself have none


def test_why_it_took_so_long_is_read_before_it_was_played_to_its_end(
    context: BrowserContext, bare: App
) -> None:
    page = play_sample(context, bare, "rate_limited")
    why = page.get_by_test_id("run-why")
    expect(why).to_contain_text("Sydney and 3 others waited for their turn")
    expect(page.get_by_test_id("replay-play")).to_have_accessible_name("Pause")


def test_a_scrub_shows_every_moment_as_it_was_back_and_forth(
    context: BrowserContext, bare: App
) -> None:
    page = play_sample(context, bare, "rate_limited")
    pause(page)
    for at in (3.0, 1.0, 5.5, 0.0, 6.6):
        scrub(page, at)
        shows(page, "rate_limited", at)


def test_instant_is_there_at_once_and_play_begins_anew(context: BrowserContext, bare: App) -> None:
    page = play_sample(context, bare, "task_group")
    page.get_by_test_id("replay-speed").select_option("instant")
    expect(page.get_by_test_id("replay-clock")).to_have_text("3.6 / 3.6 s")
    shows(page, "task_group", 3.6)
    expect(page.get_by_test_id("result")).to_contain_text("The engine is overloaded")
    page.get_by_test_id("replay-speed").select_option("0.5×")
    page.get_by_test_id("replay-play").click()
    stands(page, about="running")


def test_the_player_is_used_from_the_keyboard(context: BrowserContext, bare: App) -> None:
    page = play_sample(context, bare, "gather")
    page.get_by_test_id("replay-play").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("replay-play")).to_have_accessible_name("Play")
    moment = page.get_by_test_id("replay-at")
    moment.focus()
    page.keyboard.press("End")
    shows(page, "gather", 3.885)
    expect(moment).to_have_attribute("aria-valuetext", "3.9 of 3.9 s")
    page.keyboard.press("Home")
    shows(page, "gather", 0.0)


def test_the_axis_of_a_replay_stands_still_at_the_whole_length_of_the_run(
    context: BrowserContext, bare: App
) -> None:
    page = play_sample(context, bare, "three_views")
    pause(page)
    axis = page.locator(".ff-axis")
    scrub(page, 9)
    whole = axis.inner_text()
    assert "8 s" in whole
    for at in (0.0, 2.5, 5.0):
        scrub(page, at)
        expect(axis).to_have_text(whole, use_inner_text=True)
    assert (
        float(page.get_by_test_id("playhead").evaluate("each => parseFloat(each.style.left)")) > 50
    )


def test_a_replay_goes_from_one_change_of_a_node_to_the_next_and_back(
    context: BrowserContext, bare: App
) -> None:
    page = play_sample(context, bare, "three_views")
    pause(page)
    scrub(page, 0)
    expect(page.get_by_test_id("replay-before")).to_be_disabled()
    ends = sorted(
        node.ended_at - trace.started_at
        for trace in [build_trace(load_sample("three_views"))]
        for node in trace.nodes.values()
        if node.ended_at is not None
    )
    steps, clock = [], page.get_by_test_id("replay-clock")
    while page.get_by_test_id("replay-after").is_enabled():
        page.get_by_test_id("replay-after").click()
        steps.append(clock.inner_text().split(" ")[0])
    assert {f"{end:.1f}" for end in ends} <= set(steps)
    assert len(steps) <= 2 * len(ends) + 1
    page.locator("body").press(",")
    expect(clock).to_have_text(f"{steps[-2]} / 8.3 s")
    page.locator("body").press(".")
    expect(clock).to_have_text(f"{steps[-1]} / 8.3 s")


def test_a_second_attempt_is_a_step_of_its_own_and_each_step_is_said(
    context: BrowserContext, bare: App
) -> None:
    page = play_sample(context, bare, "contract_review")
    pause(page)
    scrub(page, 0)
    caption, later = page.get_by_test_id("replay-caption"), page.get_by_test_id("replay-after")
    told = [caption.inner_text()]
    while later.is_enabled():
        later.click()
        told.append(caption.inner_text())
    records = load_sample("contract_review")
    end = build_trace(records)
    assert told == [said for _, said in say_steps(list(tell_story(records, end=end)), end=end)]
    page.locator("body").press(",")
    expect(caption).to_have_text(told[-2])


def test_a_lane_that_waits_for_another_try_says_for_how_long(
    context: BrowserContext, bare: App
) -> None:
    page = play_sample(context, bare, "contract_review")
    pause(page)
    finance = build_trace(load_sample("contract_review")).nodes[NodeKey("finance")]
    start = load_sample("contract_review")[0].at
    (retry,) = finance.retries
    row = page.locator('.ff-lane[data-key="finance"]')
    scrub(page, retry.at - start + 0.1)
    left = retry.delay_s - 0.1
    expect(row.locator(".ff-lane-words")).to_have_text(f"waits {left:.1f} s, then try 2")
    page.get_by_test_id("lane-finance").click()
    expect(page.get_by_test_id("run-detail")).to_contain_text(f"waits {left:.1f} s, then try 2")
    scrub(page, retry.at - start + retry.delay_s + 0.05)
    expect(row.locator(".ff-lane-words")).to_contain_text("running")
    expect(page.get_by_test_id("run-detail")).to_contain_text("running")


def test_an_opened_run_file_plays_the_same(context: BrowserContext, bare: App) -> None:
    lines = sample_file("race_two_models").read_text("utf-8")
    page = context.new_page()
    page.goto(f"{bare.url}/runs")
    name = "race.fanfold-run.jsonl"
    give_file(page, {"name": name, "mimeType": "application/jsonl", "buffer": lines.encode()})
    page.wait_for_url(f"**run={load_sample('race_two_models')[0].run}**")
    expect(card(page, "winner")).to_be_visible()
    expect(page.get_by_test_id("player-note")).to_have_text(LABEL)
    at_rest(page).get_by_test_id("replay").click()
    pause(page)
    scrub(page, 1.0)
    shows(page, "race_two_models", 1.0)
    page.get_by_test_id("replay-leave").click()
    shows(page, "race_two_models", 2.0)
    expect(page.get_by_test_id("replay")).to_be_focused()


def test_the_flow_of_an_opened_run_file_is_taken_to_the_canvas(
    context: BrowserContext, bare: App
) -> None:
    lines = sample_file("best_of_three").read_text("utf-8")
    page = context.new_page()
    page.goto(f"{bare.url}/runs")
    file = {"name": "best.jsonl", "mimeType": "application/jsonl", "buffer": lines.encode()}
    give_file(page, file)
    expect(page.get_by_text("Opened from best.jsonl.")).to_be_visible()
    expect(page.locator(".st-key-run-headline")).to_contain_text("“best.jsonl”")
    expect(card(page, "picker")).to_be_visible()
    at_rest(page)  # until then the run that was shown before can be copied
    page.get_by_role("button", name="Edit a copy").click()
    page.wait_for_url("**/?flow=*")
    expect(page.get_by_test_id("palette-agent")).to_be_visible()
    cards = page.locator(".ff-card")
    expect(cards).to_have_count(len(load_sample("best_of_three")[0].event.flow["nodes"]))


def test_the_last_run_of_a_flow_plays_where_it_is_built_and_a_new_run_takes_its_place(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("twice", [Answer("Said first."), Answer("Said again.")])
    stored = app.keep(shape("in > a", a={"model": "openai/twice"}))
    page = visit(flow=stored.id)
    expect(page.get_by_test_id("replay")).to_be_hidden()
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("result")).to_contain_text("Said first.")
    page.get_by_test_id("replay").click()
    pause(page)
    scrub(page, 0)
    expect(card(page, "a")).not_to_have_attribute("data-status", "finished")
    expect(page.get_by_test_id("player-note")).to_be_hidden()
    result = page.get_by_test_id("result")
    expect(result.get_by_text("Nothing had been written yet")).to_be_visible()
    expect(result.get_by_text("Waiting for the first words")).to_be_hidden()
    expect(page.get_by_test_id("stop")).to_be_disabled()
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("result")).to_contain_text("Said again.")
    expect(page.get_by_test_id("player")).to_be_hidden()


def test_record_again_makes_the_flow_and_runs_it_on_ones_own_model(
    app: App, context: BrowserContext, models: ModelServer
) -> None:
    gate = Gate()
    models.script("quick", Answer("A model's own words.", gate=gate))
    page = play_sample(context, app, "gather")
    asks = page.get_by_role("button", name="Record again with your model")
    asks.hover()
    expect(page.get_by_test_id("stTooltipContent")).to_contain_text("on openai")
    asks.click()
    expect(page.get_by_test_id("stop")).to_have_attribute("aria-disabled", "false")
    gate.open()
    stands(page, all="finished")
    expect(page.get_by_test_id("result")).to_contain_text("A model's own words.")
    expect(page.get_by_test_id("run")).to_be_enabled()


def test_a_run_that_was_broken_off_plays_to_where_it_was(
    context: BrowserContext, bare: App
) -> None:
    whole = load_sample("three_views")
    part = b"".join(
        encode_record(record).replace(whole[0].run.encode(), b"broken") + b"\n"
        for record in whole[:30]
    )
    page = context.new_page()
    page.goto(f"{bare.url}/runs")
    name = "part.fanfold-run.jsonl"
    give_file(page, {"name": name, "mimeType": "application/jsonl", "buffer": part})
    stands(page, optimist="cancelled")
    page.get_by_test_id("replay").click()
    pause(page)
    scrub(page, 1)
    stands(page, optimist="running")
    scrub(page, 99)
    stands(page, optimist="cancelled")
