"""The canvas keeps up: with fast hands, with a slow server, and with much that happens in a run."""

import math
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.browser.conftest import App, Visit, end_app, start_app
from tests.browser.hands import PATIENCE_S, all_cards, canvas, card, field, stands
from tests.model_server import Answer, ModelServer
from tests.shapes import shape

EDITS = 60
DRAG_S = 5
UPDATES = 15 * DRAG_S
NEAR_PX = 3

NOTE_ACKNOWLEDGED = """(flow) => {
  window.noted = null;
  const root = document.querySelector('[data-testid="canvas"]');
  const before = root.dataset.rev;
  new MutationObserver((_news, self) => {
    if (root.dataset.rev === before) return;
    self.disconnect();
    window.noted = {
      rev: root.dataset.rev,
      waits: sessionStorage.getItem(`fanfold outbox ${flow}`),
      form: document.querySelectorAll('.st-key-inspector [class*="-agent-name "]').length,
    };
  }).observe(root, {attributes: true, attributeFilter: ["data-rev"]});
}"""

AWAY_FROM = """([node, left]) =>
  document.querySelector(`[data-testid="node-${node}"]`).getBoundingClientRect().left !== left"""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], App]]:
    """Starts the app with something slow in it."""
    running = []

    def go(slow: str) -> App:
        environ = {"OPENAI_API_KEY": "sk-test", "FANFOLD_TEST_SLOW": slow}
        home = tmp_path_factory.mktemp("home")
        running.append(start_app(home, environ, module="tests.browser.slow_pages"))
        return running[-1]

    yield go
    for each in running:
        end_app(each)


def open_flow(context: BrowserContext, app: App) -> tuple[Page, str]:
    stored = app.keep(shape("in > a"))
    page = context.new_page()
    page.goto(f"{app.url}/?flow={stored.id}")
    expect(all_cards(page)).to_have_count(2)
    canvas(page)
    return page, stored.id


def test_sixty_fast_edits_are_done_once_and_in_order_while_callbacks_take_a_second(
    context: BrowserContext, start: Callable[[str], App]
) -> None:
    app = start("callback")
    page, flow = open_flow(context, app)
    box = page.get_by_test_id("palette-agent").bounding_box()
    assert box is not None
    for _ in range(EDITS):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(canvas(page)).to_have_attribute("data-rev", str(1 + EDITS))
    page.reload()
    expect(all_cards(page)).to_have_count(2 + EDITS)
    expect(canvas(page)).to_have_attribute("data-rev", str(1 + EDITS))
    added = ["agent", *(f"agent_{number}" for number in range(2, EDITS + 1))]
    assert [node.id for node in app.flow(flow).nodes] == ["in", "a", *added]


def test_an_edit_is_acknowledged_before_the_page_is_drawn_anew(
    context: BrowserContext, start: Callable[[str], App]
) -> None:
    page, flow = open_flow(context, start("page"))
    page.evaluate(NOTE_ACKNOWLEDGED, flow)
    page.get_by_test_id("palette-agent").click()
    expect(canvas(page)).to_have_attribute("data-rev", "2")
    assert page.evaluate("window.noted") == {"rev": "2", "waits": None, "form": 0}
    expect(field(page, "agent", "name")).to_be_visible()
    expect(canvas(page)).to_have_attribute("data-rev", "2")


def test_a_dragged_card_stays_at_the_pointer_while_much_happens(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("item", Answer("Done.", delay_s=0.1))
    each = {"items": [f"Topic {number}" for number in range(1000)], "max_concurrency": 3}
    flow = shape("in > a > b", a={"model": "openai/item", "for_each": each})
    page = visit(flow=app.keep(flow).id)
    updates: list[object] = []
    hear_statuses(page, updates)
    page.reload()
    expect(all_cards(page)).to_have_count(3)
    page.get_by_test_id("run").click()
    expect(card(page, "a")).to_contain_text("/1000")
    far = drag_around(page, "a", until=lambda: len(updates) >= UPDATES, heard=updates)
    page.get_by_test_id("stop").click()
    assert far <= NEAR_PX
    stands(page, a="cancelled")


def test_zoom_and_pan_stay_when_the_page_is_drawn_anew(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(shape("in > a > b")).id)
    expect(all_cards(page)).to_have_count(3)
    box = canvas(page).bounding_box()
    assert box is not None
    free = box["x"] + box["width"] / 2, box["y"] + box["height"] - 40
    page.mouse.move(*free)
    page.mouse.wheel(0, -150)
    page.mouse.down()
    page.mouse.move(free[0] + 60, free[1] - 45, steps=5)
    page.mouse.up()
    before = view(page)
    name = page.locator(".st-key-inspector").get_by_label("Name", exact=True)
    name.fill("Another name")
    name.press("Enter")
    expect(canvas(page)).to_have_attribute("data-rev", "2")
    expect(page.get_by_text("Another name").first).to_be_visible()
    assert view(page) == before


def hear_statuses(page: Page, updates: list[object]) -> None:
    def hear(frame: str | bytes) -> None:
        if isinstance(frame, str) and frame.startswith("event: nodes"):
            updates.append(frame)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", hear)

    page.on("websocket", listen)


def drag_around(page: Page, node: str, *, until: Callable[[], bool], heard: list[object]) -> float:
    """Drag a card in circles for five seconds, and until all came; say how far it ever strayed."""
    box = card(page, node).bounding_box()
    assert box is not None
    grip = box["width"] / 2, 20.0
    middle = box["x"] + grip[0], box["y"] + grip[1]
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 12, middle[1] + 12, steps=4)
    page.wait_for_function(AWAY_FROM, arg=[node, box["x"]])
    heard.clear()
    began, strayed = time.monotonic(), 0.0
    while (passed := time.monotonic() - began) < DRAG_S or not until():
        assert passed < PATIENCE_S, f"{len(heard)} updates came"
        pointer = middle[0] + 60 * math.sin(passed), middle[1] + 50 * math.sin(2 * passed)
        page.mouse.move(*pointer)
        page.evaluate("() => new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))")
        now = card(page, node).bounding_box()
        assert now is not None
        away = math.dist(pointer, (now["x"] + grip[0], now["y"] + grip[1]))
        strayed = max(strayed, away)
    page.mouse.up()
    return strayed


def view(page: Page) -> tuple[str | None, object]:
    """The zoom, and where a card stands on the screen."""
    return page.get_by_test_id("zoom-level").text_content(), card(page, "a").bounding_box()
