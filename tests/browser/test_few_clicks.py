"""How few clicks and drags a flow takes."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, canvas, card, cards
from tests.browser.test_first_loop import start_empty
from tests.model_server import Answer, ModelServer

COUNT_PRESSES = """() => {
  window.presses = 0;
  addEventListener("pointerdown", ({isTrusted}) => { window.presses += isTrusted ? 1 : 0; }, true);
}"""


def test_three_reviewers_and_a_summariser_are_built_and_run_with_twelve_clicks_or_drags(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("quick", lambda _entry: Answer("Fine."))
    page = visit()
    expect(canvas(page)).to_be_visible()
    page.evaluate(COUNT_PRESSES)
    start_empty(page)
    reviewers = [add_after(page, "input", name, up) for name, up in REVIEWERS]
    choose_all_in_a_box(page, reviewers)
    last = add_after(page, reviewers[1], "Summariser", 0)
    page.get_by_test_id("run").click()
    expect(card(page, last)).to_have_attribute("data-status", "finished")
    assert page.evaluate("() => window.presses") <= 12
    flow = app.flow(page.url.partition("flow=")[2])
    assert [node.name for node in flow.nodes] == [
        "Input",
        *(name for name, _ in REVIEWERS),
        "Summariser",
    ]
    links = {(edge.source, edge.target) for edge in flow.edges}
    assert links == {("input", each) for each in reviewers} | {(e, last) for e in reviewers}


REVIEWERS = [("Style", -130), ("Facts", 0), ("Law", 130)]


def add_after(page: Page, node: str, name: str, down: float) -> str:
    """Drag from a card's right port into the empty canvas, take an agent there, and name it."""
    before = set(cards(page))
    port = page.get_by_test_id(f"port-out-{node}").bounding_box()
    assert port is not None
    x, y = port["x"] + port["width"] / 2, port["y"] + port["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + down / 2, steps=4)
    page.mouse.move(x + 120, y + down, steps=4)
    page.mouse.up()
    page.get_by_test_id("add-here").click()
    expect(all_cards(page)).to_have_count(len(before) + 1)
    (new,) = set(cards(page)) - before
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    expect(card(page, new)).to_contain_text(name)
    return new


def choose_all_in_a_box(page: Page, nodes: list[str]) -> None:
    boxes = [box for node in nodes if (box := card(page, node).bounding_box())]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right = max(box["x"] + box["width"] for box in boxes)
    bottom = max(box["y"] + box["height"] for box in boxes)
    page.keyboard.down("Shift")
    page.mouse.move(left - 12, top - 12)
    page.mouse.down()
    page.mouse.move(right + 12, bottom + 12, steps=6)
    page.mouse.up()
    page.keyboard.up("Shift")
    for node in nodes:
        expect(card(page, node)).to_have_attribute("data-selected", "true")
