"""What a step gives and nobody reads is no variable that a linter finds unused."""

import subprocess
import sys

import pytest

from flows.document.policy import RunPolicy
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.shapes import shape

RULES = {
    "type": "router",
    "rules": [{"branch": "yes", "when": {"contains": "x"}}],
    "otherwise": "no",
}
ASKED = {"type": "router", "ask": "Which?"}
OWN = {"prompt": "{{ nodes.c.output }}"}
BESIDE = "in > a c; a > r; r.yes > b; c > b; r.no > b"
TITLED = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
CLASS = {"output_schema": TITLED}
ALL = RULES | {"take": "all"}
FLOWS = {
    "an agent": shape("in > a > b", b={"prompt": "{{ input }}"}),
    "a join": shape("in > a > j > b", j={"type": "join", "prompt": "x"}, b={"prompt": "hi"}),
    "a router": shape(BESIDE, r=RULES, b=OWN),
    "a router that asks": shape(BESIDE, r=ASKED, b=OWN),
    "a router beside": shape("in > a > r; r.yes > b; a > c; c > b; r.no > b", r=ASKED, b=OWN),
    "texts of branches": shape("in > p r; r.yes > a; r.no > b; a b > c; p > d", r=ALL, p=CLASS),
    "answers of branches": shape("in > r; r.yes > a p; r.no > b; a b > c; p b > d", r=ALL, p=CLASS),
    "one of two": shape("in > r; r.yes > a; r.no > b; a b > c", r=RULES, a=CLASS),
    "an agent beside": shape("in > a d > b", b={"prompt": "{{ nodes.d.output }}"}),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unread")
    for number, flow in enumerate(FLOWS.values()):
        for policy in ("finish", "cancel"):
            changed = flow.model_copy(update={"run": RunPolicy(on_failure=policy)})
            code = python_code(changed, NO_CONNECTIONS)
            (folder / f"{policy}_{number}.py").write_text(code, "utf-8")
    return folder


@pytest.mark.parametrize(
    "tool",
    [
        ("ruff", "check", "--isolated", "--no-cache"),
        ("ruff", "format", "--check", "--isolated", "--no-cache"),
        ("mypy", "--strict", "--no-incremental"),
    ],
    ids=" ".join,
)
def test_a_program_with_steps_that_nobody_reads_is_clean(tool, programs):
    files = sorted(map(str, programs.iterdir()))
    ended = subprocess.run(
        [sys.executable, "-m", *tool, *files], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("name", ["an agent", "a join", "an agent beside"])
def test_a_step_that_nobody_reads_comes_back(name):
    flow = FLOWS[name]
    again = import_python(python_code(flow, NO_CONNECTIONS)).flow
    assert [node.id for node in again.nodes] == [node.id for node in flow.nodes]


def test_only_the_helpers_that_are_needed_are_written():
    routed = shape("in > r; r.yes > a; r.no > b; a b > c", r=RULES)
    code = python_code(routed, NO_CONNECTIONS)
    assert 'await ask(c_agent, a or b or "")' in code
    assert helpers_in(code) == set()
    assert helpers_in(python_code(FLOWS["texts of branches"], NO_CONNECTIONS)) == {
        "fold",
        "blocks",
        "as_json",
    }
    every = {"fold", "blocks", "as_text", "plain"}
    assert helpers_in(python_code(FLOWS["answers of branches"], NO_CONNECTIONS)) == every
    assert helpers_in(python_code(FLOWS["one of two"], NO_CONNECTIONS)) == every


def helpers_in(code):
    known = {"fold", "blocks", "as_text", "plain", "as_json"}
    return {each for each in known if f"\ndef {each}(" in code}


@pytest.mark.parametrize("name", ["texts of branches", "answers of branches", "one of two"])
def test_what_is_folded_of_branches_comes_back_as_it_was(name):
    flow = FLOWS[name]
    again = import_python(python_code(flow, NO_CONNECTIONS))
    assert set(again.flow.edges) == set(flow.edges)
    assert again.remarks == ()


def test_a_text_that_is_the_first_of_three_that_came_is_read_from_every_branch():
    flow = shape(
        "in > r; r.yes > a; r.no > b; r.red > c; a b c > d",
        r=RULES | {"rules": [*RULES["rules"], {"branch": "red", "when": {"contains": "y"}}]},
    )
    code = python_code(flow, NO_CONNECTIONS)
    assert 'a or b or c or ""' in code
    assert set(import_python(code).flow.edges) == set(flow.edges)
