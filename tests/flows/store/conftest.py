"""A store in an empty home. FANFOLD_TEST_DATABASE_URL runs these tests on another database."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from flows.store.store import Store, open_store
from flows.store.tables import TABLES


@pytest.fixture
def environ() -> Iterator[Mapping[str, str]]:
    url = os.environ.get("FANFOLD_TEST_DATABASE_URL")
    yield {"FANFOLD_DATABASE_URL": url} if url else {}
    if url:
        engine = create_engine(url)
        TABLES.drop_all(engine)
        engine.dispose()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path, environ: Mapping[str, str]) -> Iterator[Store]:
    with open_store(home, environ) as opened:
        yield opened
