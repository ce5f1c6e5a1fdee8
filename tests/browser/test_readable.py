"""What is said of a run can be read: large and strong enough, whole, with no line through it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import BrowserContext, Page, expect

from flows.ids import RunId
from flows.store.store import open_store
from flows.templates.samples import load_sample
from flows.trace.events import Record, RunStarted
from tests.browser.conftest import App, Visit
from tests.browser.hands import card
from tests.model_server import Answer, ModelServer
from tests.shapes import shape

SIZES = pytest.mark.parametrize("size", [(1440, 900), (1024, 768)], ids=str)
LONG = "The plan is sound but the budget is thin. " * 30
POOR = (Path(__file__).parent / "poor_words.js").read_text("utf-8")
"""The words in some parts of the page that are smaller than 12 pixels or fainter than 4.5 to 1."""
HIDDEN = """() => {
    const { bottom } = document.querySelector(".ff-lane-scroll").getBoundingClientRect();
    const lanes = [...document.querySelectorAll(".ff-lane")];
    return lanes.filter((lane) => lane.getBoundingClientRect().bottom > bottom + 6).length;
}"""
"""How many lanes are further down than is seen."""

WRITES = """(most) => [...document.querySelectorAll("[data-writing]")].every(
    (text) => text.offsetHeight > most
)"""
SEEN = 90
"""Pixels: what is written so far is higher than what is seen of it."""


def see(context: BrowserContext, app: App, records: tuple[Record, ...], **words: str) -> Page:
    with open_store(app.home, {}) as store:
        run_id = store.runs.keep_file(records)
    page = context.new_page()
    more = "".join(f"&{name}={value}" for name, value in words.items())
    page.goto(f"{app.url}/runs?run={run_id}{more}")
    return page


def replayed(page: Page, part: float) -> None:
    """Play the run again and stand still at this part of it."""
    page.get_by_test_id("replay").click()
    page.get_by_test_id("replay-play").click()
    page.get_by_test_id("replay-at").evaluate(
        """(slider, part) => {
            slider.value = slider.max * part;
            slider.dispatchEvent(new Event("input"));
        }""",
        part,
    )


@SIZES
@pytest.mark.parametrize("name", ["incident_response", "rate_limited", "expert_panel"])
def test_every_lane_of_a_run_that_is_played_is_in_sight(
    context: BrowserContext, bare: App, size: tuple[int, int], name: str
) -> None:
    page = see(context, bare, load_sample(name))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    replayed(page, 0.6)
    page.wait_for_function(f"() => ({HIDDEN})() === 0")
    expect(page.get_by_test_id("more-lanes")).to_be_hidden()


def test_lanes_that_are_pushed_out_of_sight_by_what_is_said_are_counted(
    context: BrowserContext, bare: App
) -> None:
    page = see(context, bare, load_sample("incident_response"))
    page.set_viewport_size({"width": 1024, "height": 580})
    expect(page.get_by_test_id("lane-review")).to_be_in_viewport(ratio=1)
    replayed(page, 0.6)
    page.wait_for_function(
        f"""() => {{
            const hidden = ({HIDDEN})();
            const said = document.querySelector(".ff-further");
            return hidden && !said.hidden && said.textContent === `${{hidden}} more below`;
        }}"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_small_print_is_large_and_strong_enough_to_be_read(
    context: BrowserContext, bare: App, scheme: str
) -> None:
    page = see(context, bare, load_sample("task_group"))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_test_id("sums")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("lane-rules")).to_be_visible()
    assert page.evaluate(POOR, [".ff-lanes", ".st-key-past-runs", ".st-key-run-headline"]) == []


def test_that_one_processor_is_shared_is_said_as_loudly_as_the_overlap(
    context: BrowserContext, bare: App
) -> None:
    first, *others = load_sample("three_views")
    assert isinstance(first.event, RunStarted)
    local = replace(first.event, model="local/small")
    run = RunId("shared-processor")
    records = [replace(each, run=run) for each in (replace(first, event=local), *others)]
    page = see(context, bare, tuple(records))
    look = """(element) => {
        const { color, fontSize, fontWeight } = getComputedStyle(element);
        return [color, fontSize, fontWeight];
    }"""
    overlap = page.get_by_test_id("sum-overlap")
    shared = page.get_by_test_id("sums").get_by_text("one shared processor")
    assert shared.evaluate(look) == overlap.evaluate(look)
    one, other = overlap.bounding_box(), shared.bounding_box()
    assert one is not None
    assert other is not None
    assert 0 < other["x"] - (one["x"] + one["width"]) < 40


def test_no_line_goes_through_the_words_beside_a_bar(context: BrowserContext, bare: App) -> None:
    page = see(context, bare, load_sample("incident_response"))
    words = page.locator(".ff-lane-words[data-place=after]").first
    expect(words).to_be_visible()
    color = words.evaluate("words => getComputedStyle(words).backgroundColor")
    assert "/" not in color
    assert "rgba" not in color


@SIZES
def test_answers_that_are_being_written_stand_below_each_other_and_can_be_read(
    visit: Visit, app: App, models: ModelServer, size: tuple[int, int]
) -> None:
    models.script("writing", Answer(LONG, chunk_s=0.1))
    models.script("wordy", Answer(LONG))
    writing = {"model": "openai/writing"}
    flow = shape("in > a b c > d", a={"model": "openai/wordy"}, b=writing, c=writing)
    page = visit(flow=app.keep(flow).id)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_test_id("run").click()
    expect(card(page, "a")).to_have_attribute("data-status", "finished")
    answers = page.get_by_test_id("result").locator(".ff-answer")
    expect(answers).to_have_count(3)
    page.wait_for_function(WRITES, arg=SEEN)
    boxes = answers.evaluate_all(
        """(all) => all.map((one) => {
            const { left, width } = one.getBoundingClientRect();
            const cut = one.scrollHeight > one.clientHeight;
            return [left, width, one.parentElement.clientWidth, cut];
        })"""
    )
    assert len({left for left, *_ in boxes}) == 1
    assert all(abs(width - whole) < 1 for _, width, whole, _ in boxes)
    assert [cut for *_, cut in boxes] == [False, True, True]
    writes = answers.nth(1)
    writes.evaluate("one => one.scrollTo(0, -9999)")  # it is scrolled from its end
    assert writes.evaluate("one => one.scrollTop < 0")
    page.get_by_test_id("stop").click()
