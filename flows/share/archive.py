"""Archive: many flows in one zip, a file each."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from typing import Final

from flows.document.files import write_flow
from flows.document.model import Flow

_LONGEST_STEM: Final = 80


def file_stem(flow: Flow) -> str:
    """Name a file after the flow, with nothing in it that a file system minds."""
    kept = "".join(sign if sign.isalnum() or sign in "-_ " else " " for sign in flow.name)
    return "-".join(kept.split())[:_LONGEST_STEM] or "flow"


def file_name_of(flow: Flow) -> str:
    """Name the flow's own file."""
    return f"{file_stem(flow)}.fanfold.json"


def write_archive(flows: Iterable[Flow]) -> bytes:
    """Pack the flows; files that would have one name, also where case does not count, are numbered.

    The same flows give the same bytes.
    """
    seen: Counter[str] = Counter()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for flow in flows:
            file = zipfile.ZipInfo(_free_name(flow, seen))
            file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(file, write_flow(flow))
    return packed.getvalue()


def _free_name(flow: Flow, seen: Counter[str]) -> str:
    stem = wanted = file_stem(flow)
    while seen[stem.casefold()]:
        seen[wanted.casefold()] += 1
        stem = f"{wanted}-{seen[wanted.casefold()]}"
    seen[stem.casefold()] += 1
    return f"{stem}.fanfold.json"
