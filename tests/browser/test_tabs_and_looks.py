"""Many tabs work at once; the page fits its window by day and by night and calls nobody."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import PATIENCE_MS, App, Visit
from tests.browser.hands import canvas, card, stands
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape

PANEL = shape("in > a b c > out")


def open_page(browser: Browser, app: App, path: str, *, theme: str, size: tuple[int, int]) -> Page:
    width, height = size
    scheme = "dark" if theme == "dark" else "light"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{app.url}/{path}")
    return page


def box_of(page: Page, test_id: str) -> tuple[float, float, float, float]:
    box = page.get_by_test_id(test_id).bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_eight_tabs_at_once_all_see_the_run(visit: Visit, app: App, models: ModelServer) -> None:
    gate = Gate()
    models.script("shared", Answer("Seen by all.", gate=gate))
    stored = app.keep(shape("in > a", a={"model": "openai/shared"}))
    tabs = [visit(flow=stored.id) for _ in range(8)]
    for tab in tabs:
        expect(card(tab, "a")).to_be_visible()
    tabs[3].bring_to_front()
    tabs[3].get_by_test_id("run").click()
    stands(tabs[3], a="running")
    gate.open()
    for tab in tabs:
        tab.bring_to_front()
        stands(tab, a="finished")
        expect(tab.get_by_test_id("result")).to_contain_text("Seen by all.")


def test_five_agents_end_the_same_in_a_late_a_reloaded_and_a_first_tab(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    models.script("quick", Answer("Done at once."))
    models.script("gated", Answer("Done at last.", gate=gate))
    agents = {node: {"model": "openai/quick"} for node in "abcd"} | {"e": {"model": "openai/gated"}}
    stored = app.keep(shape("in > a b c d e", **agents))
    first, reloaded, closed = (visit(flow=stored.id) for _ in range(3))
    first.bring_to_front()
    first.get_by_test_id("run").click()
    stands(first, d="finished")
    closed.close()
    reloaded.bring_to_front()
    reloaded.reload()
    late = visit(flow=stored.id)
    stands(late, e="running")
    gate.open()
    ends = [end_of(page) for page in (first, reloaded, late)]
    assert ends[0] == ends[1] == ends[2]
    assert ends[0]["statuses"] == ["finished"] * 5


def end_of(page: Page) -> dict[str, object]:
    """Wait for the end of the run; return all that the page tells of it."""
    page.bring_to_front()
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished in ")
    expect(page.get_by_test_id("result").locator(".ff-answer")).to_have_count(5)
    return {
        "statuses": [card(page, node).get_attribute("data-status") for node in "abcde"],
        "state": page.get_by_test_id("run-state").inner_text(),
        "sums": page.get_by_test_id("sums").inner_text(),
        "lanes": page.get_by_test_id("lanes").inner_text(),
        "result": page.get_by_test_id("result").inner_text(),
    }


def test_canvas_lanes_and_result_are_seen_together(browser: Browser, app: App) -> None:
    stored = app.keep(PANEL)
    page = open_page(browser, app, f"?flow={stored.id}", theme="light", size=(1440, 900))
    expect(canvas(page)).to_be_visible()
    left, top, right, bottom = box_of(page, "canvas")
    assert (right - left) * (bottom - top) >= 0.6 * 1440 * 900
    for part in ("canvas", "lanes", "result"):
        _, high, _, low = box_of(page, part)
        assert 0 <= high < low <= 900, part
    page.close()


@pytest.mark.parametrize("path", ["", "runs", "connections", "guide"])
def test_no_page_scrolls_sideways(browser: Browser, app: App, path: str) -> None:
    stored = app.keep(PANEL)
    page = open_page(browser, app, f"{path}?flow={stored.id}", theme="light", size=(1440, 900))
    expect(page.get_by_role("link", name="Guide")).to_be_visible()
    expect(page.locator(".st-key-desk, .st-key-reading").first).to_be_visible()
    for width, height in ((1440, 900), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    page.close()


def test_nothing_overlaps_in_a_small_window(browser: Browser, app: App) -> None:
    stored = app.keep(PANEL)
    page = open_page(browser, app, f"?flow={stored.id}", theme="dark", size=(1024, 768))
    expect(canvas(page)).to_be_visible()
    _, _, right, bottom = box_of(page, "canvas")
    _, lanes_top, _, lanes_bottom = box_of(page, "lanes")
    inspector = page.locator(".st-key-inspector").bounding_box()
    header = page.locator(".st-key-header").bounding_box()
    assert inspector is not None
    assert header is not None
    assert right <= inspector["x"]
    assert bottom <= lanes_top
    assert lanes_bottom <= 768
    assert header["y"] + header["height"] <= box_of(page, "canvas")[1]
    links = page.locator(".st-key-header a").evaluate_all(
        "links => links.map(link => link.getBoundingClientRect().right)"
    )
    assert max(links) <= 1024
    page.close()


def test_the_page_follows_the_light_of_the_system(browser: Browser, app: App) -> None:
    stored = app.keep(PANEL)
    grounds = {}
    for theme in ("light", "dark"):
        page = open_page(browser, app, f"?flow={stored.id}", theme=theme, size=(1440, 900))
        expect(canvas(page)).to_be_visible()
        grounds[theme] = page.evaluate(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        )
        page.close()
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 20, 28)"}


def test_no_page_calls_anybody_or_complains(browser: Browser, app: App) -> None:
    stored = app.keep(PANEL)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    said: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
    for path in ("", "runs", "connections", "guide"):
        page.goto(f"{app.url}/{path}?flow={stored.id}")
        expect(page.locator(".st-key-desk, .st-key-reading").first).to_be_visible()
    page.close()
    loaded = Path(f"/proc/{app.process.pid}/maps")
    if loaded.exists():  # no page needs data frames: 70 MB and most of a second
        assert [each for each in ("numpy", "pandas", "pyarrow") if each in loaded.read_text()] == []
    elsewhere = [url for url in asked if not url.startswith((app.url, "data:", "blob:"))]
    assert elsewhere == []
    assert said == []  # not even Streamlit, which by itself looks for its server under the page
