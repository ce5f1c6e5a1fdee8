"""Gallery: a folder of one's own whose flow files are offered beside the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from flows.document.files import MOST_BYTES, read_flow
from flows.document.model import Flow
from flows.errors import FlowFileError, FlowsError

MOST_FILES: Final = 200
"""How many files of a folder are looked at, in the order of their names."""

_MOST_KEPT: Final = 20 * MOST_FILES  # as many as all galleries together can show


@dataclass(frozen=True, slots=True)
class FlowFile:
    """A file as it stood when it was looked at: its time in nanoseconds, its size in bytes."""

    path: Path
    changed_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Gallery:
    """What a folder holds.

    `flows`: by file, in the order of their names; `refused`: why a file is none, by its name;
    `trouble`: why the folder itself cannot be read, or what is left out of it; else empty.
    """

    folder: Path
    flows: Mapping[FlowFile, Flow] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""


def read_gallery(folder: Path) -> Gallery:
    """Read the flow files (`*.json`) of a folder, not of those inside it. Nothing is run."""
    try:
        files = sorted(each for each in folder.iterdir() if each.suffix.lower() == ".json")
    except OSError as error:
        said = f"The folder {folder} cannot be read: {error.strerror}. Is it still there?"
        return Gallery(folder, trouble=said)
    flows: dict[FlowFile, Flow] = {}
    refused: dict[str, str] = {}
    for path in files[:MOST_FILES]:
        try:
            file = _look_at(path)
            flows[file] = load_file(file)
        except FlowFileError as error:
            first, more = error.problems[0].message, len(error.problems) - 1
            refused[path.name] = f"{first} And {more} more." if more else first
        except FlowsError as error:
            refused[path.name] = str(error)
    return Gallery(folder, flows, refused, _left_out(len(files)))


@lru_cache(maxsize=_MOST_KEPT)
def load_file(file: FlowFile) -> Flow:
    """Read a file, once for as long as it stays as it is. Raises FlowsError."""
    try:
        return read_flow(file.path.read_bytes())
    except OSError as error:
        raise FlowsError(f"It cannot be read: {error.strerror}.") from error


def _left_out(count: int) -> str:
    if count <= MOST_FILES:
        return ""
    return f"The folder has {count:,} such files; the first {MOST_FILES} by name are shown."


def _look_at(path: Path) -> FlowFile:
    try:
        found = path.stat()
    except OSError as error:
        raise FlowsError(f"It cannot be read: {error.strerror}.") from error
    if found.st_size > MOST_BYTES:
        raise FlowsError(f"It has {found.st_size:,} bytes; a flow has at most {MOST_BYTES:,}.")
    return FlowFile(path, found.st_mtime_ns, found.st_size)
