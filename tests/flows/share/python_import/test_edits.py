"""What a person changes in an exported program shows in the flow that is made of it."""

import pytest

from flows.document.policy import Fallback
from flows.share.python_code import python_code
from flows.share.python_code.drawing import HEADING
from flows.share.python_import import import_python
from flows.templates import load_template
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import.outlines import links, run, said


def edited(name: str, *changes: tuple[str, str]):
    """Export a template, change words of the program, import it."""
    code = python_code(load_template(name), NO_CONNECTIONS)
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    return import_python(code, filename=f"{name}.py")


def test_other_instructions():
    flow = edited("pipeline", ("You plan texts.", "You plan speeches.")).flow
    assert said(flow, "points")["instructions"] == "You plan speeches."


def test_another_model_with_other_settings():
    old = "    model=MODEL,\n    model_settings=SETTINGS.resolve(ModelSettings(max_tokens=60)),"
    new = '    model="gpt-4.1",\n    model_settings=ModelSettings(temperature=0.1),'
    flow = edited("pipeline", (old, new)).flow
    assert said(flow, "title")["model"] == "openai/gpt-4.1"
    assert said(flow, "title")["model_settings"] == {"temperature": 0.1}


def test_another_timeout_and_another_fallback():
    flow = edited("with_timeout", ("seconds=2,", "seconds=9,"), ("No story in", "Not in")).flow
    assert flow.node("long").timeout_s == 9
    assert flow.node("long").on_error == Fallback(fallback="Not in time.")


def test_another_limit():
    assert run(edited("rate_limited", ("Semaphore(2)", "Semaphore(4)")).flow) == {
        "max_concurrency": 4
    }


def test_another_failure_policy():
    collected = edited("gather", (" = results_of(", " = survivors("))
    assert run(collected.flow) == {"on_failure": "collect"}
    plain = (("= successes(", "= list("), ("return_exceptions=True,", ""))
    assert run(edited("some_may_fail", *plain).flow) == {}


PLANNER = """                ask(
                    planner_agent,
                    (
                        f"What are the first three steps to start {idea}? Answer in "
                        "three short sentences."
                    ),
                ),
"""
STEPS = """                f"First steps to start {idea}:\\n"
                f"{planner}\\n\\n"
"""


def test_a_step_that_was_taken_out():
    changed = edited("three_views", ("skeptic, planner =", "skeptic ="), (PLANNER, ""), (STEPS, ""))
    assert links(changed.flow) == [
        "idea > optimist",
        "idea > skeptic",
        "optimist > summary",
        "skeptic > summary",
    ]
    assert [each.said for each in changed.remarks] == [
        'Nothing runs the agent "Planner"; it is left out.'
    ]


TITLE = """        return await ask(
            title_writer_agent,
            f"{writer}"""
CHECKED = """        checked = await ask(reasons_agent, f"Check this:\\n{writer}")
        return await ask(
            title_writer_agent,
            f"{checked}"""


def test_a_step_that_was_put_in():
    flow = edited("pipeline", (TITLE, CHECKED)).flow
    assert links(flow)[-2:] == ["draft > reasons_2", "reasons_2 > title"]
    assert said(flow, "reasons_2")["prompt"] == "Check this:\n{{ nodes.draft.output }}"


def test_another_rule():
    flow = edited("support_triage", ("error|crash|bug|slow|update", "error|freeze")).flow
    assert flow.node("triage").rules[1].when.matches == "error|freeze"


def test_a_helper_that_was_changed_is_followed_as_it_is_now():
    call = "await Runner.run(agent, message"
    flow = edited("pipeline", (f"{call})", f"{call}, max_turns=3)")).flow
    steps = ("points", "reasons", "draft", "title")
    assert {said(flow, each)["max_turns"] for each in steps} == {3}


@pytest.mark.parametrize("line", [f"# {HEADING}", "- planner: an agent, 'Planner' (points)"])
def test_without_the_list_of_steps_names_come_from_the_code(line):
    flow = edited("pipeline", (line, "")).flow
    assert [node.name for node in flow.nodes if node.type == "agent"] == [
        "Planner",
        "Reasons",
        "Writer",
        "Title writer",
    ]
    assert len(flow.edges) == 5
    assert flow.description == load_template("pipeline").description
