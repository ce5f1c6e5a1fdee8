"""Schema: the classes of a program as the JSON Schemas their agents answer with."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pydantic import JsonValue

from flows.share.python_code.docstrings import is_usual
from flows.share.python_import.machine import Machine
from flows.share.python_import.values import ClassOf, Known

_Schema = dict[str, JsonValue]
_PLAIN: dict[str, _Schema] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "Any": {},
    "dict": {"type": "object"},
    "list": {"type": "array"},
    "date": {"type": "string"},
    "datetime": {"type": "string"},
}
_LIMITS = {
    "min_length": ("minLength", "minItems"),
    "max_length": ("maxLength", "maxItems"),
    "pattern": ("pattern", "pattern"),
    "ge": ("minimum", "minimum"),
    "le": ("maximum", "maximum"),
    "gt": ("exclusiveMinimum", "exclusiveMinimum"),
    "lt": ("exclusiveMaximum", "exclusiveMaximum"),
    "multiple_of": ("multipleOf", "multipleOf"),
}
_DEEPEST = 8


def schema_of(machine: Machine, tree: ast.expr) -> _Schema:
    """Return the JSON Schema of a type; what cannot be said of it is remarked.

    The SDK has every field answered, but where it is told not to be strict.
    """
    return _Types(machine, is_strict=not _is_lenient(tree)).of(tree)


def _is_lenient(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Call) and any(
        option.arg == "strict_json_schema"
        and isinstance(option.value, ast.Constant)
        and option.value.value is False
        for option in tree.keywords
    )


class _Types:
    def __init__(self, machine: Machine, *, is_strict: bool) -> None:
        self._machine, self._depth, self._is_strict = machine, 0, is_strict

    def of(self, tree: ast.expr) -> _Schema:
        """Return the schema of an annotation."""
        match tree:
            case ast.Constant(value=None):
                return {"type": "null"}
            case ast.Constant(value=str() as said):
                return self._quoted(said, tree)
            case ast.BinOp(op=ast.BitOr()):
                return self._union([*_options(tree)])
            case ast.Subscript(value=owner, slice=inside):
                return self._generic(ast.unparse(owner).rpartition(".")[2], inside, tree)
            case ast.Call(args=[first, *_]):  # AgentOutputSchema(Plan, ...)
                return self.of(first)
            case _:
                return self._named(tree)

    def _quoted(self, said: str, tree: ast.expr) -> _Schema:
        try:
            return self.of(ast.copy_location(ast.parse(said, mode="eval").body, tree))
        except SyntaxError:
            return {}

    def _named(self, tree: ast.expr) -> _Schema:
        name = ast.unparse(tree).rpartition(".")[2]
        found = self._machine.scope.find(name)
        if isinstance(found, ClassOf):
            return self._class(found.tree)
        if name in _PLAIN:
            return dict(_PLAIN[name])
        alias = self._machine.aliases.get(name)
        if alias is not None and self._depth < _DEEPEST:
            return self.of(alias)
        self._machine.draft.remark(
            tree.lineno, f"`{name}` is no type that is known here; any JSON fits instead."
        )
        return {}

    def _generic(self, owner: str, inside: ast.expr, tree: ast.expr) -> _Schema:
        args = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        match owner.lower():
            case "list" | "sequence" | "set" | "tuple":
                return {"type": "array", "items": self.of(args[0])}
            case "optional":
                return self._union([*args, ast.Constant(None)])
            case "union":
                return self._union(args)
            case "literal":
                return _literal(args)
            case "annotated":
                return self._annotated(args)
            case "dict" | "mapping":
                return {"type": "object"}
            case _:
                return self._named(tree.value if isinstance(tree, ast.Subscript) else tree)

    def _annotated(self, args: list[ast.expr]) -> _Schema:
        schema = self.of(args[0])
        for each in args[1:]:
            if isinstance(each, ast.Call):
                schema |= _said(each, schema)
        return schema

    def _union(self, options: list[ast.expr]) -> _Schema:
        kinds: list[JsonValue] = []
        for each in map(self.of, options):
            inner = each.get("anyOf")
            flat = inner if isinstance(inner, list) and len(each) == 1 else [each]
            kinds += [kind for kind in flat if kind not in kinds]
        return {"anyOf": kinds}

    def _class(self, tree: ast.ClassDef) -> _Schema:
        if self._depth >= _DEEPEST:
            return {}
        self._depth += 1
        schema = self._enum(tree) if _is_enum(tree) else self._object(tree)
        self._depth -= 1
        return schema

    def _enum(self, tree: ast.ClassDef) -> _Schema:
        values: list[JsonValue] = [
            each.value.value
            for each in tree.body
            if isinstance(each, ast.Assign)
            and isinstance(each.value, ast.Constant)
            and isinstance(each.value.value, str)
        ]
        return {"type": "string", "enum": values}

    def _object(self, tree: ast.ClassDef) -> _Schema:
        properties: _Schema = {}
        needed: list[JsonValue] = []
        for base in tree.bases:
            found = self._machine.scope.find(ast.unparse(base))
            if isinstance(found, ClassOf) and found.tree is not tree:
                inherited = self._class(found.tree)
                properties |= _as_schema(inherited.get("properties"))
                more = inherited.get("required")
                needed += more if isinstance(more, list) else []
        for name, field, said in _fields(tree):
            schema = self.of(field.annotation)
            call = field.value if isinstance(field.value, ast.Call) else None
            limits = {} if call is None else _said(call, schema)
            alias = limits.pop("alias", name)
            schema |= limits
            if said and "description" not in schema:
                schema["description"] = said
            default = _default(field.value)
            if default is not None:
                schema["default"] = default
            properties[str(alias)] = schema
            if self._is_strict or _is_needed(field.value):
                needed.append(str(alias))
        schema = {"type": "object", "title": tree.name, "properties": properties}
        schema["required"] = list(dict.fromkeys(map(str, needed)))
        if _forbids(tree):
            schema["additionalProperties"] = False
        return schema | _described(tree)


def _as_schema(value: JsonValue) -> _Schema:
    return value if isinstance(value, dict) else {}


def _options(tree: ast.expr) -> Iterator[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        yield from _options(tree.left)
        yield from _options(tree.right)
    else:
        yield tree


def _literal(args: list[ast.expr]) -> _Schema:
    values: list[JsonValue] = [
        each.value
        for each in args
        if isinstance(each, ast.Constant) and isinstance(each.value, str | int | bool)
    ]
    return {"enum": values} | (
        {"type": "string"} if all(isinstance(v, str) for v in values) else {}
    )


def _said(call: ast.Call, schema: _Schema) -> _Schema:
    """Return what a `Field(...)` says of a value."""
    said: _Schema = {}
    for option in call.keywords:
        value = option.value
        if isinstance(value, ast.UnaryOp) and isinstance(value.operand, ast.Constant):
            number = value.operand.value
            value = ast.Constant(-number if isinstance(number, int | float) else number)
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str | int | float):
            continue
        if option.arg in _LIMITS:
            of_text, of_list = _LIMITS[option.arg]
            said[of_list if schema.get("type") == "array" else of_text] = value.value
        elif option.arg in {"description", "alias"}:
            said[option.arg] = value.value
    return said


def _fields(tree: ast.ClassDef) -> Iterator[tuple[str, ast.AnnAssign, str]]:
    """Yield the fields of a class, each with the text that stands under it."""
    for number, each in enumerate(tree.body):
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            below = tree.body[number + 1] if number + 1 < len(tree.body) else None
            said = ""
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                said = " ".join(str(below.value.value).split())
            yield each.target.id, each, said


def _described(tree: ast.ClassDef) -> _Schema:
    said = " ".join((ast.get_docstring(tree) or "").split())
    return {"description": said} if said and not is_usual(said) else {}


def _default(value: ast.expr | None) -> JsonValue:
    """Return a field's default, None where it has none or none that JSON can say."""
    if isinstance(value, ast.Call):
        options = {option.arg: option.value for option in value.keywords}
        if ast.unparse(options.get("default_factory", ast.Constant(0))) == "list":
            return []
        value = options.get("default") or (value.args[0] if value.args else None)
    match value:
        case ast.List(elts=[]):
            return []
        case ast.Constant(value=str() | bool() | int() | float() as said):
            return said
        case _:
            return None


def _is_needed(value: ast.expr | None) -> bool:
    """Say whether a field has no default."""
    if value is None:
        return True
    if not isinstance(value, ast.Call):
        return False
    names = {option.arg for option in value.keywords}
    first = value.args[0] if value.args else None
    dots = isinstance(first, ast.Constant) and first.value is ...
    return (first is None or dots) and not names & {"default", "default_factory"}


def _is_enum(tree: ast.ClassDef) -> bool:
    return any("Enum" in ast.unparse(base) for base in tree.bases)


def _forbids(tree: ast.ClassDef) -> bool:
    return any(
        isinstance(each, ast.Assign) and 'extra="forbid"' in ast.unparse(each).replace("'", '"')
        for each in tree.body
    )


__all__ = ["Known", "schema_of"]
