"""`export`: flows and runs as files for others, and nothing in them that is not theirs."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from flows.cli.export import FLOW_FORMATS, RUN_FORMATS
from flows.cli.main import main
from flows.document.files import read_flow
from flows.trace.events import encode_record
from tests.flows.share.stories import story
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape


@pytest.fixture
def flow_file(saved):
    return saved(shape("in > a b > out"))


@pytest.fixture
def run_file(tmp_path: Path) -> str:
    path = tmp_path / "told.fanfold-run.jsonl"
    path.write_bytes(b"".join(encode_record(record) + b"\n" for record in story()))
    return str(path)


def export(capsys, *words: str) -> tuple[int, str, str]:
    code = main(("export", *words))
    return code, *capsys.readouterr()


def test_a_flow_is_printed_in_every_format(flow_file, capsys):
    texts = {to: export(capsys, flow_file, "--to", to) for to in FLOW_FORMATS}
    assert {code for code, _, _ in texts.values()} == {0}
    assert texts["html"][1].startswith("<!doctype html>")
    assert texts["mermaid"][1].startswith("flowchart LR\n")
    assert ET.fromstring(texts["svg"][1]).tag.endswith("svg")
    assert read_flow(texts["json"][1]) == shape("in > a b > out")


def test_a_run_is_written_to_a_file(run_file, tmp_path, capsys):
    out = tmp_path / "report.md"
    assert export(capsys, run_file, "--to", "markdown", "-o", str(out)) == (0, "", "")
    assert out.read_text("utf-8").startswith("# shape\n")


def test_a_page_of_a_run_plays_it_and_a_picture_shows_its_flow(run_file, capsys):
    assert '"run":{"status":"finished"' in export(capsys, run_file, "--to", "html")[1]
    assert "n_in --> n_a" in export(capsys, run_file, "--to", "mermaid")[1]


def test_contents_can_be_left_out(run_file, capsys):
    for to in {*FLOW_FORMATS, *RUN_FORMATS}:
        code, out, _ = export(capsys, run_file, "--to", to, "--without-contents")
        assert code == 0
        assert "garden" not in out
        assert "fine answer" not in out


def test_a_flow_that_speaks_of_records_is_a_flow(saved, capsys):
    file = saved('{"fanfold": 1, "name": "\\"seq\\" and \\"event\\"", "nodes": []}')
    assert export(capsys, file, "--to", "mermaid") == (0, "flowchart LR\n", "")


def test_a_damaged_run_file_is_answered_with_its_line(tmp_path, capsys):
    file = tmp_path / "told.jsonl"
    file.write_text('{"run": "a"}\n')
    code, _, err = export(capsys, str(file), "--to", "html")
    assert code == 2
    assert err.startswith("Line 1: This is not a record of a run")


@pytest.mark.parametrize(
    "to,words",
    [("markdown", '"markdown" tells a run'), ("html", "nowhere.json")],
)
def test_what_cannot_be_written_is_answered_with_a_sentence(to, words, flow_file, capsys):
    file = flow_file if to == "markdown" else "/nowhere.json"
    code, out, err = export(capsys, file, "--to", to)
    assert (code, out) == (2, "")
    assert words in err


def test_a_folder_that_cannot_be_written_is_named(flow_file, tmp_path, capsys):
    code, _, err = export(capsys, flow_file, "--to", "svg", "-o", str(tmp_path / "no" / "a.svg"))
    assert code == 2
    assert "cannot be written: No such file or directory. Name another file." in err


SECRETS = {
    "OPENAI_API_KEY": "sk-planted-0123456789abcdef",
    "DEMO_KEY": "planted-key-of-a-connection",
    "AWS_SECRET_ACCESS_KEY": "planted/aws/secret",
    "DATABASE_URL": "postgres://user:planted-password@host/db",
}


def test_no_secret_of_the_environment_is_in_any_export(tmp_path, monkeypatch, capsys):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    flow, told = tmp_path / "flow.json", tmp_path / "told.fanfold-run.jsonl"
    flow.write_text(
        json.dumps(
            {
                "fanfold": 1,
                "name": "Secrets",
                "nodes": [
                    {"id": "in", "type": "input", "name": "in", "example": "hello"},
                    {"id": "a", "type": "agent", "name": "a", "model": "demo/good"},
                    {"id": "b", "type": "agent", "name": "b", "model": "demo/bad", "retries": 0},
                ],
                "edges": [{"source": "in", "target": "a"}, {"source": "in", "target": "b"}],
                "run": {"on_failure": "collect"},
            }
        )
    )
    said = f"Wrong key: {SECRETS['DEMO_KEY']}"
    with ModelServer(good=Answer("Fine."), bad=Refuse(401, said)) as server:
        home = tmp_path / "home"
        home.mkdir()
        (home / "connections.toml").write_text(
            f'[demo]\nbase_url = "{server.base_url}"\nkey_env = "DEMO_KEY"\n'
        )
        monkeypatch.setenv("FANFOLD_HOME", str(home))
        assert main(("run", str(flow), "--record", str(told))) == 0
        capsys.readouterr()
    texts = [told.read_text("utf-8")]
    texts += [export(capsys, str(flow), "--to", to)[1] for to in FLOW_FORMATS]
    texts += [export(capsys, str(told), "--to", to)[1] for to in {*FLOW_FORMATS, *RUN_FORMATS}]
    assert all(texts)
    assert [secret for secret in SECRETS.values() for text in texts if secret in text] == []


def test_a_file_that_nests_without_end_is_answered_with_a_sentence(tmp_path, capsys):
    file = tmp_path / "deep.json"
    file.write_text("[" * 100_000)
    assert main(["export", str(file), "--to", "html"]) == 1
    assert capsys.readouterr().err == (
        "error: The file nests too deeply for a flow, which has at most 100 levels.\n"
    )
