"""The export knows which of its lines say which node."""

from __future__ import annotations

from collections import defaultdict

import pytest

from flows.document.model import AgentNode, Flow
from flows.ids import NodeId
from flows.share.python_code import Program, python_code, write_program
from flows.templates import list_templates, load_template
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_code.patterns import PATTERNS
from tests.shapes import shape

FLOWS = {each.name: load_template(each.name) for each in list_templates()} | {
    f"pattern {name}": flow for name, flow in PATTERNS.items()
}


def program_of(flow: Flow) -> Program:
    return write_program(flow, NO_CONNECTIONS)


def owned(program: Program, node: str) -> list[str]:
    """The lines of a node, without what is before and after them."""
    every = program.text.split("\n")
    return [every[number - 1].strip() for number in program.lines[NodeId(node)]]


def shared_lines(program: Program) -> list[str]:
    """The lines that say more than one node."""
    owners: defaultdict[int, int] = defaultdict(int)
    for numbers in program.lines.values():
        for number in numbers:
            owners[number] += 1
    every = program.text.split("\n")
    return [every[number - 1].strip() for number, count in owners.items() if count > 1]


@pytest.mark.parametrize("name", FLOWS)
def test_every_node_has_lines_and_every_agent_its_definition(name: str) -> None:
    flow, program = FLOWS[name], program_of(FLOWS[name])
    assert {node.id for node in flow.nodes} == set(program.lines)
    defined = {node.id for node in flow.nodes if isinstance(node, AgentNode)}
    found = {
        node
        for node in program.lines
        if sum(each.endswith(" = Agent(") for each in owned(program, node)) == 1
    }
    assert defined <= found


@pytest.mark.parametrize("name", FLOWS)
def test_where_an_agent_is_asked_is_among_its_lines(name: str) -> None:
    program = program_of(FLOWS[name])
    for node in FLOWS[name].nodes:
        for line in owned(program, node.id):
            if line.endswith(" = Agent("):
                agent = line.removesuffix(" = Agent(")
                assert sum(agent in each for each in owned(program, node.id)) >= 2


@pytest.mark.parametrize("name", FLOWS)
def test_a_line_says_two_nodes_only_where_it_starts_both(name: str) -> None:
    starts = ("run_flow(", "gather(", "create_task(", "named(")
    shared = shared_lines(program_of(FLOWS[name]))
    assert [line for line in shared if not any(word in line for word in starts)] == []


@pytest.mark.parametrize("name", FLOWS)
def test_an_empty_line_says_nobody(name: str) -> None:
    program = program_of(FLOWS[name])
    assert not any("" in owned(program, node) for node in program.lines)


def test_steps_that_start_on_one_line_share_it_and_nothing_else() -> None:
    program = program_of(shape("in > a b", run={"results": "as_completed"}))
    calls = 'named("a", ask(a_agent, in_text)), named("b", ask(b_agent, in_text))'
    assert shared_lines(program) == [f"calls = [{calls}]"]
    assert owned(program, "in")[0] == "async def run_flow(in_text: str) -> None:"


def test_an_agents_lines_are_its_definition_and_where_it_is_asked() -> None:
    assert owned(program_of(shape("in > a > b")), "b") == [
        "b_agent = Agent(",
        'name="b",',
        "model=MODEL,",
        "model_settings=SETTINGS,",
        ")",
        "return await ask(b_agent, a)",
    ]


def test_an_answers_class_and_a_routers_function_are_its_own() -> None:
    report = program_of(load_template("research_report"))
    assert any(line.startswith("class ") for line in owned(report, "planner"))
    triage = program_of(load_template("support_triage"))
    assert any(line.startswith("def choose_") for line in owned(triage, "triage"))


def test_the_ifs_that_ask_which_branch_was_taken_are_the_routers() -> None:
    lines = owned(program_of(PATTERNS["route_rest"]), "r")
    assert [line for line in lines if line.startswith("if r ")] == [
        'if r == "yes":',
        'if r == "no":',
    ]


def test_the_program_is_the_one_that_is_exported() -> None:
    flow = load_template("three_views")
    assert program_of(flow).text == python_code(flow, NO_CONNECTIONS)
