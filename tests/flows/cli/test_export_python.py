"""`export --to python`: a flow as a program; keys stay where they are."""

import pytest

from flows.cli.export import FLOW_FORMATS
from flows.cli.main import main
from flows.document.files import read_flow
from flows.share.python_code import python_code
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.shapes import shape


def test_python_goes_to_stdout(saved, capsys):
    flow = shape("in > a b > c")
    assert main(["export", saved(flow), "--to", "python"]) == 0
    assert capsys.readouterr().out == python_code(flow, NO_CONNECTIONS)


def test_json_is_the_flow_again(saved, capsys):
    flow = shape("in > a b > c")
    assert main(["export", saved(flow), "--to", "json"]) == 0
    assert read_flow(capsys.readouterr().out) == flow


@pytest.mark.parametrize("form", ["python", "json"])
def test_a_file_gets_what_stdout_would_have(form, saved, tmp_path, capsys):
    path = saved(shape("in > a"))
    main(["export", path, "--to", form])
    assert main(["export", path, "--to", form, "-o", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out").read_bytes().decode() == capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_a_sentence(saved, tmp_path, capsys):
    out = tmp_path / "missing" / "out.py"
    assert main(["export", saved(shape("in > a")), "--to", "python", "-o", str(out)]) == 2
    assert "cannot be written: No such file or directory." in capsys.readouterr().err


def test_a_flow_with_errors_is_not_exported(saved, capsys):
    assert main(["export", saved(shape("a > b > a")), "--to", "python"]) == 1
    assert "The data edges loop" in capsys.readouterr().err


def test_a_connection_is_written_with_the_name_of_its_keys_variable(
    saved, environ, server, capsys, monkeypatch
):
    monkeypatch.setenv("TEAM_KEY", "a-secret")
    home = environ["FANFOLD_HOME"]
    with open(f"{home}/connections.toml", "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write('[team]\nbase_url = "https://team.example/v1"\nkey_env = "TEAM_KEY"\n')
    main(["export", saved(shape("in > a", a={"model": "team/large"})), "--to", "python"])
    written = capsys.readouterr().out
    assert (
        'base_url="https://team.example/v1",\n    api_key=os.environ.get("TEAM_KEY", "none"),'
        in written
    )
    assert 'model=OpenAIChatCompletionsModel("large", TEAM),' in written
    assert "a-secret" not in written


def test_every_form_is_offered(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    said = capsys.readouterr().out
    assert all(form in said for form in FLOW_FORMATS)
