"""The program stands beside the canvas and goes with it: both ways, while one works."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from flows.document.edits import ChangeNode, apply_edit
from flows.document.model import Flow
from flows.ids import NodeId
from flows.models.connections import load_connections
from flows.share.python_code import python_code
from flows.templates import load_template
from tests.browser.conftest import App, Visit
from tests.browser.files import take_file
from tests.browser.hands import all_cards, card, choose, field
from tests.shapes import shape

FLOW = load_template("three_views")
FOREIGN = "<img src=x onerror=alert(1)>"


def show(page: Page, words: str) -> None:
    """Choose what stands beside the canvas, once the page is at rest."""
    expect(all_cards(page).first).to_be_visible()
    page.locator(".st-key-beside-head").get_by_text(words, exact=True).click()


def code(page: Page) -> Locator:
    return page.get_by_test_id("code")


def lines_of(page: Page, node: str) -> Locator:
    return page.get_by_test_id(f"code-{node}")


def program_of(flow: Flow, app: App) -> str:
    return python_code(flow, load_connections(app.home, {"OPENAI_API_KEY": "sk-test"}))


def renamed(flow: Flow, node: str, name: str) -> Flow:
    return apply_edit(flow, ChangeNode(id=NodeId(node), changes={"name": name}))


@pytest.fixture
def page(visit: Visit, app: App) -> Page:
    """A flow of the library, opened."""
    return visit(flow=app.keep(FLOW).id)


def test_the_code_is_the_program_that_is_exported(page: Page, app: App) -> None:
    show(page, "Code")
    expect(lines_of(page, "summary").first).to_be_attached()
    assert code(page).text_content() == program_of(FLOW, app)
    expect(page.locator(".st-key-inspector")).to_have_count(0)


def test_the_code_follows_what_is_typed_while_the_typing_goes_on(page: Page, app: App) -> None:
    show(page, "Both")
    choose(page, "skeptic")
    name = field(page, "skeptic", "name")
    name.fill("Doubter")
    expect(lines_of(page, "skeptic").first).to_contain_text('name="Doubter"')
    expect(name).to_be_focused()
    name.press("End")
    name.press_sequentially(" of all")
    expect(lines_of(page, "skeptic").first).to_contain_text('name="Doubter of all"')
    assert code(page).text_content() == program_of(renamed(FLOW, "skeptic", "Doubter of all"), app)


def test_a_chosen_card_has_its_lines_marked_and_in_sight(page: Page) -> None:
    show(page, "Code")
    first, last = lines_of(page, "summary").first, lines_of(page, "summary").last
    expect(first).to_have_attribute("aria-pressed", "false")
    card(page, "summary").click(position={"x": 60, "y": 20})
    for part in (first, last):
        expect(part).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_in_viewport()
    expect(lines_of(page, "skeptic").first).to_have_attribute("aria-pressed", "false")


def test_a_press_on_a_line_chooses_its_card_and_the_keys_do_the_same(page: Page) -> None:
    show(page, "Code")
    line = lines_of(page, "skeptic").last
    expect(line).to_have_attribute("title", "Choose Skeptic on the canvas")
    line.click()
    expect(card(page, "skeptic")).to_have_attribute("data-selected", "true")
    expect(line).to_be_in_viewport()  # what was pressed stays under the pointer
    code(page).focus()
    page.keyboard.press("Tab")  # the first lines that can be chosen
    page.keyboard.press("Enter")
    expect(card(page, "optimist")).to_have_attribute("data-selected", "true")
    expect(card(page, "skeptic")).not_to_have_attribute("data-selected", "true")
    expect(lines_of(page, "optimist").first).to_be_focused()


def test_the_program_is_copied_and_taken_as_it_is_now(page: Page, app: App) -> None:
    show(page, "Code")
    page.get_by_test_id("copy-code").click()
    expect(page.get_by_test_id("copy-code")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == program_of(FLOW, app)
    file = take_file(page, page.locator(".st-key-code-tools").get_by_text("Download"))
    assert file.suggested_filename == "three_views.py"
    assert Path(file.path()).read_text("utf-8") == program_of(FLOW, app)


def test_what_cannot_be_exported_says_why_in_place_of_code(visit: Visit, app: App) -> None:
    whole = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
    flow = shape("in > a", a={"output_schema": whole, "on_error": {"fallback": "None"}})
    tab = visit(flow=app.keep(flow).id)
    show(tab, "Code")
    expect(tab.locator(".st-key-no-code")).to_contain_text('"a" answers with a class and has a')
    expect(code(tab)).to_have_count(0)


def test_a_flow_with_problems_says_what_to_mend_and_then_shows_its_code(
    visit: Visit, app: App
) -> None:
    tab = visit(flow=app.keep(shape("in > a > b", b={"tools": ("search",)})).id)
    show(tab, "Code")
    expect(tab.locator(".st-key-no-code")).to_contain_text('"b" uses "tools"')
    card(tab, "b").click(position={"x": 60, "y": 20})
    tab.keyboard.press("Delete")
    expect(code(tab)).to_contain_text("return await ask(a_agent, in_text)")


def test_the_code_names_all_the_problems_that_the_canvas_counts(visit: Visit, app: App) -> None:
    flow = shape("in > a > b", a={"model": "nobody/x"}, b={"tools": ("search",)})
    tab = visit(flow=app.keep(flow).id)
    expect(tab.get_by_test_id("problems")).to_have_text("2 problems")
    show(tab, "Code")
    expect(tab.locator(".st-key-no-code").get_by_text("●")).to_have_count(2)


def test_foreign_words_are_words(visit: Visit, app: App) -> None:
    tab = visit(flow=app.keep(shape("in > a", a={"name": FOREIGN})).id)
    show(tab, "Code")
    expect(lines_of(tab, "a").first).to_contain_text(f'name="{FOREIGN}"')
    expect(lines_of(tab, "a").first).to_have_attribute("title", f"Choose {FOREIGN} on the canvas")
    expect(code(tab).locator("img")).to_have_count(0)


def test_what_stands_beside_the_canvas_is_remembered_on_other_pages(page: Page) -> None:
    show(page, "Code")
    expect(code(page)).to_be_visible()
    page.get_by_role("link", name="Guide").click()
    expect(code(page)).to_have_count(0)
    page.get_by_role("link", name="Build").click()
    expect(code(page)).to_be_visible()


@pytest.mark.parametrize("width, height", [(1440, 900), (1024, 768)])
def test_the_code_leaves_the_canvas_its_room(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    expect(all_cards(page).first).to_be_visible()
    before = page.get_by_test_id("canvas").bounding_box()
    show(page, "Code")
    expect(code(page)).to_be_visible()
    assert page.get_by_test_id("canvas").bounding_box() == before
    page.locator(".st-key-code-width").get_by_text("Wide").click()
    expect(page.locator(".st-key-code-width").get_by_text("Narrow")).to_be_visible()
    room = page.get_by_test_id("canvas").bounding_box()
    beside = code(page).bounding_box()
    assert room is not None
    assert beside is not None
    assert 0.599 * width <= room["width"] < room["x"] + room["width"] <= beside["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_no_line_of_the_code_is_cut_off(page: Page) -> None:
    show(page, "Code")
    expect(lines_of(page, "summary").first).to_be_attached()
    widest = code(page).evaluate(
        "root => Math.max(...[...root.children].map((e) => e.scrollWidth))"
    )
    assert widest <= code(page).evaluate("root => root.clientWidth")


def test_a_line_that_is_wrapped_goes_on_under_its_own_beginning(visit: Visit, app: App) -> None:
    told = "Say in a few words what speaks for it and what does not, and for whom it would be good."
    tab = visit(flow=app.keep(shape("in > a", a={"instructions": told})).id)
    show(tab, "Code")
    line = code(tab).locator(".line").filter(has_text="what speaks for it").first
    starts = line.evaluate(
        """line => {
            const lefts = new Map();
            for (const word of line.querySelectorAll("span:not(.lead)")) {
                for (const { top, left } of word.getClientRects()) {
                    lefts.set(Math.round(top), Math.min(left, lefts.get(Math.round(top)) ?? left));
                }
            }
            const [first, ...others] = lefts.values();
            return [others.length, ...others.map((each) => each > first)];
        }"""
    )
    assert starts[0] > 0
    assert all(starts[1:])
