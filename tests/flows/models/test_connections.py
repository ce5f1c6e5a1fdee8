"""Connections: what stands without a file, what a file adds, and every mistake in it."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path

import pytest
from agents.models import get_default_model

from flows.errors import ConnectionsError
from flows.models.connections import (
    Connection,
    Connections,
    ConnectionStatus,
    ModelChoice,
    load_connections,
    status,
)

LOCAL = Connection(
    name="local",
    base_url=None,
    key_env=None,
    api="chat_completions",
    default_model="smollm2-135m-instruct",
    max_concurrency=None,
    requests_per_minute=None,
    timeout_s=120,
)
OPENAI = Connection(
    name="openai",
    base_url="https://api.openai.com/v1",
    key_env="OPENAI_API_KEY",
    api="responses",
    default_model="gpt-5.6-luna",
    max_concurrency=None,
    requests_per_minute=None,
    timeout_s=120,
)
KEY = {"OPENAI_API_KEY": "sk-secret"}


def loaded(home: Path, toml: str = "", environ: Mapping[str, str] = {}) -> Connections:
    if toml:
        (home / "connections.toml").write_text(toml, encoding="utf-8")
    return load_connections(home, environ)


def mistakes(home: Path, toml: str) -> list[str]:
    with pytest.raises(ConnectionsError) as refused:
        loaded(home, toml)
    return [line.removeprefix(str(home)) for line in str(refused.value).splitlines()]


def refusal(connections: Connections, model: str) -> str:
    with pytest.raises(ConnectionsError) as refused:
        connections.resolve(model)
    return str(refused.value)


def test_local_and_openai_are_there_without_a_file(tmp_path: Path) -> None:
    assert loaded(tmp_path).all == (LOCAL, OPENAI)


def test_the_default_model_is_the_sdks_own(tmp_path: Path) -> None:
    assert loaded(tmp_path).get("openai").default_model == get_default_model()


def test_the_default_is_openai_exactly_while_its_key_is_set(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    connections = loaded(tmp_path, environ=environ)
    assert connections.default() == LOCAL
    environ["OPENAI_API_KEY"] = "sk-1"
    assert connections.default() == OPENAI
    environ["OPENAI_API_KEY"] = "  "
    assert connections.default() == LOCAL


def test_another_openai_address_speaks_chat_completions(tmp_path: Path) -> None:
    here = {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1", "OPENAI_DEFAULT_MODEL": "Llama"}
    found = loaded(tmp_path, environ=here).get("openai")
    told = (found.base_url, found.api, found.default_model, found.is_official_openai)
    assert told == ("http://127.0.0.1:8000/v1", "chat_completions", "llama", False)
    europe = {"OPENAI_BASE_URL": "https://eu.api.openai.com/v1"}
    assert loaded(tmp_path, environ=europe).get("openai").api == "responses"
    lookalike = {"OPENAI_BASE_URL": "https://api.openai.com.example.org/v1"}
    assert not loaded(tmp_path, environ=lookalike).get("openai").is_official_openai


def test_a_file_adds_connections_and_changes_those_there_are(tmp_path: Path) -> None:
    toml = """
        [lab]
        base_url = "http://127.0.0.1:8000/v1/"
        key_env = "LAB_KEY"
        api = "responses"
        default_model = "qwen/qwen3"
        max_concurrency = 4
        requests_per_minute = 60
        timeout_s = 30
        [openai]
        default_model = "gpt-4.1"
        [local]
        max_concurrency = 2
    """
    lab = Connection(
        "lab", "http://127.0.0.1:8000/v1", "LAB_KEY", "responses", "qwen/qwen3", 4, 60, 30
    )
    local = Connection("local", None, None, "chat_completions", LOCAL.default_model, 2, None, 120)
    openai = Connection(
        "openai", OPENAI.base_url, "OPENAI_API_KEY", "responses", "gpt-4.1", None, None, 120
    )
    assert loaded(tmp_path, toml).all == (local, openai, lab)


def test_a_connection_needs_no_more_than_its_address(tmp_path: Path) -> None:
    connections = loaded(tmp_path, '[lab]\nbase_url = "http://127.0.0.1:8000/v1"')
    bare = Connection(
        "lab", "http://127.0.0.1:8000/v1", None, "chat_completions", None, None, None, 120
    )
    assert connections.get("lab") == bare
    assert "has no default model" in refusal(connections, "lab")


def test_a_models_name_splits_at_the_first_slash(tmp_path: Path) -> None:
    connections = loaded(tmp_path, '[lab]\nbase_url = "http://127.0.0.1:8000/v1"', KEY)
    lab = connections.get("lab")
    assert connections.resolve("lab/org/model") == ModelChoice(lab, "org/model")
    assert str(connections.resolve("lab/org/model")) == "lab/org/model"
    assert connections.resolve("openai") == ModelChoice(OPENAI, "gpt-5.6-luna")
    assert connections.resolve(None) == ModelChoice(OPENAI, "gpt-5.6-luna")


@pytest.mark.parametrize(
    "model, sentence",
    [
        (
            "gpt-4.1",
            (
                'The model "gpt-4.1" names no connection. Write it as connection/model, such as '
                '"openai/gpt-4.1"; the connections are: local, openai.'
            ),
        ),
        (
            "opnai/gpt-4.1",
            (
                'There is no connection "opnai". Did you mean "openai"? There are: local, openai. '
                "Others are added in connections.toml."
            ),
        ),
        (
            "local/llama-70b",
            (
                'The connection "local" has one model only, not "llama-70b". '
                'Write "local/smollm2-135m-instruct".'
            ),
        ),
    ],
)
def test_a_model_nobody_has_is_refused_with_the_remedy(
    tmp_path: Path, model: str, sentence: str
) -> None:
    assert refusal(loaded(tmp_path), model) == sentence


def test_every_mistake_in_the_file_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    toml = """
        standard = "lab"
        [lab]
        api = "chat"
        api_key = "sk-very-secret-1"
        key_env = "sk-very-secret-2"
        timeout = 30
        max_concurrency = 0
        timeout_s = "long"
        ["a b"]
        base_url = "ftp://example.com"
        [two]
        base_url = "https://user:sk-very-secret-3@example.com/v1"
        default_model = ""
        [local]
        base_url = "http://127.0.0.1:8000/v1"
    """
    fields = (
        "base_url, key_env, api, default_model, max_concurrency, requests_per_minute, timeout_s"
    )
    address = 'write a plain web address, such as base_url = "https://example.com/v1".'
    expected = [
        "standard: a connection is a table; write [standard] and its fields on lines below.",
        (
            "[lab] key_env: this does not fit; name the variable, as in key_env = "
            '"EXAMPLE_API_KEY"; the key itself does not belong in this file.'
        ),
        '[lab] api: this does not fit; write api = "chat_completions" or api = "responses".',
        "[lab] max_concurrency: this does not fit; write a whole number from 1 on.",
        "[lab] timeout_s: this does not fit; write a number of seconds above 0.",
        (
            "[lab] api_key: the key itself does not belong in this file; put it in "
            "an environment variable and name that with key_env."
        ),
        f"[lab] timeout: there is no such field. Did you mean timeout_s? There are: {fields}.",
        f"[lab]: base_url is missing; {address}",
        "[a b]: a name starts with a letter and has only letters, digits, - _ .",
        f"[a b] base_url: this does not fit; {address}",
        f"[two] base_url: this does not fit; {address}",
        (
            "[two] default_model: this does not fit; write a model's name, such as "
            'default_model = "some-model".'
        ),
        (
            "[local] base_url: this name belongs to the embedded model, which has "
            "only max_concurrency, requests_per_minute, timeout_s to set; give your connection "
            "another name."
        ),
    ]
    assert mistakes(tmp_path, toml) == [f"/connections.toml, {told}" for told in expected]


@pytest.mark.parametrize(
    "raw, sentence",
    [
        (b"[lab\n", "is not TOML: Expected ']' at the end of a table declaration (at line 1"),
        (b"\xff\xfe", "is not UTF-8 text: save it as UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, raw: bytes, sentence: str
) -> None:
    (tmp_path / "connections.toml").write_bytes(raw)
    with pytest.raises(ConnectionsError) as refused:
        load_connections(tmp_path, {})
    assert str(refused.value).startswith(f"{tmp_path / 'connections.toml'} {sentence}")


def test_a_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "connections.toml").mkdir()
    with pytest.raises(ConnectionsError, match=r"connections\.toml cannot be read"):
        load_connections(tmp_path, {})


def test_a_missing_key_is_told_with_its_variable() -> None:
    assert status(OPENAI, {}) == ConnectionStatus(
        usable=False,
        sentence='The connection "openai" needs a key: set the environment variable '
        "OPENAI_API_KEY (for another server that speaks OpenAI's API, OPENAI_BASE_URL with its "
        'address too) and start again, or choose another connection such as "local".',
        brief='"openai" has no key: set OPENAI_API_KEY and start again, or choose another model.',
    )
    assert status(OPENAI, KEY).usable


def test_a_model_that_is_not_installed_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = status(LOCAL, {})
    assert not found.usable
    assert "python3 fanfold.py" in found.sentence


def test_no_value_ever_holds_a_key(tmp_path: Path) -> None:
    connections = loaded(tmp_path, environ=KEY)
    assert "sk-secret" not in f"{connections!r} {[astuple(c) for c in connections.all]}"


def test_the_embedded_model_says_what_it_cannot() -> None:
    assert [(c.label, c.can_use_tools) for c in (LOCAL, OPENAI)] == [
        ("demo quality", False),
        ("", True),
    ]


def test_connections_are_read_without_the_sdk() -> None:
    code = (
        "import sys, flows.models.connections as c\n"
        "assert not {'agents', 'openai', 'xllamacpp'} & set(sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_the_file_says_which_connection_is_the_default(tmp_path: Path) -> None:
    tmp_path.joinpath("connections.toml").write_text(
        'default = "lab"\n[lab]\nbase_url = "http://127.0.0.1:8000/v1"\ndefault_model = "m"\n'
    )
    connections = load_connections(tmp_path, {"OPENAI_API_KEY": "sk-test"})
    assert str(connections.resolve(None)) == "lab/m"


def test_a_default_that_names_no_connection_is_told_with_those_there_are(tmp_path: Path) -> None:
    tmp_path.joinpath("connections.toml").write_text('default = "work"\n')
    with pytest.raises(ConnectionsError, match="default: it names no connection") as told:
        load_connections(tmp_path, {})
    assert "local, openai" in str(told.value)
