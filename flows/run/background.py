"""Background: runs that do not care about pages, in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Final

from flows.errors import FlowsError, StoreError
from flows.ids import FlowId, RunId, new_run_id
from flows.plan.plan import Plan
from flows.run.driver import Driver, OpenDeps
from flows.run.hub import Hub
from flows.run.inputs import fill_inputs
from flows.run.loop import new_loop
from flows.run.messages import Message
from flows.run.order import Order
from flows.run.saver import Saver
from flows.run.watcher import Parcel, Pause, Watcher
from flows.store.store import Store
from flows.trace.events import Measured, Record
from flows.trace.fold import RunTrace
from flows.trace.reuse import Reuse

LOOK_AGAIN_S: Final = 1.0
"""How often a run of another process is looked up while it is watched."""

CLOSE_S: Final = 1.5
"""How long `close` waits for everything to end."""

_LOG: Final = logging.getLogger(__name__)


class BackgroundRunner:
    """Starts, watches and ends runs; every method may be called from any thread.

    The thread is no daemon: it ends with `close`, or by itself soon after the main thread.
    """

    def __init__(self, store: Store, *, open_deps: OpenDeps) -> None:
        self._store = store
        self._hub = Hub()
        self._saver = Saver(
            store.runs, on_trouble=self._hub.mark_unsaved, on_kept=self._hub.release
        )
        self._driver = Driver(hub=self._hub, saver=self._saver, open_deps=open_deps)
        self._is_closed = False
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._live, name="fanfold-runs")
        self._thread.start()
        self._ready.wait()

    def warm(self) -> None:
        """Load what the first run needs, beside whatever else goes on."""
        self._call(self._driver.warm)

    def start(
        self,
        plan: Plan,
        inputs: str | Mapping[str, str],
        *,
        flow_id: FlowId,
        earlier: Reuse | Measured | None = None,
    ) -> RunId:
        """Start a run and return its id at once.

        `earlier`: what it is given of an earlier run, or the run it measures.
        Raises InputError for inputs that do not fit, FlowsError when the runner is closed.
        """
        fill_inputs(plan.flow, inputs)
        order = Order(new_run_id(), flow_id, plan, inputs, earlier)
        self._call(self._driver.begin, order)
        return order.run_id

    def cancel(self, run_id: RunId, reason: str = "stopped by hand") -> bool:
        """Stop a run; say whether it goes on in this process."""
        order = self._driver.orders.get(run_id)
        if order is None:
            return False
        self._call(order.cancel, reason)
        return True

    def fold(self, run_id: RunId) -> RunTrace | None:
        """Return the story of a run so far, or None when there is no such run."""
        return self._hub.trace(run_id) or self._store.runs.trace(run_id)

    def records(self, run_id: RunId) -> tuple[Record, ...]:
        """Return all records of a run so far, also those the store does not have yet."""
        unsaved = self._saver.unsaved(run_id)
        try:
            kept = self._store.runs.records(run_id)
        except StoreError:
            if unsaved and unsaved[0].seq == 1:
                return unsaved
            raise
        last = kept[-1].seq if kept else 0
        return (*kept, *(record for record in unsaved if record.seq > last))

    def notify(self, flow_id: FlowId, message: Message) -> None:
        """Tell all who watch the flow."""
        self._hub.notify(flow_id, message)

    def watch(
        self, flow_id: FlowId, *, run_id: RunId | None = None
    ) -> AsyncGenerator[Parcel, None]:
        """Yield what happens to a flow: a snapshot of its newest run, then every change.

        `run_id`: follow this run and no other. Called on the loop that reads it.
        """
        return self.follow(Watcher(flow_id, run_id))

    async def follow(self, watcher: Watcher) -> AsyncGenerator[Parcel, None]:
        """Yield what `watch` does until the watcher's end, or the runner's."""
        try:
            wait_s = await self._show(watcher)
            while True:
                match await watcher.next(wait_s=wait_s):
                    case Pause.OVER:
                        return
                    case Pause.BEHIND | Pause.QUIET:
                        wait_s = await self._show(watcher)
                    case Parcel() as parcel:
                        yield parcel
        finally:
            self._hub.leave(watcher)

    def forget_ended(self) -> None:
        """Show ended runs as the store has them from now on: some were deleted or brought back."""
        self._hub.forget_ended()

    def close(self) -> None:
        """Cancel every run, keep its end, close the model; at most about two seconds."""
        with contextlib.suppress(FlowsError):
            self._call(self._driver.close)
        self._is_closed = True
        self._thread.join(CLOSE_S)

    def _live(self) -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            self._loop = runner.get_loop()
            runner.run(self._driver.serve(on_ready=self._ready.set))

    def _call(self, function: Callable[..., object], *args: object) -> None:
        if self._is_closed or not self._thread.is_alive():
            raise FlowsError("Fanfold is closing, so nothing new is started. Start it again.")
        self._loop.call_soon_threadsafe(function, *args)

    async def _show(self, watcher: Watcher) -> float | None:
        """Show the watcher everything; return after how long to look again, None for never."""
        stored = await asyncio.to_thread(self._stored, watcher)
        self._hub.show(watcher, stored)
        return LOOK_AGAIN_S if stored is not None and stored.status == "running" else None

    def _stored(self, watcher: Watcher) -> RunTrace | None:
        """Return the run to show as the store has it; None when it is one of this process."""
        try:
            run_id = watcher.run_id or self._newest(watcher.flow_id)
            if run_id is None or self._hub.trace(run_id) is not None:
                return None
            return self._store.runs.trace(run_id)
        except StoreError as error:
            _LOG.warning("The runs of the flow %s cannot be shown. %s", watcher.flow_id, error)
            return None

    def _newest(self, flow_id: FlowId) -> RunId | None:
        rows = self._store.runs.list(flow_id, limit=1)
        return rows[0].id if rows else None
