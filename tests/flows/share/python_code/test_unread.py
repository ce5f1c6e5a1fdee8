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
FLOWS = {
    "an agent": shape("in > a > b", b={"prompt": "{{ input }}"}),
    "a join": shape("in > a > j > b", j={"type": "join", "prompt": "x"}, b={"prompt": "hi"}),
    "a router": shape(BESIDE, r=RULES, b=OWN),
    "a router that asks": shape(BESIDE, r=ASKED, b=OWN),
    "a router beside": shape("in > a > r; r.yes > b; a > c; c > b; r.no > b", r=ASKED, b=OWN),
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
