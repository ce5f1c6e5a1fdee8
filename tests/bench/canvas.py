"""Canvas: how large flows move, answer and open, in a real browser that paints in software.

A frame's time is the median of the times between two frames while the pointer moves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from components.assets import our_assets
from flows.document.files import read_values
from flows.document.model import Flow
from tests.bench.browser import open_browser
from tests.bench.opening import measure_opening
from tests.bench.table import Row
from tests.browser.conftest import App, end_app, start_app

COMPONENTS = Path(__file__).parents[2] / "components"
TIMES = 5
ROWS = 10
STEPS = 40
PATIENCE_MS = 60_000

WATCH_FRAMES = """() => {
  const mine = (window.frames_seen = []);
  const see = (time) => {
    if (window.frames_seen === mine) { mine.push(time); requestAnimationFrame(see); }
  };
  requestAnimationFrame(see);
}"""
TAKE_FRAMES = """() => {
  const seen = window.frames_seen; window.frames_seen = null;
  return seen.slice(1).map((time, place) => time - seen[place]);
}"""
WATCH_SELECTION = """(id) => {
  window.took = null;
  let pressed = null;
  addEventListener("pointerdown", () => { pressed = performance.now(); },
    {capture: true, once: true});
  new MutationObserver((_news, self) => {
    self.disconnect();
    requestAnimationFrame(() => { window.took = performance.now() - pressed; });
  }).observe(document.querySelector(`[data-testid="node-${id}"]`),
    {attributes: true, attributeFilter: ["data-selected"]});
}"""
WATCH_EDIT = """() => {
  window.took = null;
  let pressed = null;
  addEventListener("click", () => { pressed = performance.now(); }, {capture: true, once: true});
  const canvas = document.querySelector('[data-testid="canvas"]');
  const before = canvas.dataset.rev;
  new MutationObserver((_news, self) => {
    if (canvas.dataset.rev === before) return;
    self.disconnect();
    window.took = performance.now() - pressed;
  }).observe(canvas, {attributes: true, attributeFilter: ["data-rev"]});
}"""


def measure_canvas() -> list[Row]:
    """Use flows of 300 and of 500 nodes with the mouse."""
    with (
        tempfile.TemporaryDirectory() as home,
        _started(Path(home)) as app,
        open_browser() as browser,
    ):
        return [
            *_measure_flow(browser, app, nodes=300, frame_ms=1000 / 30),
            *_measure_flow(browser, app, nodes=500, frame_ms=1000 / 15),
            *_measure_answers(browser, app),
            *measure_opening(browser, app, large_flow(20), large=lambda: large_flow(300)),
            _count_script(),
        ]


def _measure_flow(browser: Browser, app: App, *, nodes: int, frame_ms: float) -> list[Row]:
    page = _open(browser, app, nodes)
    near = _median_frames(page, _pan)
    zoom = _median_frames(page, _zoom)
    page.get_by_test_id("zoom-level").click()
    drag = _median_frames(page, _drag)
    page.get_by_test_id("fit").click()
    far = _median_frames(page, _pan_far)
    page.close()
    return [
        Row(f"{nodes} nodes: a frame of panning, cards in sight", near, "ms", round(frame_ms, 1)),
        Row(f"{nodes} nodes: a frame of panning, all in sight", far, "ms", round(frame_ms, 1)),
        Row(f"{nodes} nodes: a frame of zooming", zoom, "ms", round(frame_ms, 1)),
        Row(f"{nodes} nodes: a frame of dragging a card", drag, "ms", round(frame_ms, 1)),
    ]


def _measure_answers(browser: Browser, app: App) -> list[Row]:
    selected, acknowledged = [], []
    for _ in range(TIMES):
        page = _open(browser, app, 300)
        node = _card_in_sight(page)
        page.evaluate(WATCH_SELECTION, node)
        page.get_by_test_id(f"node-{node}").click(position={"x": 60, "y": 20})
        selected.append(_took(page))
        page.evaluate(WATCH_EDIT)
        page.get_by_test_id("palette-agent").click()
        acknowledged.append(_took(page))
        page.close()
    return [
        Row("300 nodes: click → selection visible", selected, "ms", 50),
        Row("300 nodes: edit → acknowledged", acknowledged, "ms", 300),
    ]


def _count_script() -> Row:
    size = sum(
        len(file.content) for name, file in our_assets().files.items() if name.endswith(".js")
    )
    return Row("our own JavaScript, before compression", [size / 1000], "kB", 150)


def _open(browser: Browser, app: App, nodes: int) -> Page:
    """Open a new flow of that size, at 100 % so that cards are real."""
    stored = app.keep(large_flow(nodes))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{app.url}/?flow={stored.id}")
    page.get_by_test_id("canvas").wait_for()
    page.get_by_test_id("zoom-level").click()
    page.locator(".ff-card:not(.ff-away)").first.wait_for()
    return page


def large_flow(count: int) -> Flow:
    """An input and agents in stages of ten, with one and a half times as many links as nodes."""
    agents = [f"n{number}" for number in range(count - 1)]
    ahead = [(one, other) for one, other in zip(agents, agents[ROWS:], strict=False)]
    aside = [(one, other) for one, other in zip(agents, agents[ROWS + 1 :], strict=False)]
    first = [("in", agent) for agent in agents[:ROWS]]
    edges = [*first, *ahead, *aside][: count * 3 // 2]
    return read_values(
        {
            "fanfold": 1,
            "name": f"{count} nodes",
            "nodes": [
                {"id": "in", "type": "input", "name": "Input"},
                *(
                    {"id": each, "type": "agent", "name": f"Agent {each}", "instructions": "Work."}
                    for each in agents
                ),
            ],
            "edges": [{"source": source, "target": target} for source, target in edges],
        }
    )


def _median_frames(page: Page, act: Callable[[Page, int], None]) -> list[float]:
    samples = []
    for turn in range(TIMES):
        page.evaluate(WATCH_FRAMES)
        act(page, 1 if turn % 2 else -1)
        samples.append(median(page.evaluate(TAKE_FRAMES)))
    return samples


def _pan(page: Page, way: int) -> None:
    box = page.get_by_test_id(f"node-{_card_in_sight(page)}").bounding_box()
    assert box is not None
    _move(page, (box["x"] + box["width"] + 20, box["y"] + box["height"] + 25), way * 300)


def _pan_far(page: Page, way: int) -> None:
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    _move(page, (box["x"] + box["width"] / 2, box["y"] + box["height"] - 30), way * 200)


def _zoom(page: Page, way: int) -> None:
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(STEPS):
        page.mouse.wheel(0, way * 30)


def _drag(page: Page, way: int) -> None:
    box = page.get_by_test_id(f"node-{_card_in_sight(page)}").bounding_box()
    assert box is not None
    _move(page, (box["x"] + 60, box["y"] + 20), way * 60)


def _move(page: Page, start: tuple[float, float], far: float) -> None:
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + far, y + far / 3, steps=STEPS)
    page.mouse.up()


def _card_in_sight(page: Page) -> str:
    """The agent nearest to the middle of the canvas."""
    return str(
        page.evaluate("""() => {
          const box = document.querySelector('[data-testid="canvas"]').getBoundingClientRect();
          const far = (card) => {
            const {left, right, top, bottom} = card.getBoundingClientRect();
            const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            return Math.hypot((left + right) / 2 - middle[0], (top + bottom) / 2 - middle[1]);
          };
          const cards = [...document.querySelectorAll('.ff-card[data-type="agent"]:not(.ff-away)')];
          return cards.sort((one, other) => far(one) - far(other))[0].dataset.id;
        }""")
    )


def _took(page: Page) -> float:
    page.wait_for_function("() => window.took !== null")
    return float(page.evaluate("() => window.took"))


@contextmanager
def _started(home: Path) -> Iterator[App]:
    app = start_app(home, {"OPENAI_API_KEY": "test", "OPENAI_BASE_URL": "http://127.0.0.1:9"})
    try:
        yield app
    finally:
        end_app(app)
