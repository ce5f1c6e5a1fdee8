"""Placeholder: a `{{ … }}` in a template. Nothing else is a template; nothing is expanded twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from pydantic import JsonValue

from flows.errors import TemplateError
from flows.ids import NodeId

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_STEP = r"[^\s.{}]+"
_NAME = re.compile(rf"^{_STEP}(?:\.{_STEP})*$")


@dataclass(frozen=True, slots=True)
class InputValue:
    """`{{ input }}` (node is None) or `{{ inputs.ID }}`, with steps into JSON."""

    node: NodeId | None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeOutput:
    """`{{ nodes.ID.output }}`, with steps into JSON."""

    node: NodeId
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parents:
    """`{{ parents }}`: a block for every parent that arrived."""


@dataclass(frozen=True, slots=True)
class Item:
    """`{{ item }}` in a `for_each`, with steps into JSON."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """`{{ index }}` in a `for_each`, from 0."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A placeholder that names nothing; `text` is what stands between the braces."""

    text: str


Placeholder: TypeAlias = InputValue | NodeOutput | Parents | Item | Index | Unknown


@dataclass(frozen=True, slots=True)
class ParentOutput:
    """What one parent gave: its display name and its output."""

    name: str
    output: JsonValue


@dataclass(frozen=True, slots=True)
class Values:
    """What placeholders are filled with. A node missing from `outputs` is empty text."""

    inputs: Mapping[NodeId, JsonValue]
    outputs: Mapping[NodeId, JsonValue] = field(default_factory=dict)
    parents: Sequence[ParentOutput] = ()
    item: JsonValue = None
    index: int | None = None


def parse_template(template: str) -> tuple[str | Placeholder, ...]:
    """Split a template into plain texts and placeholders, in order."""
    return tuple(_pieces(template))


def placeholders(template: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of a template, in order."""
    return tuple(piece for piece in _pieces(template) if not isinstance(piece, str))


def render(template: str, values: Values) -> str:
    """Fill a template. Raises TemplateError when a step leads to nothing."""
    return "".join(
        piece if isinstance(piece, str) else as_text(value_of(piece, values))
        for piece in _pieces(template)
    )


def rename_node(template: str, old: NodeId, new: NodeId) -> str:
    """Let the placeholders that name a node name it by another id; all else stays as written."""

    def renamed(match: re.Match[str]) -> str:
        match _read(match[1].strip()):
            case InputValue(node=node) | NodeOutput(node=node) if node == old:
                return match[0].replace(f".{old}", f".{new}", 1)
            case _:
                return match[0]

    return _PLACEHOLDER.sub(renamed, template)


def sole_placeholder(template: str) -> Placeholder | None:
    """Return the placeholder when the template is that one and nothing else, else None."""
    pieces = [piece for piece in _pieces(template.strip()) if piece != ""]
    match pieces:
        case [str()] | []:
            return None
        case [only] if not isinstance(only, str):
            return only
        case _:
            return None


def value_of(placeholder: Placeholder, values: Values) -> JsonValue:
    """Return the JSON value a placeholder stands for. Raises TemplateError when there is none."""
    match placeholder:
        case InputValue(node=node, path=path):
            return _step_into(_input(node, values), path, said=_said_input(node))
        case NodeOutput(node=node, path=path):
            if node not in values.outputs:
                return ""
            return _step_into(values.outputs[node], path, said=f"nodes.{node}.output")
        case Parents():
            return blocks(values.parents)
        case Item(path=path):
            return _step_into(values.item, path, said="item")
        case Index():
            return values.index
        case Unknown(text=text):
            raise TemplateError(f"The placeholder {{{{ {text} }}}} names nothing.")
        case _:
            assert_never(placeholder)


def default_message(values: Values) -> str:
    """Return what an empty prompt means: the parent's output, blocks of several, or the input."""
    match values.parents:
        case []:
            return _inputs_as_text(values)
        case [only]:
            return as_text(only.output)
        case several:
            return blocks(several)


def blocks(parents: Sequence[ParentOutput]) -> str:
    """Write a block `## Name` + output for every parent, in the order given."""
    return "\n\n".join(f"## {parent.name}\n{as_text(parent.output)}" for parent in parents)


def as_text(value: JsonValue) -> str:
    """Write a value as a template prints it: text as it is, null as nothing, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pieces(template: str) -> Iterator[str | Placeholder]:
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        if match.start() > end:
            yield template[end : match.start()]
        yield _read(match[1].strip())
        end = match.end()
    if end < len(template):
        yield template[end:]


def _read(text: str) -> Placeholder:
    if not _NAME.match(text):
        return Unknown(text)
    match text.split("."):
        case ["input", *path]:
            return InputValue(None, tuple(path))
        case ["inputs", node, *path]:
            return InputValue(NodeId(node), tuple(path))
        case ["nodes", node, "output", *path]:
            return NodeOutput(NodeId(node), tuple(path))
        case ["parents"]:
            return Parents()
        case ["item", *path]:
            return Item(tuple(path))
        case ["index"]:
            return Index()
        case _:
            return Unknown(text)


def _input(node: NodeId | None, values: Values) -> JsonValue:
    if node is not None:
        return values.inputs.get(node, "")
    return next(iter(values.inputs.values()), "")


def _inputs_as_text(values: Values) -> str:
    match list(values.inputs.items()):
        case [(_, only)]:
            return as_text(only)
        case several:
            return blocks([ParentOutput(node, value) for node, value in several])


def _said_input(node: NodeId | None) -> str:
    return "input" if node is None else f"inputs.{node}"


def _step_into(value: JsonValue, path: tuple[str, ...], *, said: str) -> JsonValue:
    for step in path:
        value = _one_step(_parsed(value), step, said=said)
        said = f"{said}.{step}"
    return value


def _parsed(value: JsonValue) -> JsonValue:
    """A model's answer is text even where it is JSON: steps look into it."""
    if not isinstance(value, str):
        return value
    try:
        parsed: JsonValue = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return parsed


def _one_step(value: JsonValue, step: str, *, said: str) -> JsonValue:
    match value:
        case dict() if step in value:
            return value[step]
        case list() if step.isdecimal() and int(step) < len(value):
            return value[int(step)]
        case dict():
            known = ", ".join(f'"{key}"' for key in list(value)[:8]) or "none"
            raise TemplateError(f'"{said}" has no field "{step}". Its fields: {known}.')
        case list():
            raise TemplateError(f'"{said}" is a list of {len(value)}; it has no place "{step}".')
        case _:
            raise TemplateError(f'"{said}" is not JSON with fields, so ".{step}" leads nowhere.')
