"""Watcher: one browser's line of messages, which never grows longer than can be read."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from enum import Enum
from typing import Final

from flows.ids import FlowId, RunId
from flows.run.messages import FlowChanged, Message, Snapshot, encode_message

LONGEST: Final = 256
"""How many messages wait for a browser; one that falls further behind is shown everything anew."""


class Parcel:
    """A message and its bytes, encoded once for all who get it."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.bytes = encode_message(message)


class Pause(Enum):
    """Why there is no message: nothing came in time, some were dropped, or none will come."""

    QUIET = "quiet"
    BEHIND = "behind"
    OVER = "over"


class Watcher:
    """Made and read on one loop, told from any thread.

    `run_id`: the one run it follows, or None for the newest of its flow. `showing`: the run of its
    last snapshot; whoever tells it keeps that true.
    """

    def __init__(self, flow_id: FlowId, run_id: RunId | None) -> None:
        self.flow_id = flow_id
        self.run_id = run_id
        self.showing: RunId | None = None
        self._loop = asyncio.get_running_loop()
        self._line: deque[Parcel] = deque()
        self._news = asyncio.Event()
        self._pause = Pause.QUIET
        self._is_dropping = False

    def tell(self, parcel: Parcel) -> None:
        """Put a message into the line, from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed, and the browser with it
            self._loop.call_soon_threadsafe(self._put, parcel)

    def end(self) -> None:
        """Let the line end after what is in it, from any thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop, Pause.OVER)

    async def next(self, *, wait_s: float | None = None) -> Parcel | Pause:
        """Wait for the next message, `wait_s` seconds at most; None: as long as it takes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._news.wait()
        came: Parcel | Pause = self._line.popleft() if self._line else self._pause
        if came is Pause.BEHIND:
            self._pause = Pause.QUIET  # said once; the snapshot is on its way
        if not self._line and self._pause is Pause.QUIET:
            self._news.clear()
        return came

    def _put(self, parcel: Parcel) -> None:
        match parcel.message:
            case Snapshot():  # it says all that the run's messages before it said
                self._keep_notices()
                self._is_dropping = False
                if self._pause is Pause.BEHIND:
                    self._pause = Pause.QUIET
            case FlowChanged():
                pass
            case _ if self._is_dropping:
                return
            case _ if len(self._line) >= LONGEST:
                self._keep_notices()
                self._is_dropping = True
                self._stop(Pause.BEHIND)
                return
        self._line.append(parcel)
        self._news.set()

    def _stop(self, pause: Pause) -> None:
        if self._pause is not Pause.OVER:
            self._pause = pause
        self._news.set()

    def _keep_notices(self) -> None:
        notices = [each for each in self._line if isinstance(each.message, FlowChanged)]
        self._line = deque(notices[-1:])
