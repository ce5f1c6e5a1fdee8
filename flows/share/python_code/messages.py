"""Message: what an agent or a join is given: placeholders as f-strings and calls of helpers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import assert_never

from flows.document.placeholders import (
    Index,
    InputValue,
    Item,
    NodeOutput,
    Parents,
    Placeholder,
    Unknown,
    parse_template,
    sole_placeholder,
)
from flows.ids import NodeId
from flows.plan.plan import Step
from flows.share.python_code.layout import Arg, Call, Code, Expr, Text, flat_of, text
from flows.share.python_code.scope import Scope
from flows.share.python_code.statements import Say, Statement
from flows.share.python_code.values import ANY, TEXT, Class, ListOf, Plain, Value, is_text
from flows.share.python_code.ways import exclude

_WIDEST = 48
"""How many letters what is not laid out on several lines may have."""


@dataclass(slots=True)
class Message:
    """An expression, and the statements it needs before it. `can_fail`: a path may lead nowhere."""

    expr: Expr = field(default_factory=lambda: text(""))
    before: list[Statement] = field(default_factory=list)
    can_fail: bool = False


class Messages:
    """Writes the messages of one step. `item`: what its for_each goes over, inside of it."""

    def __init__(self, scope: Scope, step: Step, *, item: Value | None = None) -> None:
        self._scope, self._step, self._item = scope, step, item
        self._said = Message()

    def of_step(self) -> Message:
        """Write the step's message: its prompt, or what an empty one means."""
        if self._step.prompt:
            return self.of_template(self._step.prompt)
        if self._item is not None:
            self._said.expr = self._text(self._item)
            return self._said
        self._said.expr = self._default()
        return self._said

    def of_template(self, template: str) -> Message:
        """Write a filled template."""
        sole = sole_placeholder(template)
        if sole is not None and template.strip() == template:
            self._said.expr = self._whole(sole)
            return self._said
        parts: list[str | Code] = []
        for piece in parse_template(template):
            parts += [piece] if isinstance(piece, str) else self._parts(piece)
        self._said.expr = Text(tuple(parts))
        return self._said

    def value(self, placeholder: Placeholder) -> Value:
        """Return what a placeholder stands for, statements before it noted."""
        match placeholder:
            case InputValue(node=node, path=path):
                return self._stepped(self._input(node), path)
            case NodeOutput(node=node, path=path):
                return self._stepped(self._output(node), path)
            case Item(path=path):
                assert self._item is not None
                return self._stepped(self._item, path)
            case Index():
                return Value("index", ANY)
            case Parents():
                return self._named("parents", self._blocks("blocks"))
            case Unknown(text=said):
                raise AssertionError(said)  # a flow without errors has none
            case _:
                assert_never(placeholder)

    @property
    def said(self) -> Message:
        """What was noted so far."""
        return self._said

    def _output(self, node: NodeId) -> Value:
        return self._scope.output(node)

    def _input(self, node: NodeId | None) -> Value:
        inputs = self._scope.plan.flow.inputs
        if not inputs:
            return Value('""')
        return self._scope.given[inputs[0].id if node is None else node]

    def _whole(self, sole: Placeholder) -> Expr:
        match sole:
            case Parents():
                return self._blocks("blocks")
            case Index():
                return Code("str(index)")
            case _:
                return self._text(self.value(sole))

    def _parts(self, placeholder: Placeholder) -> list[str | Code]:
        if isinstance(placeholder, Parents):
            inline = self._inline_blocks()
            if inline is not None:
                return inline
        if isinstance(placeholder, Index):
            return [Code("index")]
        return [self._in_braces(self.value(placeholder))]

    def _in_braces(self, value: Value) -> Code:
        if any(sign in value.code for sign in "\"'\\{"):
            value = self._named("said", Code(value.code), value)
        if value.kind == Plain("int") and not value.is_maybe:
            return Code(value.code)
        return self._text(value)

    def _text(self, value: Value) -> Code:
        """Write a value as text; texts are one."""
        return Code(self._scope.as_text(value))

    def _default(self) -> Expr:
        parents = [self._scope.from_parent(each, self._step.id) for each in self._step.parents]
        match parents:
            case []:
                return self._all_inputs()
            case [only]:
                return self._text(only)
            case _ if self._is_one_of(parents):
                return Code(" or ".join([*(each.code for each in parents), '""']))
            case _:
                inline = self._inline_blocks()
                return self._blocks("fold") if inline is None else Text(tuple(inline))

    def _is_one_of(self, parents: list[Value]) -> bool:
        """Say whether one of these texts comes, as a router takes the way to one of them."""
        ways = [self._scope.ways.get(each) for each in self._step.parents]
        pairs = list(combinations(ways, 2))
        return (
            all(value.is_maybe and is_text(value.kind) for value in parents)
            and all(value.code.isidentifier() for value in parents)
            and sum(len(value.code) + len(" or ") for value in parents) < _WIDEST
            and all(one and other and exclude(one, other) for one, other in pairs)
        )

    def _all_inputs(self) -> Expr:
        inputs = [(node.id, self._scope.given[node.id]) for node in self._scope.plan.flow.inputs]
        if len(inputs) == 1:
            return Code(inputs[0][1].code)
        return Text(tuple(self._written(inputs)))

    def _inline_blocks(self) -> list[str | Code] | None:
        """Write blocks into the text itself; None where a parent may have given nothing."""
        pairs = [
            (self._scope.plan.names[each], self._scope.from_parent(each, self._step.id))
            for each in self._step.parents
        ]
        if any(value.is_maybe for _, value in pairs):
            return None
        return self._written(pairs)

    def _written(
        self, pairs: list[tuple[NodeId, Value]] | list[tuple[str, Value]]
    ) -> list[str | Code]:
        parts: list[str | Code] = []
        for number, (name, value) in enumerate(pairs):
            gap = "\n\n" if number else ""
            parts.append(f"{gap}## {name}\n")
            parts.append(self._in_braces(value))
        return parts

    def _blocks(self, helper: str) -> Expr:
        mine = self._step.parents
        given = [(each, self._scope.from_parent(each, self._step.id)) for each in mine]
        texts = all(is_text(value.kind) for _, value in given)
        self._scope.uses.helper(f"{helper} of texts" if texts else helper)
        names = self._scope.plan.names
        pairs = [
            Arg(Call("(", (Arg(text(names[each])), Arg(Code(value.code))))) for each, value in given
        ]
        return Call(f"{helper}(", tuple(pairs))

    def _named(self, said: str, expr: Expr, like: Value | None = None) -> Value:
        """Give an expression a name of its own, in a statement before."""
        name = self._scope.names.derived(f"{self._scope.variables[self._step.id]}_{said}")
        self._said.before.append(Say(f"{name} = ", expr))
        return Value(name, TEXT) if like is None else Value(name, like.kind, is_maybe=like.is_maybe)

    def _stepped(self, value: Value, path: tuple[str, ...]) -> Value:
        """Follow a path: as attributes where the kinds are known, else at run time."""
        root, taken = value, 0
        if path and value.code.startswith("await "):
            value = Value(f"({value.code})", value.kind)
        for step in path:
            match value.kind:
                case Class(fields=fields) if step in fields:
                    attribute, kind = fields[step]
                    value = Value(f"{value.code}.{attribute}", kind)
                    taken += 1
                case ListOf(item=kind) if step.isdecimal():
                    value = Value(f"{value.code}[{int(step)}]", kind)
                    self._said.can_fail = True
                    taken += 1
                case _:
                    break
        code, kind = value.code, value.kind
        if taken < len(path):
            self._said.can_fail = True
            self._scope.uses.helper("field_of")
            steps = ", ".join(flat_of(text(step)) for step in path[taken:])
            code, kind = f"field_of({value.code}, {steps})", ANY
        if not root.is_maybe or not path:
            return root if not path else self._short(Value(code, kind), path)
        missing = f'{code} if {root.code} is not None else ""'
        return self._short(Value(missing, ANY), path)

    def _short(self, value: Value, path: tuple[str, ...]) -> Value:
        if any(sign in value.code for sign in "\"'\\{"):
            return self._named(path[-1], Code(value.code), value)
        return value
