"""Piece: a program cut by whose its lines are and by what its words are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from flows.ids import NodeId
from flows.share.python_code import Program

MOST_COLOURED: Final = 150_000
"""Programs of more signs keep one colour: to colour them would take longer than to write them."""

Word = tuple[str, str]
"""What it is (`keyword`, `string`, `number`, `comment`, `defined`, or nothing), and its text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring lines that say the same nodes, in the order of the flow's own ids."""

    nodes: tuple[NodeId, ...]
    words: tuple[Word, ...]


def pieces_of(program: Program) -> tuple[Piece, ...]:
    """Cut a program; the texts of all words together are the program."""
    owners = _owners(program.lines)
    lines = [
        (_owners_at(number, words, owners), words)
        for number, words in enumerate(_lines_of_words(program.text), start=1)
    ]
    return tuple(
        Piece(nodes, tuple(joined(word for _, words in owned for word in words)))
        for nodes, owned in groupby(lines, key=itemgetter(0))
    )


def _owners(lines: Mapping[NodeId, tuple[int, ...]]) -> Mapping[int, tuple[NodeId, ...]]:
    owners: defaultdict[int, list[NodeId]] = defaultdict(list)
    for node in sorted(lines):
        for number in lines[node]:
            owners[number].append(node)
    return {number: tuple(nodes) for number, nodes in owners.items()}


def _owners_at(
    number: int, words: Sequence[Word], owners: Mapping[int, tuple[NodeId, ...]]
) -> tuple[NodeId, ...]:
    """Return whose a line is; an empty one between lines of the same nodes is theirs."""
    if all(said.isspace() for _, said in words) and owners.get(number - 1) == owners.get(
        number + 1
    ):
        return owners.get(number - 1, ())
    return owners.get(number, ())


@lru_cache(maxsize=4)
def _lines_of_words(text: str) -> tuple[tuple[Word, ...], ...]:
    return lines_of(_words(text))


def lines_of(words: Iterable[Word]) -> tuple[tuple[Word, ...], ...]:
    """Return the words of each line; a line's end belongs to it."""
    lines: list[list[Word]] = [[]]
    for kind, said in words:
        for part in _cut(said):
            lines[-1].append((kind, part))
            if part.endswith("\n"):
                lines.append([])
    return tuple(tuple(line) for line in lines if line)


def _cut(said: str) -> list[str]:
    """Cut at line ends alone: Python's own way cuts at other signs too."""
    *whole, rest = said.split("\n")
    return [*(f"{each}\n" for each in whole), *([rest] if rest else [])]


def _words(text: str) -> Iterator[Word]:
    if len(text) > MOST_COLOURED:
        yield "", text
        return
    from pygments.lexers.python import PythonLexer

    for token, said in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        yield _kind_of(str(token)), said


_KINDS: Final = {
    "Token.Keyword": "keyword",
    "Token.Operator.Word": "keyword",
    "Token.Literal.String.Interpol": "",
    "Token.Literal.String": "string",
    "Token.Literal.Number": "number",
    "Token.Comment": "comment",
    "Token.Name.Function": "defined",
    "Token.Name.Class": "defined",
}


@lru_cache
def _kind_of(token: str) -> str:
    return next((kind for name, kind in _KINDS.items() if token.startswith(name)), "")


def joined(words: Iterable[Word]) -> Iterator[Word]:
    """Make one word of neighbours of one kind."""
    for kind, group in groupby(words, key=itemgetter(0)):
        yield kind, "".join(said for _, said in group)
