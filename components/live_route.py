"""LiveRoute: what happens to a flow, told to its pages over a websocket.

The words are those of the event stream of `routes.py`, which is for everybody else. Pages use
this one, for browsers hold six event streams a host, all tabs together, and then load nothing more
from it; of websockets they hold hundreds.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.services import canvas_stands
from flows.errors import FlowsError
from flows.ids import FlowId, RunId

if TYPE_CHECKING:
    from components.services import Services
    from flows.run.watcher import Watcher

LIVE: Final = "/fanfold/live"

_NOT_ALLOWED: Final = 1008
_NOT_OPEN: Final = 1011

UNKNOWN_PAGE: Final = 4403
"""How a page without the token is let go: that of a server before this one loads itself anew."""


def live_route(services: Callable[[], Services]) -> WebSocketRoute:
    """Make the route: `?flow=ID&token=…`, and `&run=ID` to follow one run."""

    async def tell(socket: WebSocket) -> None:
        try:
            opened = await asyncio.to_thread(services)
        except FlowsError:  # the page itself says why
            await socket.close(_NOT_OPEN)
            return
        if not _is_same_origin(socket):
            await socket.close(_NOT_ALLOWED)
            return
        await socket.accept()
        if not _has_token(socket, opened.token):
            await socket.close(UNKNOWN_PAGE)
            return
        canvas_stands()
        await _send_events(socket, opened)

    return WebSocketRoute(LIVE, tell)


async def _send_events(socket: WebSocket, opened: Services) -> None:
    """Send events until the page leaves, or the runner ends."""
    from flows.run.watcher import Watcher

    words = socket.query_params
    watcher = Watcher(FlowId(words.get("flow", "")), RunId(words.get("run", "")) or None)
    leaving = asyncio.create_task(_hear_the_end(socket, watcher))
    try:
        async with aclosing(opened.runner.follow(watcher)) as parcels:
            async for parcel in parcels:
                await socket.send_text(parcel.bytes.decode())
        await socket.close()
    except (WebSocketDisconnect, RuntimeError):  # it left while something was sent to it
        pass
    finally:
        leaving.cancel()
        with suppress(asyncio.CancelledError):
            await leaving


async def _hear_the_end(socket: WebSocket, watcher: Watcher) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()  # a page says nothing; it only leaves
    watcher.end()


def _is_same_origin(socket: WebSocket) -> bool:
    """Tell whether a page of this address asks, and not one of another site."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


def _has_token(socket: WebSocket, token: str) -> bool:
    given = socket.query_params.get("token", "")
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())
