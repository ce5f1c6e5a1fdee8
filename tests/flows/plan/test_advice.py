"""Advice: each finding, the edit that follows it, and silence where there is nothing to say."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.document.advice import Advice
from flows.document.edits import apply_edit
from flows.document.files import read_values
from flows.document.model import Flow
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


def links(flow: Flow) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in flow.edges}


ONLY_INPUT = {"prompt": "Name three risks of {{ input }}."}
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
        "output. Remove the link, or write {{ nodes.b.output }} where it is needed."
    )
    assert links(followed(UNREAD)) == {("in", "a"), ("in", "b"), ("a", "c")}


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
