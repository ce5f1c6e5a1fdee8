"""Clock: a node's time, which stands still while its calls only wait for their connection.

The embedded model, while it is being loaded, is such a wait: an agent's own work is none of it.

Whoever limits the time of nodes binds, in the context of their tasks, how the limit of the running
one is found. Whoever makes a node's calls makes its clock in its task; the connection's client
finds it there.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Protocol, TypeAlias

Tell: TypeAlias = Callable[[], None]
"""Is told that something has begun, or that it is over."""


def _nothing() -> None: ...


class NodeClock:
    """Stops while a call waits for its turn on a connection and no other call of the node is out.

    `stop` and `go_on` are called in turns, `stop` first; so are `load` and `loaded`, around the
    time in which it stands because the model is being loaded. `waited_s`: how long it stood, all
    told; `loading_s`: how much of that for the model.
    """

    __slots__ = (
        "_go_on",
        "_load",
        "_loaded",
        "_loading",
        "_out",
        "_stands_since",
        "_stop",
        "_waiting",
        "loading_s",
        "waited_s",
    )

    def __init__(
        self, *, stop: Tell, go_on: Tell, load: Tell = _nothing, loaded: Tell = _nothing
    ) -> None:
        self._stop, self._go_on = stop, go_on
        self._load, self._loaded = load, loaded
        self._waiting = 0
        self._out = 0
        self._loading = 0
        self._stands_since: float | None = None
        self.waited_s = 0.0
        self.loading_s = 0.0

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

    @contextlib.contextmanager
    def loading(self) -> Iterator[None]:
        """Mark the time in which a call, its turn come or not needed, waits for the model."""
        self._change(loading=1)
        try:
            yield
        finally:
            self._change(loading=-1)

    def _change(self, *, waiting: int = 0, out: int = 0, loading: int = 0) -> None:
        since, now = self._stands_since, time.monotonic()
        loaded = since is not None and self._loading > 0
        self._waiting += waiting
        self._out += out
        self._loading += loading
        stands = self._waiting + self._loading > 0 and self._out <= self._loading
        if since is not None:
            self.waited_s += now - since
            self.loading_s += now - since if loaded else 0.0
        self._stands_since = now if stands else None
        if stands and since is None:
            self._stop()
        elif not stands and since is not None:
            self._go_on()
        loads = stands and self._loading > 0
        if loads != loaded:
            (self._load if loads else self._loaded)()


class TimeLimit(Protocol):
    """What a node's clock stops and starts."""

    def stop(self) -> None:
        """Let the time stand."""

    def start(self) -> None:
        """Let it run on."""


def _no_limit() -> None: ...


_LIMIT_OF_TASK: ContextVar[Callable[[], TimeLimit | None]] = ContextVar(
    "time limit of the running task", default=_no_limit
)
_CLOCK: ContextVar[NodeClock | None] = ContextVar("node clock", default=None)


bind_limits: Callable[[Callable[[], TimeLimit | None]], object] = _LIMIT_OF_TASK.set
"""Lets what is given say the running task's limit, here and in all that is started from here."""


def begin_clock(*, load: Tell = _nothing, loaded: Tell = _nothing) -> NodeClock:
    """Make the clock of the node whose task this is: its calls, and its time limit, share it.

    `load` and `loaded` are told when the node begins to wait for the model, and when no more.
    """
    limit = _LIMIT_OF_TASK.get()()
    stop, go_on = (_nothing, _nothing) if limit is None else (limit.stop, limit.start)
    clock = NodeClock(stop=stop, go_on=go_on, load=load, loaded=loaded)
    _CLOCK.set(clock)
    return clock


def running_clock() -> NodeClock:
    """Return the clock of the node whose call this is; one of its own where no node makes it.

    Ask for it where the call is made: an answer may be closed in another context.
    """
    return _CLOCK.get() or _unlimited()


def _unlimited() -> NodeClock:
    return NodeClock(stop=_nothing, go_on=_nothing)
