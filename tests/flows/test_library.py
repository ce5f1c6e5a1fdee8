"""Flows inside someone's own program: the two names, what they promise, the documented examples."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from agents import Model, ModelProvider
from agents.testing import ScriptedModel, assistant_message

import flows
from flows import load_flow, run_flow
from flows.document.files import write_flow
from flows.errors import FlowFileError, FlowHasProblems
from flows.trace.events import Record, RunFinished, RunStarted
from tests.flows.run.over_http import connect
from tests.model_server import Answer, Hang, ModelServer, Refuse
from tests.shapes import shape

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs/library.md").read_text("utf-8"), re.DOTALL
)


class Own(ModelProvider):
    """Answers with the name it was asked by."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def get_model(self, model_name: str | None) -> Model:
        self.asked.append(model_name)
        return ScriptedModel([[assistant_message(f"I am {model_name}.")]])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FANFOLD_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_names_for_other_programs_are_these():
    assert sorted(flows.__all__) == ["load_flow", "run_flow"]
    assert all(callable(getattr(flows, name)) for name in flows.__all__)
    with pytest.raises(AttributeError, match='module "flows" has no attribute "other"'):
        flows.other  # noqa: B018 - the asking is what is tested


def test_importing_flows_loads_nothing_heavy():
    said = "import sys, flows; print(sorted({'agents', 'pydantic', 'networkx'} & {*sys.modules}))"
    ended = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"


def test_loading_what_is_no_flow_says_every_mistake(tmp_path):
    (tmp_path / "flow.json").write_text("{}")
    with pytest.raises(FlowFileError, match="is not a Fanfold flow"):
        load_flow(tmp_path / "flow.json")


async def test_the_programs_provider_answers_by_the_names_in_the_flow():
    own = Own()
    flow = shape("in > a > b", a={"model": "team/small"})
    trace = await run_flow(flow, "hi", provider=own)
    assert (own.asked, trace.status, trace.outputs) == (
        ["team/small", None],
        "finished",
        {"b": "I am None."},
    )


async def test_a_listener_hears_every_record():
    records: list[Record] = []
    await run_flow(shape("in > a"), provider=Own(), on_record=records.append)
    assert [record.seq for record in records] == [*range(1, len(records) + 1)]
    assert isinstance(records[0].event, RunStarted)
    assert isinstance(records[-1].event, RunFinished)


@pytest.mark.parametrize("results, order", [("in_order", ["a", "b"]), ("as_completed", ["b", "a"])])
async def test_results_are_handed_out_as_the_flow_says(results, order, home):
    heard = []
    flow = shape("in > a b", run={"results": results}, a={"model": "test/slow"})
    with ModelServer(slow=Answer(delay_s=0.2)) as server:
        connect(server, home)
        await run_flow(flow, model="test", on_result=lambda node, _: heard.append(node))
    assert heard == order


async def test_a_run_that_fails_is_returned(home):
    with ModelServer(default=Refuse(400)) as server:
        connect(server, home)
        trace = await run_flow(shape("in > a"), model="test")
    assert (trace.status, [*trace.errors]) == ("failed", ["a"])


async def test_a_flow_with_errors_never_starts():
    with pytest.raises(FlowHasProblems):
        await run_flow(shape("a > b > a"), provider=Own())


async def test_cancelling_the_caller_cancels_every_call(home):
    with ModelServer(default=Hang()) as server:
        connect(server, home)
        running = asyncio.create_task(run_flow(shape("in > a b"), model="test"))
        await asyncio.to_thread(server.wait_for, 2)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        log = await asyncio.to_thread(
            server.wait_until, lambda log: all(entry.end is not None for entry in log)
        )
    assert [entry.closed_early for entry in log] == [True, True]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_documented_examples_run(example, home, monkeypatch, capsys):
    (home / "flow.json").write_text(write_flow(shape("in > a b > c")))
    with ModelServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        exec(compile(example, "library.md", "exec"), {"__name__": "example"})
    assert "A fine answer." in capsys.readouterr().out
