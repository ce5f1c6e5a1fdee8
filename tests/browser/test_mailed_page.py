"""The page to mail: opened from disk, with no network at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.document.model import Flow
from flows.share.page import write_page
from flows.templates import load_template
from flows.templates.samples import load_sample
from flows.trace.events import Record
from tests.flows.share.stories import failed_story, renamed, story
from tests.shapes import shape

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><img src=x onerror=\"document.title='pwned'\">"
    "<svg onload=\"document.title='pwned'\"><script>document.title='pwned'</script>{{7*7}}"
)

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Write a page, open it from disk with the network off; nothing may be asked or complained."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, offline=True, reduced_motion="reduce"
    )
    asked: list[str] = []
    complaints: list[str] = []

    def go(shared: Flow | tuple[Record, ...], *, without_contents: bool = False) -> Page:
        file = tmp_path / "page.html"
        file.write_text(write_page(shared, without_contents=without_contents), "utf-8")
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        expect(page.get_by_test_id("canvas")).to_be_visible()
        return page

    yield go
    context.close()
    assert [url for url in asked if not url.endswith("/page.html")] == []
    assert len(asked) == 1
    assert complaints == []


def test_a_flow_shows_its_cards_and_stages_and_a_click_reads_a_node(open_page):
    page = open_page(load_template("three_views"))
    flow = load_template("three_views")
    for node in flow.nodes:
        expect(page.get_by_test_id(f"node-{node.id}")).to_contain_text(node.name)
    expect(page.get_by_test_id("stage-1")).to_have_text("Stage 1 · 3 agents · gather")
    expect(page.get_by_test_id("about")).to_contain_text("Three reviewers look at one idea")
    card = page.get_by_test_id("node-skeptic").bounding_box()
    page.mouse.click(card["x"] + 100, card["y"] + 40)
    expect(page.get_by_test_id("node")).to_contain_text(flow.node("skeptic").instructions)
    expect(page.get_by_test_id("tab-node")).to_have_text("Skeptic")


def test_a_page_of_a_run_is_no_wider_than_a_phone(open_page):
    page = open_page(story(model="local/smol"))
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_node_is_read_with_the_keyboard(open_page):
    page = open_page(load_template("three_views"))
    page.get_by_test_id("node-planner").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("tab-node")).to_have_text("Planner")


def test_a_run_opens_at_its_end_with_its_result_and_sums(open_page):
    page = open_page(story())
    expect(page.get_by_test_id("result")).to_contain_text("In short: A fine answer.")
    expect(page.get_by_test_id("sum-wall")).to_have_text("3.0 s")
    expect(page.get_by_test_id("sum-sequential")).to_have_text("4.8 s")
    expect(page.get_by_test_id("caveat")).to_have_count(0)
    expect(page.get_by_test_id("lane-a")).to_have_attribute("data-status", "finished")
    expect(page.get_by_test_id("node-out")).to_have_attribute("data-status", "finished")


def statuses(page: Page, *nodes: str) -> list[str | None]:
    return [page.get_by_test_id(f"node-{node}").get_attribute("data-status") for node in nodes]


@pytest.mark.parametrize(
    "part,expected",
    [
        (0, ["idle", "running", "running", "idle"]),
        (600, ["idle", "running", "finished", "idle"]),
        (800, ["idle", "finished", "finished", "running"]),
        (1000, ["idle", "finished", "finished", "finished"]),
    ],
)
def test_the_scrubber_shows_the_run_as_it_stood(part, expected, open_page):
    page = open_page(story())
    page.get_by_test_id("scrubber").fill(str(part))
    assert statuses(page, "in", "a", "b", "out") == expected


def test_play_plays_to_the_end_and_pause_holds_it(open_page):
    page = open_page(story())
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("node-a")).to_have_attribute("data-status", "running")
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("play")).to_have_text("Play")
    held = page.get_by_test_id("time").inner_text()
    page.get_by_test_id("speed-4").click()
    expect(page.get_by_test_id("time")).to_have_text(held)
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("play")).to_have_text("Pause")
    expect(page.get_by_test_id("node-out")).to_have_attribute("data-status", "finished")
    expect(page.get_by_test_id("play")).to_have_text("Play")


def test_instant_goes_to_the_end(open_page):
    page = open_page(story())
    page.get_by_test_id("scrubber").fill("100")
    page.get_by_test_id("speed-instant").click()
    expect(page.get_by_test_id("time")).to_have_text("3.0 s / 3.0 s")


def test_a_node_of_a_run_shows_its_output_its_message_and_its_failed_attempt(open_page):
    page = open_page(story())
    page.get_by_test_id("lane-a").click()
    for words in (
        "Attempt 1 failed at 0.5 s",
        "A fine answer.",
        "a school garden",
        "0.00 s → 2.00 s · 2.00 s",
    ):
        expect(page.get_by_test_id("node")).to_contain_text(words)
    page.get_by_test_id("lane-b").click()
    expect(page.get_by_test_id("node")).to_contain_text('calls search {"q": "A fine answer."}')


def test_a_failed_run_says_what_failed(open_page):
    page = open_page(failed_story())
    expect(page.get_by_test_id("result")).to_contain_text("b: The answer was cut off.")
    expect(page.get_by_test_id("node-b")).to_have_attribute("data-status", "failed")
    expect(page.locator(".head")).to_contain_text("failed in 2.0 s")


MARKDOWN = """\
## Plan

