"""Hints: what a page will need, told to the browser before Streamlit asks for it.

Streamlit's scripts for each kind of element come only when the first of them is to be drawn, and
our modules after those. With links to them the browser has all of them by then. They are put into
the page when its first script has run, and load while that waits for the server: a browser takes
half a second to take in so many files, and the first script would wait for that long too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from streamlit import config, file_util

from components.assets import our_assets
from components.routes import assets_address, vis_address

CANVAS_PAGES: Final = frozenset({"/", "/runs", "/templates"})
"""The pages on which a canvas stands."""
PAGES: Final = CANVAS_PAGES | {"/flows", "/connections", "/guide"}

_SCRIPTS: Final = "/static/js/"
_ELEMENTS: Final = (
    "BidiComponent",
    "Button",
    "Checkbox",
    "DownloadButton",
    "FileUploader",
    "Html",
    "MenuButton",
    "PageLink",
    "Radio",
    "Selectbox",
    "TextArea",
    "TextInput",
)
_HEAD: Final = 8_000
"""So many letters into a script its imports have all been said."""
_IMPORT: Final = re.compile(r"""(?:\bfrom|\bimport)\s*["`']\./([\w.\-]+\.js)["`']""")


_POPOVER: Final = "live/popover.js"

_KEYS: Final = (
    '<script>new URLSearchParams(location.search).has("present")&&(window.fanfoldKeys=[],'
    'addEventListener("keydown",e=>window.fanfoldKeys?.push(e.key)))</script>'
)
"""Keeps the keys that are pressed before who presents a run can hear them."""


@cache
def head_of(page: str) -> bytes:
    """Return what stands in the head of a page: its server, what leads keys into menus, hints."""
    popover = f'<script type="module" src="{assets_address()}{_POPOVER}"></script>'
    keys = _KEYS if page == "/" else ""
    return f"{_server()}{keys}{popover}{_late_hints() if page in CANVAS_PAGES else ''}".encode()


def _server() -> str:
    """Tell Streamlit's page where its server is and what that allows.

    By itself it asks four times before it connects, twice in vain where a page has a name of its
    own; told so, it connects and asks beside it.
    """
    told = {
        "allowedOrigins": config.get_option("client.allowedOrigins"),
        "useExternalAuthToken": False,
    }
    here = 'new URL(".", location.href).href'
    host = msgspec.json.encode(told).decode().replace("<", "\\u003c")
    return f"<script>window.__streamlit={{BACKEND_BASE_URL:{here},HOST_CONFIG:{host}}}</script>"


def _late_hints() -> str:
    links = msgspec.json.encode(_hints()).decode()
    return f'<script type="module">document.head.insertAdjacentHTML("beforeend",{links})</script>'


def _hints() -> str:
    """Return links to what is needed; a Streamlit whose files are called otherwise has fewer.

    The styles are told too: a canvas waits for them before it draws.
    """
    ours = [f"{assets_address()}{name}" for name in our_assets().files]
    modules = [address for address in ours if address.endswith(".js")]
    styles = [address for address in ours if address.endswith(".css")]
    scripts = [f"{_SCRIPTS}{name}" for name in _late_scripts(Path(file_util.get_static_dir()))]
    links = [f'<link rel="modulepreload" href="{each}">' for each in (*scripts, *modules)]
    links += [f'<link rel="preload" as="style" href="{each}">' for each in styles]
    return "".join([*links, f'<link rel="preload" as="script" href="{vis_address()}">'])


def _late_scripts(static: Path) -> Iterator[str]:
    """Yield the scripts of the elements and all that these import."""
    folder = static / _SCRIPTS.strip("/")
    known: set[str] = set()
    found = [each.name for kind in _ELEMENTS for each in sorted(folder.glob(f"{kind}.*.js"))]
    while found:
        name = found.pop()
        if name in known or name.startswith("index."):  # the first script names itself
            continue
        known.add(name)
        yield name
        with (folder / name).open(encoding="utf-8") as script:
            found += _IMPORT.findall(script.read(_HEAD))
