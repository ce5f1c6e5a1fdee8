"""Restore points: states of a flow are kept by name and by time, and going back loses nothing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from flows.document.edits import ChangeFlow, apply_edit
from flows.document.model import Flow, empty_flow
from flows.errors import StoreError
from flows.ids import FlowId
from flows.store import trash
from flows.store.points import EVERY_S, MOST_BY_ITSELF
from flows.store.store import Store, open_store


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(time, "time", standing)
    return standing


def rename(name: str) -> Callable[[Flow], Flow]:
    return lambda flow: apply_edit(flow, ChangeFlow(name=name))


def kept(store: Store, flow_id: FlowId) -> list[tuple[str, bool]]:
    """Name the restore points, the latest first, and say who kept them."""
    return [(point.name, point.by_hand) for point in store.flows.points(flow_id)]


def test_a_state_is_kept_under_its_name_and_time(store: Store, clock: Clock):
    flow_id = store.flows.create(empty_flow("one")).id
    store.flows.keep_point(flow_id, "  before the talk ")
    (point,) = store.flows.points(flow_id)
    assert (point.name, point.at, point.by_hand) == ("before the talk", clock.now, True)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_state_without_a_name_is_refused(store: Store, name: str):
    flow_id = store.flows.create(empty_flow("one")).id
    with pytest.raises(StoreError, match="Give the state a name of 1 to 200 letters"):
        store.flows.keep_point(flow_id, name)
    assert store.flows.points(flow_id) == ()


def test_going_back_is_one_step_to_undo(store: Store, clock: Clock):
    flow_id = store.flows.create(empty_flow("one")).id
    store.flows.keep_point(flow_id, "first")
    number = store.flows.points(flow_id)[0].number
    store.flows.change(flow_id, rename("two"))
    latest = store.flows.change(flow_id, rename("three"))
    back = store.flows.go_back(flow_id, number)
    assert (back.flow, back.rev) == (empty_flow("one"), latest.rev + 1)
    assert store.flows.undo(flow_id).flow.name == "three"
    assert store.flows.undo(flow_id).flow.name == "two"


def test_what_stood_before_going_back_is_kept_too(store: Store, clock: Clock):
    flow_id = store.flows.create(empty_flow("one")).id
    store.flows.keep_point(flow_id, "first")
    store.flows.change(flow_id, rename("two"))
    store.flows.go_back(flow_id, 1)
    assert kept(store, flow_id) == [("Before going back", False), ("first", True)]
    assert store.flows.go_back(flow_id, 2).flow.name == "two"


def test_going_back_to_where_the_flow_stands_changes_nothing(store: Store, clock: Clock):
    flow_id = store.flows.create(empty_flow("one")).id
    store.flows.keep_point(flow_id, "first")
    assert not store.flows.go_back(flow_id, 1).can_undo
    assert kept(store, flow_id) == [("first", True)]


def test_a_restore_point_that_is_gone_is_said(store: Store):
    flow_id = store.flows.create(empty_flow("one")).id
    with pytest.raises(StoreError, match="This restore point is no longer kept"):
        store.flows.go_back(flow_id, 7)


def test_while_a_flow_is_edited_a_state_is_kept_every_ten_minutes(store: Store, clock: Clock):
    flow_id = store.flows.create(empty_flow("0")).id
    for minute in range(1, 26):
        clock.now += 60.0
        store.flows.change(flow_id, rename(str(minute)))
    points = store.flows.points(flow_id)
    names = [store.flows.go_back(flow_id, point.number).flow.name for point in points]
    assert names == ["20", "10", "0"]
    assert [newer.at - older.at for newer, older in pairwise(points)] == [
        EVERY_S,
        EVERY_S,
    ]


def test_an_edit_that_changes_nothing_keeps_no_state(store: Store):
    flow_id = store.flows.create(empty_flow("0")).id
    store.flows.change(flow_id, lambda flow: flow)
    assert store.flows.points(flow_id) == ()


def test_the_oldest_states_that_nobody_named_go_first(store: Store, clock: Clock):
    flow_id = store.flows.create(empty_flow("0")).id
    store.flows.keep_point(flow_id, "mine")
    for number in range(1, MOST_BY_ITSELF + 10):
        clock.now += EVERY_S
        store.flows.change(flow_id, rename(str(number)))
    points = store.flows.points(flow_id)
    assert [point.name for point in points if point.by_hand] == ["mine"]
    assert len(points) == MOST_BY_ITSELF + 1


def test_restore_points_survive_a_restart_and_go_with_their_flow(
    home: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
):
    with open_store(home, environ) as before:
        flow_id = before.flows.create(empty_flow("one")).id
        before.flows.keep_point(flow_id, "first")
    with open_store(home, environ) as after:
        assert kept(after, flow_id) == [("first", True)]
        after.flows.delete(flow_id)
        monkeypatch.setattr(trash, "KEPT_S", -1.0)
        after.flows.sweep()
        assert after.flows.points(flow_id) == ()


def test_the_last_fifty_changes_can_be_undone_after_a_restart(
    home: Path, environ: Mapping[str, str]
):
    with open_store(home, environ) as before:
        flow_id = before.flows.create(empty_flow("0")).id
        for number in range(1, 61):
            before.flows.change(flow_id, rename(str(number)))
    with open_store(home, environ) as after:
        undone = [after.flows.undo(flow_id).flow.name for _ in range(50)]
        assert undone == [str(number) for number in range(59, 9, -1)]
        assert not after.flows.undo(flow_id).can_undo


def test_a_home_of_the_first_fanfold_is_brought_up_to_date(home: Path):
    with open_store(home, {}) as first:
        created = first.flows.create(empty_flow("one"))
    connection = sqlite3.connect(home / "fanfold.db")
    with connection:
        for table in ("flow_points", "flow_trash", "flow_tags"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE fanfold_schema SET number = 1")
    connection.close()
    for _ in range(2):
        with open_store(home, {}) as store:
            assert store.flows.get(created.id) == created
            store.flows.set_tags(created.id, ["old"])
            store.flows.keep_point(created.id, "now")
