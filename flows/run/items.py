"""Item: what a for_each goes over: a JSON list, a list in the flow, or lines of text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from flows.document.model import AgentNode
from flows.document.placeholders import Values, as_text, render, sole_placeholder, value_of
from flows.document.policy import ForEach
from flows.errors import NodeError, TemplateError
from flows.plan.wording import titled
from flows.trace.events import Json

_BULLET = re.compile(r"^\s*(?:[-*+•◦▪‣–—]|\(?\d{1,5}[.)])(?:\s+|$)")
_FENCED = re.compile(r"^\s*```\w*\n(.*)\n\s*```\s*$", re.DOTALL)


def items_of(node: AgentNode, each: ForEach, values: Values) -> Sequence[Json]:
    """Return the items, in order. Raises NodeError when there is no list, or too long a one."""
    items = each.items if not isinstance(each.items, str) else _read(node, each.items, values)
    if len(items) > each.max_items:
        raise NodeError(
            f"{titled(node)} has {len(items):,} items, and its max_items is {each.max_items:,}. "
            "Raise max_items, or give it a shorter list."
        )
    return items


def items_from(text: str) -> Sequence[Json]:
    """Read a text: a JSON list, fenced or not, or else its lines without bullets and numbers.

    Raises ValueError when it is a JSON object.
    """
    fenced = _FENCED.match(text)
    plain = fenced[1] if fenced else text
    try:
        value = json.loads(plain)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        raise ValueError(_fields(value))  # noqa: TRY004 - the text is of the right type, its value is not
    lines = (_BULLET.sub("", line).strip() for line in plain.splitlines())
    return [line for line in lines if line]


def _read(node: AgentNode, template: str, values: Values) -> Sequence[Json]:
    try:
        sole = sole_placeholder(template)
        value = render(template, values) if sole is None else value_of(sole, values)
    except TemplateError as error:
        message = f"The items of {titled(node)} cannot be found: {error} Correct its for_each."
        raise NodeError(message) from error
    try:
        return _listed(value)
    except ValueError as error:
        raise NodeError(
            f"{titled(node)} needs a list or lines of text to go over, and was given {error}. "
            "Name the list in its for_each."
        ) from error


def _listed(value: Json) -> Sequence[Json]:
    match value:
        case list():
            return value
        case None:
            return []
        case str():
            return items_from(value)
        case dict():
            raise ValueError(_fields(value))
        case _:
            raise ValueError(as_text(value))


def _fields(value: dict[str, Json]) -> str:
    known = ", ".join(f'"{key}"' for key in list(value)[:8]) or "none"
    return f"a JSON object (its fields: {known})"
