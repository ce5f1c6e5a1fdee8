"""Routers: which way a message goes, and what becomes of the ways not taken."""

import pytest

from flows.document.model import RouterNode, When
from flows.document.placeholders import as_text
from flows.run.routes import choose_by_rules, holds
from flows.trace.events import NodeFinished, Record
from flows.trace.fold import RunTrace, build_trace
from tests.actors import Actors, play
from tests.shapes import shape
from tests.virtual_time import run_in_virtual_time

RULES = [{"branch": "urgent", "when": {"contains": "asap"}}]
ROUTER = {"type": "router", "rules": RULES, "otherwise": "normal"}
ASKED = {"type": "router", "ask": "Which team?"}


def records_of(flow, actors: Actors | None = None, inputs: str = "hi") -> list[Record]:
    return run_in_virtual_time(play(flow, actors or Actors(), inputs))


def trace_of(flow, actors: Actors | None = None, inputs: str = "hi") -> RunTrace:
    return build_trace(records_of(flow, actors, inputs))


def statuses(trace: RunTrace) -> dict[str, str]:
    return {key: node.status for key, node in trace.nodes.items()}


@pytest.mark.parametrize(
    "when,value,expected",
    [
        ({"contains": "ASAP"}, "please asap!", True),
        ({"contains": "ASAP"}, "later", False),
        ({"equals": "Yes"}, " yes\n", True),
        ({"equals": "Yes"}, "yes, but", False),
        ({"equals": 7}, "7.0", True),
        ({"equals": True, "at": "/ok"}, {"ok": True}, True),
        ({"equals": 1, "at": "/ok"}, {"ok": True}, False),
        ({"matches": r"^order \d+$"}, "ORDER 12", True),
        ({"matches": r"^\d+$"}, "twelve", False),
        ({"above": 7, "at": "/score"}, {"score": 7}, False),
        ({"at_least": 7, "at": "/score"}, {"score": 7}, True),
        ({"below": 7}, "6.9", True),
        ({"at_most": 7}, "7", True),
        ({"at_most": 7}, "seven", False),
        ({"above": 1, "below": 3, "at": "/0/a~1b"}, [{"a/b": 2}], True),
        ({"above": 1, "below": 3}, "4", False),
        ({"at": "/gone"}, {"there": 1}, False),
        ({"contains": "x", "at": "/a"}, "no JSON", False),
        ({"contains": "red", "at": ""}, ["red"], True),
    ],
)
def test_a_condition_holds_when_all_that_it_says_holds(when, value, expected):
    assert holds(When(**when), as_text(value), value) is expected


@pytest.mark.parametrize(
    "take,message,branches",
    [
        ("first", "a and b", ("one",)),
        ("all", "a and b", ("one", "two")),
        ("all", "b", ("two",)),
        ("first", "c", ("rest",)),
    ],
)
def test_rules_are_taken_in_order_the_first_or_all(take, message, branches):
    rules = [
        {"branch": "one", "when": {"contains": "a "}},
        {"branch": "two", "when": {"contains": "b"}},
    ]
    node = {"id": "r", "name": "r", "type": "router", "rules": rules}
    router = RouterNode.model_validate(node | {"take": take, "otherwise": "rest"})
    assert choose_by_rules(router, message).branches == branches


def test_a_router_hands_its_input_on_along_the_branch_it_takes():
    flow = shape("in > r; r.urgent > a; r.normal > b", r=ROUTER)
    trace = trace_of(flow, inputs="ASAP please")
    assert statuses(trace) == {"r": "finished", "a": "finished", "b": "skipped"}
    assert (trace.nodes["r"].output, trace.nodes["r"].branches) == ("ASAP please", ("urgent",))
    assert trace.nodes["a"].message == "ASAP please"
    assert trace.nodes["b"].reason == '"r" took another branch'


def test_a_router_reads_json_that_an_agent_wrote():
    rules = [{"branch": "good", "when": {"at": "/score", "at_least": 7}}]
    flow = shape(
        "in > judge > r; r.good > a; r.bad > b",
        r={"type": "router", "rules": rules, "otherwise": "bad"},
    )
    trace = trace_of(flow, Actors(outputs={"judge": {"score": 8}}))
    assert trace.nodes["r"].branches == ("good",)
    assert trace.nodes["a"].message == '{"score": 8}'


def test_a_router_says_why_it_goes_where_it_goes():
    rules = [
        {"branch": "hot", "when": {"above": 30, "at": "/degrees"}},
        {"branch": "far", "when": {"contains": "mars"}},
    ]
    flow = shape("in > r; r.hot > a; r.far > b", r={"type": "router", "rules": rules})
    trace = trace_of(flow, inputs='{"degrees": 31}')
    assert (trace.nodes["r"].branches, trace.nodes["r"].why) == (
        ("hot",),
        "hot: /degrees above 30.0.",
    )


