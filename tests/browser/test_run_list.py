"""The list of past runs and two runs side by side, used as a person does."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Page, expect

from flows.ids import FlowId
from flows.store.store import open_store
from flows.trace.events import RunFailed, RunFinished
from tests.browser.conftest import App, Visit
from tests.browser.hands import begin_run, press_entry
from tests.flows.store.records import run_of
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape


def entries(page: Page) -> Locator:
    return page.locator(".st-key-past-runs [data-testid='stRadioOption']")


def press_in_menu(page: Page, entry: str) -> None:
    """Press an entry of the run's menu."""
    more = page.locator(".st-key-run-headline").get_by_role("button", name="This run")
    found = page.get_by_test_id("stMenuButtonBody").get_by_text(entry, exact=True)
    press_entry(page, menu=more, entry=found)


def search(page: Page, words: str) -> None:
    page.get_by_placeholder("Search by flow or input").fill(words)
    page.keyboard.press("Enter")


def choose_status(page: Page, status: str) -> None:
    page.locator(".st-key-run_status").get_by_role("combobox").click()
    page.get_by_role("option", name=status).click()


def keep_three(app: App) -> str:
    """Keep three runs of a new flow, the second failed; return the flow's id."""
    stored = app.keep(shape("in > a"))
    ends = [
        ("Lisbon", RunFinished({"a": "**First** words"})),
        ("Genf", RunFailed(error="It broke.", errors={"a": "It broke."})),
        ("Genf", RunFinished({"a": "Last words"})),
    ]
    with open_store(app.home, {}) as store:
        for number, (said, end) in enumerate(ends):
            at, run_id = time.time() - 600 + 60 * number, f"{stored.id}-{number}"
            run = run_of(run_id, at=at, said=said, name="Cities", end=end)
            store.runs.append(run, flow_id=FlowId(stored.id))
    return stored.id


def visit_runs(visit: Visit, flow_id: str) -> Page:
    page = visit("runs", flow=flow_id)
    page.get_by_text("Only of this flow").click()
    expect(entries(page)).to_have_count(3)
    return page


def test_runs_are_searched_filtered_by_status_deleted_and_brought_back(
    visit: Visit, app: App
) -> None:
    page = visit_runs(visit, keep_three(app))
    search(page, "genf")
    expect(entries(page)).to_have_count(2)
    choose_status(page, "Failed")
    expect(entries(page)).to_have_count(1)
    expect(page.locator(".st-key-run-headline")).to_contain_text("failed")
    press_in_menu(page, "Delete")
    expect(page.get_by_text("No run is like this.")).to_be_visible()
    expect(page.get_by_text("A run of Cities was deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(entries(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    search(page, "")
    page.locator(".st-key-run_status").get_by_role("button", name="Clear").click()
    expect(entries(page)).to_have_count(3)


def test_a_run_is_chosen_by_a_press_anywhere_on_it(visit: Visit, app: App) -> None:
    page = visit_runs(visit, keep_three(app))
    box = page.get_by_test_id("stRadioCaption").last.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] - 4)
    expect(page).to_have_url(re.compile("run=.*-0"))


def test_a_kept_run_is_marked_and_can_be_listed_alone(visit: Visit, app: App) -> None:
    page = visit_runs(visit, keep_three(app))
    only_kept = page.locator(".st-key-only_kept_runs").get_by_text("Kept")
    entries(page).last.click()
    expect(page).to_have_url(re.compile("run=.*-0"))
    press_in_menu(page, "Keep")
    expect(entries(page).last.get_by_label("keep icon")).to_be_visible()
    only_kept.click()
    expect(entries(page)).to_have_count(1)
    press_in_menu(page, "No longer keep")
    expect(page.get_by_text("No run is like this.")).to_be_visible()


def test_two_runs_stand_side_by_side_and_after_a_reload_too(visit: Visit, app: App) -> None:
    page = visit_runs(visit, keep_three(app))
    press_in_menu(page, "Compare with…")
    expect(page).to_have_url(re.compile("run=.*-2.*with=.*-1"))
    expect(page.get_by_test_id("result-B")).to_contain_text("Last words")
    expect(page.get_by_test_id("result-A")).to_contain_text("no result")
    expect(page.get_by_test_id("pair-a")).to_contain_text("B 2.00 s")
    entries(page).last.click()
    expect(page).to_have_url(re.compile("with=.*-0"))
    expect(page.get_by_test_id("result-A")).to_contain_text("First words")
    page.reload()
    expect(page.get_by_test_id("result-B")).to_contain_text("Last words")
    expect(page.get_by_test_id("result-A")).to_contain_text("First words")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_test_id("result")).to_contain_text("Last words")


def test_the_list_says_by_itself_that_a_run_began_and_ended(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("listed", Answer("There.", gate=gate))
    stored = app.keep(shape("in > a", a={"model": "openai/listed"}))
    runs = visit("runs", flow=stored.id)
    runs.get_by_text("Only of this flow").click()
    expect(runs.get_by_text("No run yet.")).to_be_visible()
    begin_run(visit, stored)
    listed = runs.locator(".st-key-past-runs [role='radiogroup']")
    expect(listed).to_contain_text("running")
    gate.open()
    expect(listed).to_contain_text("finished")
