"""Place: which node a line of a program belongs to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

_Node = TypeVar("_Node", bound=str)
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Block:
    """A statement at the top of a program: its lines, what it names, which names it reads where."""

    first: int
    last: int
    names: frozenset[str]
    reads: Mapping[str, int]


def blocks_of(tree: ast.Module) -> tuple[Block, ...]:
    """Return the statements at the top of a program."""
    return tuple(_block(each) for each in tree.body)


def _block(tree: ast.stmt) -> Block:
    marks = getattr(tree, "decorator_list", ())
    reads: dict[str, int] = {}
    for each in ast.walk(tree):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            reads.setdefault(each.id, each.lineno)
    first = min([tree.lineno, *(each.lineno for each in marks)])
    return Block(first, tree.end_lineno or tree.lineno, frozenset(_names(tree)), reads)


def _names(tree: ast.stmt) -> Iterator[str]:
    match tree:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield tree.name
        case ast.Assign() | ast.AnnAssign():
            for each in ast.walk(tree):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id
        case _:
            pass


def node_at(
    line: int, lines: Mapping[_Node, Iterable[int]], blocks: Iterable[Block], *, deep: int = 0
) -> _Node | None:
    """Return the node that a line belongs to; None where it belongs to none.

    That is the nearest one in the same function or statement, else in what first reads its name.
    Within, one that begins above is nearer: below counts double, as of a loop around what it runs.
    """
    every = tuple(blocks)
    block = next((each for each in every if each.first <= line <= each.last), None)
    places = [
        (line - at if at <= line else 2 * (at - line), node)
        for node, starts in lines.items()
        for at in starts
        if block is None or block.first <= at <= block.last
    ]
    if places:
        return min(places)[1]
    if block is None or deep == _DEEPEST:
        return None
    for other in every:
        for name in sorted(block.names & other.reads.keys()):
            found = node_at(other.reads[name], lines, every, deep=deep + 1)
            if other is not block and found is not None:
                return found
    return None
