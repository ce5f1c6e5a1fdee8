"""A press is never lost, whatever the page sends or hears in the same moment."""

import time

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import App, Visit
from tests.browser.files import opener
from tests.browser.hands import PATIENCE_S, HeldStream, card, choose, field
from tests.shapes import shape

CHAIN = shape("in > a > b")
LONGER_THAN_ANY_REST_MS = 2000


class LiveLines:
    """What a page hears of changes, on whichever line: it opens another when it likes."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._heard: list[str] = []
        page.on("websocket", self._listen)

    def wait_for(self, event: str) -> None:
        """Wait until an event of that name came."""
        until = time.monotonic() + PATIENCE_S
        while not any(f"event: {event}" in said for said in self._heard):
            assert time.monotonic() < until, f"heard only {self._heard}"
            self._page.evaluate("0")  # takes in what the browser tells

    def _listen(self, line: WebSocket) -> None:
        if "/fanfold/live" in line.url:
            line.on("framereceived", lambda said: self._heard.append(str(said)))


@pytest.mark.parametrize("held", [0, 80], ids=["at once", "as a person presses"])
def test_a_link_leads_away_though_the_text_just_left_is_still_being_taken_in(
    visit: Visit, app: App, held: int
) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    page.clock.install()
    stream = HeldStream(page)
    live = LiveLines(page)
    page.reload()
    choose(page, "a")
    field(page, "a", "instructions").fill("Kept.")
    page.get_by_role("link", name="Guide").hover()
    stream.hold()
    page.get_by_role("link", name="Guide").click(delay=held)  # the text is left, and stored
    live.wait_for("flow")
    stream.wait_for_pages(2)
    page.clock.fast_forward(LONGER_THAN_ANY_REST_MS)  # it hears of the new text and would ask
    page.evaluate("0")
    assert len(stream.pages_asked_for()) == 2  # this one, then the other, and never back again
    stream.release()
    expect(page.get_by_text("Which pattern?")).to_be_visible()
    page.get_by_role("link", name="Build").click()
    expect(card(page, "a")).to_contain_text("Kept.")


def test_a_file_is_asked_for_though_the_page_is_drawn_anew_meanwhile(
    visit: Visit, app: App
) -> None:
    stored = app.keep(CHAIN)
    page, other = visit(flow=stored.id), visit(flow=stored.id)
    expect(card(other, "a")).to_be_visible()
    page.bring_to_front()
    opener(page).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    other.bring_to_front()
    choose(other, "a")
    field(other, "a", "name").fill("Named elsewhere")
    field(other, "a", "name").press("Enter")
    page.bring_to_front()
    expect(card(page, "a")).to_contain_text("Named elsewhere")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Guide").click()
    expect(page.get_by_text("Which pattern?")).to_be_visible()
    expect(dialog).to_have_count(0)


def test_a_press_beside_a_field_is_taken_though_leaving_the_field_draws_the_form_anew(
    visit: Visit, app: App
) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    choose(page, "b")
    field(page, "b", "prompt").fill("{{ nodes.nobody.output }}")
    page.get_by_role("button", name="Delete").last.hover()
    page.mouse.down()
    form = page.locator(".st-key-inspector")
    expect(form.get_by_text("nobody").last).to_be_visible()  # its problem stands in the form
    page.mouse.up()
    expect(card(page, "b")).to_have_count(0)
