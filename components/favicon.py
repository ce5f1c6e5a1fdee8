"""Favicon: the mark in a browser's tab.

Streamlit would load numpy and Pillow to set one, and asks another host for a drawn sign; pages ask
for its own at this address, and routes of ours go first.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_MARK: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#4f46e5"
 stroke-width="2.4" stroke-linecap="round">
<path d="M4 12C9 12 8 4 12 4s3 8 8 8M4 12h16M4 12c5 0 4 8 8 8s3-8 8-8"/>
<circle cx="3.6" cy="12" r="2.4" fill="#4f46e5"/><circle cx="20.4" cy="12" r="2.4" fill="#4f46e5"/>
</svg>
"""
_A_DAY: Final = {"Cache-Control": "max-age=86400"}


def favicon_route() -> Route:
    """Make the route that pages ask for the sign of their tab."""
    return Route("/favicon.png", _send_mark)


async def _send_mark(_request: Request) -> Response:
    return Response(_MARK, media_type="image/svg+xml", headers=_A_DAY)
