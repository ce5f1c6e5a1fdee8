"""The library: flows come back as they were kept, edits are done once, history goes both ways."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from flows.document.edits import AddNode, ChangeFlow, MoveNodes, apply_edit
from flows.document.files import write_flow
from flows.document.model import AgentNode, Flow, Position, empty_flow
from flows.errors import EditRefused, StoreError
from flows.ids import FlowId, NodeId
from flows.store import trash
from flows.store.library import FlowRow, StoredFlow
from flows.store.store import Store, open_store
from flows.store.tables import flows
from tests.shapes import shape

FLOW = shape("in > a b > c")
NOWHERE = FlowId("nowhere")


def rename(name: str) -> Callable[[Flow], Flow]:
    return lambda flow: apply_edit(flow, ChangeFlow(name=name))


def refuse(_flow: Flow) -> Flow:
    raise EditRefused("no")


def names(store: Store, flow_id: FlowId, go: Callable[[FlowId], StoredFlow]) -> list[str]:
    """Go as far as it goes and return the names on the way."""
    seen = [go(flow_id).flow.name]
    while (name := go(flow_id).flow.name) != seen[-1]:
        seen.append(name)
    return seen


def test_a_flow_comes_back_as_it_was_put_in(store: Store):
    created = store.flows.create(FLOW)
    assert created == StoredFlow(
        created.id, 1, FLOW, can_undo=False, can_redo=False, updated_at=created.updated_at
    )
    assert store.flows.get(created.id) == created


def test_a_flow_survives_the_end_of_its_process(home: Path, environ: Mapping[str, str]):
    with open_store(home, environ) as before:
        created = before.flows.create(FLOW)
    with open_store(home, environ) as after:
        assert after.flows.get(created.id) == created


def test_all_flows_leave_as_their_files_and_a_broken_one_as_it_is_kept(store: Store):
    whole, broken = store.flows.create(FLOW), store.flows.create(FLOW)
    with store.flows._database.writing() as connection:
        spoilt = update(flows).where(flows.c.id == broken.id).values(document="{")
        connection.execute(spoilt)
    texts = {whole.id: write_flow(FLOW), broken.id: "{"}
    assert store.flows.documents() == tuple(("shape", texts[each]) for each in sorted(texts))


def test_a_flow_is_found_again_as_long_as_it_is_the_same_to_the_letter_and_there(store: Store):
    assert store.flows.same_as(FLOW) is None
    stored = store.flows.create(FLOW)
    found = store.flows.same_as(FLOW)
    assert found is not None
    assert found.id == stored.id
    store.flows.change(stored.id, rename("other"))
    assert store.flows.same_as(FLOW) is None
    store.flows.undo(stored.id)
    store.flows.delete(stored.id)
    assert store.flows.same_as(FLOW) is None


def test_there_is_nothing_under_an_unknown_id(store: Store):
    assert store.flows.get(NOWHERE) is None
    assert store.flows.acked(NOWHERE, "tab") == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda flows: flows.change(NOWHERE, rename("x")),
        lambda flows: flows.undo(NOWHERE),
        lambda flows: flows.redo(NOWHERE),
        lambda flows: flows.bump(NOWHERE),
        lambda flows: flows.select(NOWHERE, []),
        lambda flows: flows.set_inputs(NOWHERE, {}),
    ],
)
def test_whatever_is_done_to_an_unknown_flow_is_refused_with_its_id(store: Store, act):
    with pytest.raises(StoreError, match='There is no flow "nowhere" in the library'):
        act(store.flows)


def test_a_change_is_kept_and_raises_the_revision(store: Store):
    created = store.flows.create(FLOW)
    changed = store.flows.change(created.id, rename("New"))
    assert changed == replace(
        created,
        rev=2,
        flow=apply_edit(FLOW, ChangeFlow(name="New")),
        can_undo=True,
        updated_at=changed.updated_at,
    )
    assert store.flows.get(created.id) == changed


def test_changes_are_undone_and_redone_one_by_one(store: Store):
    flow_id = store.flows.create(empty_flow("0")).id
    for name in "123":
        store.flows.change(flow_id, rename(name))
    assert names(store, flow_id, store.flows.undo) == ["2", "1", "0"]
    assert names(store, flow_id, store.flows.redo) == ["1", "2", "3"]


def test_undo_with_nothing_left_only_raises_the_revision(store: Store):
    created = store.flows.create(FLOW)
    assert store.flows.undo(created.id) == replace(created, rev=2)
    assert store.flows.redo(created.id) == replace(created, rev=3)


def test_a_new_change_drops_what_was_undone(store: Store):
    flow_id = store.flows.create(empty_flow("0")).id
    for name in "12":
        store.flows.change(flow_id, rename(name))
    store.flows.undo(flow_id)
    changed = store.flows.change(flow_id, rename("other"))
    assert (changed.can_undo, changed.can_redo) == (True, False)
    assert names(store, flow_id, store.flows.redo) == ["other"]
    assert names(store, flow_id, store.flows.undo) == ["1", "0"]


def test_the_last_fifty_changes_can_be_undone_and_no_more(store: Store):
    flow_id = store.flows.create(empty_flow("0")).id
    for number in range(1, 61):
        store.flows.change(flow_id, rename(str(number)))
    assert names(store, flow_id, store.flows.undo) == [str(n) for n in range(59, 9, -1)]
    assert names(store, flow_id, store.flows.redo) == [str(n) for n in range(11, 61)]


def test_history_is_per_flow(store: Store):
    one, two = (store.flows.create(empty_flow(name)).id for name in ("one", "two"))
    store.flows.change(one, rename("uno"))
    store.flows.change(two, rename("dos"))
    assert store.flows.undo(one).flow.name == "one"
    assert store.flows.undo(two).flow.name == "two"
    assert store.flows.redo(one).flow.name == "uno"


def test_a_change_that_changes_nothing_is_no_step_to_undo(store: Store):
    created = store.flows.create(FLOW)
    assert store.flows.change(created.id, lambda flow: flow) == replace(created, rev=2)


def test_an_edit_that_was_taken_already_changes_nothing(store: Store):
    flow_id = store.flows.create(FLOW).id
    store.flows.change(flow_id, rename("first"), client="tab", seq=1)
    taken = store.flows.change(flow_id, rename("second"), client="tab", seq=2)
    assert store.flows.change(flow_id, rename("again"), client="tab", seq=2) == taken
    assert store.flows.change(flow_id, rename("again"), client="tab", seq=1) == taken
    assert store.flows.undo(flow_id, client="tab", seq=2) == taken
    assert store.flows.acked(flow_id, "tab") == 2


def test_edits_are_numbered_by_tab_and_by_flow(store: Store):
    one, two = (store.flows.create(FLOW).id for _ in range(2))
    store.flows.change(one, rename("a"), client="tab", seq=7)
    assert store.flows.change(one, rename("b"), client="other", seq=1).flow.name == "b"
    assert store.flows.change(two, rename("c"), client="tab", seq=1).flow.name == "c"
    acked = [store.flows.acked(flow, tab) for flow in (one, two) for tab in ("tab", "other")]
    assert acked == [7, 1, 1, 0]


def test_undo_and_redo_of_a_tab_are_done_once(store: Store):
    flow_id = store.flows.create(empty_flow("0")).id
    for number, name in enumerate("12", start=1):
        store.flows.change(flow_id, rename(name), client="tab", seq=number)
    for _ in range(3):
        assert store.flows.undo(flow_id, client="tab", seq=3).flow.name == "1"
    for _ in range(3):
        assert store.flows.redo(flow_id, client="tab", seq=4).flow.name == "2"


def test_a_refused_change_leaves_everything_as_it_was(store: Store):
    created = store.flows.create(FLOW)
    with pytest.raises(EditRefused, match="no"):
        store.flows.change(created.id, refuse, client="tab", seq=1)
    assert store.flows.get(created.id) == created
    assert store.flows.acked(created.id, "tab") == 0


def test_a_bump_counts_a_refused_edit_as_seen_and_raises_the_revision_alone(store: Store):
    created = store.flows.create(FLOW)
    assert store.flows.bump(created.id, client="tab", seq=1) == replace(created, rev=2)
    assert store.flows.acked(created.id, "tab") == 1


def test_a_flow_that_could_not_be_opened_again_is_not_kept(store: Store):
    created = store.flows.create(FLOW)

    def overfill(flow: Flow) -> Flow:
        nodes = [AgentNode(id=NodeId(f"n{i}"), type="agent", name="N") for i in range(2001)]
        return flow.model_copy(update={"nodes": tuple(nodes)})

    with pytest.raises(EditRefused, match="2,001 nodes"):
        store.flows.change(created.id, overfill)
    assert store.flows.get(created.id) == created


def test_a_flow_with_half_a_character_is_refused_with_its_place(store: Store):
    flow = shape("in > a", a={"for_each": {"items": ["a smile: \ud83d"]}})
    with pytest.raises(EditRefused, match=r'Behind .*a smile:" stands half a character'):
        store.flows.create(flow)
    assert store.flows.list() == ()


def test_the_draft_of_a_flow_is_kept_beside_it(store: Store):
    created = store.flows.create(FLOW)
    store.flows.select(created.id, [NodeId("a"), NodeId("b")])
    store.flows.set_inputs(created.id, {NodeId("in"): 'Grüße, "Welt"'})
    assert store.flows.get(created.id) == replace(
        created, selection=("a", "b"), inputs={"in": 'Grüße, "Welt"'}
    )


def test_flows_are_listed_with_the_latest_changed_first(store: Store):
    created = [store.flows.create(empty_flow(name)) for name in ("one", "two", "three")]
    changed = store.flows.change(created[1].id, rename("zwei"))
    assert store.flows.list() == (
        FlowRow(changed.id, "zwei", 2, changed.updated_at),
        FlowRow(created[2].id, "three", 1, created[2].updated_at),
        FlowRow(created[0].id, "one", 1, created[0].updated_at),
    )


def test_undo_brings_the_old_name_back_into_the_list(store: Store):
    flow_id = store.flows.create(empty_flow("old")).id
    store.flows.change(flow_id, rename("new"))
    store.flows.undo(flow_id)
    assert [row.name for row in store.flows.list()] == ["old"]


def test_a_deleted_flow_is_gone_for_whoever_asks(store: Store):
    flow_id = store.flows.create(FLOW).id
    store.flows.delete(flow_id)
    assert (store.flows.get(flow_id), store.flows.list()) == (None, ())
    with pytest.raises(StoreError, match="It may have been deleted in another tab"):
        store.flows.change(flow_id, rename("x"))
    store.flows.delete(flow_id)
    assert len(store.flows.deleted(limit=5)) == 1


def test_a_deleted_flow_comes_back_as_it_was_with_its_past_and_its_tags(store: Store):
    flow_id = store.flows.create(FLOW).id
    store.flows.set_tags(flow_id, ["work"])
    before = store.flows.change(flow_id, rename("x"), client="tab", seq=1)
    store.flows.delete(flow_id)
    assert [each.name for each in store.flows.deleted(limit=5)] == ["x"]
    assert store.flows.tags() == {}
    store.flows.bring_back(flow_id)
    assert store.flows.get(flow_id) == before
    assert store.flows.tags() == {flow_id: ("work",)}
    assert store.flows.undo(flow_id).flow == FLOW
    with pytest.raises(StoreError, match="no longer among the deleted"):
        store.flows.bring_back(flow_id)


def test_what_was_deleted_long_ago_is_swept_with_its_history(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    flow_id, kept = store.flows.create(FLOW).id, store.flows.create(FLOW).id
    store.flows.change(flow_id, rename("x"), client="tab", seq=1)
    store.flows.delete(flow_id)
    store.flows.sweep()
    assert len(store.flows.deleted(limit=5)) == 1
    monkeypatch.setattr(trash, "KEPT_S", -1.0)
    store.flows.sweep()
    assert store.flows.deleted(limit=5) == ()
    assert store.flows.acked(flow_id, "tab") == 0
    assert [row.id for row in store.flows.list()] == [kept]


def test_tags_are_words_kept_once_and_too_many_are_refused(store: Store):
    flow_id = store.flows.create(FLOW).id
    store.flows.set_tags(flow_id, [" b  c ", "a", "a", ""])
    assert store.flows.tags() == {flow_id: ("a", "b c")}
    with pytest.raises(StoreError, match="at most 12 tags"):
        store.flows.set_tags(flow_id, [str(number) for number in range(13)])
    assert store.flows.tags() == {flow_id: ("a", "b c")}
    store.flows.set_tags(flow_id, [])
    assert store.flows.tags() == {}


def test_edits_from_many_threads_are_all_kept(store: Store):
    flow_id = store.flows.create(empty_flow()).id

    def add_nodes(thread: int) -> None:
        for number in range(10):
            node = AgentNode(id=NodeId(f"t{thread}_{number}"), type="agent", name="N")
            store.flows.change(
                flow_id,
                partial(apply_edit, edit=AddNode(node=node)),
                client=f"tab{thread}",
                seq=number + 1,
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_nodes, range(8)))
    stored = store.flows.get(flow_id)
    assert stored is not None
    wanted = {"input"} | {f"t{thread}_{number}" for thread in range(8) for number in range(10)}
    assert ({node.id for node in stored.flow.nodes}, stored.rev) == (wanted, 81)


def test_edits_from_two_processes_are_all_kept(
    store: Store, home: Path, environ: Mapping[str, str]
):
    flow_id = store.flows.create(empty_flow()).id
    script = f"""
from functools import partial
from pathlib import Path
from flows.document.edits import MoveNodes, apply_edit
from flows.document.model import Position
from flows.store.store import open_store
with open_store(Path({str(home)!r}), {dict(environ)!r}) as store:
    for x in range(30):
        edit = MoveNodes(positions={{"input": Position(x=x, y=-1)}})
        store.flows.change({flow_id!r}, lambda flow: apply_edit(flow, edit))
"""
    other = subprocess.Popen([sys.executable, "-c", script])
    for x in range(30):
        edit = MoveNodes(positions={NodeId("input"): Position(x=x, y=1)})
        store.flows.change(flow_id, partial(apply_edit, edit=edit))
    assert other.wait(timeout=60) == 0
    stored = store.flows.get(flow_id)
    assert stored is not None
    assert stored.rev == 61
