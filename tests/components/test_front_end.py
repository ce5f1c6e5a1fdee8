"""The front end's files come at once, whole and cached; everything else is Streamlit's."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import msgspec
import pytest
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from streamlit import config, file_util

from components.front_end import FrontEnd
from components.hints import CANVAS_PAGES, PAGES, head_of

FOLDER = Path(file_util.get_static_dir())
PAGE = "<html><head><title>Streamlit</title></head><body></body></html>"


def _links(page: str) -> str:
    """Return the links that a page's script puts into its head; fails where it has none."""
    put = re.search(r'insertAdjacentHTML\("beforeend",(".*?[^\\]")\)', page)
    assert put is not None
    return str(json.loads(put[1]))


async def _streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    answer: Response = PlainTextResponse("Streamlit's answer")
    if scope["path"] in PAGES:
        answer = HTMLResponse(PAGE, headers={"ETag": "its file's"})
    await answer(scope, receive, send)


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the middleware before an app that says what it is."""
    transport = httpx2.ASGITransport(FrontEnd(GZipMiddleware(_streamlit, minimum_size=0)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://app") as client:
        yield client


async def test_a_script_of_streamlit_is_sent_whole_and_kept_for_ever(
    browser: httpx2.AsyncClient,
) -> None:
    script = next((FOLDER / "static/js").glob("index.*.js"))
    answer = await browser.get(f"/static/js/{script.name}")
    assert answer.content == script.read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/none.js",
        "/static/../index.html",
        "/static/%2e%2e/index.html",
        "/static//etc/passwd",
        "/static/js",
        "/static/%00",
        "/_stcore/health",
    ],
)
async def test_what_is_no_file_of_the_folder_is_left_to_streamlit(
    browser: httpx2.AsyncClient, path: str
) -> None:
    assert (await browser.get(path)).text == "Streamlit's answer"


async def test_a_page_tells_the_browser_of_our_files_before_it_asks(
    browser: httpx2.AsyncClient,
) -> None:
    links = _links((await browser.get("/")).text)
    assert re.search(r'<link rel="modulepreload" href="/[^"]+/canvas/main.js">', links)
    assert re.search(r'<link rel="preload" as="style" href="/[^"]+/canvas/canvas.css">', links)
    assert "vis-network.min.js" in links


async def test_a_page_is_told_its_server_before_its_first_script(
    browser: httpx2.AsyncClient,
) -> None:
    for path in PAGES:
        page = (await browser.get(path)).text
        told = re.search(r"<script>window\.__streamlit=\{.*?HOST_CONFIG:(\{.*?\})\}</script>", page)
        assert told is not None
        host = json.loads(told[1])
        assert host["allowedOrigins"] == config.get_option("client.allowedOrigins")
        assert host["useExternalAuthToken"] is False


async def test_a_page_is_streamlits_but_for_the_hints_in_its_head(
    browser: httpx2.AsyncClient,
) -> None:
    page = await browser.get("/")
    assert page.text.replace(head_of("/").decode(), "") == PAGE
    assert page.headers["content-length"] == str(len(page.content))
    assert "etag" not in page.headers


@pytest.mark.parametrize("path", sorted(CANVAS_PAGES))
async def test_every_page_with_a_canvas_tells_of_the_scripts_of_its_elements_and_what_they_import(
    browser: httpx2.AsyncClient, path: str
) -> None:
    told = _links((await browser.get(path)).text)
    scripts = re.findall(r'<link rel="modulepreload" href="/static/js/([^"]+)">', told)
    assert len(scripts) == len(set(scripts))
    assert {script.partition(".")[0] for script in scripts} >= {"BidiComponent", "recordbatch"}
    assert [name for name in scripts if not (FOLDER / "static/js" / name).is_file()] == []


async def test_hints_come_when_the_first_script_has_run(browser: httpx2.AsyncClient) -> None:
    page = (await browser.get("/runs")).text
    links = _links(page)
    assert "modulepreload" not in page.replace(msgspec.json.encode(links).decode(), "")
    assert '<script type="module">document.head.insertAdjacentHTML' in page  # modules run in order


async def test_hints_are_for_pages_with_a_canvas_only(browser: httpx2.AsyncClient) -> None:
    page = (await browser.get("/connections")).text
    assert "modulepreload" not in page
    assert "/live/popover.js" in page
    assert (await browser.get("/_stcore/health")).text == "Streamlit's answer"