1. **Dig** the `bed`
2. Sow

- <b>not bold</b>

| a | b |
|---|---|
| 1 | 2 |

```
code <i>
```
"""


def test_an_answer_in_markdown_is_set_as_such_and_its_html_is_text(open_page):
    page = open_page(story(text=MARKDOWN))
    page.get_by_test_id("lane-a").click()
    output = page.get_by_test_id("node").locator(".text-answer").first
    told = {
        tag: output.locator(tag).all_inner_texts()
        for tag in ("h4", "ol li", "ol b", "ol code", "ul li", "td", "pre")
    }
    assert told == {
        "h4": ["Plan"],
        "ol li": ["Dig the bed", "Sow"],
        "ol b": ["Dig"],
        "ol code": ["bed"],
        "ul li": ["<b>not bold</b>"],
        "td": ["a", "b", "1", "2"],
        "pre": ["code <i>\n"],
    }


@pytest.mark.parametrize(
    "text,seen",
    [
        ("**Dig", {"b": ["Dig"]}),
        ("- **D", {"li b": ["D"]}),
        ("`bed.", {"code": ["bed."]}),
        ("3 * 4", {"p": ["3 * 4"]}),
        ("Yes *", {"p": ["Yes "]}),
    ],
)
def test_markdown_that_is_still_being_written_shows_none_of_its_signs(text, seen, open_page):
    page = open_page(story(text=f"{text} and more of it** to come` here"))
    page.get_by_test_id("lane-a").click()
    page.get_by_test_id("scrubber").fill("510")
    output = page.get_by_test_id("node").locator(".text-answer").first
    assert {tag: output.locator(tag).all_text_contents() for tag in seen} == seen


def test_the_head_says_how_the_run_ended_only_once_its_end_is_seen(open_page):
    page = open_page(story())
    state = page.get_by_test_id("state")
    expect(state).to_have_text("finished in 3.0 s")
    page.get_by_test_id("scrubber").fill("500")
    expect(state).to_have_text("replay, paused")
    page.get_by_test_id("play").click()
    expect(state).to_have_text("replaying")
    page.get_by_test_id("speed-instant").click()
    expect(state).to_have_text("finished in 3.0 s")


def test_what_was_sent_and_what_the_flow_says_of_it_have_headings_of_their_own(open_page):
    flow = shape("in > a b > out", a={"prompt": "Review: {{ input }}"})
    page = open_page(story(flow))
    page.get_by_test_id("lane-a").click()
    titles = page.get_by_test_id("node").locator(".text-title").all_inner_texts()
    assert titles == ["Output", "Message as sent", "Message"]


def test_a_run_on_the_embedded_model_says_that_its_calls_shared_a_processor(open_page):
    page = open_page(story(model="local/smol"))
    expect(page.get_by_test_id("caveat")).to_have_text("one shared processor")


def test_the_page_of_a_sample_says_that_its_timings_are_invented(open_page):
    page = open_page(load_sample("three_views"))
    expect(page.locator(".head")).to_contain_text("written answers, invented timings")
    expect(page.locator(".head")).not_to_contain_text("recorded")


def test_hostile_names_and_outputs_run_no_script(open_page):
    flow = renamed(shape("in > a b > out"), HOSTILE)
    page = open_page(story(flow, text=HOSTILE, given=HOSTILE))
    expect(page.get_by_test_id("result")).to_contain_text(HOSTILE)
    expect(page.get_by_test_id("node-a")).to_contain_text("<svg onload")
    for lane in ("lane-a", "lane-b", "lane-out"):
        page.get_by_test_id(lane).click()
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("node")).to_contain_text("</script><img src=x")
    assert page.title() == f"{HOSTILE} · Fanfold"
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.locator("#page script, #page [onload], #page [onerror]").count() == 0


def test_a_script_smuggled_into_the_file_is_stopped_by_its_policy(browser, tmp_path):
    page_text = write_page(load_template("three_views"))
    smuggled = "<script>document.title = 'pwned'</script><img src=x onerror=\"document.title='p'\">"
    file = tmp_path / "smuggled.html"
    file.write_text(page_text.replace("<body>", f"<body>{smuggled}"), "utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    failures: list[str | None] = []
    page.on("requestfailed", lambda request: failures.append(request.failure))
    page.goto(file.as_uri())
    expect(page.get_by_test_id("node-skeptic")).to_be_visible()
    assert page.title() == "Three views · Fanfold"
    assert failures == ["csp"]
    context.close()


def test_without_contents_only_the_shape_and_the_times_are_seen(open_page):
    page = open_page(story(text="sesame", given="pumpkin"), without_contents=True)
    expect(page.get_by_test_id("node-agent_1")).to_contain_text("Agent 1")
    expect(page.get_by_test_id("node-agent_1")).to_contain_text("2.0 s · 24 tok")
    text = json.dumps(page.content())
    assert [word for word in ("sesame", "pumpkin", "test/plain") if word in text] == []


@pytest.mark.parametrize("scheme,page_colour", [("light", "#ffffff"), ("dark", "#11141c")])
def test_it_is_light_and_dark_as_the_reader_wishes(scheme, page_colour, open_page):
    page = open_page(load_template("three_views"))
    page.emulate_media(color_scheme=scheme)
    read = "getComputedStyle(document.documentElement).getPropertyValue('--page').trim()"
    assert page.evaluate(read) == page_colour
