"""Which results no longer belong to a flow that was changed."""

from __future__ import annotations

from flows.document.edits import ChangeNode, MoveNodes, apply_edit
from flows.document.model import Position
from flows.ids import NodeId
from flows.plan.changed import changed_nodes
from tests.shapes import shape


def test_a_changed_node_and_all_behind_it_are_other_ones_now() -> None:
    ran = shape("in > a b > c > d")
    now = apply_edit(ran, ChangeNode(id=NodeId("b"), changes={"instructions": "New."}))
    assert changed_nodes(ran, now) == ("b", "c", "d")


def test_a_new_link_and_a_new_node_are_changes() -> None:
    assert changed_nodes(shape("in > a; in > b"), shape("in > a; in > b; a > b > c")) == ("b", "c")


def test_moving_cards_changes_nothing() -> None:
    ran = shape("in > a > b")
    moved = apply_edit(ran, MoveNodes(positions={NodeId("a"): Position(x=1, y=1)}))
    assert changed_nodes(ran, moved) == ()


def test_a_loop_in_the_flow_does_not_hang_the_comparison() -> None:
    assert changed_nodes(shape("a b"), shape("a > b; b > a")) == ("a", "b")


def test_another_name_or_icon_changes_no_result() -> None:
    ran, now = shape("in > a > b"), shape("in > a > b", a={"name": "Buyer", "icon": "x"})
    assert changed_nodes(ran, now) == ()
