"""Asset: a file of ours that the browser loads, under a version made of all their contents."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from minify_html import minify
from rjsmin import jsmin

MEDIA_TYPES: Final = MappingProxyType(
    {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }
)
"""What is served; files with other endings stay where they are."""

VIS_FILES: Final = ("vis-network.min.js", "vis-network.css")
_VIS_FOLDER: Final = "lib/vis-9.1.2"
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """The files under `<part>/assets`, by address: `canvas/main.js` is canvas/assets/main.js.

    They are read once, so that a version never stands for two contents and no address can lead
    anywhere else.
    """

    version: str
    files: Mapping[str, Asset]


def read_assets(folder: Path) -> Assets:
    """Read the assets of every part in the folder."""
    found = dict(sorted(_find(folder)))
    digest = hashlib.sha256()
    for address, asset in found.items():
        digest.update(f"{address}\0{len(asset.content)}\0".encode())
        digest.update(asset.content)
    return Assets(digest.hexdigest()[:16], MappingProxyType(found))


@cache
def our_assets() -> Assets:
    """Return the assets of this app, read at the first call."""
    return read_assets(_HERE)


def assets_version() -> str:
    """Return the version under which the assets stand in addresses."""
    return our_assets().version


def find_vis(name: str) -> Path | None:
    """Find a file of vis-network in the installed pyvis, which is not imported for it."""
    spec = importlib.util.find_spec("pyvis")
    places = (spec.submodule_search_locations or ()) if spec is not None else ()
    if name not in VIS_FILES:
        return None
    files = (Path(place) / _VIS_FOLDER / name for place in places)
    return next((file for file in files if file.is_file()), None)


@cache
def vis_version() -> str:
    """Return the version of the installed pyvis, or an empty text."""
    try:
        return importlib.metadata.version("pyvis")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _find(folder: Path) -> Iterator[tuple[str, Asset]]:
    for home in folder.glob("*/assets"):
        for file in home.rglob("*"):
            media_type = MEDIA_TYPES.get(file.suffix)
            if media_type is not None and file.is_file() and not file.is_symlink():
                address = f"{home.parent.name}/{file.relative_to(home).as_posix()}"
                yield address, Asset(_served(file), media_type)


def _served(file: Path) -> bytes:
    return _minified(file) if file.suffix == ".js" else file.read_bytes()


def _minified(file: Path) -> bytes:
    """Return a module without comments, needless space and long ways to say a thing.

    What minifies JavaScript takes it as the script of a page, and keeps comments of two stars.
    """
    begin, end = "<script type=module>", "</script>"
    page = minify(f"{begin}{jsmin(file.read_text('utf-8'))}{end}", minify_js=True)
    return page.removeprefix(begin).removesuffix(end).encode()
