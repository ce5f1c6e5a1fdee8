"""Live: how soon what happens is seen, and how a page fares with a run of 20,000 records.

A record's time and the browser's stand on the one clock of this machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psutil
from playwright.sync_api import Browser, BrowserContext, Page

from flows.document.files import flow_values, read_values
from flows.document.model import Flow
from flows.ids import FlowId, NodeKey, RunId
from flows.store.store import open_store
from flows.trace.events import (
    Event,
    NodeFinished,
    NodeQueued,
    NodeStarted,
    Record,
    RunFinished,
    RunStarted,
    TextDelta,
)
from tests.bench.browser import open_browser, open_profile
from tests.bench.canvas import large_flow
from tests.bench.table import Row
from tests.browser.conftest import App, end_app, start_app
from tests.model_server import Answer, ModelServer

TIMES = 5
PATIENCE_MS = 60_000
AT_ONCE = 4
"""So many agents work at the same moment: what waits in the engine's own line is not measured."""

ITEMS, PIECES = 1_000, 17
EACH = NodeKey("each")

WATCH_CARDS = """() => {
  window.seen = [];
  const canvas = document.querySelector('[data-testid="canvas"]');
  new MutationObserver((news) => {
    for (const { target } of news) {
      const { testid, status } = target.dataset;
      if (!testid?.startsWith("node-") || target.classList.contains("ff-away")) continue;
      requestAnimationFrame(() => {
        window.seen.push([testid.slice(5), status, performance.timeOrigin + performance.now()]);
      });
    }
  }).observe(canvas, {subtree: true, attributes: true, attributeFilter: ["data-status"]});
}"""
WATCH_DETAIL = """() => {
  window.took = null;
  let pressed = null;
  addEventListener("pointerdown", () => { pressed = performance.now(); },
    {capture: true, once: true});
  new MutationObserver((_news, self) => {
    if (pressed === null) return;
    self.disconnect();
    requestAnimationFrame(() => { window.took = performance.now() - pressed; });
  }).observe(document.querySelector('[data-testid="lanes"]').parentElement,
    {subtree: true, childList: true, characterData: true, attributes: true});
}"""


def measure_live() -> list[Row]:
    """Watch runs of 100 nodes; open a run of 20,000 records."""
    answer = Answer("A fine answer.", delay_s=0.25)
    with ModelServer(default=answer) as server, _started(server) as app:
        with open_browser() as browser:
            pixels = _measure_pixels(browser, app)
        with open_profile() as visitor:
            return [*pixels, *_measure_long_run(visitor, app)]


def _measure_pixels(browser: Browser, app: App) -> list[Row]:
    flow = large_flow(100)
    given = flow.nodes[0].model_copy(update={"example": "Go."})
    run = flow.run.model_copy(update={"max_concurrency": AT_ONCE})
    stored = app.keep(flow.model_copy(update={"nodes": (given, *flow.nodes[1:]), "run": run}))
    page = _page(browser)
    page.goto(f"{app.url}/?flow={stored.id}")
    page.get_by_test_id("canvas").wait_for()
    page.get_by_test_id("zoom-level").click()
    page.locator(".ff-card:not(.ff-away)").first.wait_for()
    middles, tails = [], []
    for _ in range(TIMES):
        delays = _run_watched(page, app, stored.id)
        middles.append(median(delays))
        tails.append(quantiles(delays, n=20)[-1])
    page.close()
    return [
        Row("100 nodes: record → pixel", middles, "ms", 60),
        Row("100 nodes: record → pixel, 95 of 100 within", tails, "ms", 150),
    ]


def _run_watched(page: Page, app: App, flow_id: FlowId) -> list[float]:
    """Run once; return the milliseconds from each card's record to its pixels."""
    page.evaluate(WATCH_CARDS)
    page.get_by_test_id("run").click()
    page.wait_for_function(
        """() => window.seen.some(([, status]) => status === "finished") &&
          document.querySelector('[data-testid="run-state"]').textContent.includes("Finished")""",
        polling=500,  # asked with every frame, it would make the browser draw every frame
    )
    time.sleep(0.5)
    with open_store(app.home, {}) as store:
        (row,) = store.runs.list(flow_id, limit=1)
        records = store.runs.records(row.id)
    at = {(str(key), status): moment for key, status, moment in _moments(records)}
    seen = [(id_, status, ms) for id_, status, ms in page.evaluate("() => window.seen")]
    return [ms - at[id_, status] * 1000 for id_, status, ms in seen if (id_, status) in at]


