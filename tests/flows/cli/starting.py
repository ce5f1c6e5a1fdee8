"""Ways for tests to start the command line as a process of its own."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def start(environ: Mapping[str, str], *words: str, **streams: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows", *words],
        cwd=ROOT,
        env=environ,
        text=True,
        encoding="utf-8",
        **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | streams,
    )
