"""Each pattern has its form in code, and the program means what the engine does."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from flows.document.model import AgentNode, Flow
from flows.ids import NodeId
from flows.plan.graph import ancestors_of
from flows.share.python_code import python_code
from tests.flows.share.python_code.exported import NO_CONNECTIONS, both, with_models_of_their_own
from tests.flows.share.python_code.patterns import PATTERNS
from tests.model_server import Answer, Hang, ModelServer, Refuse

ROOT = Path(__file__).parents[4]
GOLDEN = Path(__file__).parent / "golden"
SPOKEN = {
    "plan": '{"topics": ["red", "green"]}',
    "route_typed plan": '{"topics": "Red and green"}',
    "text_messages_and_class plan": '{"title": "Red"}',
    "r": '{"branch": "no"}',
}
LOSERS = {"race": "b", "quorum": "c", "race_of_lines": "a"}
CASES = [(name, "") for name in PATTERNS] + [
    (name, node.id)
    for name, flow in PATTERNS.items()
    for node in flow.nodes
    if isinstance(node, AgentNode) and node.id in {"a", "plan"}
]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_has_its_form_in_code(name):
    written = (GOLDEN / f"{name}.py.txt").read_text("utf-8")
    assert python_code(PATTERNS[name], NO_CONNECTIONS) == written


@pytest.mark.timeout(300)  # where no cache lies, all of the SDK is read first
@pytest.mark.parametrize(
    "tool", ["ruff check --isolated", "ruff format --check --isolated", "mypy --strict"]
)
def test_the_patterns_are_clean_under_the_houses_tools(tool, tmp_path):
    for name, flow in PATTERNS.items():
        (tmp_path / f"{name}.py").write_text(python_code(flow, NO_CONNECTIONS), "utf-8")
    files = sorted(map(str, tmp_path.iterdir()))
    command = [sys.executable, "-m", *tool.split(), *files]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_there_is_no_golden_file_without_its_pattern():
    assert {path.name.partition(".")[0] for path in GOLDEN.iterdir()} == set(PATTERNS)


def test_a_program_imports_the_sdk_and_the_standard_library_alone():
    known = {"agents", "openai", "pydantic"}
    standard = {"argparse", "asyncio", "collections", "json", "math", "os", "re", "sys", "typing"}
    for flow in PATTERNS.values():
        for node in ast.walk(ast.parse(python_code(flow, NO_CONNECTIONS))):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= standard
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] in known | standard


@pytest.mark.parametrize("name", PATTERNS)
def test_every_function_of_a_program_is_called(name):
    tree = ast.parse(python_code(PATTERNS[name], NO_CONNECTIONS))
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        others = [each for each in tree.body if each is not function]
        names = [each for other in others for each in ast.walk(other)]
        assert function.name in {each.id for each in names if isinstance(each, ast.Name)}


@pytest.mark.parametrize("name, failing", CASES)
async def test_a_program_does_what_the_engine_does(name, failing, tmp_path):
    flow = with_models_of_their_own(PATTERNS[name])
    with ModelServer() as server:
        for place, node in enumerate(flow.nodes):
            text = SPOKEN.get(f"{name} {node.id}") or SPOKEN.get(
                node.id, f'{{"title": "By {node.id}"}}'
            )
            server.script(node.id, Answer(text, delay_s=0.03 * place))
        for silent in silent_ones(flow, name, failing):
            server.script(silent, Hang())
        if failing:
            server.script(failing, Refuse(400))
        engine, program = await both(server, flow, tmp_path, given="one\ntwo\nthree")
    if failing and flow.run.on_failure == "cancel":  # how many calls were out is chance
        assert (program.status, engine.status) == ("failed", "failed")
    else:
        assert program == engine


def silent_ones(flow: Flow, name: str, failing: NodeId) -> set[NodeId]:
    """Return who never answers, since a race is lost or a failure cancels them."""
    if not failing:
        return {NodeId(each) for each in LOSERS.get(name, ())}
    if flow.run.on_failure != "cancel":
        return set()
    return {node.id for node in flow.nodes} - ancestors_of(flow)[failing] - {failing}
