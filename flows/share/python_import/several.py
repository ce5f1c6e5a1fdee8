"""Several: one value of several that are possible, and the step it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from flows.share.python_import.values import NOTHING, Merged, Output, Value


def merged(options: Sequence[Value]) -> Value:
    """Make one value of several that are possible; nothing counts only where all are nothing."""
    flat: list[Value] = []
    for option in options:
        flat += option.options if isinstance(option, Merged) and not option.ways else [option]
    kept = [each for each in dict.fromkeys(flat) if each != NOTHING]
    match kept:
        case []:
            return NOTHING
        case [only]:
            return only
        case _:
            return Merged(tuple(kept))


def step_of(value: Value) -> int | None:
    """Return the step a value comes from, if it is one step's."""
    match value:
        case Output(step=step):
            return step
        case _:
            return getattr(value, "step", None)
