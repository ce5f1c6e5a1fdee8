"""The lanes and the result: what a person reads in them while a run goes on, and after it."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from flows.document.files import flow_values
from flows.store.store import open_store
from flows.templates.samples import load_sample
from flows.trace.events import (
    LoadingBegan,
    LoadingEnded,
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunFinished,
    RunStarted,
)
from tests.browser.conftest import App, Visit
from tests.browser.files import give_file, take_file
from tests.browser.hands import begin_run, canvas, card, stands
from tests.model_server import Answer, Gate, ModelServer, Refuse
from tests.shapes import shape

WRITTEN = """## Findings

The **first** claim, in `code`:

1. One
2. <img src=x onerror=alert(1)>

```
## no heading
```
"""


ENDED = re.compile("Finished in |Failed after ")


def see_sample(context: BrowserContext, app: App, name: str) -> Page:
    """Open the run of a template's sample on the page of runs."""
    return see_run(context, app, load_sample(name))


def see_run(context: BrowserContext, app: App, records: Sequence[Record]) -> Page:
    """Open a run on the page of runs."""
    with open_store(app.home, {}) as store:
        run_id = store.runs.keep_file(records)
    page = context.new_page()
    page.goto(f"{app.url}/runs?run={run_id}")
    expect(page.get_by_test_id("sums")).to_be_visible()
    return page


def run(page: Page) -> None:
    """Press Run and wait for the end."""
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("run-state")).to_contain_text(ENDED)


def rows(page: Page) -> Locator:
    return page.get_by_test_id("lanes").locator(".ff-lane")


def test_the_lanes_keep_their_size_on_every_flow_and_over_a_reload(visit: Visit, app: App) -> None:
    one, other = app.keep(shape("in > a")), app.keep(shape("in > b"))
    page = visit(flow=one.id)
    canvas(page)
    low = height(page)
    page.get_by_test_id("room-half").check()
    expect(page.get_by_test_id("room-half")).to_be_checked()
    half = height(page)
    page.get_by_test_id("room-full").check()
    assert low < half < height(page)
    page.get_by_test_id("room-half").check()
    page.reload()
    expect(page.get_by_test_id("room-half")).to_be_checked()
    assert height(page) == half
    late = visit(flow=other.id)
    expect(late.get_by_test_id("room-half")).to_be_checked()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)], ids=str)
def test_five_lanes_and_what_their_signs_mean_are_in_sight_from_the_start(
    visit: Visit, app: App, size: tuple[int, int]
) -> None:
    page = visit(flow=app.keep(shape("in > a b c d > e")).id)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.get_by_test_id("lane-key")).to_be_hidden()
    run(page)
    expect(page.get_by_test_id("more-lanes")).to_be_hidden()
    for node in "abcde":
        expect(page.get_by_test_id(f"lane-{node}")).to_be_in_viewport(ratio=1)
    key = page.get_by_test_id("lane-key")
    expect(key).to_be_in_viewport(ratio=1)
    assert key.evaluate("key => key.scrollWidth <= key.clientWidth")  # nothing is cut off


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)], ids=str)
def test_five_lanes_are_in_sight_under_what_is_said_of_the_run(
    visit: Visit, app: App, models: ModelServer, size: tuple[int, int]
) -> None:
    models.script("slow", Answer("Fine.", delay_s=1.2))
    models.script("late", Answer("Fine.", delay_s=0.8))
    slow, late = {"model": "openai/slow"}, {"model": "openai/late"}
    staged = {"start": "by_stage"}
    flow = shape("in > a b; a > c; b > d; c d > e", run=staged, b=slow, c=slow, d=late, e=late)
    page = visit(flow=app.keep(flow).id)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    run(page)
    expect(page.get_by_test_id("run-why")).to_contain_text("waited")
    expect_five(page)
    page.get_by_test_id("measure").click()
    expect(page.get_by_test_id("earlier")).to_contain_text("measured")
    expect_five(page)


