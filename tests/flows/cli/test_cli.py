"""The command line: words, JSON and exit codes."""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.flows.cli.calling import answer
from tests.flows.cli.starting import ROOT, start
from tests.model_server import Answer, Gate, Refuse
from tests.shapes import shape


@pytest.fixture
def flows(
    environ: Mapping[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Call the command line in this process; return its exit code, stdout and stderr."""

    def call(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        return answer(capsys, words)

    return call


def test_check_lists_all_problems_a_line_each_and_exits_1(flows, saved):
    file = saved(shape("in > a > b > a", a={"timeout_s": 0}))
    code, out, _ = flows("check", file)
    assert (code, out) == (
        1,
        (
            'error: The data edges loop: "a" → "b" → "a". Remove one of them.\n'
            'error: timeout_s of "a" is 0 seconds. Make it more than 0, or leave it empty.\n'
        ),
    )


def test_check_of_a_good_flow_exits_0(flows, saved):
    code, out, err = flows("check", saved(shape("in > a b > c")))
    assert (code, out, err) == (0, "", "No problems.\n")


def test_a_warning_does_not_fail_the_check(flows, saved):
    code, out, _ = flows("check", saved(shape("in > a; b")))
    assert code == 0
    assert out.startswith("warning: ")


@pytest.mark.parametrize(
    "text,words",
    [
        ("{", "The file is not JSON"),
        ('{"fanfold": 9}', "newer Fanfold"),
        ('{"fanfold": 1, "name": "x"}', "nodes: is missing"),
    ],
)
def test_a_file_that_is_no_flow_has_problems(text, words, flows, saved):
    code, _, err = flows("check", saved(text))
    assert code == 1
    assert words in err


@pytest.mark.parametrize("words", [("check", "/nowhere.json"), ("fly",), (), ("run",)])
def test_words_that_cannot_be_used_exit_2(words, flows):
    code, out, err = flows(*words)
    assert (code, out) == (2, "")
    assert err


def test_plan_prints_the_stages(flows, saved):
    code, out, _ = flows("plan", saved(shape("in > a b > c")), "--json")
    assert (code, json.loads(out)) == (0, {"stages": [["a", "b"], ["c"]]})


def test_run_prints_the_result_on_stdout_and_progress_on_stderr(flows, saved, server):
    server.script("plain", Answer("Done."))
    code, out, err = flows("run", saved(shape("in > a")), "--model", "test")
    assert (code, out) == (0, "Done.\n")
    assert '"a" finished in' in err


def test_several_results_come_in_drawn_order_under_their_names(flows, saved):
    code, out, _ = flows("run", saved(shape("in > a b")), "--model", "test")
    assert (code, out) == (0, "## a\nA fine answer.\n## b\nA fine answer.\n")


def test_run_json_has_every_promised_field_and_shows_the_overlap(environ, saved, server):
    gate = Gate()
    server.script("plain", Answer("Done.", gate=gate))
    words = ("run", saved(shape("in > a b > c")), "--model", "test", "--json")
    process = start(environ, *words)
    server.wait_for(2)
    gate.open()
    out, _ = process.communicate(timeout=60)
    run = json.loads(out)
    a, b, c = (run["nodes"][node] for node in "abc")
    assert (process.returncode, run["status"], run["errors"]) == (0, "finished", {})
    assert run["outputs"] == {"c": "Done."}
    assert {"wall_s", "sequential_s", "critical_path_s", "overlap"} <= run.keys()
    assert set(a) == {"status", "start_s", "end_s", "queue_s", "attempts", "usage"}
    assert a["start_s"] < b["end_s"]
    assert b["start_s"] < a["end_s"]
    assert c["start_s"] >= max(a["end_s"], b["end_s"])
    assert run["overlap"] == pytest.approx(run["sequential_s"] / run["wall_s"], rel=1e-3)


def test_as_completed_each_result_is_printed_the_moment_it_is_there(environ, saved, server):
    gate = Gate()
    server.script("slow", Answer("Late.", gate=gate))
    flow = shape("in > a b", run={"results": "as_completed"}, a={"model": "test/slow"})
    process = start(environ, "run", saved(flow), "--model", "test")
    assert process.stdout is not None
    first = process.stdout.readline() + process.stdout.readline()
    assert server.log[[entry.model for entry in server.log].index("slow")].end is None
    gate.open()
    rest, _ = process.communicate(timeout=60)
    assert (first, rest) == ("## b\nA fine answer.\n", "## a\nLate.\n")


def test_in_order_results_are_printed_as_drawn_whatever_came_first(environ, saved, server):
    gate = Gate()
    server.script("slow", Answer("Late.", gate=gate))
    flow = shape("in > a b", run={"results": "in_order"}, a={"model": "test/slow"})
    process = start(environ, "run", saved(flow), "--model", "test")
    server.wait_until(lambda log: any(entry.model == "plain" and entry.end for entry in log))
    gate.open()
    out, _ = process.communicate(timeout=60)
    assert out == "## a\nLate.\n## b\nA fine answer.\n"


@pytest.mark.parametrize(
    "words,stdin,asked",
    [
        (("--input", "hello"), "", "hello"),
        (("--input", "in=hello"), "", "hello"),
        (("--input", "The text=hello"), "", "hello"),
        (("--input", "x=hello"), "", "x=hello"),
        (("--input", "-"), "from stdin", "from stdin"),
        ((), "", "the example"),
    ],
)
def test_the_input_is_what_the_words_say(words, stdin, asked, flows, saved, server):
    file = saved(shape("in > a", **{"in": {"name": "The text", "example": "the example"}}))
    code, _, _ = flows("run", file, "--model", "test", *words, stdin=stdin)
    (entry,) = server.log
    assert (code, entry.body["messages"][-1]["content"]) == (0, asked)


def test_several_inputs_are_given_by_their_ids(flows, saved, server):
    file = saved(shape("in1 in2 > a"))
    words = ("--input", "in1=one", "--input", "in2=two")
    flows("run", file, "--model", "test", *words)
    assert server.log[0].body["messages"][-1]["content"] == "## in1\none\n\n## in2\ntwo"


def test_an_input_that_is_none_exits_2_and_runs_nothing(flows, saved, server):
    code, _, err = flows("run", saved(shape("in1 in2 > a")), "--input", "x")
    assert (code, server.log) == (2, ())
    assert "Say which one: in1, in2." in err


def test_a_flow_with_problems_is_not_run(flows, saved, server):
    code, out, err = flows("run", saved(shape("in > a > a")), "--model", "test")
    assert (code, out, server.log) == (1, "", ())
    assert "linked to itself" in err


def test_a_failed_run_exits_3_and_says_why(flows, saved, server):
    server.script("plain", Refuse(401))
    file = saved(shape("in > a", a={"retries": 0}))
    code, out, err = flows("run", file, "--model", "test", "--json")
    assert (code, json.loads(out)["status"]) == (3, "failed")
    assert '"test"' in err


def test_an_unknown_model_is_named(flows, saved):
    code, _, err = flows("run", saved(shape("in > a")), "--model", "tset/x")
    assert code == 2
    assert 'Did you mean "test"?' in err


def test_a_recorded_run_tells_the_same_story_again(flows, saved, tmp_path):
    out_file = str(tmp_path / "run.fanfold-run.jsonl")
    file = saved(shape("in > a b > c"))
    _, out, _ = flows("run", file, "--model", "test", "--json", "--record", out_file)
    code, again, _ = flows("trace", out_file, "--json")
    assert (code, json.loads(again)) == (0, json.loads(out))
    _, story, _ = flows("trace", out_file)
    assert "critical path" in story


def test_a_file_that_is_no_run_is_refused_with_its_line(flows, tmp_path):
    file = tmp_path / "run.jsonl"
    file.write_text('{"no": "record"}\n')
    code, _, err = flows("trace", str(file))
    assert code == 2
    assert err.startswith("Line 1: This is not a record of a run")


def test_templates_are_listed_with_what_they_show(flows):
    code, out, _ = flows("templates", "--json")
    rows = json.loads(out)
    assert code == 0
    assert all({"name", "file", "shows", "pattern"} <= row.keys() for row in rows)
    assert rows[0]["needs_larger_model"] is False


def test_check_says_advice_after_the_problems_and_ends_as_before(flows, saved):
    chain = shape("in > a > b; c", b={"prompt": "Name three risks of {{ input }}."})
    code, out, _ = flows("check", saved(chain))
    warned, advised = out.splitlines()
    assert code == 0
    assert warned.startswith('warning: "c" is not linked')
    assert advised.startswith('advice: "b" waits for "a" and never uses its output.')


def test_check_advises_on_the_limit_of_the_connection(flows, saved, environ):
    file = Path(environ["FANFOLD_HOME"]) / "connections.toml"
    file.write_text(f"{file.read_text()}max_concurrency = 3\n")
    mapped = {"model": "test", "for_each": {"items": "{{ input }}"}}
    _, out, _ = flows("check", saved(shape("in > a", a=mapped)))
    (advised,) = [line for line in out.splitlines() if line.startswith("advice")]
    assert "Set max_concurrency of its for_each to 3." in advised


def test_the_schema_is_json_schema(flows):
    code, out, _ = flows("schema")
    assert (code, json.loads(out)["title"]) == (0, "Fanfold flow")


def test_check_plan_and_schema_never_import_the_sdk(environ, saved):
    file = saved(shape("in > a"))
    probe = (
        "import sys; from flows.cli.main import main; "
        f"[main(words) for words in (['check', {file!r}], ['plan', {file!r}], ['schema'])]; "
        "sys.exit('agents' in sys.modules or 'openai' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, env=environ, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_a_model_that_no_node_would_ask_is_said_to_change_nothing(flows, saved):
    flow = shape("in > a", a={"model": "test/own"})
    code, _, err = flows("run", saved(flow), "--model", "test")
    assert code == 0
    assert "--model changes nothing here: it replaces the default model" in err
