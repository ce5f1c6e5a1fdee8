"""A slide is shared by the canvas and the results as the flow's form asks for."""

import pytest

from components.pages.slide import size_style, stands_beside
from tests.shapes import shape


def test_the_page_is_told_how_large_the_flow_is():
    assert size_style(shape("in > a b > c")) == (
        ":root { --slide-width: 860; --slide-height: 252; }"
    )


def test_a_flow_without_cards_has_the_size_of_one():
    assert size_style(shape("")) == ":root { --slide-width: 220; --slide-height: 92; }"


@pytest.mark.parametrize(
    "drawing, beside",
    [
        ("in > a > b > c > d > e > f", False),
        ("in > a b c > d e > f", False),
        ("in > a b c d e > f", True),
        ("in > a b c", True),
    ],
)
def test_only_a_high_flow_stands_beside_its_results(drawing: str, beside: bool):
    assert stands_beside(shape(drawing)) is beside
