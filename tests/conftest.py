"""What every test stands on: an empty home, no keys, and a Chromium that CI must have."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test judges seconds: a shared machine may stand still for some.
settings.register_profile("fanfold", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fanfold")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees this machine's keys, addresses or flows."""
    for name in list(os.environ):
        ours = name.startswith(("OPENAI_", "FANFOLD_"))
        if ours and not name.startswith("FANFOLD_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FANFOLD_HOME", str(tmp_path / "fanfold-home"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one a test is skipped, but fails where CI is set."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return found
    reason = "No Chromium is on the PATH; on Debian: sudo apt install chromium"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
