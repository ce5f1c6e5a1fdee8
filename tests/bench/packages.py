"""Package: how many are installed for the app to run; what its tests add is left out."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.bench.table import Row

ROOT = Path(__file__).parents[2]


def count_packages() -> Row:
    """Count what requirements.txt and requirements-model.txt bring, with all they need."""
    wanted: set[str] = set()
    _add_all(_lines("requirements.txt"), wanted)
    bare = {canonicalize_name(Requirement(line).name) for line in _lines("requirements-model.txt")}
    return Row("installed packages", [len(wanted | bare)], "packages", 100)


def _lines(name: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8")
    bare = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in bare if line and not line.startswith("-")]


def _add_all(lines: list[str], wanted: set[str], extras: frozenset[str] = frozenset()) -> None:
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": each}) for each in extras or {""}):
            continue
        name = canonicalize_name(requirement.name)
        if name in wanted:
            continue
        try:
            needs = requires(name) or []
        except PackageNotFoundError:
            continue
        wanted.add(name)
        _add_all(needs, wanted, frozenset(requirement.extras))
