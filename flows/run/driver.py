"""Driver: takes runs from their start to their end, on the one loop that has no page."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Final, TypeAlias

from flows.errors import FlowsError
from flows.ids import RunId
from flows.run.deps import Deps
from flows.run.hub import Hub
from flows.run.order import Order, break_off
from flows.run.pace import Pace
from flows.run.saver import Saver
from flows.trace.events import Record

OpenDeps: TypeAlias = Callable[[], AbstractAsyncContextManager[Deps]]
"""Opens what runs take from outside. Called beside the loop, since it may import for seconds;
entered and left on the loop, in one task. Raises FlowsError when nothing can run."""

END_RUNS_S: Final = 0.5
"""How long cancelled runs have to end when all ends."""

CLOSE_DEPS_S: Final = 0.5
"""How long the deps have to close then, the model's process among them."""

_LOOK_S: Final = 0.5
_CLOSED: Final = "Fanfold was closed"
_LOG: Final = logging.getLogger(__name__)


class Driver:
    """Lives on the loop that runs `serve`; from other threads only `orders` may be read."""

    def __init__(self, *, hub: Hub, saver: Saver, open_deps: OpenDeps) -> None:
        self._hub, self._saver, self._open_deps = hub, saver, open_deps
        self.orders: dict[RunId, Order] = {}
        self._group = asyncio.TaskGroup()
        self._closing, self._over = asyncio.Event(), asyncio.Event()
        self._deps: asyncio.Future[Deps] | None = None
        self._holding: asyncio.Task[None] | None = None

    async def serve(self, *, on_ready: Callable[[], None]) -> None:
        """Drive runs until `close`, or until the main thread is gone; then end them all."""
        async with self._group:
            saving = self._group.create_task(self._saver.run())
            looking = self._group.create_task(self._close_with_main_thread())
            on_ready()
            await self._closing.wait()
            await self._end_runs()
            saving.cancel()
            looking.cancel()
            self._saver.save()
            self._hub.end()
            await self._let_go_of_deps()

    def close(self) -> None:
        """Let `serve` come to its end."""
        self._closing.set()

    def warm(self) -> None:
        """Open the deps before they are needed."""
        self._group.create_task(self._warm())

    def begin(self, order: Order) -> None:
        """Start the run of an order."""
        self.orders[order.run_id] = order
        self._hub.open(order.run_id, order.flow_id)
        self._saver.open(order.run_id, order.flow_id)
        order.task = self._group.create_task(self._drive(order), name=f"order {order.run_id}")

    async def _drive(self, order: Order) -> None:
        pace = Pace(lambda: self._hub.publish(order.run_id))
        try:
            await self._run(order, pace)
        except FlowsError as error:
            self._break_off(order, str(error))
        except Exception as error:  # noqa: BLE001 - our own mistake: the run still gets its end
            _LOG.exception("The run %s broke off.", order.run_id)
            self._break_off(order, f"Fanfold itself failed: {error!r}. Please report it.")
        finally:
            pace.flush()
            del self.orders[order.run_id]

    async def _run(self, order: Order, pace: Pace) -> None:
        run = order.begin(await self._take_deps())
        async with aclosing(run.batches()) as batches:
            async for batch in batches:
                for record in batch:
                    self._take(order, record)
                pace.change()

    def _break_off(self, order: Order, error: str) -> None:
        for record in break_off(order, self._hub.trace(order.run_id), error):
            self._take(order, record)

    def _take(self, order: Order, record: Record) -> None:
        order.note(record)
        self._saver.add(record)
        self._hub.add(record)

    async def _warm(self) -> None:
        try:
            await self._take_deps()
        except Exception as error:  # noqa: BLE001 - nobody asked yet; the first run will say it
            _LOG.info("The models are not ready: %s", error)

    async def _take_deps(self) -> Deps:
        """Return the deps, opened at the first call; a call after a failure tries again."""
        if self._deps is None or (self._deps.done() and self._deps.exception() is not None):
            self._deps = asyncio.get_running_loop().create_future()
            self._holding = self._group.create_task(self._hold_deps(self._deps))
        return await asyncio.shield(self._deps)

    async def _hold_deps(self, opened: asyncio.Future[Deps]) -> None:
        try:
            async with await asyncio.to_thread(self._open_deps) as deps:
                opened.set_result(deps)
                await self._over.wait()
        except Exception as error:  # noqa: BLE001 - whoever waits for the deps gets it
            if opened.done():
                _LOG.exception("The models could not be closed.")
            else:
                opened.set_exception(error)
        finally:
            opened.cancel()  # closed while it was still opening: nobody may wait for it for ever

    async def _let_go_of_deps(self) -> None:
        self._over.set()
        if self._holding is not None:
            await asyncio.wait([self._holding], timeout=CLOSE_DEPS_S)
            self._holding.cancel()

    async def _end_runs(self) -> None:
        for order in self.orders.values():
            order.cancel(_CLOSED)
        running = [order.task for order in self.orders.values() if order.task is not None]
        if running:
            _, late = await asyncio.wait(running, timeout=END_RUNS_S)
            for task in late:
                task.cancel()

    async def _close_with_main_thread(self) -> None:
        """A program that ends without closing the runner must not wait for it for ever."""
        while threading.main_thread().is_alive():  # noqa: ASYNC110 - a thread's end sets no event
            await asyncio.sleep(_LOOK_S)
        self._closing.set()
