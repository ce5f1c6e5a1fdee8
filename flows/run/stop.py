"""Stop: why and how a run is brought to an early end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
