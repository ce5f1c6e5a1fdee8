"""Clock: a node's time limit, which stands still while its calls only wait for their connection.

Whoever limits a node's time binds the limit in the context of the node's task; the connection's
client finds it there. Most nodes never wait for a connection, and need no clock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Protocol


class NodeClock:
    """Stops while a call waits for its turn on a connection and no other call of the node is out.

    `stop` and `go_on` are called in turns, `stop` first.
    """

    __slots__ = ("_go_on", "_out", "_stands", "_stop", "_waiting")

    def __init__(self, *, stop: Callable[[], None], go_on: Callable[[], None]) -> None:
        self._stop, self._go_on = stop, go_on
        self._waiting = 0
        self._out = 0
        self._stands = False

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Mark the time in which a call waits for its turn."""
        self._change(waiting=1)
        try:
            yield
        finally:
            self._change(waiting=-1)

    @contextlib.contextmanager
    def calling(self) -> Iterator[None]:
        """Mark the time in which a call has its turn."""
        self._change(out=1)
        try:
            yield
        finally:
            self._change(out=-1)

    def _change(self, *, waiting: int = 0, out: int = 0) -> None:
        self._waiting += waiting
        self._out += out
        stands = self._waiting > 0 and self._out == 0
        if stands != self._stands:
            self._stands = stands
            (self._stop if stands else self._go_on)()


class TimeLimit(Protocol):
    """What a node's clock stops and starts. `calls`: the clock, made when a call asks for it."""

    calls: NodeClock | None

    def stop(self) -> None:
        """Let the time stand."""

    def start(self) -> None:
        """Let it run on."""


_LIMIT: ContextVar[TimeLimit | None] = ContextVar("time limit", default=None)


bind_limit: Callable[[TimeLimit], object] = _LIMIT.set
"""Lets a limit hold for the running task and all that is started from there."""


def running_clock() -> NodeClock:
    """Return the clock of the node whose call this is; one that limits nothing where there is none.

    Ask for it where the call is made: an answer may be closed in another context.
    """
    limit = _LIMIT.get()
    if limit is None:
        return NodeClock(stop=_nothing, go_on=_nothing)
    if limit.calls is None:
        limit.calls = NodeClock(stop=limit.stop, go_on=limit.start)
    return limit.calls


def _nothing() -> None: ...
