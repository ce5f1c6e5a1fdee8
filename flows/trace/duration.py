"""Duration: how long something took, said alike by the app, its pages and its reports."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_DIGITS: Final = 4
_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")
_MINUTE_S: Final = 60


def say_duration(seconds: float) -> str:
    """Say a number of seconds as the screen says it (`components/live/assets/format.js`)."""
    value = max(round(seconds, _DIGITS), 0.0)
    if value < 59.95:
        return f"{_tenths(value)} s"
    minutes, rest = divmod(int(value + 0.5), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def say_stretch(start_s: float, end_s: float) -> str:
    """Say when something began and ended and how long it took: figures that add up as shown.

    `1.07 s → 6.22 s · 5.15 s`; from a minute on with one digit less.
    """
    digit = _HUNDREDTH if end_s < _MINUTE_S - 0.005 else _TENTH
    times = (min(start_s, end_s), end_s)
    start, end = (Decimal(each).quantize(digit, ROUND_HALF_UP) for each in times)
    return f"{_moment(start)} → {_moment(end)} · {_moment(end - start)}"


def _moment(seconds: Decimal) -> str:
    minutes, rest = divmod(seconds, _MINUTE_S)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def say_times(overlap: float) -> str:
    """Say an overlap as the screen says it."""
    return f"{_tenths(round(overlap, _DIGITS))}×"


def _tenths(value: float) -> Decimal:
    """Round as JavaScript does, a half up; the screen's figures have four digits before that."""
    return Decimal(value).quantize(_TENTH, ROUND_HALF_UP)
