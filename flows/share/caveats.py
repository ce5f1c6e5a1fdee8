"""Caveat: what has to stand beside a run's sums, so that nobody reads more into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flows.trace.brief import SHARED
from flows.trace.events import NodeFinished, Record, RunStarted
from flows.trace.sample import WRITTEN

INVENTED: Final = WRITTEN

_EMBEDDED: Final = "local/"


def caveat_of(records: Iterable[Record]) -> str:
    """Say what holds the figures of a run down, or that they are invented; empty where neither."""
    events = (record.event for record in records)
    models = {each.model for each in events if isinstance(each, RunStarted | NodeFinished)}
    if WRITTEN in models:
        return INVENTED
    return SHARED if any(each.startswith(_EMBEDDED) for each in models) else ""
