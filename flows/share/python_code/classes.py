"""Class: a JSON Schema as types of the program: pydantic classes, lists, literals."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, JsonValue

from flows.document.model import AgentNode, RouterNode
from flows.ids import NodeId
from flows.share.python_code.docstrings import answer_doc
from flows.share.python_code.layout import (
    STEP,
    Arg,
    Call,
    Code,
    call,
    flat_of,
    lines_of,
    text,
)
from flows.share.python_code.names import Names
from flows.share.python_code.owners import own
from flows.share.python_code.refusal import refusal
from flows.share.python_code.values import ANY, TEXT, Class, Kind, ListOf, Plain, limited

_Schema = Mapping[str, JsonValue]

_SAID_ONLY = frozenset({"title", "description", "examples", "default", "$schema", "type"})
_LIMITS: Mapping[str, Mapping[str, str]] = {
    "string": {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"},
    "integer": {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt"}
    | {"exclusiveMaximum": "lt", "multipleOf": "multiple_of"},
    "array": {"minItems": "min_length", "maxItems": "max_length"},
}
_OF_KIND: Mapping[str, frozenset[str]] = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items"}),
}
_LONGEST_CHOICE = 40
_SIMPLE = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}


@dataclass(frozen=True, slots=True)
class OutputType:
    """What an agent answers with. `is_strict`: the SDK's strict mode can ask for it."""

    kind: Kind
    is_strict: bool


class Classes:
    """The classes of one program, written as they are found."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.lines: list[str] = []
        self.imports: set[str] = set()
        self._is_strict = True
        self._owner = NodeId("")

    def output_type(self, node: AgentNode, schema: dict[str, JsonValue]) -> OutputType:
        """Write the type of a schema. Raises NotSayableError where types cannot say it."""
        self._is_strict, self._owner = True, node.id
        kind = self._kind(node, schema, said=f"{node.name} output")
        named = kind.annotation if isinstance(kind, Plain) else ""
        if "|" in named or named.startswith(("Literal[", "Annotated[")) or named == "None":
            raise refusal(node, "answers with a choice of types. Make its output schema an object.")
        if kind == ANY:
            raise refusal(node, "has an output schema without a type. Make it an object.")
        return OutputType(kind, self._is_strict)

    def add_choice(self, router: RouterNode, *, field: str, options: str, doc: str) -> str:
        """Write the class of a router's answer; return its name."""
        self._owner = router.id
        name = self._names.type(f"{router.name or router.id} choice")
        self.imports |= {"BaseModel", "Literal"}
        self._add(name, doc=doc, fields=[f"{STEP}{field}: {options}"], forbids=True)
        return name

    def _kind(self, node: AgentNode, schema: JsonValue, *, said: str) -> Kind:
        if schema is True or schema == {}:
            self._is_strict = False
            return self._any()
        if not isinstance(schema, dict):
            raise refusal(node, "has an output schema that is none. Correct it.")
        if "enum" in schema or "const" in schema:
            return self._literal(node, schema, said)
        if "anyOf" in schema:
            return self._union(node, schema, said)
        kind = schema.get("type")
        if isinstance(kind, list):
            options: list[JsonValue] = [{**schema, "type": each} for each in kind]
            return self._union(node, {"anyOf": options}, said)
        return self._typed(node, schema, kind=str(kind or "object"), said=said)

    def _typed(self, node: AgentNode, schema: _Schema, *, kind: str, said: str) -> Kind:
        limits = _LIMITS.get("integer" if kind == "number" else kind, {})
        unknown = schema.keys() - _SAID_ONLY - limits.keys() - _OF_KIND.get(kind, frozenset())
        if unknown:
            raise refusal(
                node,
                f'has an output schema with "{min(unknown)}", which its Python types cannot say. '
                "Take it out.",
            )
        match kind:
            case "string":
                return TEXT
            case "array":
                item = self._limited(node, schema.get("items", True), said=f"{said} item")
                most = schema.get("maxItems")
                return ListOf(item, most if isinstance(most, int) else None)
            case "object":
                return self._object(node, schema, said)
            case _ if kind in _SIMPLE:
                return Plain(_SIMPLE[kind])
            case _:
                raise refusal(node, f'has an output schema with the type "{kind}". Correct it.')

    def _object(self, node: AgentNode, schema: _Schema, said: str) -> Kind:
        properties = schema.get("properties")
        if not isinstance(properties, dict) or not properties:
            self._is_strict = False
            self.imports.add("Any")
            return Plain("dict[str, Any]")
        extra = schema.get("additionalProperties", True)
        if not isinstance(extra, bool):
            raise refusal(
                node, 'has an output schema with typed "additionalProperties". Make it false.'
            )
        name = self._names.type(str(schema.get("title") or said))
        required = schema.get("required", [])
        needed = required if isinstance(required, list) else []
        fields: dict[str, tuple[str, Kind]] = {}
        lines: list[str] = []
        taken: set[str] = set()
        for key, each in properties.items():
            attribute = _attribute(key, taken)
            kind = self._kind(node, each, said=f"{name} {key}")
            lines += self._field(
                node, each, kind, attribute=attribute, key=key, is_needed=key in needed
            )
            if key not in needed:
                kind = ANY
            fields[key] = attribute, kind
        self.imports.add("BaseModel")
        doc = _told(schema.get("description")) or answer_doc(_quiet(node.name))
        self._add(name, doc=doc, fields=lines, forbids=not extra)
        return Class(name, fields)

    def _field(
        self,
        node: AgentNode,
        schema: JsonValue,
        kind: Kind,
        *,
        attribute: str,
        key: str,
        is_needed: bool,
    ) -> list[str]:
        given = self._limits(node, schema)
        if isinstance(schema, dict) and isinstance(schema.get("description"), str):
            given["description"] = flat_of(text(str(schema["description"])))
        if attribute != key:
            given["alias"] = flat_of(text(key))
        annotation = limited(kind)
        said = _default(schema)
        self._is_strict = self._is_strict and is_needed
        if not is_needed and said is None:
            said = "None"
            annotation = _or_none(annotation)
        if not given:
            return [f"{STEP}{attribute}: {annotation}{'' if said is None else f' = {said}'}"]
        self.imports.add("Field")
        default = {} if said is None else {"default": Code(said)}
        field = call("Field", **default, **{name: Code(said) for name, said in given.items()})
        return lines_of(field, indent=1, before=f"{attribute}: {annotation} = ")

    def _limited(self, node: AgentNode, schema: JsonValue, *, said: str) -> Kind:
        kind = self._kind(node, schema, said=said)
        limits = self._limits(node, schema)
        if not limits:
            return kind
        self.imports |= {"Annotated", "Field"}
        args = ", ".join(f"{name}={value}" for name, value in limits.items())
        said = f"Annotated[{limited(kind)}, Field({args})]"
        if isinstance(kind, Plain):
            return replace(kind, limited=said)
        return Plain(kind.annotation, limited=said)

    def _limits(self, node: AgentNode, schema: JsonValue) -> dict[str, str]:
        if not isinstance(schema, dict):
            return {}
        kind = str(schema.get("type"))
        names = _LIMITS.get("integer" if kind == "number" else kind, {})
        said: dict[str, str] = {}
        for key, name in names.items():
            value = schema.get(key)
            if key in schema:
                said[name] = _limit(node, key, value)
        return said

    def _literal(self, node: AgentNode, schema: _Schema, said: str) -> Kind:
        options = schema.get("enum", [schema.get("const")])
        if not isinstance(options, list) or not options or not all(map(_is_choice, options)):
            raise refusal(node, "has an output schema whose enum is not of texts. Make it texts.")
        self.imports.add("Literal")
        choice = Call("Literal[", tuple(Arg(text(str(each))) for each in options), "]")
        if len(flat_of(choice)) <= _LONGEST_CHOICE:
            return Plain(flat_of(choice), is_text=True)
        name = self._names.type(f"{said} choice")
        self._write(lines_of(choice, indent=0, before=f"{name} = "))
        return Plain(name, is_text=True)

    def _union(self, node: AgentNode, schema: _Schema, said: str) -> Kind:
        options = schema.get("anyOf")
        if not isinstance(options, list) or schema.keys() - _SAID_ONLY - {"anyOf"}:
            raise refusal(
                node, "has an output schema with a choice that types cannot say. Simplify it."
            )
        kinds = [self._limited(node, each, said=said) for each in options]
        plain = " | ".join(dict.fromkeys(each.annotation for each in kinds))
        return Plain(plain, limited=" | ".join(dict.fromkeys(map(limited, kinds))))

    def _any(self) -> Kind:
        self.imports.add("Any")
        return ANY

    def _add(self, name: str, *, doc: str, fields: list[str], forbids: bool) -> None:
        config: list[str] = []
        if forbids:
            self.imports.add("ConfigDict")
            config = ['model_config = ConfigDict(extra="forbid")', ""]
        inner = [f"{STEP}{line}" if line else "" for line in (f'"""{doc}"""', "", *config)]
        self._write([f"class {name}(BaseModel):", *inner, *fields])

    def _write(self, lines: list[str]) -> None:
        self.lines += [*own(lines, (self._owner,)), "", ""]


