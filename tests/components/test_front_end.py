"""The front end's files come at once, whole and cached; everything else is Streamlit's."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from streamlit import file_util

from components.front_end import FrontEnd

FOLDER = Path(file_util.get_static_dir())


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the middleware before an app that says what it is."""
    transport = httpx2.ASGITransport(FrontEnd(PlainTextResponse("Streamlit's answer")))
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


async def test_a_page_tells_the_browser_of_our_modules_before_it_asks(
    browser: httpx2.AsyncClient,
) -> None:
    page = await browser.get("/")
    assert "/canvas/main.js>; rel=modulepreload" in page.headers["link"]
    assert "vis-network.min.js" in page.headers["link"]
    assert "link" not in (await browser.get("/_stcore/health")).headers
