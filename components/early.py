"""Early: the story of a run is asked for while the page that shows it still loads.

A canvas asks for it when Streamlit has drawn its place. A page whose address names a run asks at
once; the canvas finds the connection open and the story told.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from components.addresses import addresses_of
from components.services import services_if_open

_PAGE: Final = "/runs"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def early_of(path: str, *, query: str, host: str) -> bytes:
    """Return a script for the head of a page, or nothing. `host`: whom the browser asked.

    It has the token in it. A name that only leads here may be that of another site, whose own page
    could read it: only a browser that asks this machine by its own name is told.
    """
    words = parse_qs(query)
    opened = services_if_open()
    if path != _PAGE or not {"flow", "run"} <= words.keys() or opened is None:
        return b""
    if not _is_here(host):
        return b""
    addresses = addresses_of(opened)
    told = {
        "flow_id": words["flow"][0],
        "follow": words["run"][0],
        "addresses": {"events": addresses.events, "token": addresses.token},
    }
    data = msgspec.json.encode(told).decode().replace("<", "\\u003c")
    asks = f'import{{liveOf}}from"{addresses.assets}live/live.js";liveOf({data})'
    return f'<script type="module" async>{asks}</script>'.encode()


def _is_here(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _HERE
    except ValueError:
        return False
