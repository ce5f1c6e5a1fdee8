"""`run --from`: a recorded run gone back to, from its file."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from flows.cli.main import main
from flows.document.model import Flow
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape

LOCKED = Refuse(401, "Incorrect API key provided.", "invalid_api_key")
FLOW = shape(
    "in > a > b > c",
    a={"model": "test/a"},
    b={"model": "test/b", "name": "Second"},
    c={"model": "test/c"},
)

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def flows(environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process; return its exit code, stdout and stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def failed(flows: Call, saved: Callable[[Flow], str], server: ModelServer, tmp_path: Path) -> str:
    """Record a run of FLOW in which b failed; return its file."""
    server.script("b", [LOCKED, Answer("B")])
    file = str(tmp_path / "run.jsonl")
    code, _, _ = flows("run", saved(FLOW), "--input", "Grüße", "--record", file)
    assert code == 3
    return file


def test_what_failed_runs_again_and_what_did_not_is_reused(flows, saved, server, failed):
    known = len(server.log)
    code, out, err = flows("run", saved(FLOW), "--from", failed, "--json")
    assert code == 0
    told = json.loads(out)
    assert {key: "reused" in node for key, node in told["nodes"].items()} == {
        "a": True,
        "b": False,
        "c": False,
    }
    assert [entry.model for entry in server.log[known:]] == ["b", "c"]
    assert '"a" reused' in err
    assert "1 reused" in err


def test_from_a_node_on_all_behind_it_runs_again(flows, saved, server, failed, tmp_path):
    whole = str(tmp_path / "whole.jsonl")
    assert flows("run", saved(FLOW), "--from", failed, "--record", whole)[0] == 0
    known = len(server.log)
    assert flows("run", saved(FLOW), "--from", whole, "--node", "c")[0] == 0
    assert [entry.model for entry in server.log[known:]] == ["c"]


def test_a_recorded_run_that_reused_tells_its_story(flows, saved, failed, tmp_path):
    file = str(tmp_path / "again.jsonl")
    flows("run", saved(FLOW), "--from", failed, "--record", file)
    code, out, _ = flows("trace", file)
    row = next(line for line in out.splitlines() if line.split()[:1] == ["a"])
    assert (code, row.split()) == (0, ["a", "reused"])
    assert "1 reused" in out


@pytest.mark.parametrize(
    "words, said",
    [
        (("--node", "secnd"), '"secnd" is no step of this flow.'),
        (("--node", "in"), '"in" is no step of this flow. Its steps: a, b, c.'),
        (("--input", "x"), "--from takes the inputs of the recorded run. Leave --input out."),
    ],
)
def test_words_that_do_not_fit_exit_2_with_a_sentence(words, said, flows, saved, failed):
    code, out, err = flows("run", saved(FLOW), "--from", failed, *words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_run_of_another_flow_is_said_to_be_one(flows, saved, failed):
    code, _, err = flows("run", saved(shape("in > x")), "--from", failed)
    assert code == 2
    assert 'That is a run of another flow, "shape"' in err


def test_a_file_without_a_run_and_a_node_without_a_file_are_refused(flows, saved, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    code, _, err = flows("run", saved(FLOW), "--from", str(empty))
    assert code == 2
    assert "holds no run" in err
    code, _, err = flows("run", saved(FLOW), "--node", "c")
    assert code == 2
    assert "--node needs --from" in err
