"""Duration: how long something took, said alike by the app, its pages and its reports."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_DIGITS: Final = 4
_TENTH: Final = Decimal("0.1")


def say_duration(seconds: float) -> str:
    """Say a number of seconds as the screen says it (`components/live/assets/format.js`)."""
    value = max(round(seconds, _DIGITS), 0.0)
    if value < 59.95:
        return f"{_tenths(value)} s"
    minutes, rest = divmod(int(value + 0.5), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def say_times(overlap: float) -> str:
    """Say an overlap as the screen says it."""
    return f"{_tenths(round(overlap, _DIGITS))}×"


def _tenths(value: float) -> Decimal:
    """Round as JavaScript does, a half up; the screen's figures have four digits before that."""
    return Decimal(value).quantize(_TENTH, ROUND_HALF_UP)
