"""Times said for people: what stands beside each other adds up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.trace.duration import say_stretch


@pytest.mark.parametrize(
    "start, end, said",
    [
        (1.066, 6.221, "1.07 s → 6.22 s · 5.15 s"),
        (0.0, 0.004, "0.00 s → 0.00 s · 0.00 s"),
        (59.96, 59.994, "59.96 s → 59.99 s · 0.03 s"),
        (59.96, 63.24, "1 min 0.0 s → 1 min 3.2 s · 3.2 s"),
        (12.34, 3700.0, "12.3 s → 61 min 40.0 s · 61 min 27.7 s"),
    ],
)
def test_a_stretch_is_said_by_its_ends_and_its_length(start: float, end: float, said: str) -> None:
    assert say_stretch(start, end) == said


@given(st.floats(0, 9000), st.floats(0, 9000))
def test_the_figures_of_a_stretch_add_up_as_they_are_shown(one: float, other: float) -> None:
    start, end = sorted((one, other))
    times = re.findall(r"(?:(\d+) min )?([\d.]+) s", say_stretch(start, end))
    began, ended, took = (60 * int(minutes or 0) + float(rest) for minutes, rest in times)
    assert ended - began == pytest.approx(took)


def test_what_ended_before_it_began_took_no_time() -> None:
    assert say_stretch(2.0, 1.9) == "1.90 s → 1.90 s · 0.00 s"
