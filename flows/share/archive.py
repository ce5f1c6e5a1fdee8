"""Archive: many flows in one zip, a file each."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from typing import Final

from flows.document.model import Flow

_LONGEST_STEM: Final = 80


def file_stem(name: str) -> str:
    """Name a file after a flow's name, with nothing in it that a file system minds."""
    kept = "".join(sign if sign.isalnum() or sign in "-_ " else " " for sign in name)
    return "-".join(kept.split())[:_LONGEST_STEM] or "flow"


def file_name_of(flow: Flow) -> str:
    """Name the flow's own file."""
    return f"{file_stem(flow.name)}.fanfold.json"


def write_archive(documents: Iterable[tuple[str, str]]) -> bytes:
    """Pack flows given by their names and their files' texts.

    Files that would have one name, also where case does not count, are numbered. The same flows
    give the same bytes.
    """
    seen: Counter[str] = Counter()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in documents:
            file = zipfile.ZipInfo(_free_name(file_stem(name), seen))
            file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(file, document)
    return packed.getvalue()


def _free_name(wanted: str, seen: Counter[str]) -> str:
    stem = wanted
    while seen[stem.casefold()]:
        seen[wanted.casefold()] += 1
        stem = f"{wanted}-{seen[wanted.casefold()]}"
    seen[stem.casefold()] += 1
    return f"{stem}.fanfold.json"