def expect_five(page: Page) -> None:
    """See every lane whole, and none said to be further down."""
    expect(page.get_by_test_id("more-lanes")).to_be_hidden()
    for node in "abcde":
        expect(page.get_by_test_id(f"lane-{node}")).to_be_in_viewport(ratio=1)
    why = page.get_by_test_id("run-why")
    assert why.evaluate("why => why.scrollHeight <= why.clientHeight + 1")  # read whole


def test_a_run_keeps_its_own_barriers_when_the_flow_is_given_others(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("slow", Answer("Late.", delay_s=0.4))
    slow = {"model": "openai/slow"}
    page = visit(flow=app.keep(shape("in > a b; a > c; b > d; c > e", b=slow, c=slow)).id)
    run(page)
    waits = page.get_by_test_id("lanes").locator(".ff-lane-queue[data-held]:visible")
    expect(waits).to_have_count(0)
    page.get_by_role("combobox", name="A node starts").click()
    page.get_by_role("option", name="by_stage").click()
    expect(page.get_by_role("combobox", name="A node starts")).to_have_value(re.compile("by_stage"))
    expect(waits).to_have_count(0)
    expect(page.get_by_test_id("sum-barriers")).to_be_hidden()
    run(page)
    expect(waits).to_have_count(1)


def height(page: Page) -> float:
    box = page.locator(".ff-lanes").bounding_box()
    assert box is not None
    return box["height"]


def test_items_that_wait_have_lanes_with_their_own_text(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("item", Answer("Done.", gate=gate))
    items = [f"Topic {number}" for number in range(250)]
    each = {"items": items, "max_concurrency": 2}
    flow = shape("in > a", a={"model": "openai/item", "for_each": each})
    page = visit(flow=app.keep(flow).id)
    page.get_by_test_id("room-half").check()
    page.get_by_test_id("run").click()
    fold = page.get_by_test_id("fold-a")
    expect(fold).to_have_text("+ 0/250")
    expect(rows(page)).to_have_count(1)
    fold.click()
    expect(rows(page)).to_have_count(201)
    expect(page.get_by_test_id("lanes")).to_contain_text("and 50 more")
    expect_row(page, 1, name="1 · Topic 0", look="running")
    expect_row(page, 10, name="10 · Topic 9", look="queued")
    page.get_by_test_id("filter-lanes").fill("topic 249")
    expect(rows(page)).to_have_count(2)
    expect_row(page, 1, name="250 · Topic 249", look="queued")
    page.get_by_test_id("stop").click()
    gate.open()


def expect_row(page: Page, place: int, *, name: str, look: str) -> None:
    row = rows(page).nth(place)
    expect(row.locator(".ff-lane-name")).to_have_text(name)
    expect(row).to_have_attribute("data-look", look)


def test_lanes_are_filtered_by_slow_retried_and_failed(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("even", Answer("Done.", delay_s=0.5))
    models.script("longer", Answer("Done.", delay_s=3.0))
    models.script("busy", [Refuse(429, retry_after_s=0.1), Answer("Done.", delay_s=0.4)])
    models.script("closed", Refuse(401))
    which = dict.fromkeys("defghi", "even") | {"a": "longer", "b": "busy", "c": "closed"}
    agents = {node: {"model": f"openai/{model}"} for node, model in which.items()}
    page = begin_run(visit, app.keep(shape("in > a b c d e f g h i", **agents)))
    expect(page.get_by_test_id("run-state")).to_contain_text(ENDED)
    for word, node in zip(("slow", "retried", "failed"), "abc", strict=True):
        page.get_by_test_id("filter-lanes").fill(word)
        expect(rows(page).locator(".ff-lane-name")).to_have_text([node])


def test_what_limits_cost_stands_beside_the_critical_path_once_it_is_known(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    flow = shape("in > a b c", run={"max_concurrency": 1})
    models.script("quick", Answer("Done.", gate=gate, delay_s=0.2))
    page = begin_run(visit, app.keep(flow))
    expect(page.get_by_test_id("sum-wall")).to_contain_text("s")
    expect(page.get_by_test_id("sum-critical")).to_be_hidden()
    gate.open()
    expect(page.get_by_test_id("sum-critical")).to_contain_text(" s")
    expect(page.get_by_test_id("sum-limits")).to_contain_text(" s")
    expect(page.get_by_test_id("sum-barriers")).to_be_hidden()


def test_a_queued_node_says_which_limit_it_waits_for(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("quick", Answer("Done.", gate=gate, delay_s=0.2))
    policy = {"max_concurrency": 2, "stages": {"a": {"max_concurrency": 1}}}
    page = begin_run(visit, app.keep(shape("in > a b", run=policy)))
    queued = page.locator('.ff-lane-bar[data-part="queue"]')
    expect(queued).to_be_visible()
    queued.hover()
    expect(queued).to_have_attribute("title", "Queued: stage 1 takes 1 at a time")
    gate.open()
    expect(page.get_by_test_id("run-state")).to_contain_text(ENDED)
    card(page, "b").click()
    expect(page.get_by_test_id("run-detail")).to_contain_text(
        re.compile(r"queued \d\.\d s: stage 1 takes 1 at a time")
    )


def test_what_retries_took_stands_among_the_sums(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("busy", [Refuse(429, retry_after_s=0.4), Answer("Done.")])
    page = visit(flow=app.keep(shape("in > a", a={"model": "openai/busy"})).id)
    run(page)
    expect(page.get_by_test_id("sum-retries")).to_have_text(re.compile(r"^0\.[4-9] s$"))


def test_a_run_says_beside_its_sums_what_its_time_went_into(
    context: BrowserContext, bare: App
) -> None:
    page = see_sample(context, bare, "rate_limited")
    expect(page.get_by_test_id("run-why")).to_have_text(
        "Sydney and 3 others waited for their turn, up to 4.6 s: the run takes 2 at a time."
    )


def test_loading_the_embedded_model_is_drawn_as_a_wait_and_told_of_its_node(
    context: BrowserContext, bare: App
) -> None:
    flow = flow_values(shape("in > a > b"))
    events = [
        (0.0, RunStarted(flow=flow, inputs={"in": "hi"})),
        (0.0, NodeQueued("a")),
        (0.0, NodeStarted("a", "hi")),
        (9.0, NodeFinished("a", "A", model="local/m", waited_s=8.0, loading_s=8.0)),
        (9.0, NodeStarted("b", "A")),
        (10.0, NodeFinished("b", "B", model="local/m")),
        (10.0, RunFinished({"b": "B"})),
    ]
    records = [Record("loaded", seq, at, event) for seq, (at, event) in enumerate(events, 1)]
    page = see_run(context, bare, records)
    expect(page.get_by_test_id("run-why")).to_have_text(
        "Loading the embedded model took 8.0 s of 10.0 s; the next run has it at hand."
    )
    page.get_by_test_id("lane-a").click()
    expect(page.get_by_test_id("run-detail")).to_contain_text(
        "8.00 s → 9.00 s · 1.00 s · queued 8.0 s: the embedded model was being loaded"
    )
    expect(card(page, "a")).to_contain_text("1.0 s")


def test_while_the_embedded_model_is_loaded_every_view_says_so_and_no_sum_grows(
    context: BrowserContext, bare: App
) -> None:
    events = [
        (0.0, RunStarted(flow=flow_values(shape("in > a > b")), inputs={"in": "hi"})),
        (0.0, NodeQueued("a")),
        (0.0, NodeStarted("a", "hi")),
        (0.0, LoadingBegan("a")),
        (8.0, LoadingEnded("a")),
        (9.0, NodeFinished("a", "A", model="local/m", waited_s=8.0, loading_s=8.0)),
        (9.0, RunFinished({})),
    ]
    records = [Record("loads", seq, at, event) for seq, (at, event) in enumerate(events, 1)]
    page = see_run(context, bare, records)
    page.get_by_test_id("replay").click()
    page.get_by_test_id("replay-play").click()
    page.get_by_test_id("replay-at").fill("4")
    expect(card(page, "a")).to_have_attribute("data-status", "queued")
    expect(card(page, "a")).to_contain_text("loading the model")
    row = rows(page).filter(has=page.get_by_test_id("lane-a"))
    expect(row).to_contain_text("loading the model")
    expect(page.get_by_test_id("sum-wall")).to_have_text("4.0 s")
    expect(page.get_by_test_id("sum-sequential")).to_have_text("0.0 s")
    page.get_by_test_id("lane-a").click()
    expect(page.get_by_test_id("run-detail")).to_contain_text(
        "loading the model · queued 4.0 s: the embedded model is being loaded"
    )
    page.get_by_test_id("replay-at").fill("8.5")
    expect(card(page, "a")).to_contain_text("running")
    expect(page.get_by_test_id("sum-sequential")).to_have_text("0.5 s")


def test_what_a_sum_means_is_told_to_the_pointer_and_to_the_keyboard(
    context: BrowserContext, bare: App
) -> None:
    page = see_sample(context, bare, "rate_limited")
    tip = page.locator(".ff-lanes [role=tooltip]")
    page.get_by_test_id("sum-wall").hover()
    expect(tip).to_have_text("Wall time: from the first moment of the run to its last.")
    calls = page.locator("[data-sum=sequential]")
    calls.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(calls).to_be_focused()
    expect(tip).to_contain_text("own times added up")
    expect(calls).to_have_accessible_description(re.compile("own times added up"))
    seen = tip.bounding_box()
    assert seen is not None
    assert 0 <= seen["x"] <= 1440 - seen["width"]
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_no_mark_of_the_axis_is_covered(context: BrowserContext, bare: App) -> None:
    page = see_sample(context, bare, "rate_limited")
    for width, height in ((1440, 900), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".ff-axis").dblclick(position={"x": 30, "y": 8})
        for _ in range(6):
            expect(page.locator(".ff-mark").first).to_be_visible()
            assert covered_marks(page) == []
            page.get_by_test_id("zoom-lanes-in").click()
    page.set_viewport_size({"width": 1440, "height": 900})


def covered_marks(page: Page) -> list[str]:
    """Name the marks that are shown and have something else than their axis over an end."""
    found: list[str] = page.locator(".ff-mark").evaluate_all(
        """(marks) => marks.filter((mark) => {
            if (!mark.checkVisibility({ visibilityProperty: true })) return false;
            const { left, right, top, bottom } = mark.getBoundingClientRect();
            const over = (x) => document.elementFromPoint(x, (top + bottom) / 2);
            return [left + 1, right - 1].some((x) => !over(x)?.closest(".ff-axis"));
        }).map((mark) => mark.textContent)"""
    )
    return found


def test_a_short_bar_can_be_pointed_at_over_the_height_of_its_lane(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", Answer("Done."))
    models.script("slow", Answer("Late.", delay_s=2))
    flow = shape("in > a b", a={"model": "openai/quick"}, b={"model": "openai/slow"})
    page = visit(flow=app.keep(flow).id)
    run(page)
    found = page.get_by_test_id("lane-a").bounding_box()
    assert found is not None
    assert found["width"] < 20
    at = (found["x"] + found["width"] / 2, found["y"] + found["height"] / 2)
    lane = rows(page).nth(0).bounding_box()
    assert lane is not None
    edge = lane["height"] / 2 - 1
    hits = page.evaluate(
        """([x, y, edge]) => [[0, 0], [9, 0], [0, edge], [0, -edge]].map(([right, down]) =>
            document.elementFromPoint(x + right, y + down)?.dataset.testid)""",
        [*at, edge],
    )
    assert hits == ["lane-a"] * 4


def test_a_barrier_shows_who_waited_for_its_stage_and_what_that_cost(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("slow", Answer("Late.", delay_s=0.4))
    slow = {"model": "openai/slow"}
    flow = shape("in > a b; a > c; b > d", run={"start": "by_stage"}, b=slow, c=slow)
    page = visit(flow=app.keep(flow).id)
    run(page)
    waits = page.get_by_test_id("lanes").locator(".ff-lane-queue[data-held]:visible")
    expect(waits).to_have_count(1)
    expect(waits).to_have_attribute("title", re.compile("another node of the stage before"))
    expect(page.get_by_test_id("sum-barriers")).to_contain_text(" s")
    card(page, "c").click()
    expect(page.get_by_test_id("run-detail")).to_contain_text(re.compile("waited .+ for its stage"))


def test_a_click_on_a_failed_or_a_router_card_says_why(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("locked", Refuse(401, "Incorrect API key provided.", "invalid_api_key"))
    rules = [{"branch": "yes", "when": {"contains": "fine"}}]
    flow = shape(
        "in > a b x > r; r.yes > c",
        run={"on_failure": "collect"},
        a={"model": "openai/locked"},
        x={"model": "openai/locked", "on_error": {"fallback": "Plan B."}},
        r={"type": "router", "rules": rules, "otherwise": "yes"},
    )
    models.script("quick", Answer("Fine."))
    page = visit(flow=app.keep(flow).id)
    run(page)
    told = page.get_by_test_id("run-detail")
    expect(told).to_be_hidden()
    card(page, "a").click()
    expect(told).to_contain_text("OPENAI_API_KEY")
    page.get_by_test_id("tab-result").click()
    card(page, "a").click()
    expect(told).to_contain_text("failed")
    card(page, "r").click()
    expect(told).to_contain_text("took yes")

    page.get_by_role("link", name="Runs").click()
    expect(page.locator(".st-key-past-runs")).to_contain_text("finished, 1 failed, 1 by fallback")


def test_a_result_is_rendered_and_nothing_in_it_is_read_as_html(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("writer", Answer(WRITTEN))
    page = visit(flow=app.keep(shape("in > a", a={"model": "openai/writer"})).id)
    run(page)
    result = page.get_by_test_id("result")
    expect(result.locator("h5")).to_have_text("Findings")
    expect(result.locator("b")).to_have_text("first")
    expect(result.locator("li")).to_have_text(["One", "<img src=x onerror=alert(1)>"])
    expect(result.locator("pre")).to_have_text("## no heading\n")
    expect(result.locator("img")).to_have_count(0)
    page.get_by_test_id("copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == WRITTEN
    page.get_by_test_id("raw").click()
    expect(result).to_contain_text("## Findings")
    expect(result.locator("h5")).to_have_count(0)


def test_json_is_printed_so_that_it_can_be_read(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("scores", Answer('```json\n{"score": 7}\n```'))
    page = visit(flow=app.keep(shape("in > a", a={"model": "openai/scores"})).id)
    run(page)
    shown = page.get_by_test_id("result").locator(".ff-answer-text")
    expect(shown).to_have_text('{\n  "score": 7\n}')


def test_a_node_tells_its_message_its_instructions_and_its_records(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", Answer("Fine."))
    flow = shape("in > a", a={"instructions": "Be brief."})
    page = visit(flow=app.keep(flow).id)
    page.get_by_test_id("input-in").fill("A lamp")
    run(page)
    page.get_by_test_id("lane-a").click()
    told = page.get_by_test_id("run-detail")
    for words in ("Fine.", "A lamp", "Be brief."):
        expect(told).to_contain_text(words)
    told.get_by_text("Raw records").click()
    expect(told.locator("pre")).to_contain_text('"type":"node_finished"')


def test_the_cursor_tells_the_moment_and_who_worked(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", Answer("Fine.", delay_s=0.3))
    page = visit(flow=app.keep(shape("in > a", a={"name": "Reader"})).id)
    run(page)
    page.get_by_test_id("lane-a").hover()
    expect(page.get_by_test_id("cursor")).to_contain_text(" s · Reader")


def test_time_is_zoomed_into_where_the_pointer_is_and_dragged_along(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", Answer("Fine.", delay_s=1.2))
    page = visit(flow=app.keep(shape("in > a > b")).id)
    run(page)
    whole = seen(page)
    first, second = (box(page, f"lane-{node}") for node in "ab")
    page.get_by_test_id("lane-b").hover()
    moment = page.get_by_test_id("cursor").inner_text()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Control")
    assert seen(page) < whole / 2
    expect(page.get_by_test_id("cursor")).to_have_text(moment)
    assert box(page, "lane-b")["width"] > 2 * second["width"]
    assert box(page, "lane-a")["x"] < first["x"] - first["width"]

    axis = page.locator(".ff-axis")
    at = axis.bounding_box()
    assert at is not None
    before = box(page, "lane-a")["x"]
    page.mouse.move(at["x"] + 50, at["y"] + 10)
    page.mouse.down()
    page.mouse.move(at["x"] + 150, at["y"] + 10)
    page.mouse.up()
    assert box(page, "lane-a")["x"] == pytest.approx(before + 100, abs=2)
    page.get_by_test_id("lanes").locator(".ff-lane").first.focus()
    page.keyboard.press("ArrowRight")
    assert box(page, "lane-a")["x"] < before + 50

    page.get_by_test_id("zoom-lanes-out").click(click_count=1)
    axis.dblclick(position={"x": 30, "y": 8})
    assert seen(page) == whole
    assert (box(page, "lane-a"), box(page, "lane-b")) == (first, second)


def seen(page: Page) -> float:
    """Return how many seconds the marks of the axis span."""
    words = page.locator(".ff-axis .ff-mark").all_inner_texts()
    moments = [float(word.removesuffix(" s")) for word in words]
    return moments[-1] - moments[0]


def box(page: Page, testid: str) -> dict[str, float]:
    found = page.get_by_test_id(testid).bounding_box()
    assert found is not None
    return {side: round(found[side], 1) for side in ("x", "width")}


def test_a_run_file_opens_beside_the_runs_of_this_house(
    visit: Visit, app: App, models: ModelServer, tmp_path: Path
) -> None:
    models.script("quick", Answer("From a file."))
    page = visit(flow=app.keep(shape("in > a")).id)
    run(page)
    page.get_by_role("link", name="Runs").click()
    taken = take_file(page, page.get_by_role("button", name="Download run")).path()
    (old,) = {line.split('"')[3] for line in taken.read_text("utf-8").splitlines()}
    file = tmp_path / "other.fanfold-run.jsonl"
    other = f"from-a-file-{old[:8]}"  # a second try of this test meets the same home
    file.write_text(taken.read_text("utf-8").replace(old, other), "utf-8")
    give_file(page, file)
    page.wait_for_url(f"**run={other}**")
    expect(page.get_by_test_id("result")).to_contain_text("From a file.")
    stands(page, a="finished")

    file.write_text("no record", "utf-8")
    give_file(page, file)
    expect(page.locator(".st-key-past-runs")).to_contain_text("is not opened. Line 1")


def test_lanes_out_of_sight_are_counted_and_a_press_leads_to_them(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", Answer("There."))
    page = visit(flow=app.keep(shape("in > a b c d e f g h i j k l m n")).id)
    run(page)
    more = page.get_by_test_id("more-lanes")
    expect(more).to_have_text(re.compile(r"^\d+ more below$"))
    first = int(more.inner_text().split()[0])
    assert 0 < first < 14
    more.click()
    expect(more).not_to_have_text(f"{first} more below")
    rows(page).last.scroll_into_view_if_needed()
    expect(more).to_be_hidden()
    page.get_by_test_id("room-full").check()
    expect(more).to_be_hidden()
