"""Problems: every rule names the place and the remedy."""

from collections.abc import Mapping, Sequence

import pytest

from flows.document.files import read_values
from flows.document.model import Flow
from flows.plan.checks import find_problems
from tests.shapes import shape

Json = Mapping[str, object]


def draw(nodes: Sequence[Json], edges: Sequence[Json] = (), **rest: object) -> Flow:
    whole = [{"name": node["id"], **node} for node in nodes]
    return read_values({"fanfold": 1, "name": "x", "nodes": whole, "edges": list(edges), **rest})


def errors_of(flow: Flow) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = [each for each in find_problems(flow) if each.severity == "error"]
    return {each.code: (each.message, each.nodes) for each in found}


IN = {"id": "in", "type": "input"}
A = {"id": "a", "type": "agent"}
B = {"id": "b", "type": "agent"}


def link(source: str, target: str, **rest: object) -> Json:
    return {"source": source, "target": target, **rest}


def test_a_good_flow_has_no_problems():
    assert find_problems(shape("in > a b > c")) == ()


def test_a_cycle_is_named_in_its_own_order():
    flow = shape("in > a > b > c > a")
    assert errors_of(flow) == {
        "cycle": (
            'The data edges loop: "a" → "b" → "c" → "a". Remove one of them.',
            ("a", "b", "c"),
        )
    }


def test_a_cycle_is_told_by_the_names_people_gave():
    flow = draw([IN, {**A, "name": "Writer"}, B], [link("a", "b"), link("b", "a")])
    assert '"Writer" (a) → "b" → "Writer" (a)' in errors_of(flow)["cycle"][0]


def test_all_problems_come_at_once():
    flow = draw(
        [{**A, "timeout_s": 0, "retries": -1}, {**B, "prompt": "{{ nodes.a.output }} {{ x }}"}],
        [link("b", "b"), link("a", "nobody")],
        run={"max_concurrency": 0},
    )
    assert set(errors_of(flow)) == {
        "no_input",
        "self_link",
        "unknown_node",
        "placeholder",
        "timeout_not_above_zero",
        "negative_retries",
        "limit_below_one",
    }


RULE = {"branch": "x", "when": {"contains": "x"}}


@pytest.mark.parametrize(
    "flow,code,sentence",
    [
        (draw([A]), "no_input", "The flow has no input. Add one"),
        (draw([IN]), "no_steps", "The flow has nothing to run. Add an agent"),
        (draw([IN, A, A]), "duplicate_id", '2 nodes have the id "a". Give each its own.'),
        (draw([IN, A], [link("in", "aa")]), "unknown_node", 'Did you mean "a"?'),
        (draw([IN, A], [link("a", "a")]), "self_link", '"a" is linked to itself.'),
        (
            draw([IN, A], [link("in", "a"), link("in", "a")]),
            "duplicate_edge",
            'The edge "in" → "a" is there 2 times. Keep one.',
        ),
        (draw([IN, A], [link("a", "in")]), "edge_into_input", '"in" is an input'),
        (
            draw([IN, A, B], [link("in", "a", kind="handoff")]),
            "attachment",
            "must link two agents",
        ),
        (
            draw([IN, A, B], [link("a", "b", branch="x")]),
            "branch_without_router",
            'has the branch "x", but starts at no router',
        ),
        (
            draw([IN, A, {"id": "r", "type": "router", "ask": "?"}], [link("r", "a")]),
            "edge_without_branch",
            "leaves a router without a branch",
        ),
        (
            draw(
                [
                    IN,
                    A,
                    {
                        "id": "r",
                        "type": "router",
                        "rules": [{"branch": "urgnt", "when": {"contains": "x"}}],
                    },
                ],
                [link("r", "a", branch="urgent")],
            ),
            "branch_without_edge",
            'The branch "urgnt" of "r" leads nowhere. Did you mean "urgent"?',
        ),
        (
            draw([IN, {"id": "r", "type": "router"}]),
            "router_without_rules",
            "has neither rules nor a question",
        ),
        (
            draw(
                [
                    IN,
                    {
                        "id": "r",
                        "type": "router",
                        "rules": [{"branch": "b", "when": {"matches": "("}}],
                    },
                ]
            ),
            "bad_pattern",
            '"(" is not a regular expression',
        ),
        (
            shape("in > r; r.x > a", r={"type": "router", "ask": "?", "rules": [RULE]}),
            "rules_and_question",
            '"r" has rules and a question. Keep one of them.',
        ),
        (
            shape("in > r", r={"type": "router", "ask": "Which?"}),
            "router_without_branches",
            '"r" has no branch to choose.',
        ),
        (
            shape("in > r; r.x > a", r={"type": "router", "rules": [RULE | {"when": {}}]}),
            "empty_condition",
            'In the rule for "x" of "r", nothing is asked.',
        ),
        (
            shape(
                "in > r; r.x > a",
                r={"type": "router", "rules": [RULE | {"when": {"at": "k", "equals": 1}}]},
            ),
            "bad_pointer",
            '"k" is not a JSON pointer. Write it like "/score"',
        ),
        (
            shape(
                "in > p > a",
                p={"output_schema": {"type": "object", "properties": {"n": {"type": "integer"}}}},
                a={"for_each": {"items": "{{ nodes.p.output.n }}"}},
            ),
            "not_a_list",
            "cannot go over {{ nodes.p.output.n }}: the output schema makes it one integer.",
        ),
        (
            shape("in > a b > c", c={"needs": {"first": 3}}),
            "too_few_parents",
            '"c" needs the first 3 of 2 parents.',
        ),
        (
            shape("in > a b", run={"stages": {"a": {}, "b": {}}}),
            "two_policies",
            'Stage 1 has two policies, at "a" and "b". Keep one of them.',
        ),
        (
            shape("in > ant", run={"stages": {"aunt": {}}}),
            "unknown_stage",
            'The stage policy at "aunt" stands at no step. Did you mean "ant"?',
        ),
        (
            shape("in > a", run={"stages": {"a": {"max_concurrency": 0}}}),
            "limit_below_one",
            'max_concurrency of the stage at "a" is 0.',
        ),
        (
            shape("in > a", run={"timeout_s": -2}),
            "timeout_not_above_zero",
            "timeout_s of the run is -2 seconds.",
        ),
        (
            draw([{**IN, "kind": "choice"}, A]),
            "no_choices",
            'The input "in" is a choice without choices.',
        ),
        (
            shape("in > a", a={"for_each": {"items": "{{ item }}"}}),
            "not_a_list",
            "for_each cannot go over its own item",
        ),
    ],
)
def test_a_broken_rule_is_an_error_that_says_where_and_what_to_do(flow, code, sentence):
    assert sentence in errors_of(flow)[code][0]


