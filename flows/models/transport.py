"""EmbeddedTransport: the way to the embedded model, wherever it listens at the moment."""

from contextlib import nullcontext
from typing import Final

import httpx2

from flows.models.clock import running_clock
from flows.models.local import LocalAddress, LocalServer

_ONE_CALL_EACH: Final = httpx2.Limits(max_keepalive_connections=0)
"""llama.cpp's server promises to keep a connection after a streamed answer, and closes it.

A call that took such a connection up again, right after the answer before it, was lost. A new one
to this machine takes half a millisecond.
"""


class EmbeddedTransport(httpx2.AsyncBaseTransport):
    """Sends every request to the running server, which it starts where there is none."""

    def __init__(self, local: LocalServer) -> None:
        self._local = local
        self._wire = httpx2.AsyncHTTPTransport(verify=False, limits=_ONE_CALL_EACH)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it on; once more where the server died before it answered a word.

        Raises LocalModelError where the server cannot start.
        """
        address = await self._address()
        try:
            return await self._send(request, address)
        except (httpx2.NetworkError, httpx2.RemoteProtocolError):
            if not await self._local.has_left(address):
                raise
        return await self._send(request, await self._address())

    async def _address(self) -> LocalAddress:
        with nullcontext() if self._local.answers else running_clock().loading():
            return await self._local.address()

    async def _send(self, request: httpx2.Request, address: LocalAddress) -> httpx2.Response:
        now = httpx2.URL(address.base_url)
        request.url = request.url.copy_with(scheme=now.scheme, host=now.host, port=now.port)
        request.headers["Host"] = now.netloc.decode()
        request.headers["Authorization"] = f"Bearer {address.key}"
        return await self._wire.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections; the server runs on for others."""
        await self._wire.aclose()