def _moments(records: Sequence[Record]) -> Iterator[tuple[NodeKey, str, float]]:
    for record in records:
        match record.event:
            case NodeStarted(node=node):
                yield node, "running", record.at
            case NodeFinished(node=node):
                yield node, "finished", record.at
            case _:
                pass


def _measure_long_run(visitor: BrowserContext, app: App) -> list[Row]:
    stored = app.keep(_mapped())
    short, long = _keep_run(app, stored.id, items=1), _keep_run(app, stored.id, items=ITEMS)
    visitor.set_default_timeout(PATIENCE_MS)
    address = f"{app.url}/runs?flow={stored.id}&run="
    # the first visit of all finds nothing in the browser's cache
    _, *little = [_glance(visitor, f"{address}run{short}") for _ in range(TIMES + 1)]
    before = _memory_mb(app)
    opened, clicked, grown = [], [], []
    for _ in range(TIMES):
        page = visitor.new_page()
        opened.append(_open_run(page, f"{address}run{long}"))
        page.evaluate(WATCH_DETAIL)
        page.get_by_test_id(f"lane-{EACH}").click()
        page.wait_for_function("() => window.took !== null")
        clicked.append(float(page.evaluate("() => window.took")))
        grown.append(_memory_mb(app) - before)
        page.close()
    what = f"a run of {long:,} records"
    return [
        Row(f"a run of {short} records: a late page is complete", little, "s"),
        Row(f"{what}: a late page is complete", opened, "s", 2),
        Row(f"{what}: click on a lane → its detail", clicked, "ms", 200),
        Row(f"{what}: the server's memory grows by", grown, "MB", 50),
    ]


def _keep_run(app: App, flow_id: FlowId, *, items: int) -> int:
    """Put a run of so many items into the history; return how many records it has."""
    events = [_start(), *_events(items)]
    run = RunId(f"run{len(events)}")
    with open_store(app.home, {}) as store:
        records = [Record(run, seq, 1e9 + seq / 1000, each) for seq, each in enumerate(events, 1)]
        store.runs.append(records, flow_id=flow_id)
    return len(events)


def _glance(visitor: BrowserContext, address: str) -> float:
    page = visitor.new_page()
    seconds = _open_run(page, address)
    page.close()
    return seconds


def _open_run(page: Page, address: str) -> float:
    """Open a run's page; return the seconds until its last result and its lane stand there."""
    began = time.perf_counter()
    page.goto(address)
    page.get_by_test_id("result").get_by_text("last of all").first.wait_for()
    page.get_by_test_id(f"lane-{EACH}").wait_for()
    return time.perf_counter() - began


def _mapped() -> Flow:
    each = {"items": "{{ input }}", "max_items": ITEMS}
    return read_values(
        {
            "fanfold": 1,
            "name": "A thousand items",
            "nodes": [
                {"id": "in", "type": "input", "name": "Input"},
                {"id": EACH, "type": "agent", "name": "Each", "for_each": each},
            ],
            "edges": [{"source": "in", "target": EACH}],
        }
    )


def _start() -> RunStarted:
    lines = "\n".join(f"Item {number}" for number in range(ITEMS))
    return RunStarted(flow=flow_values(_mapped()), inputs={"in": lines}, model="openai/m")


def _events(items: int) -> Iterator[Event]:
    yield NodeQueued(EACH)
    yield NodeStarted(EACH, items=items)
    outputs = []
    for number in range(items):
        key = NodeKey(f"{EACH}[{number}]")
        yield NodeQueued(key)
        yield NodeStarted(key, message=f"Item {number}")
        for piece in range(PIECES):
            yield TextDelta(key, f"word{piece} ")
        outputs.append("last of all" if number == items - 1 else f"Answer {number}.")
        yield NodeFinished(key, output=outputs[-1])
    yield NodeFinished(EACH, output=outputs)
    yield RunFinished(outputs={EACH: outputs})


def _page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    return page


def _memory_mb(app: App) -> float:
    process = psutil.Process(app.process.pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(each.memory_info().rss for each in family)) / 1e6


@contextmanager
def _started(server: ModelServer) -> Iterator[App]:
    environ = {"OPENAI_API_KEY": "test", "OPENAI_BASE_URL": server.base_url}
    with tempfile.TemporaryDirectory() as home:
        app = start_app(Path(home), environ)
        try:
            yield app
        finally:
            end_app(app)
