"""Planted keys: none of them reaches the page, what the browser is sent, the home or the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.browser.conftest import end_app, start_app
from tests.browser.hands import canvas, stands
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape

pytestmark = pytest.mark.browser

PLANTED = {
    "OPENAI_API_KEY": "sk-planted-0123456789abcdef",
    "DEMO_KEY": "planted-key-of-a-connection",
    "AWS_SECRET_ACCESS_KEY": "planted/aws/secret",
}
FLOW = shape(
    "in > good bad > out",
    run={"on_failure": "collect"},
    good={"model": "openai/good", "retries": 0},
    bad={"model": "demo/bad", "retries": 0},
    out={"type": "join"},
)


def listen(page: Page) -> list[bytes]:
    """Keep all that the app says to the page over its socket."""
    sent: list[bytes] = []

    def opened(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda said: sent.append(said.encode() if isinstance(said, str) else said),
        )

    page.on("websocket", opened)
    return sent


def bytes_under(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_no_planted_key_is_sent_kept_or_logged(
    browser: Browser, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
):
    home = tmp_path / "home"
    home.mkdir()
    echo = " and ".join(PLANTED.values())
    with ModelServer(good=Answer("Fine."), bad=Refuse(401, f"Wrong key: {echo}")) as models:
        (home / "connections.toml").write_text(
            f'[demo]\nbase_url = "{models.base_url}"\nkey_env = "DEMO_KEY"\n'
        )
        app = start_app(home, {**PLANTED, "OPENAI_BASE_URL": models.base_url})
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        try:
            sent = listen(page)
            page.goto(f"{app.url}/?flow={app.keep(FLOW).id}")
            canvas(page)
            page.get_by_test_id("run").click()
            expect(page.get_by_test_id("result")).to_contain_text("Fine.")
            stands(page, bad="failed")
            page.get_by_test_id("lane-bad").click()
            expect(page.get_by_test_id("run-detail")).to_contain_text("401")
            shown = [page.content().encode()]
            page.goto(f"{app.url}/connections")
            expect(page.get_by_text("DEMO_KEY").first).to_be_visible()
            shown.append(page.content().encode())
        finally:
            page.close()
            end_app(app)
    logged = capfdbinary.readouterr()
    places = {
        "page": shown,
        "socket": sent,
        "home": bytes_under(home),
        "log": [logged.out, logged.err],
    }
    assert any(b"DEMO_KEY" in each for each in sent)
    assert any(b"Fine." in each and b"401" in each for each in places["home"])
    found = [
        (place, name)
        for place, contents in places.items()
        for name, key in PLANTED.items()
        if any(key.encode() in each for each in contents)
    ]
    assert found == []
