"""Front end: what every page loads before it can show anything, sent without detours.

A page asks for more than a hundred files of Streamlit's. Streamlit's server takes half a dozen
turns between threads for each, and our own files come last, one behind the other. Beside a start
that still loads libraries this makes seconds.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from components.early import early_of
from components.hints import PAGES, head_of

_PREFIX: Final = "/static/"
_HEADERS: Final = {
    "Cache-Control": "public, immutable, max-age=31536000",  # their names change with them
    "X-Content-Type-Options": "nosniff",
}
_HEAD_ENDS: Final = b"</head>"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


class FrontEnd:
    """ASGI middleware: sends Streamlit's scripts and styles, and tells the browser of ours.

    Files are read from the installed package at one go; what is not among them is left to
    Streamlit, with all that it says of it. The pages of the app have more in their heads.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = _front_end_files(Path(file_util.get_static_dir()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or hand on."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
        elif scope["path"] in PAGES:
            await self._app(_uncompressed(scope), receive, _WithHead(send, _head_of(scope)))
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


def _head_of(scope: Scope) -> bytes:
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    host = Headers(scope=scope).get("host", "")
    return early_of(path, query=query, host=host) + head_of(path)


def _uncompressed(scope: Scope) -> Scope:
    headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
    return {**scope, "headers": headers}


class _WithHead:
    """Hands a page on with more in its head, and anything else as it comes."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send = send
        self._head = head
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        page = self._page.replace(_HEAD_ENDS, self._head + _HEAD_ENDS, 1)
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(page))
        del headers["ETag"]  # it is the file's, and the head changes with the version
        del headers["Last-Modified"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def _is_page(start: Message) -> bool:
    media_type = MutableHeaders(scope=start).get("Content-Type", "")
    return start["status"] == 200 and media_type.startswith("text/html")
