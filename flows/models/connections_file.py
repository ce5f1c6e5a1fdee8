"""ConnectionEntry: one table of `connections.toml`, and every mistake in the file as a sentence."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

EMBEDDED_NAME = "local"
_EMBEDDED_FIELDS = frozenset({"max_concurrency", "requests_per_minute", "timeout_s"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_HOLDS_A_KEY = frozenset({"api_key", "apikey", "key", "token", "secret", "password"})
_NO_KEYS = "the key itself does not belong in this file"
_REMEDIES = MappingProxyType(
    {
        "base_url": 'write a plain web address, such as base_url = "https://example.com/v1"',
        "key_env": f'name the variable, as in key_env = "EXAMPLE_API_KEY"; {_NO_KEYS}',
        "api": 'write api = "chat_completions" or api = "responses"',
        "default_model": 'write a model\'s name, such as default_model = "some-model"',
        "max_concurrency": "write a whole number from 1 on",
        "requests_per_minute": "write a whole number from 1 on",
        "timeout_s": "write a number of seconds above 0",
    }
)


def _plain_web_address(value: str) -> str:
    parts = urlsplit(value)
    port = parts.port  # raises ValueError where it is no port, as the lines below do
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError("not a web address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("a place where keys could hide")
    return value.rstrip("/")


class ConnectionEntry(BaseModel):
    """What the file says about one connection; None where it is silent."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    base_url: Annotated[str, AfterValidator(_plain_web_address)] | None = None
    key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    api: Literal["chat_completions", "responses"] | None = None
    default_model: Annotated[str, Field(pattern=r"^\S+$")] | None = None
    max_concurrency: Annotated[int, Field(ge=1)] | None = None
    requests_per_minute: Annotated[int, Field(ge=1)] | None = None
    timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


@dataclass(frozen=True, slots=True)
class ConnectionsFile:
    """What the file says: entries by name, and which connection is the default, if it says so."""

    entries: Mapping[str, ConnectionEntry]
    default: str | None = None


NO_FILE = ConnectionsFile({})


def read_connections_file(
    path: Path, *, built_in: frozenset[str]
) -> tuple[ConnectionsFile, list[str]]:
    """Return what the file says and the mistakes, a sentence each; no file says nothing."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return NO_FILE, []
    except OSError as error:
        return NO_FILE, [f"{path} cannot be read ({error.strerror}): mend that, or remove it."]
    except UnicodeDecodeError:
        return NO_FILE, [f"{path} is not UTF-8 text: save it as UTF-8."]
    except tomllib.TOMLDecodeError as error:
        return NO_FILE, [f"{path} is not TOML: {error}. Mend that line."]
    default = tables.pop("default", None)
    found = [*_find_mistakes(tables, built_in=built_in), *_judge_default(default, tables, built_in)]
    if found:
        return NO_FILE, [f"{path}, {each}" for each in found]
    entries = {name: ConnectionEntry.model_validate(table) for name, table in tables.items()}
    return ConnectionsFile(entries, default), []


def _judge_default(
    default: object, tables: Mapping[str, object], built_in: frozenset[str]
) -> Iterator[str]:
    known = sorted({*tables, *built_in})
    if default is not None and default not in known:
        names = ", ".join(known)
        yield f'default: it names no connection; write one of {names}, such as default = "openai".'


def _find_mistakes(tables: Mapping[str, object], *, built_in: frozenset[str]) -> Iterator[str]:
    for name, table in tables.items():
        if not isinstance(table, dict):
            yield f"{name}: a connection is a table; write [{name}] and its fields on lines below."
            continue
        if not _NAME.fullmatch(name):
            yield f"[{name}]: a name starts with a letter and has only letters, digits, - _ ."
        yield from (f"[{name}] {found}" for found in _find_mistakes_of(name, table))
        if name not in built_in and "base_url" not in table:
            yield f"[{name}]: base_url is missing; {_REMEDIES['base_url']}."


def _find_mistakes_of(name: str, table: Mapping[str, object]) -> Iterator[str]:
    told = sorted(set(table) - _EMBEDDED_FIELDS) if name == EMBEDDED_NAME else []
    if told:
        yield (
            f"{', '.join(told)}: this name belongs to the embedded model, which has only "
            f"{', '.join(sorted(_EMBEDDED_FIELDS))} to set; give your connection another name."
        )
        return
    try:
        ConnectionEntry.model_validate(table)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            field = str(found["loc"][0])
            remedy = _REMEDIES.get(field)
            yield f"{field}: {f'this does not fit; {remedy}.' if remedy else _unknown(field)}"


def _unknown(field: str) -> str:
    if field.lower() in _HOLDS_A_KEY:
        return f"{_NO_KEYS}; put it in an environment variable and name that with key_env."
    close = difflib.get_close_matches(field, _REMEDIES, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"there is no such field.{meant} There are: {', '.join(_REMEDIES)}."
