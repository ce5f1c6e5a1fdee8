"""Foreign words show as they are, and times as people say them."""

import time

import pytest

from components.text import moment, plain, span, tell_apart


def test_markdown_signs_in_foreign_text_stay_signs() -> None:
    assert plain("*a* [b](c) :red[d] $e$ &lt;") == (r"\*a\* \[b\]\(c\) \:red\[d\] \$e\$ \&lt;")
    assert plain("<img src=x onerror=alert(1)>") == r"\<img src=x onerror=alert\(1\)\>"


@pytest.mark.parametrize(
    "seconds, said",
    [
        (0.04, "0.0 s"),
        (2.25, "2.3 s"),
        (3.9496, "3.9 s"),
        (59.9, "59.9 s"),
        (59.97, "1 min 0 s"),
        (61, "1 min 1 s"),
        (3660, "1 h 1 min"),
    ],
)
def test_a_span_is_said_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_a_moment_is_said_as_shortly_as_today_allows() -> None:
    noon = time.mktime((2026, 3, 4, 12, 30, 15, 0, 0, -1))
    assert moment(noon, now=noon + 60) == "12:30:15"
    assert moment(noon, now=noon + 3 * 86_400) == "04 Mar 12:30"
    assert moment(noon, now=noon + 400 * 86_400) == "04 Mar 2026 12:30"


def test_choices_of_one_name_are_told_apart() -> None:
    assert tell_apart({1: "a", 2: "b", 3: "a", 4: "a"}) == {1: "a", 2: "b", 3: "a (2)", 4: "a (3)"}
