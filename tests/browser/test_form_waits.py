"""The form takes no word until it is that of what is chosen."""

from playwright.sync_api import expect

from tests.browser.conftest import App, Visit
from tests.browser.hands import card, choose, field
from tests.shapes import shape

WATCH = """() => {
    window.wrong = [];
    window.held = false;
    const look = () => {
        const form = document.querySelector(".st-key-inspector");
        const chosen = document.querySelector('[data-testid="node-b"]').dataset.selected;
        const isOfA = form.querySelector("[class*='-a-name ']") !== null;
        if (chosen === "true" && form.inert) window.held = true;
        if (chosen === "true" && isOfA && !form.inert) window.wrong.push(performance.now());
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
"""Look at every frame whether the form of `a` can be used although `b` is chosen."""


def test_the_form_of_another_card_is_out_of_reach_from_the_choice_on(
    visit: Visit, app: App
) -> None:
    page = visit(flow=app.keep(shape("in > a > b")).id)
    choose(page, "a")
    page.evaluate(WATCH)
    card(page, "b").click(position={"x": 60, "y": 20})
    expect(field(page, "b", "name")).to_be_visible()
    expect(page.locator(".st-key-inspector[inert]")).to_have_count(0)
    assert page.evaluate("window.wrong") == []
    assert page.evaluate("window.held") is True


def test_what_is_typed_right_after_a_choice_reaches_the_form_of_what_was_chosen(
    visit: Visit, app: App
) -> None:
    stored = app.keep(shape("in > a > b"))
    page = visit(flow=stored.id)
    choose(page, "a")
    name = field(page, "a", "name").bounding_box()
    assert name is not None
    card(page, "b").click(position={"x": 60, "y": 20})
    expect(card(page, "b")).to_have_attribute("data-selected", "true")
    page.mouse.click(name["x"] + 30, name["y"] + 10)
    page.keyboard.press("Control+A")
    page.keyboard.type("Buyer")
    page.keyboard.press("Tab")
    page.keyboard.type("Be kind.")
    expect(field(page, "b", "instructions")).to_have_value("Be kind.")
    page.keyboard.press("Tab")
    expect(card(page, "b")).to_contain_text("Be kind.")
    expect(card(page, "b")).to_contain_text("Buyer")
    assert [node.name for node in app.flow(stored.id).nodes] == ["in", "a", "Buyer"]


def test_what_is_typed_is_kept_at_rest_and_the_field_keeps_the_focus(
    visit: Visit, app: App
) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    choose(page, "a")
    field(page, "a", "instructions").click()
    page.keyboard.type("Be kind")
    expect(card(page, "a")).to_contain_text("Be kind")
    page.keyboard.type(" and brief.")
    expect(card(page, "a")).to_contain_text("Be kind and brief.")
    page.reload()
    expect(card(page, "a")).to_contain_text("Be kind and brief.")
