"""LlamaProcess: the parent's side of `llama_child`, from its start to its end."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from flows.errors import ConnectionsError
from flows.models.connections import LOCAL, LOCAL_MODEL, not_installed_sentence

SLOTS = 4
"""Answers written at the same time; more wait in the server."""
CONTEXT_TOKENS = 2048
"""How long the prompt and the answer of one call may be together."""
CHILD_COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("llama_child.py")))
_WINDOWS_ILLEGAL_INSTRUCTION = 0xC000001D
_PATIENCE_S = 1.0


class LocalModelError(ConnectionsError):
    """The embedded model cannot answer; the text says why and what to do."""


@dataclass(frozen=True)
class LocalAddress:
    """Where the embedded model answers."""

    base_url: str
    key: str = field(repr=False)
    """Made up at each start, so that no other program of this machine gets answers."""


class LlamaProcess:
    """One started server. Whoever starts it has to `end` it; its parent's death ends it too."""

    def __init__(self, weights: Path, *, command: Sequence[str] = CHILD_COMMAND) -> None:
        """Start `command`, which has to speak the protocol of `llama_child`."""
        self._key = secrets.token_urlsafe(24)
        self._too_late = threading.Event()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as it runs
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "GOMP_SPINCOUNT": "2000"},  # else its idle threads eat a core
            start_new_session=True,  # Ctrl-C in the terminal is for the app alone
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._give_orders(weights)

    def _give_orders(self, weights: Path) -> None:
        orders = {"model": str(weights), "name": LOCAL_MODEL, "key": self._key}
        sizes = {"threads": _threads(), "slots": SLOTS, "context": CONTEXT_TOKENS}
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended already; waiting for its address says why
            self._process.stdin.write(json.dumps({**orders, **sizes}).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """The operating system's number for it."""
        return self._process.pid

    def lives(self) -> bool:
        """Tell whether it has not ended yet."""
        return self._process.poll() is None

    def wait_for_address(self, *, timeout_s: float) -> LocalAddress:
        """Block until it says where it listens; ends it and raises LocalModelError if it cannot."""
        watch = threading.Timer(timeout_s, self._give_up)
        watch.daemon = True
        watch.start()
        assert self._process.stdout is not None
        said = _parse(self._process.stdout.readline())
        code = None if "address" in said else self._process.wait()
        watch.cancel()
        if code is None:
            return LocalAddress(base_url=f"{said['address']}/v1", key=self._key)
        late = f"it did not start within {timeout_s:g} s"
        reason = late if self._too_late.is_set() else said.get("failed") or self._last_words(code)
        self.end()
        raise LocalModelError(_sentence(reason, code))

    def ends_soon(self) -> bool:
        """Block for a moment; tell whether it has ended by then."""
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """Let it go, and make sure that it went; harmless when repeated."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        if not self.ends_soon():
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()

    def _give_up(self) -> None:
        self._too_late.set()
        self._process.kill()

    def _last_words(self, code: int) -> str:
        lines: list[str] = []
        with suppress(ValueError):  # the log is closed where `end` came in between
            self._log.seek(0)
            lines = self._log.read().decode(errors="replace").strip().splitlines()
        return "; ".join([f"it ended with {_ending(code)}", *lines[-1:]])


def _parse(line: bytes) -> dict[str, str]:
    with suppress(ValueError):
        message = json.loads(line)
        if isinstance(message, dict):
            return message
    return {}


def _sentence(reason: str, code: int) -> str:
    if code in {-signal.SIGILL, _WINDOWS_ILLEGAL_INSTRUCTION}:
        why, remedy = "its build needs a processor with AVX2", "Choose another connection."
    elif "libgomp" in reason:
        why = "the system library libgomp is missing"
        remedy = "Install it (Debian and Ubuntu: apt-get install libgomp1) and run again."
    elif "ModuleNotFoundError" in reason:
        return not_installed_sentence()
    else:
        why, remedy = reason, "Run again, or choose another connection."
    return f'The embedded model of the connection "{LOCAL}" cannot start: {why}. {remedy}'


def _ending(code: int) -> str:
    with suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _threads() -> int:
    """One core stays free for the app and the browser."""
    return max(1, (os.cpu_count() or 1) - 1)
