"""Flows and runs given to others, and taken from them, as a person does it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from components.text import span
from flows.document.files import write_flow
from flows.share.link import find_link, read_link, write_link
from flows.store.store import open_store
from flows.templates import load_template
from flows.templates.samples import load_sample
from flows.trace.events import encode_record
from tests.browser.conftest import App, Visit
from tests.browser.files import at_rest, give_file, opener, take_file
from tests.browser.hands import canvas, card, stands
from tests.flows.store.records import run_of
from tests.shapes import shape

ROOT = Path(__file__).parents[2]
TRIAGE = load_template("support_triage")


def names_kept(app: App) -> set[str]:
    with open_store(app.home, {}) as store:
        return {row.name for row in store.flows.list()}


def open_dialog(page: Page) -> None:
    opener(page).press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    at_rest(page)


def press_tabs_to(page: Page, name: str) -> None:
    """Press Tab until what is named so has the focus."""
    for _ in range(12):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                return (at?.ariaLabel || at?.textContent || "").trim();
            }"""
        )
        if name in at:
            return
    raise AssertionError(f"Tab does not lead to {name}")


def paste(page: Page, text: str) -> None:
    """Put a text into the place for it, and press Open."""
    page.get_by_role("dialog").get_by_role("textbox").fill(text)
    page.get_by_role("dialog").get_by_role("button", name="Open", exact=True).click()


def test_a_link_from_another_host_is_looked_at_and_kept_with_the_keyboard_alone(
    visit: Visit, app: App
) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    canvas(page)
    before = names_kept(app)
    open_dialog(page)
    press_tabs_to(page, "Or paste a link")
    page.keyboard.insert_text(f"See http://elsewhere:1234/?link={write_link(TRIAGE)}. Bye")
    press_tabs_to(page, "Open")
    page.keyboard.press("Enter")
    expect(page.get_by_alt_text("Picture of Support triage")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert names_kept(app) == before
    page.get_by_role("button", name="Make it mine").press("Enter")
    expect(card(page, "billing")).to_be_visible()
    assert names_kept(app) - before == {"Support triage"}


def test_a_link_is_copied_with_the_keyboard_alone(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(TRIAGE).id)
    canvas(page)
    page.get_by_role("button", name="Share flow").press("Enter")
    expect(page.get_by_test_id("copy-link")).to_be_visible()
    expect(page.locator(".st-key-share-menu")).to_contain_text("what you typed to run it")
    expect(page.locator(".st-key-share-link")).to_contain_text("the reader's own machine")
    expect(page.get_by_label("Without contents")).to_be_focused()
    at_rest(page)
    press_tabs_to(page, "Copy link")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("copy-link")).to_have_text("Copied")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert read_link(find_link(copied)) == TRIAGE
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("copy-link")).to_have_count(0)


def test_a_copied_link_to_present_opens_the_presented_run(visit: Visit, app: App) -> None:
    with open_store(app.home, {}) as store:
        run = store.runs.keep_file(load_sample("gather"))
    page = visit("runs", run=run)
    page.get_by_role("button", name="Share run").click()
    page.get_by_test_id("copy-presented").click()
    expect(page.get_by_test_id("copy-presented")).to_have_text("Copied")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{app.url}/?present={run}"
    page.goto(copied)
    expect(page.get_by_test_id("present-step")).to_be_visible()
    expect(card(page, "benefits")).to_be_visible()


