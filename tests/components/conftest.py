"""Fixtures for pages: a real store in an empty home, and a runner whose agents answer at once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from components.services import Services, using
from flows.run.background import BackgroundRunner
from flows.run.deps import Deps
from flows.store.store import open_store
from tests.actors import Actors, deps_of

Visit = Callable[..., AppTest]
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def quick_deps() -> AsyncIterator[Deps]:
    yield replace(deps_of(Actors({})), clock=time.time)  # the newest run is told by its time


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    store = open_store(tmp_path, {})
    runner = BackgroundRunner(store, open_deps=quick_deps)
    opened = Services(tmp_path, {"OPENAI_API_KEY": "sk-test"}, store, runner, token="t0ken")
    with using(opened):
        yield opened
    opened.close()


@pytest.fixture
def visit(services: Services) -> Visit:
    """Draw a page; the words are those of its address."""

    def draw(page: str = "", **words: str) -> AppTest:
        test = AppTest.from_file(ROOT / "script.py", default_timeout=20)
        for name, value in words.items():
            test.query_params[name] = value
        test.run()
        if page:  # a page that is a function has no file to switch to; its hash is of its path
            test._page_hash = calc_hash(page)
            test.run()
        return test

    return draw
