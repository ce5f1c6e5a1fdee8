"""Home: the folder where Fanfold keeps what is this person's and this machine's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path


def home_of(environ: Mapping[str, str]) -> Path:
    """Return FANFOLD_HOME, or the platform's user data folder. The folder need not be there yet."""
    named = environ.get("FANFOLD_HOME", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return user_data_path("fanfold", appauthor=False)
