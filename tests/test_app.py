"""The app as it is started: by us, and by Streamlit's own command."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("-m", "components", "--port", "0", "--no-browser")
STREAMLIT = ("-m", "streamlit", "run", "app.py", "--server.port", "0", "--server.headless", "true")
HEAVY = ("pandas", "numpy", "pyarrow", "PIL", "altair", "pydeck", "agents")


@contextmanager
def started(home: Path, words: Sequence[str]) -> Iterator[str]:
    """Start the app and give its address."""
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "FANFOLD_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in lines)
        yield next(match[0] for match in found if match)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close()


@pytest.mark.parametrize("words", [OURS, STREAMLIT], ids=["ours", "streamlit run"])
def test_the_app_answers_with_its_pages_routes_and_sign(tmp_path: Path, words: list[str]) -> None:
    with started(tmp_path, words) as url:
        with urllib.request.urlopen(url, timeout=30) as page:
            assert page.status == 200
        with urllib.request.urlopen(f"{url}/favicon.png", timeout=30) as sign:
            assert sign.headers["Content-Type"] == "image/svg+xml"
        line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        line.request("POST", "/fanfold/runs", "{}")
        assert line.getresponse().status == 403  # the route is there and wants its token
        line.close()


def test_the_app_starts_without_data_frames_pictures_and_the_sdk() -> None:
    code = (
        "import sys\n"
        "import app, components.shell\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
