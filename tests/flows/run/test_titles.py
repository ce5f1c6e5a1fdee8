"""What the items of a for_each are, for those who watch it."""

from __future__ import annotations

from dataclasses import replace

from flows.ids import FlowId, NodeKey, RunId
from flows.run.live import LiveRun
from flows.run.messages import NodesChanged, snapshot_of
from flows.run.titles import MOST_CHARACTERS, titles_of
from flows.trace.events import NodeFinished, NodeStarted, Record, RunStarted
from flows.trace.fold import RunTrace, build_trace
from tests.shapes import shape

LINES = "{{ nodes.plan.output }}"


def records(items: object, *, output: object, count: int) -> list[Record]:
    flow = shape("in > plan > each", each={"for_each": {"items": items}})
    plan, each = NodeKey("plan"), NodeKey("each")
    events = (
        RunStarted(flow=flow.model_dump(mode="json", by_alias=True), inputs={"in": "hi"}),
        NodeStarted(plan),
        NodeFinished(plan, output=output),
        NodeStarted(each, items=count),
    )
    return [Record(RunId("r"), seq, 1000.0, event) for seq, event in enumerate(events, start=1)]


def trace(items: object = LINES, *, output: object = "", count: int = 2) -> RunTrace:
    return build_trace(records(items, output=output, count=count))


def test_items_have_their_own_text_before_any_of_them_begins() -> None:
    told = trace(output="1. Madrid\n2. Rome")
    assert titles_of(told, NodeKey("each")) == ("Madrid", "Rome")
    assert snapshot_of(told, now=1001.0).nodes[NodeKey("each")].titles == ("Madrid", "Rome")


def test_a_list_written_in_the_flow_is_told_as_text() -> None:
    assert titles_of(trace(["Oslo", {"city": "Bern"}]), NodeKey("each")) == (
        "Oslo",
        '{"city": "Bern"}',
    )


def test_a_page_that_watches_hears_the_items_as_their_node_begins() -> None:
    run = LiveRun(RunId("r"), FlowId("f"))
    *before, begins = records(LINES, output="Madrid\nRome", count=2)
    for record in before:
        run.add(record)
    run.forget_news()
    run.add(begins)
    (news, *_) = run.news(now=1000.1)
    assert isinstance(news, NodesChanged)
    assert news.nodes[NodeKey("each")].titles == ("Madrid", "Rome")


def test_many_items_are_told_in_few_characters() -> None:
    told = titles_of(trace(["x" * 5000] * 1000, count=1000), NodeKey("each"))
    assert (len(told), sum(map(len, told))) == (1000, MOST_CHARACTERS)


def test_other_nodes_and_flows_that_cannot_be_read_have_none() -> None:
    told = trace(output="Madrid")
    broken = replace(told, flow={"fanfold": 99})
    assert [titles_of(told, NodeKey("plan")), titles_of(broken, NodeKey("each"))] == [(), ()]
