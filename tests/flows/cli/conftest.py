"""What tests of the command line stand on: a model server, a home that knows it, saved flows."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from flows.document.files import write_flow
from flows.document.model import Flow
from tests.model_server import ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def environ(
    tmp_path: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "connections.toml").write_text(
        f'[test]\nbase_url = "{server.base_url}"\ndefault_model = "plain"\n'
    )
    monkeypatch.setenv("FANFOLD_HOME", str(home))
    monkeypatch.setenv("PYTHONUTF8", "1")
    return os.environ


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Flow | str], str]:
    def save(flow: Flow | str) -> str:
        path = tmp_path / "flow.json"
        path.write_text(flow if isinstance(flow, str) else write_flow(flow), "utf-8")
        return str(path)

    return save
