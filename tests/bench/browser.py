"""Browser: the Chromium that measurements look through."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open a browser; ends the benchmark with a sentence where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_profile() -> Iterator[BrowserContext]:
    """Open a browser that keeps what it fetches on disk, as those of people do."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        profile = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=_chromium(),
            args=list(QUIET),
            viewport={"width": 1440, "height": 900},
        )
        try:
            yield profile
        finally:
            profile.close()


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return found or sys.exit("The benchmark needs Chromium. On Debian: sudo apt install chromium")
