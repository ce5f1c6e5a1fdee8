"""The keyboard alone: walk, open, connect, move, arrange, and a list of all keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, canvas, card, edge, field, kept_flow, stands
from tests.browser.test_several import expect_chosen
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape

FAN = shape("in > b a > out; in > late; late > out")
NO_REV = re.compile(r"^\d+$")


@pytest.fixture
def fan(visit: Visit, app: App) -> tuple[Page, str]:
    stored = app.keep(FAN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(5)
    page.get_by_test_id("canvas").locator(".ff-stage").focus()
    return page, stored.id


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.id ?? ''"))


def edit_done(page: Page, rev: str | None) -> None:
    expect(canvas(page)).not_to_have_attribute("data-rev", rev or "")


def test_tab_walks_the_cards_stage_by_stage(fan: tuple[Page, str]) -> None:
    page, _ = fan
    walked = []
    for _ in range(5):
        page.keyboard.press("Tab")
        walked.append(focused(page))
    assert walked == ["in", "b", "a", "late", "out"]
    outline = "getComputedStyle(document.activeElement.querySelector('.ff-face')).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "late"


def test_space_chooses_and_enter_leads_to_the_form(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "a").focus()
    page.keyboard.press("Space")
    expect_chosen(page, "a")
    card(page, "b").focus()
    page.keyboard.press("Shift+Space")
    expect_chosen(page, "a", "b")
    page.keyboard.press("Enter")
    expect_chosen(page, "b")
    expect(field(page, "b", "name")).to_be_focused()


def test_c_links_a_card_and_takes_the_link_back(fan: tuple[Page, str], app: App) -> None:
    page, flow = fan
    card(page, "b").focus()
    page.keyboard.press("c")
    expect(page.get_by_test_id("connect-late")).to_be_visible()
    expect(page.get_by_test_id("connect-in")).to_have_count(0)  # an input takes no links
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    expect(edge(page, "b", "late")).to_be_attached()
    assert focused(page) == "b"
    page.keyboard.press("c")
    page.get_by_test_id("connect-late").press("Enter")
    expect(edge(page, "b", "late")).to_have_count(0)
    kept_flow(page, app, flow, FAN)


def test_a_puts_an_agent_behind_a_card_linked_to_it_and_leads_to_its_name(
    fan: tuple[Page, str], app: App
) -> None:
    page, flow_id = fan
    card(page, "out").focus()
    rev = canvas(page).get_attribute("data-rev")
    page.keyboard.press("a")
    expect(all_cards(page)).to_have_count(6)
    expect(edge(page, "out", "agent")).to_have_count(1)
    page.keyboard.type("Check")
    expect(field(page, "agent", "name")).to_have_value("Check")
    page.keyboard.press("Escape")
    expect(card(page, "agent")).to_be_focused()
    edit_done(page, rev)
    last = app.flow(flow_id).edges[-1]
    assert (last.source, last.target) == ("out", "agent")


def test_agents_that_a_adds_after_one_card_stand_one_below_the_other(visit: Visit, app: App):
    stored = app.keep(shape("in > a"))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(2)
    added = ("agent", "agent_2", "agent_3")
    for node in added:
        rev = canvas(page).get_attribute("data-rev")
        card(page, "in").focus()
        page.keyboard.press("a")
        expect(field(page, node, "name")).to_be_focused()
        page.keyboard.press("Escape")
        edit_done(page, rev)
    at = app.flow(stored.id).layout
    assert len({at[node].x for node in added}) == 1


def test_what_is_handed_in_meanwhile_is_no_key_of_the_person(fan: tuple[Page, str]) -> None:
    page, _ = fan
    page.evaluate(
        """() => {
            const count = () => (window.runs = (window.runs ?? 0) + 1);
            document.querySelector("[data-testid=run]").addEventListener("click", count);
        }"""
    )
    card(page, "a").focus()
    page.keyboard.press("Enter")
    field(page, "a", "instructions").fill("Be brief.")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.evaluate(
        """() => {
            const enter = {key: "Enter", ctrlKey: true, bubbles: true};
            const field = document.querySelector(".st-key-inspector textarea");
            field.dispatchEvent(new KeyboardEvent("keydown", enter));
        }"""
    )
    page.keyboard.type("Check")
    expect(field(page, "agent", "name")).to_have_value("Check")
    page.keyboard.press("Escape")
    expect(card(page, "agent")).to_contain_text("Check")
    assert page.evaluate("window.runs ?? 0") == 0


def test_what_is_typed_at_the_moment_the_form_comes_is_the_name(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "a").focus()
    page.keyboard.press("a")
    page.locator("[data-form-of=agent]").wait_for(state="attached")
    page.keyboard.type("Check")
    expect(field(page, "agent", "name")).to_have_value("Check")
    page.keyboard.press("Escape")
    expect(card(page, "agent")).to_contain_text("Check")


def test_escape_leaves_the_form_for_good_though_what_was_typed_is_kept_later(
    fan: tuple[Page, str],
) -> None:
    page, _ = fan
    card(page, "a").focus()
    page.keyboard.press("Enter")
    expect(field(page, "a", "name")).to_be_focused()
    page.evaluate(
        "addEventListener('keydown', (event) => { window.kept ||= !event.isTrusted; }, true)"
    )
    page.keyboard.type("Ann")
    page.keyboard.press("Escape")
    page.wait_for_function("() => window.kept")
    assert focused(page) == "a"
    expect(card(page, "a")).to_have_attribute("aria-label", re.compile(r"^Ann,"))


def test_who_closes_the_list_of_keys_goes_on_at_a_card(fan: tuple[Page, str]) -> None:
    page, _ = fan
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_test_id("shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("shortcuts")).to_be_hidden()
    expect(card(page, "in")).to_be_focused()


def test_a_menu_opened_by_a_key_is_gone_into_and_walked_by_the_arrows(
    fan: tuple[Page, str],
) -> None:
    page, flow_id = fan
    page.get_by_role("button", name="New").press("Enter")
    expect(page.get_by_role("button", name="Empty flow")).to_be_focused()
    page.keyboard.press("Escape")
    card(page, "a").focus()
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Empty flow")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Three views")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: flow_id not in address)
    expect(all_cards(page)).to_have_count(1)


def test_a_run_is_stopped_by_a_key_from_anywhere_on_the_page(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("slow", Answer("Late.", gate=(gate := Gate())))
    page = visit(flow=app.keep(shape("in > a", a={"model": "openai/slow"})).id)
    expect(card(page, "a")).to_be_visible()
    page.keyboard.press("Control+Enter")
    stands(page, a="running")
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.press("Control+.")
    stands(page, a="cancelled")
    gate.open()


def test_what_would_close_a_loop_is_not_offered(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "out").focus()
    page.keyboard.press("c")
    expect(page.get_by_test_id("toast")).to_contain_text("no card it can be linked to")


@pytest.mark.parametrize("key, step", [("ArrowRight", 10), ("Shift+ArrowRight", 1)])
def test_arrows_held_down_move_a_card_in_one_step(
    fan: tuple[Page, str], app: App, key: str, step: int
) -> None:
    page, flow = fan
    before = canvas(page).get_attribute("data-rev")
    card(page, "a").focus()
    for _ in range(4):
        page.keyboard.press(key)
    edit_done(page, before)
    moved = app.flow(flow).layout
    page.get_by_test_id("undo").click()
    kept_flow(page, app, flow, FAN)
    xs = {str(node): at.x for node, at in moved.items()}
    assert xs["a"] - xs["b"] == 4 * step


def test_delete_takes_the_card_that_has_the_focus(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "late").focus()
    page.keyboard.press("Delete")
    expect(card(page, "late")).to_have_count(0)


def test_plus_minus_and_f_change_the_view(fan: tuple[Page, str]) -> None:
    page, _ = fan
    level = page.get_by_test_id("zoom-level")
    whole = level.inner_text()
    page.keyboard.press("+")
    expect(level).not_to_have_text(whole)
    larger = level.inner_text()
    page.keyboard.press("-")
    expect(level).not_to_have_text(larger)
    page.keyboard.press("+")
    page.keyboard.press("f")
    expect(level).to_have_text(whole)


def test_shift_l_arranges_the_cards(fan: tuple[Page, str], app: App) -> None:
    page, flow = fan
    card(page, "a").focus()
    before = canvas(page).get_attribute("data-rev")
    page.keyboard.press("ArrowDown")
    edit_done(page, before)
    before = canvas(page).get_attribute("data-rev")
    page.keyboard.press("Shift+L")
    edit_done(page, before)
    assert len({at.x for at in app.flow(flow).layout.values()}) == 3


def test_the_menu_key_opens_the_menu_and_escape_leads_back(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "a").focus()
    card(page, "a").dispatch_event("contextmenu", {"clientX": 300, "clientY": 300})
    expect(page.get_by_test_id("menu-open")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("menu-connect")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_have_count(0)
    assert focused(page) == "a"


def test_the_question_mark_lists_every_key(fan: tuple[Page, str]) -> None:
    page, _ = fan
    page.keyboard.press("?")
    dialog = page.get_by_test_id("shortcuts")
    expect(dialog).to_be_visible()
    for words in ("Undo", "Duplicate", "Arrange by stage", "Choose all in a box"):
        expect(dialog).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_card_far_away_comes_into_sight_with_the_focus(visit: Visit, app: App) -> None:
    drawing = " > ".join(f"n{number}" for number in range(70))
    page = visit(flow=app.keep(shape(f"in > {drawing}")).id)
    expect(canvas(page)).to_have_attribute("data-rev", NO_REV)
    page.get_by_test_id("zoom-level").click()
    card(page, "n40").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "n41"
    expect(card(page, "n41").locator(".ff-name")).to_be_in_viewport()


def test_i_leads_to_the_input_r_to_the_result_and_escape_back(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "a").focus()
    page.keyboard.press("Space")
    page.keyboard.press("i")
    expect(page.get_by_test_id("input-in")).to_be_focused()
    page.keyboard.press("Escape")
    assert focused(page) == "a"
    page.keyboard.press("r")
    expect(page.get_by_test_id("result")).to_be_focused()
    page.keyboard.press("Escape")
    assert focused(page) == "a"