@pytest.mark.parametrize(
    "prompt,sentence",
    [
        ("{{ inputs.inn }}", 'names no input. Did you mean "in"? Inputs: in.'),
        ("{{ nodes.aa.output }}", 'names no node. Did you mean "a"?'),
        ("{{ nodes.c.output }}", "names a node that does not run before it"),
        ("{{ nodes.b.output }}", "names a node that does not run before it"),
        ("{{ item }}", "{{ item }} and {{ index }} need a for_each"),
        ("{{ ouput }}", "{{ ouput }} is no placeholder. Write {{ input }},"),
    ],
)
def test_a_placeholder_that_names_nothing_is_an_error(prompt, sentence):
    flow = shape("in > a > b > c", b={"prompt": prompt})
    message, nodes = errors_of(flow)["placeholder"]
    assert sentence in message
    assert nodes == ("b",)


def test_the_only_input_cannot_be_meant_where_there_are_two():
    flow = shape("in1 in2 > a", a={"prompt": "{{ input }}"})
    assert "could be any of 2 inputs" in errors_of(flow)["placeholder"][0]


def test_placeholders_of_what_runs_before_are_right():
    flow = shape("in > a > b", b={"prompt": "{{ input }} {{ nodes.a.output.x.0 }} {{ parents }}"})
    assert find_problems(flow) == ()


def test_a_lone_node_is_warned_about_and_runs():
    (problem,) = find_problems(shape("in > a; b"))
    assert (problem.code, problem.severity, problem.nodes) == ("unlinked", "warning", ("b",))


@pytest.mark.parametrize(
    "flow,words",
    [
        (draw([IN, A, {"id": "p", "type": "approval"}]), "a node of type approval"),
        (shape("in > a", a={"tools": ["web"]}), 'uses "tools"'),
        (draw([IN, A, B], [link("a", "b", kind="tool")]), "does not run the tool edge"),
    ],
)
def test_what_this_version_does_not_run_is_said(flow, words):
    assert words in errors_of(flow)["not_yet"][0]


def test_a_branch_that_no_rule_takes_is_a_warning():
    flow = shape("in > r; r.x > a; r.z > b", r={"type": "router", "rules": [RULE]})
    (found,) = find_problems(flow)
    assert found.severity == "warning"
    assert found.message.startswith('No rule of "r" takes the branch "z". Name it in a rule')
