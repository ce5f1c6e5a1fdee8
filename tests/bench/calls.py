"""Calls: flows whose model takes one second, run by the command line against a real HTTP server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.document.files import write_flow
from tests.bench.table import Row
from tests.model_server import Answer, ModelServer
from tests.shapes import shape

TIMES = 5
ROOT = Path(__file__).parents[2]
ONE_STAGE, TWO_STAGES = "in > a b c", "in > a b c > pick"


def measure_calls() -> Iterator[Row]:
    """Measure one stage of three, and three with a picker after them, on both APIs."""
    for api in ("chat_completions", "responses"):
        what = f"1 s a call, {api}"
        yield Row(f"{what}: three in one stage", _walls(api, ONE_STAGE), "s", 1.3)
        yield Row(f"{what}: three and a picker", _walls(api, TWO_STAGES), "s", 2.3)


def _walls(api: str, drawn: str) -> list[float]:
    with ModelServer(default=Answer("Fine.", delay_s=1.0)) as server, TemporaryDirectory() as name:
        home = Path(name)
        home.joinpath("connections.toml").write_text(
            f'[slow]\nbase_url = "{server.base_url}"\napi = "{api}"\ndefault_model = "m"\n'
        )
        home.joinpath("flow.json").write_text(write_flow(shape(drawn)))
        return [_wall(home) for _ in range(TIMES)]


def _wall(home: Path) -> float:
    """Run the flow in a process of its own; its `wall_s`."""
    ended = subprocess.run(
        [sys.executable, "-m", "flows", "run", home / "flow.json", "--model", "slow", "--json"],
        cwd=ROOT,
        env={**os.environ, "FANFOLD_HOME": str(home)},
        capture_output=True,
        check=True,
        text=True,
    )
    wall: float = json.loads(ended.stdout)["wall_s"]
    return wall
