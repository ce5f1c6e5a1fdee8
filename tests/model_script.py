"""What a model of the test server does, and what the server saw: plain values."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tests.model_wire import Api

DEFAULT_TEXT = "A fine answer."


class Gate:
    """Holds answers back until the test opens it; open for good after that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_open = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self) -> None:
        with self._lock:
            self._is_open = True
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)

    async def wait(self) -> None:
        event = asyncio.Event()
        with self._lock:
            if self._is_open:
                return
            self._waiting.append((asyncio.get_running_loop(), event))
        await event.wait()


@dataclass(frozen=True)
class Answer:
    """Says a text, word by word when streamed."""

    text: str = DEFAULT_TEXT
    delay_s: float = 0.0
    """Seconds before the first byte of the answer."""
    chunk_s: float = 0.0
    """Seconds before each further word of a stream."""
    gate: Gate | None = None
    """Nothing is said before this is open."""


@dataclass(frozen=True)
class Refuse:
    """Answers with an HTTP error in OpenAI's shape."""

    status: int
    message: str = "refused by the script"
    code: str | None = None
    retry_after_s: float | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    """Further members of the error object."""


@dataclass(frozen=True)
class Hang:
    """Never answers, or falls silent after some words of a stream."""

    after: int = 0


@dataclass(frozen=True)
class Break:
    """Closes the connection after some words of a stream; a plain answer stops after its head."""

    after: int = 0


@dataclass(frozen=True)
class Garbage:
    """Status 200 and something that is no answer."""

    body: str = "<html><body>Welcome to the proxy.</body></html>"
    content_type: str = "text/html"


Behaviour: TypeAlias = Answer | Refuse | Hang | Break | Garbage


@dataclass(frozen=True)
class Entry:
    """One request as the server saw it; times in seconds of `time.monotonic()`."""

    number: int
    """Counts from 0 in order of arrival."""
    model: str
    api: Api | Literal["other"]
    streamed: bool
    text: str
    """The last user message."""
    body: Mapping[str, object]
    headers: Mapping[str, str]
    start: float
    end: float | None = None
    """None while the request is open."""
    status: int | None = None
    """None where no answer was begun."""
    closed_early: bool = False
    """The client hung up before it had the whole answer."""


Script: TypeAlias = Behaviour | Sequence[Behaviour] | Callable[[Entry], Behaviour]
"""One behaviour for all requests; one a request, the last repeating; or a choice by request."""
