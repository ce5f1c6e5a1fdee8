"""Layout: Python expressions, laid out as the formatter of this house lays them out.

An expression stands on one line where it fits; else a call takes one argument a line, each with
its comma, and a long text one piece a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from flows.ids import NodeId
from flows.share.python_code.owners import own

WIDTH = 88
STEP = "    "


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal. A part of type Code stands in braces, which makes it an f-string."""

    parts: tuple[str | Code, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that is never broken."""

    text: str


@dataclass(frozen=True, slots=True)
class Arg:
    """An argument of a call, and what stands before it: `name=`, a key, `await `.

    `node`: the node whose work it says, where a call says the work of several.
    """

    value: Expr
    before: str = ""
    node: NodeId | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call, or a list: `head` with what opens it, `closer` closes it."""

    head: str
    args: tuple[Arg, ...]
    closer: str = ")"


@dataclass(frozen=True, slots=True)
class Each:
    """A comprehension, a generator where it is the only argument: `value for …` in brackets."""

    opener: str
    value: Expr
    clauses: tuple[str, ...]
    closer: str


Expr: TypeAlias = Text | Code | Call | Each


def call(head: str, *args: Expr, **named: Expr) -> Call:
    """Write a call of a function."""
    return Call(
        f"{head}(", (*map(Arg, args), *(Arg(each, f"{name}=") for name, each in named.items()))
    )


def items(*values: Expr) -> Call:
    """Write a list."""
    return Call("[", tuple(map(Arg, values)), "]")


def text(value: str) -> Text:
    """Write a text literal: never code, whatever the text says."""
    return Text((value,) if value else ())


def lines_of(expr: Expr, *, indent: int, before: str = "", after: str = "") -> list[str]:
    """Lay an expression out between what stands before and after it."""
    pad = STEP * indent
    flat = flat_of(expr)
    if width_of(f"{pad}{before}{flat}{after}") <= WIDTH:
        return own([f"{pad}{before}{flat}{after}"], _nodes_in(expr))
    match expr:
        case Code(text=said):
            return [f"{pad}{before}{said}{after}"]
        case Text():
            inner = _bare_lines(expr, indent + 1)
            return [f"{pad}{before}(", *inner, f"{pad}){after}"]
        case Call(head=head, args=args, closer=closer):
            inner = [line for each in args for line in _arg_lines(each, args, indent + 1)]
            return [f"{pad}{before}{head}", *inner, f"{pad}{closer}{after}"]
        case Each(opener=opener, value=value, clauses=clauses, closer=closer):
            inner = lines_of(value, indent=indent + 1)
            inner += [f"{pad}{STEP}{clause}" for clause in clauses]
            return [f"{pad}{before}{opener}", *inner, f"{pad}{closer}{after}"]
        case _:
            assert_never(expr)


def flat_of(expr: Expr) -> str:
    """Write an expression on one line, however long."""
    match expr:
        case Code(text=said):
            return said
        case Text():
            return _literal(expr.parts)
        case Call(head=head, args=args, closer=closer):
            said = ", ".join(f"{each.before}{flat_of(each.value)}" for each in args)
            return f"{head}{said}{closer}"
        case Each(opener=opener, value=value, clauses=clauses, closer=closer):
            return f"{opener}{' '.join((flat_of(value), *clauses))}{closer}"
        case _:
            assert_never(expr)


def _nodes_in(expr: Expr) -> frozenset[NodeId]:
    """Return the nodes whose work an expression says."""
    match expr:
        case Call(args=args):
            mine = {each.node for each in args if each.node is not None}
            return frozenset(mine).union(*(_nodes_in(each.value) for each in args))
        case Each(value=value):
            return _nodes_in(value)
        case _:
            return frozenset()


def width_of(line: str) -> int:
    """Count the columns of a line; wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def _arg_lines(arg: Arg, args: Sequence[Arg], indent: int) -> list[str]:
    lines = _bare_arg_lines(arg, args, indent)
    return lines if arg.node is None else own(lines, (arg.node,))


def _bare_arg_lines(arg: Arg, args: Sequence[Arg], indent: int) -> list[str]:
    if len(args) == 1 and not arg.before and isinstance(arg.value, Text):
        return _bare_lines(arg.value, indent)
    alone = len(args) == 1 and isinstance(arg.value, Call | Each)
    return lines_of(arg.value, indent=indent, before=arg.before, after="" if alone else ",")


def _bare_lines(only: Text, indent: int) -> list[str]:
    """Lay out a text that is alone in its brackets: it needs none of its own."""
    pad = STEP * indent
    flat = flat_of(only)
    fits = width_of(f"{pad}{flat}") <= WIDTH
    return [f"{pad}{piece}" for piece in ([flat] if fits else _pieces(only, WIDTH - 4 * indent))]


def _pieces(whole: Text, room: int) -> Iterator[str]:
    """Cut a text into literals that fit: behind line ends, else behind spaces, else anywhere."""
    piece: list[str | Code] = []
    for atom in _atoms(whole):
        ends_line = bool(piece) and isinstance(piece[-1], str) and piece[-1].endswith("\n")
        if piece and ((ends_line and atom != "\n") or width_of(_literal([*piece, atom])) > room):
            yield _literal(piece)
            piece = []
        piece.append(atom)
    if piece:
        yield _literal(piece)


def _atoms(whole: Text) -> Iterator[str | Code]:
    for part in whole.parts:
        if isinstance(part, Code):
            yield part
            continue
        word = ""
        for sign in part:
            word += sign
            if sign in " \n" or len(word) >= 24:
                yield word
                word = ""
        if word:
            yield word


def _literal(parts: Sequence[str | Code]) -> str:
    """Write one literal, in the quotes that need the fewest backslashes."""
    is_f = any(isinstance(part, Code) for part in parts)
    plain = "".join(part for part in parts if isinstance(part, str))
    quote = "'" if plain.count('"') > plain.count("'") else '"'
    said = "".join(
        f"{{{part.text}}}"
        if isinstance(part, Code)
        else "".join(_escaped(sign, quote, in_braces=is_f) for sign in part)
        for part in parts
    )
    return f"{'f' if is_f else ''}{quote}{said}{quote}"


def _escaped(sign: str, quote: str, *, in_braces: bool) -> str:
    if sign in "{}" and in_braces:
        return sign * 2
    if sign in {quote, "\\"}:
        return f"\\{sign}"
    if sign.isprintable() and not unicodedata.category(sign).startswith("M"):
        return sign
    return sign.encode("unicode_escape").decode("ascii")


def stripped(lines: Sequence[str]) -> list[str]:
    """Return lines without the empty ones at their end."""
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return list(lines[:end])


def tidied(lines: Sequence[str]) -> list[str]:
    """Leave no empty line twice, at the end, or where a block begins without a function."""
    tidy: list[str] = []
    for line in lines:
        before = tidy[-1] if tidy else ""
        if _is_function(line) and before.endswith(":") and not _is_function(before):
            tidy.append("")
        opens = before.endswith((":", '"""')) and not line
        if line or (before and not opens):
            tidy.append(line)
    return stripped(tidy)


def _is_function(line: str) -> bool:
    return line.lstrip().startswith(("def ", "async def "))
