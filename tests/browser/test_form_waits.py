"""The form takes no word until it is that of what is chosen."""

from playwright.sync_api import Page, expect

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


def test_what_is_typed_right_after_a_choice_never_reaches_the_form_before(
    visit: Visit, app: App
) -> None:
    stored = app.keep(shape("in > a > b"))
    page = visit(flow=stored.id)
    choose(page, "a")
    card(page, "b").click(position={"x": 60, "y": 20})
    expect(card(page, "b")).to_have_attribute("data-selected", "true")
    page.locator(".st-key-inspector input").first.click(force=True, no_wait_after=True)
    page.keyboard.type("Buyer")
    _form_is_of(page, "b")
    assert app.flow(stored.id).nodes[1].name == "a"


def _form_is_of(page: Page, node: str) -> None:
    expect(page.locator(f"[data-form-of='{node}']")).to_have_count(1)
