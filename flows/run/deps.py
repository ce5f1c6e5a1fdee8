"""Deps: what a run takes from outside: who does the work, the clock, the SDK's trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TypeAlias

from flows.ids import RunId
from flows.run.executor import Executor

OpenTrace: TypeAlias = Callable[[str, RunId], AbstractContextManager[object]]
"""Opens the SDK's trace around a run: workflow name, run id."""


def _no_trace(_name: str, _run_id: RunId) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Deps:
    """What a run is given.

    `model`: what stands for a model of null, as connection/model. `versions`: package → version,
    for the record. `clock`: seconds since the epoch, read once a run.
    """

    executor: Executor
    model: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    open_trace: OpenTrace = _no_trace
