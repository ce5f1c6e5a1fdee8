"""Statement: lines of a function's body, laid out once it is known how deep they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from flows.ids import NodeId
from flows.share.python_code.layout import STEP, WIDTH, Expr, lines_of, width_of
from flows.share.python_code.owners import own


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is; an empty one separates."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """An expression with what stands before and after it: `x = await ask(…)`."""

    before: str
    expr: Expr
    after: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A head that ends with a colon, and what is indented under it."""

    head: str | Say
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If:
    """An `if` or `elif` over terms that are joined by `or` or `and`. `node`: the router it asks."""

    terms: tuple[str, ...]
    body: tuple[Statement, ...]
    joined_by: str = "or"
    word: str = "if"
    node: NodeId | None = None

    def lines(self, indent: int) -> list[str]:
        """Lay the head out: on one line, or a term a line."""
        pad = STEP * indent
        head = f"{pad}{self.word} {f' {self.joined_by} '.join(self.terms)}:"
        if width_of(head) <= WIDTH or len(self.terms) == 1:
            return [head]
        first, *rest = self.terms
        more = [f"{pad}{STEP}{self.joined_by} {each}" for each in rest]
        return [f"{pad}{self.word} (", f"{pad}{STEP}{first}", *more, f"{pad}):"]


@dataclass(frozen=True, slots=True)
class Of:
    """Statements that say the work of one node."""

    node: NodeId
    body: tuple[Statement, ...]


Statement: TypeAlias = Line | Say | Block | If | Of


def render(statements: Sequence[Statement], *, indent: int) -> list[str]:
    """Lay statements out."""
    lines: list[str] = []
    for each in statements:
        match each:
            case Line(text=said):
                lines.append(f"{STEP * indent}{said}" if said else "")
            case Say(before=before, expr=expr, after=after):
                lines += _said(before, expr, after, indent)
            case Block(head=head, body=body):
                lines += render([Line(head) if isinstance(head, str) else head], indent=indent)
                lines += render(body, indent=indent + 1)
            case If(body=body, node=node):
                head_lines = each.lines(indent)
                lines += head_lines if node is None else own(head_lines, (node,))
                lines += render(body, indent=indent + 1)
            case Of(node=node, body=body):
                lines += own(render(body, indent=indent), (node,))
            case _:
                assert_never(each)
    return lines


def _said(before: str, expr: Expr, after: str, indent: int) -> list[str]:
    """Lay an expression out; where too many names take its value, they stand one a line."""
    lines = lines_of(expr, indent=indent, before=before, after=after)
    names, equals, begun = before.partition(" = ")
    if not equals or ", " not in names or width_of(lines[0]) <= WIDTH:
        return lines
    pad = STEP * indent
    taking = [f"{pad}(", *(f"{pad}{STEP}{name}," for name in names.split(", "))]
    return [*taking, *lines_of(expr, indent=indent, before=f") = {begun}", after=after)]


def of(node: NodeId, body: Sequence[Statement]) -> list[Statement]:
    """Note that statements say the work of one node."""
    return [Of(node, tuple(body))]


def function(head: str, body: Sequence[Statement]) -> list[Statement]:
    """Write a function inside another one, set off by empty lines."""
    return [Line(), Block(head, tuple(body)), Line()]


def leaves(body: Sequence[Statement]) -> bool:
    """Say whether a body ends the function on every way through it."""
    match [*body]:
        case [*_, Line(text=said) | Say(before=said)]:
            return said.startswith(("return", "raise"))
        case [*_, Of(body=inner)]:
            return leaves(inner)
        case [*before, Block(head="else:", body=inner)]:
            return leaves(inner) and _arms_leave(before)
        case _:
            return False


def _arms_leave(body: Sequence[Statement]) -> bool:
    match [*body]:
        case [*before, If(word="elif", body=inner)]:
            return leaves(inner) and _arms_leave(before)
        case [*_, If(body=inner)]:
            return leaves(inner)
        case _:
            return False
