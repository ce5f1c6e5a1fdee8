"""Sight: cards step aside where a link that skips their stage would run behind them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import Final

from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.curve import CARD_HEIGHT, CARD_WIDTH, PORT, sunk_at
from flows.plan.graph import data_edges

Columns = Sequence[Sequence[NodeId]]
Heights = Mapping[NodeId, float]
Span = tuple[float, float]
"""Between which heights a card's centre is in the way; both ends are free."""

_CLEAR: Final = 24
"""Pixels that are left between a card and a link that passes it."""

_NEAR: Final = 8
"""A link that comes nearer to a card than these pixels counts as hidden behind it."""

_WORD: Final = 11
"""Pixels by which every further branch on a link takes more room above it, and below."""

_NOTCH: Final = 40
"""Cards that step aside stand on multiples of these pixels."""

_AWAY: Final = (1, 2, 4, 6)
"""By how many rows the drawing may grow above and below: more only where less is not enough."""

_SWEEPS: Final = 4
_FEW: Final = 60
"""Of more cards one try is all there is time for."""

_HIDDEN: Final = 10_000.0
"""How many pixels out of its way a card goes for one hidden link."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A link that passes the columns between `first` and `last`; `room`: half its breadth."""

    source: NodeId
    target: NodeId
    first: int
    last: int
    room: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns with the links that pass each, and those of each card; `step`, `row`: pixels."""

    columns: Columns
    step: float
    row: float
    wished: Heights
    passing: Sequence[Sequence[Pass]]
    own: Mapping[NodeId, Sequence[Pass]]
    beside: Mapping[NodeId, Sequence[NodeId]]


def in_sight(flow: Flow, columns: Columns, heights: Heights, *, step: float, row: float) -> Heights:
    """Move cards up or down so that no link between the columns is hidden; none if none is.

    The links are those of data that run to the right. Cards keep their order in the column. Of
    very many links some stay hidden, as the drawing would grow out of all bounds.
    """
    grid = _grid_of(flow, columns, heights, step=step, row=row)
    best = heights
    if len(heights) > _FEW and _hiding(grid, heights):
        return next(_sweeps(grid, rows=_AWAY[1], backwards=False))
    for rows in _AWAY:
        if not _hiding(grid, best):
            break
        tries = chain(*(_sweeps(grid, rows=rows, backwards=each) for each in (False, True)))
        best = min(best, *tries, key=lambda each: (len(_hiding(grid, each)), _unrest(grid, each)))
    return best


def _grid_of(flow: Flow, columns: Columns, heights: Heights, *, step: float, row: float) -> Grid:
    at = {node: number for number, column in enumerate(columns) for node in column}
    counted = Counter((edge.source, edge.target) for edge in data_edges(flow))
    passing: list[list[Pass]] = [[] for _ in columns]
    own: dict[NodeId, list[Pass]] = {node: [] for node in at}
    beside: dict[NodeId, list[NodeId]] = {node: [] for node in at}
    for (source, target), count in counted.items():
        if source not in at or target not in at:
            continue
        beside[source].append(target)
        beside[target].append(source)
        link = Pass(source, target, at[source], at[target], _WORD * (count - 1))
        for number in range(at[source] + 1, at[target]):
            passing[number].append(link)
        if at[target] - at[source] > 1:
            own[source].append(link)
            own[target].append(link)
    return Grid(columns, step, row, heights, passing, own, beside)


def _sweeps(grid: Grid, *, rows: int, backwards: bool) -> Iterator[Heights]:
    """Place columns anew, one after the other, to and fro, until no link is hidden.

    First those that hide a link, then all. A column is placed as if those that wait were empty:
    they make way for it in their turn.
    """
    placed = dict(grid.wished)
    half = max(abs(each) for each in placed.values()) + rows * grid.row
    waiting = set(_hiding(grid, placed))
    for _ in range(_SWEEPS):
        for number in sorted(waiting, reverse=backwards):
            waiting = waiting - {number}
            placed = placed | _placed(grid, number, placed, half=half, waiting=waiting)
        yield placed
        if not _hiding(grid, placed):
            return
        backwards = not backwards
        waiting = set(range(len(grid.columns)))


def _placed(
    grid: Grid, number: int, heights: Heights, *, half: float, waiting: Collection[int]
) -> dict[NodeId, float]:
    """Place a column's cards so that they hide no link, and no card hides one of theirs.

    The cheapest of all places from `-half` to `half` that keep the order and the rows apart, found
    card by card: what the cards so far cost at least, for each place of the last of them.
    """
    column = grid.columns[number]
    passed = [_in_way(grid, link, number, heights) for link in grid.passing[number]]
    notches = math.ceil(half / _NOTCH)
    row = math.ceil(grid.row / _NOTCH)
    steps: list[list[int]] = []
    so_far = [0.0] * (2 * notches + 1)
    for place, node in enumerate(column):
        if place:
            so_far, before = _next_row(so_far, row)
            steps.append(before)
        spans = [*passed, *_cut(grid, node, heights, waiting)]
        costs = _costs(grid, node, heights, spans=spans, notches=notches)
        so_far = [one + other for one, other in zip(so_far, costs, strict=True)]
    at = min(range(len(so_far)), key=so_far.__getitem__)
    chosen = [at, *(at := before[at] for before in reversed(steps))]
    return {
        node: float((notch - notches) * _NOTCH)
        for node, notch in zip(column, reversed(chosen), strict=True)
    }


def _next_row(so_far: Sequence[float], row: int) -> tuple[list[float], list[int]]:
    """Return for each place of the next card what it costs, and where the one above it stands."""
    costs, above = [math.inf] * row, [0] * row
    least, best = math.inf, 0
    for notch in range(len(so_far) - row):
        least += _NOTCH  # a gap costs as much as going aside
        if so_far[notch] < least:
            least, best = so_far[notch], notch
        costs.append(least)
        above.append(best)
    return costs, above


def _costs(
    grid: Grid, node: NodeId, heights: Heights, *, spans: Iterable[Span], notches: int
) -> list[float]:
    """Say of each place how bad it is: links hidden, way from where it was, and from its links."""
    changes = [0] * (2 * notches + 2)
    for start, end in spans:
        first = max(math.floor(start / _NOTCH) + 1 + notches, 0)
        after = min(math.ceil(end / _NOTCH) + notches, 2 * notches + 1)
        if first < after:
            changes[first] += 1
            changes[after] -= 1
    near = [heights[each] for each in grid.beside[node]]
    middle = sum(near) / len(near) if near else grid.wished[node]
    return [
        hidden * _HIDDEN + abs(y - grid.wished[node]) + abs(y - middle) / 2
        for hidden, y in zip(
            accumulate(changes[:-1]),
            range(-notches * _NOTCH, (notches + 1) * _NOTCH, _NOTCH),
            strict=True,
        )
    ]


def _in_way(grid: Grid, link: Pass, number: int, heights: Heights) -> Span:
    """Return the heights at which a card of the column would hide the link."""
    room = CARD_HEIGHT / 2 + _CLEAR + link.room
    high, low = sorted(_sides(grid, link, number, heights))
    return high - room, low + room


def _cut(grid: Grid, node: NodeId, heights: Heights, waiting: Collection[int]) -> Iterator[Span]:
    """Yield the heights at which one of the card's links would be hidden by another card."""
    for link in grid.own[node]:
        room = CARD_HEIGHT / 2 + _CLEAR + link.room
        other = heights[link.source if link.target == node else link.target]
        for number in range(link.first + 1, link.last):
            if number in waiting:
                continue
            sunk = _sunk(number - link.first, link.last - link.first, grid.step)
            one, two = sunk if link.target == node else (1 - sunk[0], 1 - sunk[1])
            for card in grid.columns[number]:
                above, below = heights[card] - room - other, heights[card] + room - other
                yield (
                    other + min(above / one, above / two),
                    other + max(below / one, below / two),
                )