def test_a_run_file_given_to_open_is_played_on_the_page_of_runs(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    canvas(page)
    file = tmp_path / "three.fanfold-run.jsonl"
    file.write_bytes(b"".join(encode_record(each) + b"\n" for each in load_sample("three_views")))
    open_dialog(page)
    give_file(page, file)
    expect(page.get_by_text("Opened the run from the file")).to_be_visible()
    stands(page, skeptic="finished")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_flow_that_was_given_is_gone_when_the_page_is_loaded_anew_and_it_is_said_so(
    visit: Visit, app: App
) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    canvas(page)
    open_dialog(page)
    paste(page, write_flow(TRIAGE))
    expect(page.get_by_alt_text("Picture of Support triage")).to_be_visible()
    page.reload()
    expect(page.get_by_text("is no longer at hand")).to_be_visible()


def many(count: int) -> str:
    nodes = [{"id": f"n{each}", "type": "agent", "name": f"N {each}"} for each in range(count)]
    return json.dumps({"fanfold": 1, "name": "Many", "nodes": nodes})


BAD: dict[str, tuple[str | bytes, str]] = {
    "10 MB": ("{" + " " * 10_000_000, "at most 5,000,000"),
    "10,000 nodes": (many(10_000), "nodes"),
    "1,000 levels": ("[" * 1_000 + "]" * 1_000, "nests too deeply"),
    "bytes that are no text": (b"\xff\xfe{}", "not UTF-8"),
    "a key twice": ('{"fanfold": 1, "name": "a", "name": "b"}', "stands twice"),
    "NaN": ('{"fanfold": 1, "name": NaN, "nodes": []}', "NaN is not JSON"),
    "nothing": ("", "is empty"),
}


def test_every_bad_file_is_answered_with_a_sentence_and_the_app_goes_on(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    canvas(page)
    open_dialog(page)
    for name, (content, said) in BAD.items():
        file = tmp_path / f"{name}.json"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        began = time.monotonic()
        give_file(page, file)
        expect(page.get_by_role("dialog")).to_contain_text(said)
        assert time.monotonic() - began < 10, name
    paste(page, "1" + "A" * 200_000)
    expect(page.get_by_role("dialog")).to_contain_text("no link of a flow")
    paste(page, "http://localhost:8501/?flow=f7")
    expect(page.get_by_role("dialog")).to_contain_text("carries no flow")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, "a")).to_be_visible()


def test_what_is_typed_into_a_search_is_looked_for_at_once(visit: Visit, app: App) -> None:
    flow = app.keep(shape("in > a").model_copy(update={"name": "Übersetzung der Verträge"}))
    app.keep(shape("in > a").model_copy(update={"name": "Other"}))
    with open_store(app.home, {}) as store:
        store.runs.append(run_of("s1", at=time.time() - 60, name="Entwurf"), flow_id=flow.id)
        store.runs.append(run_of("s2", at=time.time() - 50, name="Other"), flow_id=None)
    page = visit("flows", flow=flow.id)
    page.get_by_placeholder("Search by name or tag").press_sequentially("ubersetzung", delay=30)
    expect(page.locator(".ff-template")).to_have_count(1)
    expect(page.get_by_placeholder("Search by name or tag")).to_have_value("ubersetzung")
    runs = visit("runs", flow=flow.id)
    for typed in ("vertrage", "ENTWURF"):
        field = runs.get_by_placeholder("Search by flow or input")
        field.fill("")
        field.press_sequentially(typed, delay=30)
        found = runs.locator(".st-key-past-runs [data-testid='stRadioOption']")
        expect(found).to_have_count(1)
        expect(found).to_contain_text("Entwurf")
        expect(runs.locator(".st-key-past-runs")).to_contain_text("now “Übersetzung der Verträge”")
        expect(field).to_be_focused()


@pytest.mark.parametrize(
    "path, press", [("", "Download JSON"), ("flows", "Download all"), ("runs", "Download run")]
)
def test_a_download_is_taken_though_the_page_is_drawn_anew_in_that_moment(
    visit: Visit, app: App, path: str, press: str
) -> None:
    flow = app.keep(TRIAGE)
    with open_store(app.home, {}) as store:
        store.runs.append(run_of(f"d-{flow.id}", at=time.time()), flow_id=flow.id)
    page = visit(path, flow=flow.id)
    button = page.get_by_role("button", name=press)
    take_file(page, button)
    for _ in range(6):
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.keyboard.press("r")
        with page.expect_download() as taken:
            button.evaluate("button => button.click()")
        assert taken.value.failure() is None


def test_times_read_alike_in_the_app_on_a_mailed_page_and_in_its_lists(visit: Visit) -> None:
    times = [0.0, 0.04, 0.25, 2.25, 3.9496, 3.95, 3.9503, 59.94, 59.95, 60, 95.5, 3599.6, 7384.2]
    for module in ("components/live/assets/format.js", "flows/share/page_assets/words.js"):
        source = (ROOT / module).read_text("utf-8")
        found = re.search(r"export (function seconds\(.*?\n})", source, re.DOTALL)
        assert found
        page = visit("guide")
        said = page.evaluate(f"times => {{ {found[1]} return times.map(seconds); }}", times)
        assert said == [span(each) for each in times]