def _or_none(annotation: str) -> str:
    """Let a type be None, too."""
    parts = annotation.split(" | ")
    return annotation if annotation == "Any" or "None" in parts else f"{annotation} | None"


def _default(schema: JsonValue) -> str | None:
    """Write the default that a schema says, as far as Python has it as a plain value."""
    match schema.get("default") if isinstance(schema, dict) else None:
        case str() as said if len(said) <= _LONGEST_CHOICE:
            return flat_of(text(said))
        case bool() | int() | float() as said:
            return repr(said)
        case []:
            return "[]"
        case _:
            return None


def _told(description: JsonValue) -> str:
    """Return a description that can stand as a docstring in one line."""
    said = description if isinstance(description, str) else ""
    return said if re.fullmatch(r"[^\"\\\n]{1,70}[.!?]", said) else ""


def _limit(node: AgentNode, key: str, value: JsonValue) -> str:
    if key == "pattern":
        said = str(value)
        try:
            re.compile(said)
        except re.error as error:
            raise refusal(
                node, f'has the pattern "{said}" in its output schema, which Python cannot read.'
            ) from error
        if "(?" in said:
            raise refusal(
                node, f'has the pattern "{said}" in its output schema. Write it without "(?".'
            )
        return flat_of(text(said))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refusal(node, f'has "{key}" in its output schema, which is no number. Correct it.')
    return repr(value)


def _is_choice(value: JsonValue) -> bool:
    return isinstance(value, str)


def _attribute(key: str, taken: set[str]) -> str:
    """Make an attribute pydantic accepts; the key stays its alias where they differ."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", key).strip("_")[:28] or "field"
    stem = stem if stem[0].isalpha() else f"field_{stem}"
    if keyword.iskeyword(stem) or hasattr(BaseModel, stem) or stem.startswith("model_"):
        stem += "_"
    number, attribute = 1, stem
    while attribute in taken:
        number += 1
        attribute = f"{stem}_{number}"
    taken.add(attribute)
    return attribute


def _quiet(name: str) -> str:
    """Write a name so that it can stand in a docstring."""
    return re.sub(r"[^\w .,()-]+", " ", name).strip()[:40].strip() or "the agent"
