"""Opening: how long a large flow takes from a press to a canvas that can be used.

A flow stands open when every card is drawn and the canvas has its revision.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from flows.document.model import Flow
from tests.bench.table import Row
from tests.browser.conftest import App

TIMES = 5
PATIENCE_MS = 60_000
WIDE = {"width": 1440, "height": 900}

STANDS = """count => document.querySelector('[data-testid="canvas"][data-rev]') !== null
  && document.querySelectorAll(".ff-card").length === count"""


def measure_opening(
    browser: Browser, app: App, small: Flow, *, large: Callable[[], Flow]
) -> list[Row]:
    """Open large flows: by a press in the app, by address, and in a browser that saw no page yet.

    `small`: what the app shows before; `large`: makes a flow nobody opened yet.
    """
    pressed, addressed, unknown = [], [], []
    with browser.new_context(viewport=WIDE) as context:
        _visit(context.new_page(), app, small)
        for _ in range(TIMES):
            page = context.new_page()
            _visit(page, app, small)
            pressed.append(_press(page, app, large()))
            page.close()
            page = context.new_page()
            addressed.append(_visit(page, app, large()))
            page.close()
    for _ in range(TIMES):
        with browser.new_context(viewport=WIDE) as context:
            unknown.append(_visit(context.new_page(), app, large()))
    nodes = len(large().nodes)
    return [
        Row(f"{nodes} nodes: opened by a press in the list of flows", pressed, "s", 2),
        Row(f"{nodes} nodes: opened by its address, the app loaded anew", addressed, "s"),
        Row(f"{nodes} nodes: the same in a browser that never saw the app", unknown, "s"),
    ]


def _visit(page: Page, app: App, flow: Flow) -> float:
    page.set_default_timeout(PATIENCE_MS)
    stored = app.keep(flow)
    began = time.perf_counter()
    page.goto(f"{app.url}/?flow={stored.id}")
    page.wait_for_function(STANDS, arg=len(flow.nodes))
    return time.perf_counter() - began


def _press(page: Page, app: App, flow: Flow) -> float:
    stored = app.keep(flow)
    page.get_by_role("link", name="Flows").click()
    card = page.locator(f".st-key-template-flow-{stored.id}")
    press = card.get_by_role("button", name="Open")
    press.hover()
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    began = time.perf_counter()
    press.click()
    page.wait_for_function(STANDS, arg=len(flow.nodes))
    return time.perf_counter() - began
