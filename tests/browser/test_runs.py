"""Runs are watched live, do not care about pages, and are kept."""

import re

from playwright.sync_api import Page, expect

from flows.store.store import open_store
from tests.browser.conftest import App, Visit
from tests.browser.files import take_file
from tests.browser.hands import begin_run, card, stands
from tests.model_server import Answer, Gate, ModelServer, Refuse
from tests.shapes import shape


def after_a_run(visit: Visit, app: App, models: ModelServer, *, says: str) -> Page:
    """The page of a flow whose only agent has said this."""
    models.script("quick", Answer(says))
    page = begin_run(visit, app.keep(shape("in > a")))
    stands(page, a="finished")
    return page


def test_a_run_survives_its_page_and_the_next_page_shows_it(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("held", Answer("The end.", gate=gate))
    stored = app.keep(shape("in > a", a={"model": "openai/held"}))
    page = begin_run(visit, stored)
    stands(page, a="running")
    page.close()
    late = visit(flow=stored.id)
    stands(late, a="running")
    gate.open()
    stands(late, a="finished")
    expect(late.get_by_test_id("result")).to_contain_text("The end.")


def test_a_first_run_comes_to_the_list_that_had_none(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", Answer("There."))
    stored = app.keep(shape("in > a"))
    runs = visit(flow=stored.id)
    runs.get_by_role("link", name="Runs").click()
    runs.get_by_text("Only of this flow").click()
    expect(runs.get_by_text("No run yet.")).to_be_visible()
    begin_run(visit, stored)
    stands(runs, a="finished")


def test_a_click_queues_the_cards_and_stop_ends_the_run(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("stopped", Answer("Never said.", gate=gate))
    stored = app.keep(shape("in > a > b", a={"model": "openai/stopped"}))
    page = begin_run(visit, stored)
    stands(page, a="running")
    page.get_by_test_id("stop").click()
    stands(page, a="cancelled")
    expect(page.get_by_test_id("run")).to_be_enabled()
    gate.open()


def test_a_wrong_key_is_a_sentence_at_the_card_and_in_the_result(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("locked", Refuse(401, "Incorrect API key provided.", "invalid_api_key"))
    stored = app.keep(shape("in > a b", a={"model": "openai/locked"}))
    page = begin_run(visit, stored)
    stands(page, a="failed", b="finished")
    expect(page.get_by_test_id("result")).to_contain_text("OPENAI_API_KEY")
    assert "Traceback" not in page.locator("body").inner_text()


def test_a_past_run_opens_as_it_was_though_its_flow_has_changed(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("told", [Answer("First words."), Answer("Second words.")])
    stored = app.keep(shape("in > a", a={"model": "openai/told", "name": "Then"}))
    page = begin_run(visit, stored)
    expect(page.get_by_test_id("result")).to_contain_text("First words.")
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("result")).to_contain_text("Second words.")
    card(page, "a").click(position={"x": 60, "y": 20})
    name = page.locator(".st-key-inspector [class*='-a-name '] input")
    name.fill("Now")
    name.press("Enter")
    expect(card(page, "a")).to_contain_text("Now")

    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_test_id("result")).to_contain_text("Second words.")
    expect(card(page, "a")).to_contain_text("Then")
    page.locator(".st-key-past-runs [data-testid='stRadioOption']").nth(1).click()
    expect(page.get_by_test_id("result")).to_contain_text("First words.")
    stands(page, a="finished")
    page.reload()
    expect(page.get_by_test_id("result")).to_contain_text("First words.")


def test_a_page_shows_the_last_run_before_it_hears_of_it(
    visit: Visit, app: App, models: ModelServer
) -> None:
    page = after_a_run(visit, app, models, says="Known at once.")
    page.route_web_socket(re.compile("/fanfold/live"), lambda _line: None)  # it never says a word
    page.reload()
    stands(page, a="finished")
    expect(page.get_by_test_id("result")).to_contain_text("Known at once.")
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished in")


def test_the_page_of_a_run_asks_for_its_story_once_and_before_streamlit_draws(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("asked", Answer("Told."))
    stored = app.keep(shape("in > a", a={"model": "openai/asked"}))
    page = begin_run(visit, stored)
    stands(page, a="finished")
    with open_store(app.home, {}) as store:
        run_id = store.runs.latest([stored.id])[stored.id].id
    page.add_init_script(
        """
        const Real = WebSocket;
        window.WebSocket = class extends Real {
            constructor(address, ...more) {
                super(address, ...more);
                if (!String(address).includes("/fanfold/live")) return;
                (window.asked ??= []).push(document.querySelectorAll(".fanfold-canvas").length);
            }
        };"""
    )
    page.goto(f"{app.url}/runs?flow={stored.id}&run={run_id}")
    stands(page, a="finished")
    expect(page.get_by_test_id("result")).to_contain_text("Told.")
    expect(page.get_by_test_id("lane-a")).to_be_visible()
    assert page.evaluate("window.asked") == [0]


def test_a_run_file_is_taken_away_whole(visit: Visit, app: App, models: ModelServer) -> None:
    page = after_a_run(visit, app, models, says="Kept.")
    page.get_by_role("link", name="Runs").click()
    taken = take_file(page, page.get_by_role("button", name="Download run"))
    assert taken.suggested_filename.endswith(".fanfold-run.jsonl")
    last = taken.path().read_text("utf-8").splitlines()[-1]
    assert '"type":"run_finished"' in last


def test_what_was_typed_to_run_is_there_after_a_reload(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("heard", Answer("Heard."))
    stored = app.keep(shape("in > a", a={"model": "openai/heard"}))
    page = visit(flow=stored.id)
    page.get_by_test_id("input-in").fill("Something of mine")
    page.get_by_test_id("run").click()
    stands(page, a="finished")
    (asked,) = [entry for entry in models.log if entry.model == "heard"]
    assert asked.text == "Something of mine"
    page.reload()
    box = page.get_by_test_id("input-in")
    expect(box).to_have_value("Something of mine")


def test_the_menu_of_a_past_runs_card_offers_only_what_works_there(
    visit: Visit, app: App, models: ModelServer
) -> None:
    page = after_a_run(visit, app, models, says="There.")
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_test_id("palette-agent")).to_be_hidden()
    stands(page, a="finished")
    card(page, "a").click(button="right")
    expect(page.get_by_test_id("menu").get_by_role("menuitem")).to_have_text(
        ["Run from here", "CopyCtrl+C"]
    )
    expect(page.get_by_test_id("stage-1")).not_to_have_attribute("title", re.compile("Click"))
