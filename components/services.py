"""Services: what this process keeps open for its pages and routes: store, runner, token.

They open in a thread of their own, so that the server answers before the libraries are loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import secrets
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from flows.errors import FlowFileError

if TYPE_CHECKING:
    from flows.document.model import Flow
    from flows.ids import FlowId, RunId
    from flows.models.connections import Connections
    from flows.run.background import BackgroundRunner
    from flows.store.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """All that is open, and where it comes from. `token`: what routes want to see."""

    home: Path
    environ: Mapping[str, str] = field(repr=False)
    store: Store
    runner: BackgroundRunner
    token: str = field(repr=False)
    _loaded: list[Connections] = field(default_factory=list, repr=False)
    _ran: dict[RunId, Flow | None] = field(default_factory=dict, repr=False)

    @property
    def connections(self) -> Connections:
        """The connections as they stood when they could first be read; runs use the same.

        Raises ConnectionsError while their file cannot be read.
        """
        from flows.models.connections import load_connections

        if not self._loaded:
            self._loaded.append(load_connections(self.home, self.environ))
        return self._loaded[0]

    def flow_of_run(self, run_id: RunId) -> Flow | None:
        """Return the flow as it was when it ran, None when that cannot be read."""
        from flows.document.files import read_values

        if run_id not in self._ran:
            trace = self.runner.fold(run_id)
            try:
                self._ran[run_id] = read_values(trace.flow) if trace else None
            except FlowFileError:
                self._ran[run_id] = None
        return self._ran[run_id]

    def run_file(self, run_id: RunId) -> bytes:
        """Return the records of a run as its file has them, a line each."""
        from flows.trace.events import encode_record

        return b"".join(encode_record(each) + b"\n" for each in self.runner.records(run_id))

    def announce(self, flow_id: FlowId, rev: int, *, client: str, seq: int) -> None:
        """Tell every page of the flow that its document changed, and is kept.

        `client`: the tab that did it, `seq`: by which of its edits.
        """
        from flows.run.messages import FlowChanged

        self.runner.notify(flow_id, FlowChanged(rev=rev, client=client, seq=seq))

    def close(self) -> None:
        """End the runs, the model and the store, in this order."""
        try:
            self.runner.close()
        finally:
            self.store.close()


def open_services(environ: Mapping[str, str]) -> Services:
    """Open the store of this home and a runner on it. Raises StoreError."""
    from flows.run.background import BackgroundRunner
    from flows.run.deps import open_deps
    from flows.store.home import home_of
    from flows.store.store import open_store

    home = home_of(environ)
    store = open_store(home, environ)
    runner = BackgroundRunner(store, open_deps=lambda: open_deps(opened.connections))
    opened = Services(home, environ, store, runner, token=secrets.token_urlsafe(32))
    return opened


_SWITCH_S: Final = 0.001
"""How long a thread that loads libraries keeps a page waiting each time; Python's own is 5 ms."""

_PATIENCE_S: Final = 5.0
"""How long the SDK waits for a first canvas; without a browser none may come."""

_drawn: Final = Event()

_LOG: Final = logging.getLogger(__name__)

_opening: Future[Services] = Future()


def services() -> Services:
    """Return what is open, waiting for it when it is just being opened.

    Raises what opening raised.
    """
    return _opening.result(timeout=30)


def services_if_open() -> Services | None:
    """Return what is open; None while it is being opened, or where that failed."""
    is_open = _opening.done() and _opening.exception() is None
    return _opening.result() if is_open else None


def canvas_stands() -> None:
    """Note that a first canvas is drawn and listens; what it did not need may be loaded now."""
    _drawn.set()


@contextlib.asynccontextmanager
async def serve(environ: Mapping[str, str]) -> AsyncIterator[None]:
    """Open the services in the background, and close them at the end."""
    opening = _begin()
    Thread(target=_open_into, args=(opening, environ), name="fanfold-open", daemon=True).start()
    try:
        yield
    finally:
        await asyncio.to_thread(_close, opening)


@contextlib.contextmanager
def using(opened: Services) -> Iterator[Services]:
    """Let pages and routes use these services, for tests."""
    _begin().set_result(opened)
    try:
        yield opened
    finally:
        _begin()


def _begin() -> Future[Services]:
    global _opening  # noqa: PLW0603 - the script of a page can be handed nothing else
    _opening = Future()
    return _opening


def _close(opening: Future[Services]) -> None:
    if opening.exception() is None:
        opening.result().close()


def _open_into(opening: Future[Services], environ: Mapping[str, str]) -> None:
    """Open, then load what the first page and the first Run need, before anybody waits for it.

    Python's garbage collector is switched off by the start: among the hundred thousand objects of
    the libraries it finds nothing and takes a fifth of the time. They are put out of its sight.
    """
    sys.setswitchinterval(_SWITCH_S)
    try:
        opening.set_result(open_services(environ))
        _make_ready(opening.result())
    except Exception as error:  # noqa: BLE001 - said on the page, by whoever asks for the services
        if not opening.done():
            opening.set_exception(error)
        _LOG.info("Not everything is ready: %s", error)
    finally:
        gc.freeze()
        gc.enable()


def _make_ready(opened: Services) -> None:
    from flows.run.deps import load_sdk

    import_module("components.shell")
    _drawn.wait(_PATIENCE_S)  # the first page has the interpreter, and a core, to itself
    load_sdk()
    opened.runner.warm()
