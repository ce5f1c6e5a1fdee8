"""Stop: why and how a run is brought to an early end, and what its end then is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.trace.events import Json, RunCancelled, RunEnd, RunFailed, RunFinished


@dataclass(frozen=True, slots=True)
class Stop:
    """An early end. `how`: what happens to what runs; `end`: what the run is then."""

    how: Literal["finish", "cancel"]
    reason: str
    end: Literal["failed", "cancelled"]
    error: str = ""

    def joined_by(self, later: Stop) -> Stop:
        """Return the stop after a second one: a person's cancel counts, else the first failure."""
        return later if later.end == "cancelled" else self


def end_of_run(
    stop: Stop | None,
    outputs: dict[str, Json],
    errors: dict[str, str],
    *,
    fallbacks: Sequence[str] = (),
) -> RunEnd:
    """Say how a run ended, from what stopped it, what its end nodes gave, and all failures."""
    match stop:
        case Stop(end="cancelled", reason=reason):
            return RunCancelled(reason, outputs, errors)
        case Stop(error=error):
            return RunFailed(error, outputs, errors)
        case None:
            pass
    if errors and not outputs:
        steps = [error for key, error in errors.items() if "[" not in key]
        first, *_ = *steps, *errors.values()  # under `collect` it can be that only items failed
        return RunFailed(first, outputs, errors)
    return RunFinished(outputs, errors, tuple(fallbacks))
