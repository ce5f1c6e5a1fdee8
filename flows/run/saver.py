"""Saver: carries records to the store in batches, beside the loop that makes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from flows.errors import StoreError
from flows.ids import FlowId, RunId
from flows.trace.events import Record, RunEnd

EVERY_S: Final = 0.1
"""How long records wait for others at the most; a run's end waits for nothing."""

AGAIN_AFTER_S: Final = 1.0
"""How long the saver rests after the store refused."""

_LOG: Final = logging.getLogger(__name__)


class RecordShelf(Protocol):
    """Where records are kept. Records it has already do no harm."""

    def append(self, batch: tuple[Record, ...], *, flow_id: FlowId | None = None) -> None:
        """Keep records of one run. Raises StoreError when that fails."""


@dataclass(slots=True)
class _Waiting:
    flow_id: FlowId
    records: list[Record] = field(default_factory=list)
    trouble: str = ""


class Saver:
    """Holds every record until the store has it, so that a full disk loses none.

    `on_trouble` hears of a run whose records are not kept and why, and with an empty reason when
    they are again; `on_kept` of a run that is kept up to its end. Both from the saver's thread.
    """

    def __init__(
        self,
        shelf: RecordShelf,
        *,
        on_trouble: Callable[[RunId, str], None],
        on_kept: Callable[[RunId], None],
    ) -> None:
        self._shelf = shelf
        self._on_trouble, self._on_kept = on_trouble, on_kept
        self._guard = threading.Lock()
        self._saving = threading.Lock()
        self._waiting: dict[RunId, _Waiting] = {}
        self._news = asyncio.Event()
        self._hurry = asyncio.Event()

    def open(self, run_id: RunId, flow_id: FlowId) -> None:
        """Expect the records of a new run."""
        with self._guard:
            self._waiting[run_id] = _Waiting(flow_id)

    def add(self, record: Record) -> None:
        """Take a record, on the loop."""
        with self._guard:
            self._waiting[record.run].records.append(record)
        self._news.set()
        if isinstance(record.event, RunEnd):
            self._hurry.set()

    def unsaved(self, run_id: RunId) -> tuple[Record, ...]:
        """Return the records of a run that the store may not have yet, from any thread."""
        with self._guard:
            waiting = self._waiting.get(run_id)
            return tuple(waiting.records) if waiting else ()

    async def run(self) -> None:
        """Carry records until cancelled."""
        while True:
            await self._news.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._hurry.wait()
            self._news.clear()
            self._hurry.clear()
            if not await self._save_beside():
                await asyncio.sleep(AGAIN_AFTER_S)
                self._news.set()

    def save(self) -> bool:
        """Carry all that waits now, from any thread; say whether the store took it."""
        with self._saving:
            with self._guard:
                waiting = [(run_id, each) for run_id, each in self._waiting.items() if each.records]
            taken = [self._save_run(run_id, each) for run_id, each in waiting]
            return all(taken)

    async def _save_beside(self) -> bool:
        try:
            return await asyncio.to_thread(self.save)
        except RuntimeError:  # the interpreter is ending and gives no thread any more
            return self.save()

    def _save_run(self, run_id: RunId, waiting: _Waiting) -> bool:
        with self._guard:
            batch = tuple(waiting.records)
        try:
            self._shelf.append(batch, flow_id=waiting.flow_id)
        except StoreError as error:
            self._tell_trouble(run_id, waiting, f"This run is not being saved. {error}")
            return False
        self._tell_trouble(run_id, waiting, "")
        is_over = isinstance(batch[-1].event, RunEnd)
        with self._guard:
            del waiting.records[: len(batch)]
            if is_over:
                del self._waiting[run_id]
        if is_over:
            self._on_kept(run_id)
        return True

    def _tell_trouble(self, run_id: RunId, waiting: _Waiting, trouble: str) -> None:
        if trouble == waiting.trouble:
            return
        waiting.trouble = trouble
        if trouble:
            _LOG.warning("%s", trouble)
        self._on_trouble(run_id, trouble)
