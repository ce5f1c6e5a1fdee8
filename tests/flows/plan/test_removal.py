"""A node that is taken out of a chain leaves no hole."""

import pytest

from flows.document.edits import apply_edit
from flows.plan.removal import removal_of
from tests.shapes import shape


def links_without(drawing, *gone):
    flow = shape(drawing, r={"type": "router"}) if "r." in drawing else shape(drawing)
    left = apply_edit(flow, removal_of(flow, gone))
    return [f"{e.source}{'.' + e.branch if e.branch else ''} > {e.target}" for e in left.edges]


@pytest.mark.parametrize(
    "drawing,gone,left",
    [
        ("in > a > b", "a", ["in > b"]),
        ("in > a > b > c > d", "bc", ["in > a", "a > d"]),
        ("in > r; r.yes > a; r.no > b; a > c", "a", ["in > r", "r.no > b", "r.yes > c"]),
        ("in > r; r.yes > a", "r", ["in > a"]),
        ("in > a > b; in > b", "a", ["in > b"]),
        ("in > a b > c > d", "c", ["in > a", "in > b"]),
        ("in > a > b c", "a", []),
        ("in > a", "a", []),
    ],
    ids=[
        "its parent is linked to its child",
        "a chain leaves one link",
        "the branch of the parent's link is kept",
        "a router's branch goes with it",
        "a link that is there already stays the only one",
        "two parents are not guessed at",
        "two children are not guessed at",
        "the end of a chain is the end",
    ],
)
def test_what_a_removal_leaves(drawing, gone, left):
    assert links_without(drawing, *gone) == left


def test_a_loop_that_a_file_has_is_not_made_a_link_to_itself():
    assert links_without("a > b > a", "b") == []
