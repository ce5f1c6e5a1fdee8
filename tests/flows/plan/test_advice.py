"""Advice: each finding, the edit that follows it, and silence where there is nothing to say."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.document.advice import Advice
from flows.document.edits import apply_edit
from flows.document.files import read_values
from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.advice import Known, find_advice
from flows.plan.checks import find_problems
from flows.plan.graph import stages_of
from flows.templates import list_templates, load_template
from tests.shapes import shape

NOTHING = Known()


def advice_on(flow: Flow, known: Known = NOTHING) -> tuple[Advice, ...]:
    """Return what could be better; what does not run at all is another matter (test_unready)."""
    problems = [each for each in find_problems(flow) if each.code != "not_yet"]
    found = find_advice(flow, known, problems=problems)
    return tuple(each for each in found if each.problem.code != "not_yet")


def codes(flow: Flow, known: Known = NOTHING) -> list[str]:
    return [each.problem.code for each in advice_on(flow, known)]


def messages(flow: Flow, known: Known = NOTHING) -> list[str]:
    return [each.problem.message for each in advice_on(flow, known)]


def followed(flow: Flow, known: Known = NOTHING) -> Flow:
    """Do the edit of the only advice."""
    (only,) = advice_on(flow, known)
    return apply_edit(flow, only.edit)


def prompt_of(flow: Flow, node: str) -> str:
    return str(getattr(flow.node(NodeId(node)), "prompt", ""))


def links(flow: Flow) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in flow.edges}


ONLY_INPUT = {"prompt": "Name three risks of {{ input }}."}
B_ONLY = {"prompt": "{{ nodes.b.output }}"}
READS_A = {"prompt": "{{ nodes.a.output }}"}
READS_ALL = " ".join(f"{{{{ nodes.{each}.output }}}}" for each in "abcd")
CHAIN = shape("in > a > b", b=ONLY_INPUT)
UNREAD = shape("in > a b > c", c={"prompt": "{{ nodes.a.output }}"})
MAPPED = shape("in > a", a={"for_each": {"items": "{{ input }}"}})
RACE = shape("in > a b > c", c={"needs": "any"})
TOOL = shape("in > a", a={"tools": ["web"]})


@pytest.mark.parametrize(
    "flow,known",
    [
        (CHAIN, NOTHING),
        (UNREAD, NOTHING),
        (MAPPED, Known(limits={"a": 4})),
        (RACE, NOTHING),
        (TOOL, NOTHING),
    ],
    ids=["needless_sequence", "unread_parent", "unlimited_for_each", "fragile_race", "tool"],
)
def test_the_advice_is_gone_after_its_edit(flow, known):
    assert len(advice_on(flow, known)) == 1
    after = followed(flow, known)
    assert advice_on(after, known) == ()
    assert set(find_problems(after)) <= set(find_problems(flow))


@pytest.mark.parametrize("template", list_templates(), ids=lambda each: each.name)
def test_no_shipped_flow_needs_advice(template):
    flow = load_template(template.name)
    limits = {node.id: 1000 for node in flow.nodes}
    assert messages(flow, Known(limits=limits)) == []


def test_a_needless_sequence_is_told_in_words_and_in_seconds():
    (in_words,) = messages(CHAIN)
    assert in_words == (
        '"b" waits for "a" and never uses its output. One after the other they take as long as '
        "both together; side by side as long as the slower one. Link them side by side."
    )
    (in_seconds,) = messages(CHAIN, Known(seconds={"a": 4.2, "b": 3.1}))
    assert "4.2 s + 3.1 s = 7.3 s; side by side it is 4.2 s." in in_seconds


def test_following_it_puts_the_two_side_by_side():
    after = followed(CHAIN)
    assert links(after) == {("in", "a"), ("in", "b")}
    assert stages_of(after) == (("a", "b"),)


def test_who_read_both_over_the_second_still_has_both():
    flow = shape(
        "in > a > b > c", b=ONLY_INPUT, c={"prompt": "{{ nodes.a.output }} {{ nodes.b.output }}"}
    )
    after = followed(flow)
    assert links(after) == {("in", "a"), ("in", "b"), ("a", "c"), ("b", "c")}
    assert find_problems(after) == ()


@pytest.mark.parametrize(
    "prompt", ["", "{{ parents }}", "{{ nodes.a.output }}", "{{ input }} {{ nodes.a.output.x }}"]
)
def test_a_chain_whose_second_reads_the_first_is_left_alone(prompt):
    assert codes(shape("in > a > b", b={"prompt": prompt})) == []


def test_a_tool_that_does_not_run_yet_is_advised_no_time_limit():
    found = find_advice(TOOL, NOTHING, problems=find_problems(TOOL))
    assert [each.problem.code for each in found] == ["not_yet"]


def test_a_chain_behind_a_tool_is_left_alone():
    acts = {"tools": ["write_file"], "timeout_s": 5}
    assert codes(shape("in > a > b", a=acts, b=ONLY_INPUT)) == []


def test_a_chain_behind_an_approval_is_left_alone():
    assert codes(shape("in > a > b", a={"type": "approval"}, b=ONLY_INPUT)) == []


ROUTER = {"type": "router", "ask": "Which?", "otherwise": "no"}


@pytest.mark.parametrize(
    "flow",
    [
        shape(
            "in > a > b > r; r.yes > c; r.no > d; c d > e",
            r=ROUTER,
            b=ONLY_INPUT,
            c={"prompt": "{{ nodes.a.output }}"},
            d={"prompt": "{{ nodes.a.output }} {{ input }}"},
        ),
        shape("in > r; r.yes > a > b; r.no > c", r=ROUTER, b=ONLY_INPUT),
        shape("in > r; r.yes > a; in > b; a b > c; r.no > d", r=ROUTER, c=READS_A),
        shape("in > r; r.yes > a > d; r.no > b > d", r=ROUTER, d=B_ONLY),
        shape("in > ok > a > b", ok={"type": "approval"}, b=ONLY_INPUT),
        shape("in > t > a > b", t={"tools": ["write"], "timeout_s": 5}, b=ONLY_INPUT),
    ],
    ids=[
        "branches read it",
        "in a branch",
        "or a branch",
        "of two branches",
        "behind an approval",
        "behind a tool",
    ],
)
def test_an_order_that_is_a_routers_or_another_doers_is_no_needless_wait(flow):
    assert codes(flow) == []


def test_a_wait_where_the_branches_of_a_router_meet_again_is_told():
    flow = shape("in > r; r.yes > a; r.no > b; a b > c > d", r=ROUTER, d=ONLY_INPUT)
    assert links(followed(flow)) >= {("in", "d")}
    inside = shape("in > r; r.yes > a > c; a > b > c; r.no > d", r=ROUTER, b=READS_A, c=READS_A)
    assert codes(inside) == ["unread_parent"]
    flow_in_branch = shape("in > r; r.yes > a b > c; r.no > d", r=ROUTER, c=READS_A)
    assert codes(flow_in_branch) == ["unread_parent"]


def test_a_cut_that_would_let_go_of_a_racer_or_keep_one_is_not_offered():
    drawing = "in > a b > c; a b > d"
    race = {"needs": "any"}
    collects = {"on_failure": "collect"}
    assert codes(shape(drawing, c=READS_A, d=race, run=collects)) == []
    assert codes(shape("in > a b > c > d", c=race, d=READS_A, run=collects)) == []


def test_several_waits_are_one_hint_and_one_edit():
    flow = shape("in > a > b > c", b=ONLY_INPUT, c=ONLY_INPUT)
    (said,) = messages(flow)
    assert said == (
        '2 nodes wait for outputs they never use: "b" for "a" and "c" for "b". One after the other '
        "they take as long as all together; side by side as long as the slowest. Link them side by "
        "side."
    )
    assert links(followed(flow)) == {("in", "a"), ("in", "b"), ("in", "c")}
    assert codes(followed(flow)) == []
    (timed,) = messages(flow, Known(seconds={"a": 4.2, "b": 3.1, "c": 1.0}))
    assert "they would be done after 4.2 s instead of 8.3 s." in timed


def test_parents_of_one_node_that_it_never_reads_are_one_hint():
    flow = shape("in > a b c > d > e", d=ONLY_INPUT, e={"prompt": READS_ALL})
    (said,) = messages(flow)
    assert '"d" waits for "a", "b" and "c", but its prompt never uses these outputs.' in said
    after = followed(flow)
    assert stages_of(after) == (("a", "b", "c", "d"), ("e",))
    assert links(after) >= {("a", "e"), ("b", "e"), ("c", "e"), ("d", "e")}


def test_many_waits_are_told_by_the_first_of_them():
    flow = shape("in > a > b > c > d > e > f", **dict.fromkeys("bcdef", ONLY_INPUT))
    (said,) = messages(flow)
    assert '5 nodes wait for outputs they never use: "b" for "a", "c" for "b", "d" for "c"' in said
    assert "and 2 more." in said


def test_waits_that_cannot_be_cut_at_once_are_told_one_by_one():
    keys = {"b": {"timeout_s": 9}, "c": {"max_concurrency": 1}}
    flow = shape("in > a > b > c", b=ONLY_INPUT, c=ONLY_INPUT, run={"stages": keys})
    assert codes(flow) == ["needless_sequence"]
    assert find_problems(followed(flow)) == ()


def test_a_cut_that_would_put_two_policies_into_one_stage_is_not_offered():
    keys = {"a": {"timeout_s": 9}, "b": {"max_concurrency": 1}}
    assert codes(shape("in > a > b", b=ONLY_INPUT, run={"stages": keys})) == []


def test_a_mapped_agent_that_takes_its_items_elsewhere_needs_no_predecessor():
    each = {"items": "{{ input }}", "max_concurrency": 2}
    assert codes(shape("in > a > b", b={"for_each": each})) == ["needless_sequence"]
    over = {"items": "{{ nodes.a.output }}", "max_concurrency": 2}
    assert codes(shape("in > a > b", b={"for_each": over})) == []


def test_an_unread_parent_is_told_with_what_it_cost():
    (said,) = messages(UNREAD, Known(seconds={"a": 1.0, "b": 9.0, "c": 1.0}))
    assert said == (
        '"c" waits for "b", which cost 8.0 s in the last run, but its prompt never uses that '
        "output. Write {{ nodes.b.output }} where it is needed, or remove the link."
    )


def test_an_unread_parent_of_a_message_that_names_others_is_named_beside_them():
    (only,) = advice_on(UNREAD)
    assert only.fix == "Use its output"
    after = followed(UNREAD)
    assert links(after) == links(UNREAD)
    assert prompt_of(after, "c") == "{{ nodes.a.output }}\n{{ nodes.b.output }}"


def test_an_unread_parent_of_a_message_that_names_no_parent_is_cut_off():
    flow = shape("in > a b > c", c=ONLY_INPUT)
    (only,) = advice_on(flow)
    assert only.fix == "Cut the links"
    assert only.problem.message.endswith(
        "Remove the links, or write {{ nodes.a.output }} and {{ nodes.b.output }} where they are "
        "needed."
    )
    assert prompt_of(followed(flow), "c") == ONLY_INPUT["prompt"]


def test_several_outputs_that_were_forgotten_are_named_in_one_press():
    flow = shape("in > a b c > d; a b > e", d=READS_A, e=READS_A)
    (only,) = advice_on(flow)
    assert only.problem.message == (
        '2 nodes wait for outputs they never use: "d" for "b" and "c" and "e" for "b". Name them '
        "in the prompts, or remove the links."
    )
    assert only.fix == "Use the outputs"
    after = followed(flow)
    assert prompt_of(after, "d").split("\n") == [f"{{{{ nodes.{each}.output }}}}" for each in "abc"]
    assert prompt_of(after, "e").split("\n") == [f"{{{{ nodes.{each}.output }}}}" for each in "ab"]


def test_a_forgotten_output_is_named_while_another_wait_is_cut():
    flow = shape("in > a b > c; in > d > e", c=READS_A, e=ONLY_INPUT)
    assert [each.fix for each in advice_on(flow)] == ["Use its output", "Cut the link"]


def test_an_unread_parent_that_is_done_first_costs_nothing():
    assert codes(UNREAD, Known(seconds={"a": 9.0, "b": 1.0, "c": 1.0})) == []


def test_a_link_beside_a_longer_way_costs_nothing():
    flow = shape("in > a > b > c; a > c", c={"prompt": "{{ nodes.b.output }}"})
    assert codes(flow) == []


def test_a_join_that_lists_its_parents_reads_them_all():
    join = {"type": "join", "as": "list", "prompt": "{{ nodes.a.output }}"}
    assert codes(shape("in > a b > c", c=join)) == []


@pytest.mark.parametrize(
    "flow,advised",
    [
        (shape("in > a", a={"for_each": {"items": "{{ input }}", "max_concurrency": 4}}), []),
        (
            shape("in > a", a={"for_each": {"items": "{{ input }}", "max_concurrency": 9}}),
            ["unlimited_for_each"],
        ),
        (MAPPED.model_copy(update={"run": shape("in", run={"max_concurrency": 3}).run}), []),
    ],
)
def test_a_map_within_its_connections_limit_is_left_alone(flow, advised):
    assert codes(flow, Known(limits={"a": 4})) == advised


def test_a_map_on_a_connection_without_a_limit_is_left_alone():
    assert codes(MAPPED) == []


def test_a_race_goes_on_when_the_policy_of_its_stage_collects():
    after = followed(RACE)
    assert after.run.stages["a"].on_failure == "collect"
    assert after.run.on_failure == "finish"


def test_the_advice_on_a_race_keeps_what_the_stage_says_already():
    flow = shape(
        "in > a b > c", c={"needs": {"first": 1}}, run={"stages": {"b": {"max_concurrency": 1}}}
    )
    assert followed(flow).run.model_dump(exclude_defaults=True)["stages"] == {
        "b": {"on_failure": "collect", "max_concurrency": 1}
    }


@pytest.mark.parametrize(
    "flow",
    [
        shape("in > a b > c", c={"needs": "any"}, run={"on_failure": "collect"}),
        shape("in > a b > c", c={"needs": "any"}, run={"on_failure": "cancel"}),
        shape("in > a b > c", c={"needs": {"first": 2}}),
        shape(
            "in > a b > c",
            a={"on_error": {"fallback": "-"}},
            b={"on_error": {"fallback": "-"}},
            c={"needs": "any"},
        ),
    ],
    ids=["collect", "all or nothing", "all are needed", "fallbacks"],
)
def test_a_race_that_no_failure_ends_by_accident_is_left_alone(flow):
    assert codes(flow) == []


@pytest.mark.parametrize(
    "flow",
    [
        shape("in > a", a={"tools": ["web"], "timeout_s": 5}),
        shape("in > a", a={"mcp": ["files"]}, run={"timeout_s": 60}),
        shape("in > a", a={"tools": ["web"]}, run={"stages": {"a": {"timeout_s": 9}}}),
    ],
)
def test_a_tool_within_any_time_limit_is_left_alone(flow):
    assert codes(flow) == []


def test_a_flow_with_errors_gets_no_advice():
    assert codes(shape("in > a > b", b={**ONLY_INPUT, "timeout_s": 0})) == []


@st.composite
def drawn(draw: st.DrawFn) -> Flow:
    """Agents whose prompts name the input, all parents, or some node before them."""
    count = draw(st.integers(2, 6))
    pairs = [(one, two) for one in range(count) for two in range(one + 1, count)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True))
    named = st.integers(0, count).map(lambda each: f"{{{{ nodes.n{each}.output }}}}")
    prompt = st.one_of(st.sampled_from(["", "{{ input }}", "{{ parents }}"]), named)
    nodes = [
        {"id": f"n{each}", "type": "agent", "name": f"n{each}", "prompt": draw(prompt)}
        for each in range(count)
    ]
    fed = draw(st.sets(st.integers(0, count - 1), min_size=1))
    return read_values(
        {
            "fanfold": 1,
            "name": "drawn",
            "nodes": [{"id": "in", "type": "input", "name": "in"}, *nodes],
            "edges": [{"source": "in", "target": f"n{each}"} for each in sorted(fed)]
            + [{"source": f"n{one}", "target": f"n{two}"} for one, two in edges],
        }
    )


@settings(deadline=None)
@example(shape("in > a > b > c > d; a > d", c={"prompt": "{{ nodes.a.output }}"}, d=ONLY_INPUT))
@given(drawn())
def test_every_edit_takes_its_advice_away_and_breaks_nothing(flow):
    for each in advice_on(flow):
        after = apply_edit(flow, each.edit)
        assert set(find_problems(after)) <= set(find_problems(flow))
        assert each.problem not in {left.problem for left in advice_on(after)}
