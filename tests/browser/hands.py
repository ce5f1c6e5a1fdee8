"""Hands: what a person does at the page, with the mouse and the keyboard."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.files import at_rest

if TYPE_CHECKING:
    from flows.document.model import Flow
    from flows.store.library import StoredFlow
    from tests.browser.conftest import App, Visit

PATIENCE_S = 30

_NUMBER = re.compile(r"\d+")


def canvas(page: Page) -> Locator:
    """The canvas, once it can be used."""
    found = page.get_by_test_id("canvas")
    expect(found).to_have_attribute("data-rev", _NUMBER)
    return found


def card(page: Page, node: str) -> Locator:
    return page.get_by_test_id(f"node-{node}")


def stands(page: Page, **statuses: str) -> None:
    """Wait until cards stand so; by the ids of their nodes."""
    for node, status in statuses.items():
        expect(card(page, node)).to_have_attribute("data-status", status)


def begin_run(visit: Visit, stored: StoredFlow) -> Page:
    """Open a flow on a page of its own and press Run."""
    page = visit(flow=stored.id)
    page.get_by_test_id("run").click()
    return page


def press_entry(page: Page, *, menu: Locator, entry: Locator) -> None:
    """Press an entry of a menu; one that a drawing of the page closed is opened again."""
    for _ in range(4):
        at_rest(page)
        menu.click()
        with suppress(AssertionError):
            expect(entry).to_be_visible(timeout=5_000)
            break
    entry.click()


def cards(page: Page) -> list[str]:
    """The ids of the cards, sorted."""
    found = all_cards(page).evaluate_all("cards => cards.map(card => card.dataset.testid.slice(5))")
    return sorted(found)


def drop_agent(page: Page, x: float, y: float) -> str:
    """Drag an agent from the palette to a place of the canvas, from its corner, and name it."""
    before = set(cards(page))
    page.get_by_test_id("palette-agent").hover()
    page.mouse.down()
    box = canvas(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x - 20, box["y"] + y, steps=6)
    page.mouse.move(box["x"] + x, box["y"] + y, steps=2)
    page.mouse.up()
    expect(all_cards(page)).to_have_count(len(before) + 1)
    (new,) = set(cards(page)) - before
    return new


def link(page: Page, source: str, target: str) -> None:
    """Draw a link from a card's right port to another card's left port."""
    start = page.get_by_test_id(f"port-out-{source}").bounding_box()
    end = page.get_by_test_id(f"port-in-{target}").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] - 30, end["y"] + end["height"] / 2, steps=6)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=3)
    page.mouse.up()


def edge(page: Page, source: str, target: str) -> Locator:
    return page.get_by_test_id(f"edge-{source}-{target}")


def choose(page: Page, node: str) -> None:
    """Click a card and wait for its form."""
    card(page, node).click(position={"x": 60, "y": 20})
    expect(field(page, node, "name")).to_be_visible()


def field(page: Page, node: str, name: str) -> Locator:
    """A field of the inspector, by the node it belongs to and its name in the file."""
    box = page.locator(f".st-key-inspector [class*='-{node}-{name} ']")
    return box.locator("input, textarea").first


def kept_flow(page: Page, app: App, flow_id: str, flow: Flow) -> None:
    """Wait until the flow that is kept is this one again, wherever its cards stand."""
    until = time.monotonic() + PATIENCE_S
    while app.flow(flow_id).model_copy(update={"layout": flow.layout}) != flow:
        assert time.monotonic() < until, app.flow(flow_id)
        page.evaluate("0")  # takes in what the browser tells


def all_cards(page: Page) -> Locator:
    return page.get_by_test_id("canvas").locator("[data-testid^='node-']")


class HeldStream:
    """Streamlit's line to a page; what the server says can be held back, as on a busy machine."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._asked: list[str] = []
        self._held: list[str | bytes] | None = None
        page.route_web_socket(re.compile("_stcore/stream"), self._join)

    def hold(self) -> None:
        """Keep back what the server says, and note what the page asks for from now on."""
        self._asked, self._held = [], []

    def pages_asked_for(self) -> list[str]:
        """The pages asked for since `hold`, one after the other; the same again counts once."""
        return [page for page, _ in groupby(self._asked)]

    def wait_for_pages(self, count: int) -> None:
        """Wait until the page has asked for so many."""
        until = time.monotonic() + PATIENCE_S
        while len(self.pages_asked_for()) < count:
            assert time.monotonic() < until, f"asked for {self._asked}"
            self._page.evaluate("0")  # takes in what the browser tells

    def release(self) -> None:
        """Hand over what was kept back."""
        held, self._held = self._held or [], None
        for message in held:
            self._page_side.send(message)

    def _join(self, page_side: WebSocketRoute) -> None:
        self._page_side = page_side
        server_side = page_side.connect_to_server()
        server_side.on_message(self._hear_server)

        def hear_page(message: str | bytes) -> None:
            asked = BackMsg.FromString(message) if isinstance(message, bytes) else BackMsg()
            if asked.HasField("rerun_script"):
                self._asked.append(asked.rerun_script.page_script_hash)
            server_side.send(message)

        page_side.on_message(hear_page)

    def _hear_server(self, message: str | bytes) -> None:
        if self._held is None:
            self._page_side.send(message)
        else:
            self._held.append(message)
