"""Front end: what every page loads before it can show anything, sent without detours.

A page asks for more than a hundred files of Streamlit's. Streamlit's server takes half a dozen
turns between threads for each, and our own files come last, one behind the other. Beside a start
that still loads libraries this makes seconds.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from components.assets import our_assets
from components.routes import assets_address, vis_address

_PREFIX: Final = "/static/"
_HEADERS: Final = {
    "Cache-Control": "public, immutable, max-age=31536000",  # their names change with them
    "X-Content-Type-Options": "nosniff",
}
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


class FrontEnd:
    """ASGI middleware: sends Streamlit's scripts and styles, and tells the browser of ours.

    Files are read from the installed package at one go; what is not among them is left to
    Streamlit, with all that it says of it. The first page carries a `Link` header, so that the
    browser fetches our modules while it still works on Streamlit's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = _front_end_files(Path(file_util.get_static_dir()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or hand on."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
        elif scope["path"] == "/":
            await self._app(scope, receive, _with_hints(send))
        elif (file := self._files.get(scope["path"])) is None:
            await self._app(scope, receive, send)
        else:
            media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
            response = Response(file.read_bytes(), media_type=media_type, headers=_HEADERS)
            await response(scope, receive, send)


def _front_end_files(folder: Path) -> dict[str, Path]:
    """List the files that pages load, by their addresses."""
    files = (folder / _PREFIX.strip("/")).rglob("*")
    return {f"/{file.relative_to(folder).as_posix()}": file for file in files if file.is_file()}


def _with_hints(send: Send) -> Send:
    async def send_with_hints(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("Link", _hints())
        await send(message)

    return send_with_hints


def _hints() -> str:
    modules = [name for name in our_assets().files if name.endswith(".js")]
    hints = [f"<{assets_address()}{name}>; rel=modulepreload" for name in modules]
    return ", ".join([*hints, f"<{vis_address()}>; rel=preload; as=script"])