def _hiding(grid: Grid, heights: Heights) -> list[int]:
    """Return the column each hidden link is hidden in; one that hides several, so many times."""
    room = CARD_HEIGHT / 2 + _NEAR
    found = []
    for number, links in enumerate(grid.passing):
        for link in links:
            high, low = sorted(_sides(grid, link, number, heights))
            if any(high - room < heights[node] < low + room for node in grid.columns[number]):
                found.append(number)
    return found


def _sides(grid: Grid, link: Pass, number: int, heights: Heights) -> tuple[float, float]:
    """Return how high a link is where it comes to the cards of a column, and where it leaves."""
    start, end = heights[link.source], heights[link.target]
    one, two = _sunk(number - link.first, link.last - link.first, grid.step)
    return start + one * (end - start), start + two * (end - start)


@cache
def _sunk(steps: int, whole: int, step: float) -> tuple[float, float]:
    """Return the parts of its way down that a link has gone at both sides of a passed card."""
    side = CARD_WIDTH / 2
    across = whole * step - 2 * (side + PORT)
    left = steps * step - 2 * side - PORT
    return sunk_at(left, across=across), sunk_at(left + CARD_WIDTH, across=across)


def _unrest(grid: Grid, heights: Heights) -> float:
    """Say how far the links go up and down, and how high the drawing is."""
    ways = sum(
        abs(heights[node] - heights[other]) for node, near in grid.beside.items() for other in near
    )
    return ways / 2 + 2 * (max(heights.values()) - min(heights.values()))
