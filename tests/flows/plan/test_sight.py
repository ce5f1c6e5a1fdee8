"""Sight: no link runs behind a card it does not belong to, where nobody but us placed the cards."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.document.model import Edge, Flow, Position
from flows.ids import NodeId
from flows.plan.layout import COLUMN, ROW, arrange
from tests.shapes import shape

SAMPLES = 200
SKIPPING = [
    "in > a > b > out; a > out",
    "in > read > one two three > out; read > out",
    "in > a > b > c > d; in > b c d; a > c d; b > d",
    "in > read > s1 s2 > risk > level > planner > writer > last; read risk level > writer",
    "in > a b c; a b c > join; a > x > join; join > out; a b c > out",
]


def points_of(start: Position, end: Position) -> Iterator[tuple[float, float]]:
    """Yield points of a link as the canvas draws it: level at both ends, from port to port."""
    x1, x2 = start.x + 117, end.x - 117
    bend = max(min((x2 - x1) * 0.5, 160), min(40, x2 - x1))
    for sample in range(SAMPLES + 1):
        t = sample / SAMPLES
        u = 1 - t
        x = u**3 * x1 + 3 * u * u * t * (x1 + bend) + 3 * u * t * t * (x2 - bend) + t**3 * x2
        y = u * u * (u + 3 * t) * start.y + t * t * (3 * u + t) * end.y
        yield x, y


def hidden_in(flow: Flow) -> list[tuple[str, str, str]]:
    """Return each link with a card it runs behind."""
    places = arrange(flow)
    return [
        (edge.source, edge.target, node)
        for edge in flow.edges
        for node, at in places.items()
        if node not in {edge.source, edge.target}
        and places[edge.source].x < at.x < places[edge.target].x
        and any(
            abs(x - at.x) < 110 and abs(y - at.y) < 46
            for x, y in points_of(places[edge.source], places[edge.target])
        )
    ]


@st.composite
def staged(draw: st.DrawFn) -> Flow:
    """A flow whose nodes are each linked to one of the stage before; up to three links more."""
    widths = draw(st.lists(st.integers(1, 4), min_size=2, max_size=6))
    stages = [[f"n{stage}_{row}" for row in range(width)] for stage, width in enumerate(widths)]
    links = [("in", node) for node in stages[0]]
    for before, after in pairwise(stages):
        links += [(draw(st.sampled_from(before)), node) for node in after]
    nodes = [node for stage in stages for node in stage]
    far = [
        pair
        for one, other in combinations(stages, 2)
        for pair in ((source, target) for source in one for target in other)
        if pair not in links
    ]
    links += draw(st.lists(st.sampled_from(far), max_size=3, unique=True)) if far else []
    drawn = shape("; ".join(f"{source} > {target}" for source, target in links))
    assert {node.id for node in drawn.nodes} == {"in", *nodes}
    return drawn


@given(staged())
def test_a_link_that_skips_stages_passes_behind_no_card(flow):
    assert hidden_in(flow) == []


@pytest.mark.parametrize("drawing", SKIPPING)
def test_a_flow_with_links_that_skip_stages_shows_them_all(drawing):
    assert hidden_in(shape(drawing)) == []


def test_every_flow_of_an_input_and_three_agents_shows_all_its_links():
    pairs = list(combinations(["in", "a", "b", "c"], 2))
    drawings = [
        "; ".join(f"{source} > {target}" for source, target in chosen)
        for count in range(1, len(pairs) + 1)
        for chosen in combinations(pairs, count)
    ]
    assert [drawing for drawing in drawings if hidden_in(shape(drawing))] == []


def test_both_branches_of_a_router_are_seen_where_one_skips_a_stage():
    flow = shape("in > r; r.yes > plan > write; r.no > write", r={"type": "router"})
    places = arrange(flow)
    assert hidden_in(flow) == []
    assert places[NodeId("r")].y == places[NodeId("write")].y
    assert abs(places[NodeId("plan")].y - places[NodeId("r")].y) == ROW / 2


def test_several_branches_on_one_link_have_room_for_their_words():
    flow = shape("in > r; r.yes > plan > write; r.no > write", r={"type": "router"})
    more = Edge(source=NodeId("r"), target=NodeId("write"), branch="never")
    crowded = flow.model_copy(update={"edges": (*flow.edges, more)})
    assert abs(arrange(crowded)[NodeId("plan")].y) == 120


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_a_flow_without_such_links_stands_in_rows_around_the_middle(widths):
    stages = [" ".join(f"n{stage}_{row}" for row in range(w)) for stage, w in enumerate(widths)]
    places = arrange(shape(" > ".join(["in", *stages])))
    for stage, width in enumerate(widths):
        column = [at.y for at in places.values() if at.x == (stage + 1) * COLUMN]
        assert column == [(row - (width - 1) / 2) * ROW for row in range(width)]


@given(staged())
def test_cards_of_a_stage_keep_a_row_between_them_and_no_gap_swallows_the_stage(flow):
    places = arrange(flow)
    for x in {at.x for at in places.values()}:
        column = sorted(at.y for at in places.values() if at.x == x)
        gaps = [low - high for high, low in pairwise(column)]
        assert all(ROW <= gap <= 6 * ROW for gap in gaps)


@given(staged())
def test_the_same_flow_is_always_placed_the_same(flow):
    assert arrange(flow) == arrange(flow.model_copy())
