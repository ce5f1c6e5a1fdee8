"""File: a flow as JSON text, read with every mistake at once and written in one stable form."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from flows.document.model import FORMAT, Flow
from flows.document.problem import Problem
from flows.errors import FlowFileError, FlowsError

MOST_BYTES = 5_000_000
"""A longer file is refused: a flow of 2,000 nodes with long instructions stays far below."""

MOST_NODES = 2_000
MOST_EDGES = 20_000
MOST_LEVELS = 100
"""Deeper lists and objects are refused: no schema or setting of a model comes near."""

_TOO_DEEP = f"The file nests too deeply for a flow, which has at most {MOST_LEVELS} levels."
_FIRST_KEYS = ("fanfold", "id", "type", "name")
_UNION_TAGS = frozenset({"input", "agent", "router", "join", "approval"})


class _NotAFlowError(FlowsError):
    pass


def read_flow(text: str | bytes) -> Flow:
    """Read a flow from JSON. Raises FlowFileError with every problem and its place."""
    try:
        values = _read_json(text)
    except _NotAFlowError as error:
        problem = Problem(code="not_a_flow", severity="error", message=str(error))
        raise FlowFileError([problem]) from error
    return read_values(values)


def read_values(values: Any) -> Flow:
    """Read a flow from JSON values. Raises FlowFileError with every problem and its place."""
    try:
        _check_levels(values)
        _check_kind(values)
        return Flow.model_validate(values)
    except _NotAFlowError as error:
        problem = Problem(code="not_a_flow", severity="error", message=str(error))
        raise FlowFileError([problem]) from error
    except ValidationError as error:
        raise FlowFileError([_problem(each) for each in error.errors()]) from error


def write_flow(flow: Flow) -> str:
    """Write a flow as JSON, always alike: no defaults, two spaces, a newline at the end."""
    return json.dumps(flow_values(flow), ensure_ascii=False, indent=2) + "\n"


def pack_flow(flow: Flow) -> str:
    """Write a flow as JSON in one line: ten times as fast, for machines alone."""
    return json.dumps(flow_values(flow), ensure_ascii=False)


def flow_values(flow: Flow) -> dict[str, Any]:
    """Return the JSON values of a flow as they stand in its file."""
    values = flow.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    ordered: dict[str, Any] = _in_order(values)
    return ordered


def flow_schema() -> dict[str, Any]:
    """Return the JSON Schema of the flow file."""
    schema = Flow.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Fanfold flow"
    return schema


def _read_json(text: str | bytes) -> Any:
    if len(text) > MOST_BYTES:
        raise _NotAFlowError(
            f"The file has {len(text):,} bytes; a flow has at most {MOST_BYTES:,}. Split the flow."
        )
    try:
        words = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        values = json.loads(
            words,
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        json.dumps(values, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise _NotAFlowError(
            f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        ) from error
    except UnicodeEncodeError as error:
        near = str(error.object)[max(0, error.start - 20) : error.start].strip()
        message = f'Behind "{near}" stands half a character (a surrogate without its pair).'
        raise _NotAFlowError(f"{message} Remove it.") from error
    except json.JSONDecodeError as error:
        raise _NotAFlowError(
            f"The file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise _NotAFlowError(_TOO_DEEP) from error
    return values


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NotAFlowError(f'The key "{twice}" stands twice in one object. Keep one of them.')
    return values


def _no_constant(word: str) -> Any:
    raise _NotAFlowError(f"{word} is not JSON. Write a number, or null.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _NotAFlowError(f"The number {digits[:40]} is too large.")
    return number


def _check_levels(values: Any) -> None:
    level = [values]
    for _ in range(MOST_LEVELS):
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise _NotAFlowError(_TOO_DEEP)


def _children(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


def _check_kind(values: Any) -> None:
    if not isinstance(values, dict) or "fanfold" not in values:
        raise _NotAFlowError(
            'This JSON is not a Fanfold flow: a flow is an object with "fanfold": 1, a name, nodes.'
        )
    number = values["fanfold"]
    if isinstance(number, int) and number > FORMAT:
        raise _NotAFlowError(
            f"This flow was made by a newer Fanfold (format {number}; this one reads up to "
            f"{FORMAT}). Update Fanfold to open it."
        )
    for name, most in (("nodes", MOST_NODES), ("edges", MOST_EDGES)):
        count = len(values[name]) if isinstance(values.get(name), list) else 0
        if count > most:
            raise _NotAFlowError(f"The flow has {count:,} {name}; at most {most:,} are read.")


def _problem(error: Any) -> Problem:
    place = _place(error["loc"])
    return Problem(
        code="format", severity="error", message=f"{place}: {_remedy(error)}", place=place
    )


def _place(steps: Sequence[str | int]) -> str:
    """Write `("nodes", 2, "agent", "name")` as `nodes[2].name`; union tags are not in the file."""
    place, last = "", ""
    for step in steps:
        if isinstance(step, int):
            place += f"[{step}]"
        elif not (last.startswith("int") and step in _UNION_TAGS):
            place += f".{step}" if place else step
        last = type(step).__name__
    return place or "the file"


def _remedy(error: Any) -> str:
    match error["type"]:
        case "missing":
            return "is missing. Add it."
        case "extra_forbidden":
            return "is not a field of the format. Remove it, or correct its spelling."
        case "string_pattern_mismatch":
            return (
                "is not an id. Ids start with a small letter; then small letters, digits and _, "
                "64 at most."
            )
        case "union_tag_invalid" | "union_tag_not_found":
            return 'needs a "type": input, agent, router, join or approval.'
        case _:
            return f"{error['msg']}."


def _in_order(value: Any) -> Any:
    match value:
        case dict():
            first = {key: value[key] for key in _FIRST_KEYS if key in value}
            return {key: _in_order(each) for key, each in (first | value).items()}
        case list():
            return [_in_order(each) for each in value]
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case _:
            return value
