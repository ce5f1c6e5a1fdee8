"""What the browser sends is read whatever it is, and done once, in order, or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.canvas import Refusal
from components.canvas.protocol import (
    Batch,
    CommandOp,
    EditOp,
    Outbox,
    UnreadableOp,
    apply_outbox,
    change_flow,
    read_inputs,
    read_outbox,
    read_selection,
)
from flows.document.edits import AddEdge, AddNode, Group, MoveNodes, RemoveEdges, RemoveNodes
from flows.document.model import AgentNode, Edge, Flow, Position
from flows.document.policy import StagePolicy
from flows.errors import EditRefused
from flows.ids import NodeId
from flows.plan.layout import arrange
from tests.shapes import shape

CLIENT = "c0123456789abcdef"
OLD = "cfedcba9876543210"


@dataclass
class MemoryLedger:
    """One flow in memory, with the laws the store keeps."""

    flow: Flow
    rev: int = 1
    seen: dict[str, int] = field(default_factory=dict)
    past: list[Flow] = field(default_factory=list)
    undone: list[Flow] = field(default_factory=list)

    def acked(self, client: str) -> int:
        return self.seen.get(client, 0)

    def change(self, change: Callable[[Flow], Flow], *, client: str, seq: int) -> None:
        new = change(self.flow)
        self.past.append(self.flow)
        self.flow = new
        self.refuse(client=client, seq=seq)

    def undo(self, *, client: str, seq: int) -> None:
        if self.past:
            self.undone.append(self.flow)
            self.flow = self.past.pop()
        self.refuse(client=client, seq=seq)

    def redo(self, *, client: str, seq: int) -> None:
        if self.undone:
            self.past.append(self.flow)
            self.flow = self.undone.pop()
        self.refuse(client=client, seq=seq)

    def refuse(self, *, client: str, seq: int) -> None:
        self.seen[client] = seq
        self.rev += 1


def sent(*ops: dict[str, object], **more: object) -> dict[str, object]:
    return {"client": CLIENT, "ops": list(ops), **more}


def add(seq: int, node: str) -> dict[str, object]:
    edit = {"op": "add_node", "node": {"id": node, "type": "agent", "name": node}}
    return {"seq": seq, "edit": edit}


def link(seq: int, source: str, target: str) -> dict[str, object]:
    edit = {"op": "add_edge", "edge": {"source": source, "target": target}}
    return {"seq": seq, "edit": edit}


def ids(flow: Flow) -> list[str]:
    return [node.id for node in flow.nodes]


def do(ledger: MemoryLedger, *ops: dict[str, object], **more: object) -> tuple[Refusal, ...]:
    return apply_outbox(read_outbox(sent(*ops, **more)), ledger=ledger)


def test_an_outbox_is_read_as_types() -> None:
    node = AgentNode(id=NodeId("a"), type="agent", name="a")
    assert read_outbox(sent(add(1, "a"), {"seq": 2, "command": "undo"}, tries=3)) == Outbox(
        batches=(
            Batch(
                client=CLIENT,
                ops=(EditOp(seq=1, edit=AddNode(node=node)), CommandOp(seq=2, command="undo")),
            ),
        )
    )


def test_what_a_page_that_is_gone_left_comes_first() -> None:
    outbox = read_outbox(sent(add(1, "b"), earlier=[{"client": OLD, "ops": [add(7, "a")]}]))
    assert outbox.clients == (OLD, CLIENT)


def test_no_outbox_is_an_empty_one() -> None:
    assert read_outbox(None) == Outbox()


@pytest.mark.parametrize(
    "value",
    [
        "x",
        7,
        [],
        {},
        {"client": CLIENT},
        {"client": "../../etc", "ops": []},
        {"client": CLIENT, "ops": "x"},
        {"client": None, "ops": [add(1, "a")]},
    ],
)
def test_an_outbox_that_is_none_is_empty_and_logged(
    value: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert read_outbox(value) == Outbox()
    assert "canvas" in caplog.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.one_of(json_values, st.fixed_dictionaries({"client": json_values, "ops": json_values})))
def test_nothing_the_browser_sends_raises(value: object) -> None:
    outbox = read_outbox(value)
    assert all(batch.ops == () or batch.client for batch in outbox.batches)


@given(json_values)
def test_no_selection_and_no_inputs_raise(value: object) -> None:
    assert all(node.isascii() for node in read_selection(value))
    assert all(isinstance(text, str) for text in read_inputs(value).values())


def test_a_selection_is_read_as_ids_and_foreign_ones_are_none() -> None:
    assert read_selection(["a", "b_2"]) == ("a", "b_2")
    assert read_selection(["<b>"]) == ()


def test_a_stage_can_be_selected_by_its_number() -> None:
    assert read_selection(["stage:2"]) == ("stage:2",)
    assert read_selection(["stage:0"]) == ()
    assert read_selection(["stage:2\n"]) == ()


def test_inputs_are_read_as_texts() -> None:
    assert read_inputs({"message": "Hi"}) == {"message": "Hi"}
    assert read_inputs({"message": 7}) == {}


def test_ops_are_done_in_order() -> None:
    ledger = MemoryLedger(shape("in"))
    refused = do(ledger, add(1, "a"), add(2, "b"), link(3, "a", "b"))
    assert refused == ()
    assert ids(ledger.flow) == ["in", "a", "b"]
    assert ledger.flow.edges == (Edge(source=NodeId("a"), target=NodeId("b")),)
    assert ledger.seen == {CLIENT: 3}


def test_ops_seen_before_are_not_done_again() -> None:
    ledger = MemoryLedger(shape("in"))
    do(ledger, add(1, "a"))
    refused = do(ledger, add(1, "a"), add(2, "b"))
    assert refused == ()
    assert ids(ledger.flow) == ["in", "a", "b"]
    assert ledger.rev == 3


def test_ops_that_come_out_of_order_are_done_in_order() -> None:
    ledger = MemoryLedger(shape("in"))
    do(ledger, link(3, "a", "b"), add(2, "b"), add(1, "a"))
    assert ids(ledger.flow) == ["in", "a", "b"]
    assert len(ledger.flow.edges) == 1


def test_each_client_counts_for_itself() -> None:
    ledger = MemoryLedger(shape("in"), seen={CLIENT: 5})
    do(ledger, add(6, "b"), earlier=[{"client": OLD, "ops": [add(1, "a")]}])
    assert ids(ledger.flow) == ["in", "a", "b"]
    assert ledger.seen == {OLD: 1, CLIENT: 6}


def test_sixty_edits_sent_again_and_again_are_each_done_once() -> None:
    ledger = MemoryLedger(shape("in"))
    ops = [add(number, f"a{number}") for number in range(1, 61)]
    for upto in range(1, 61):
        assert do(ledger, *ops[:upto]) == ()
    assert ids(ledger.flow) == ["in", *(f"a{number}" for number in range(1, 61))]


def test_undo_redo_and_layout_are_commands() -> None:
    flow = shape("in > a > b")
    ledger = MemoryLedger(flow)
    do(ledger, add(1, "c"), {"seq": 2, "command": "undo"})
    assert ids(ledger.flow) == ["in", "a", "b"]
    do(ledger, {"seq": 3, "command": "redo"}, {"seq": 4, "command": "layout"})
    assert ids(ledger.flow) == ["in", "a", "b", "c"]
    assert ledger.flow.layout == arrange(ledger.flow)


def test_a_link_that_closes_a_loop_is_refused_with_the_loop_by_names() -> None:
    flow = shape("in > a > b > c", a={"name": "Ask"}, b={"name": "Check"}, c={"name": "x" * 60})
    ledger = MemoryLedger(flow)
    assert do(ledger, link(1, "c", "a")) == (
        Refusal(
            client=CLIENT,
            seq=1,
            message=f'This link would make a loop: "Ask" → "Check" → "{"x" * 39}…" → "Ask". '
            "A flow runs from left to right.",
        ),
    )
    assert ledger.flow == flow
    assert (ledger.rev, ledger.seen) == (2, {CLIENT: 1})


def test_a_refused_edit_does_not_stop_those_after_it() -> None:
    ledger = MemoryLedger(shape("in > a"))
    refused = do(ledger, link(1, "a", "a"), add(2, "b"))
    assert [refusal.seq for refusal in refused] == [1]
    assert ids(ledger.flow) == ["in", "a", "b"]


def test_a_flow_with_a_loop_can_still_be_linked() -> None:
    looped = shape("a > b; b > a; c d")
    edge = Edge(source=NodeId("c"), target=NodeId("d"))
    assert edge in change_flow(looped, AddEdge(edge=edge)).edges


def test_an_unreadable_edit_is_refused_and_counted_as_seen() -> None:
    ledger = MemoryLedger(shape("in"))
    (refusal,) = do(ledger, {"seq": 1, "edit": {"op": "explode"}}, add(2, "a"))
    assert refusal == Refusal(
        client=CLIENT,
        seq=1,
        message="The edit could not be read, so it was not done. Reload the page and try again.",
    )
    assert ids(ledger.flow) == ["in", "a"]
    assert ledger.seen == {CLIENT: 2}


def test_an_unreadable_edit_keeps_its_number() -> None:
    (batch,) = read_outbox(sent({"seq": 4, "command": "format_disk"})).batches
    assert [type(op) for op in batch.ops] == [UnreadableOp]
    assert batch.ops[0].seq == 4


def test_removing_a_node_hands_its_stage_policy_to_a_sibling() -> None:
    flow = shape("in > a b > c", run={"stages": {"a": {"max_concurrency": 2}}})
    smaller = change_flow(flow, RemoveNodes(ids=(NodeId("a"),)))
    assert smaller.run.stages == {"b": StagePolicy(max_concurrency=2)}


def test_a_group_is_done_whole_or_not_at_all() -> None:
    flow = shape("in > a")
    node = AgentNode(id=NodeId("b"), type="agent", name="b")
    edits = Group(
        edits=(
            AddNode(node=node, at=Position(x=1, y=2)),
            AddEdge(edge=Edge(source=NodeId("b"), target=NodeId("b"))),
        )
    )
    with pytest.raises(EditRefused):
        change_flow(flow, edits)
    ledger = MemoryLedger(flow)
    do(ledger, {"seq": 1, "edit": edits.model_dump(mode="json")})
    assert ledger.flow == flow


def test_the_first_edit_keeps_all_other_cards_where_they_were_drawn() -> None:
    flow = shape("in > a b > c")
    moved = change_flow(flow, MoveNodes(positions={NodeId("a"): Position(x=7, y=8)}))
    assert moved.layout == arrange(flow) | {NodeId("a"): Position(x=7, y=8)}


def test_links_are_taken_away() -> None:
    flow = shape("in > a > b")
    assert change_flow(flow, RemoveEdges(edges=flow.edges[1:])).edges == flow.edges[:1]


def test_a_duplicated_card_is_read_by_the_message_that_names_its_original():
    flow = shape("in > a b > c", c={"prompt": "{{ nodes.a.output }}\n{{ nodes.b.output }}"})
    twin = flow.node(NodeId("b")).model_copy(update={"id": "b_2", "name": "b 2"})
    links = [Edge(source=NodeId("in"), target=twin.id), Edge(source=twin.id, target=NodeId("c"))]
    edit = Group(edits=(AddNode(node=twin), *(AddEdge(edge=each) for each in links)))
    reader = change_flow(flow, edit).node(NodeId("c"))
    assert isinstance(reader, AgentNode)
    assert reader.prompt == ("{{ nodes.a.output }}\n{{ nodes.b.output }}\n{{ nodes.b_2.output }}")
