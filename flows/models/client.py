"""Client: the HTTP client of one connection, which keeps the connection's limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import httpx2
from openai import DefaultAsyncHttpxClient

from flows.models.clock import running_clock
from flows.models.limits import Limiter


class LimitedClient(DefaultAsyncHttpxClient):
    """Sends a request when its turn has come; the turn ends with the answer, read or closed.

    Every attempt of every model call passes here, and no tool's or agent's work between two calls:
    an agent that is another's tool could else never get the turn its caller holds.
    """

    def __init__(self, limiter: Limiter, **options: Any) -> None:
        super().__init__(**options)
        self._limiter = limiter

    async def send(
        self, request: httpx2.Request, *, stream: bool = False, **options: Any
    ) -> httpx2.Response:
        """Wait for a turn, then send."""
        clock = running_clock()
        with clock.waiting():
            turn = await self._limiter.take()
        with ExitStack() as held:
            held.callback(self._limiter.give_back, turn)
            held.enter_context(clock.calling())
            response = await super().send(request, stream=stream, **options)
            if stream and isinstance(response.stream, httpx2.AsyncByteStream):
                response.stream = HeldStream(response.stream, held.pop_all())
            return response


class HeldStream(httpx2.AsyncByteStream):
    """An answer on its way; lets go of what is held for it once it is closed."""

    def __init__(self, stream: httpx2.AsyncByteStream, held: ExitStack) -> None:
        self._stream = stream
        self._held = held

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        """Close the answer, then let go."""
        try:
            await self._stream.aclose()
        finally:
            self._held.close()