def test_nothing_matched_and_no_otherwise_skips_the_children_and_the_run_finishes():
    router = {"type": "router", "rules": RULES}
    trace = trace_of(shape("in > r; r.urgent > a > b; in > c", r=router))
    assert statuses(trace) == {
        "r": "finished",
        "a": "skipped",
        "b": "skipped",
        "c": "finished",
    }
    assert trace.status == "finished"


def test_a_skipped_branch_does_not_hang_the_join_behind_it():
    flow = shape("in > r; r.urgent > a > j; r.normal > b > j", r=ROUTER, j={"type": "join"})
    assert trace_of(flow).outputs == {"j": "b(hi)"}


def test_an_edge_of_two_branches_is_taken_when_one_of_them_is():
    flow = shape("in > r; r.urgent r.normal > a", r=ROUTER)
    assert trace_of(flow).nodes["a"].message == "hi"


def test_a_router_by_rules_holds_no_slot():
    flow = shape("in > a; in > r; r.normal r.urgent > b", r=ROUTER, run={"max_concurrency": 1})
    trace = trace_of(flow)
    assert trace.nodes["r"].ended_at == 1000.0


def test_a_pattern_that_would_never_come_to_an_end_fails_its_router():
    rules = [{"branch": "urgent", "when": {"matches": "(a|aa)+$"}}]
    flow = shape("in > r; r.urgent > a", r={"type": "router", "rules": rules})
    trace = trace_of(flow, inputs="a" * 60 + "b")
    assert trace.nodes["r"].status == "failed"
    assert "repetitions inside repetitions" in trace.nodes["r"].error


def test_a_model_chooses_among_the_branches():
    asked = []

    class Chooser(Actors):
        async def call(self, run_id, key, *, spec, inputs, emit):
            asked.append(spec)
            return await super().call(run_id, key, spec=spec, inputs=inputs, emit=emit)

    flow = shape("in > r; r.sales > a; r.support > b", r=ASKED | {"model": "test/x"})
    trace = trace_of(flow, Chooser(outputs={"r": {"branch": "support"}}))
    assert statuses(trace) == {"r": "finished", "a": "skipped", "b": "finished"}
    assert (trace.nodes["r"].output, trace.nodes["r"].branches) == ("hi", ("support",))
    schema = asked[0].output_schema
    assert schema["properties"] == {"branch": {"type": "string", "enum": ["sales", "support"]}}
    assert (asked[0].model, asked[0].instructions.startswith("Which team?")) == ("test/x", True)


def test_a_model_may_take_several_branches():
    flow = shape("in > r; r.sales > a; r.support > b", r=ASKED | {"take": "all"})
    actors = Actors(outputs={"r": {"branches": ["support", "sales"]}})
    assert set(trace_of(flow, actors).outputs) == {"a", "b"}


@pytest.mark.parametrize("answer", ["the sales team", {"branch": "gone"}, {"branches": []}, None])
def test_a_model_that_answers_something_else_fails_the_router_with_the_names(answer):
    trace = trace_of(shape("in > r; r.sales > a", r=ASKED), Actors(outputs={"r": answer}))
    assert trace.nodes["r"].status == "failed"
    assert trace.error.startswith('"r" was to choose from "sales", and the model answered "')


def test_a_router_that_is_asked_holds_a_slot_and_keeps_its_time():
    flow = shape(
        "in > r > c; r.sales > a; in > b".replace("r > c; ", "r; "),
        r=ASKED | {"timeout_s": 0.5},
        run={"max_concurrency": 1},
    )
    trace = trace_of(flow)
    assert trace.error.startswith('"r" took longer than its 0.5 s')


def test_a_router_that_fails_goes_its_fallbacks_way():
    router = ASKED | {"otherwise": "support", "on_error": {"fallback": "somebody help"}}
    flow = shape("in > r; r.sales > a; r.support > b", r=router)
    trace = trace_of(flow, Actors(failing=["r"]))
    assert (trace.nodes["r"].error, trace.nodes["r"].branches) == ("r broke", ("support",))
    assert trace.nodes["b"].message == "somebody help"


def test_the_branches_stand_in_the_record():
    records = records_of(shape("in > r; r.normal > a; r.urgent > a", r=ROUTER))
    ends = [each.event for each in records if isinstance(each.event, NodeFinished)]
    assert ends[0] == NodeFinished("r", "hi", branches=("normal",), why="No rule holds.")
