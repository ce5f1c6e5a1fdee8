"""Link: which step waits for which, and whether the stages wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.gates import Gate
from flows.share.python_import.texts import leaves
from flows.share.python_import.values import (
    Chosen,
    Given,
    Handed,
    Output,
    Result,
    Text,
    Value,
)


@dataclass(slots=True)
class Links:
    """The parents of every step in their order, routers' branches that lead to it, the start."""

    parents: dict[int, tuple[int, ...]] = field(default_factory=dict)
    gates: dict[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    ancestors: dict[int, frozenset[int]] = field(default_factory=dict)
    by_stage: bool = False


def links_of(draft: Draft) -> Links:
    """Link the steps by what they read and by what they wait for."""
    links = _data_links(draft)
    works = [step.number for step in draft.steps if step.is_work]
    if all(_waits(draft, each) <= links.ancestors[each] for each in works):
        return links
    if _is_by_stage(draft, links, works):
        links.by_stage = True
        return links
    return _in_order(draft)


def _waits(draft: Draft, number: int) -> frozenset[int]:
    """Return the agents' steps that have ended before one begins."""
    agents = {step.number for step in draft.steps if step.is_work}
    return (draft.steps[number].after & agents) - {number}


def _data_links(draft: Draft) -> Links:
    links = Links()
    for step in draft.steps:
        _link(links, step, tuple(dict.fromkeys(mentioned(draft, step))))
    return links


def _link(links: Links, step: Step, read: tuple[int, ...]) -> None:
    number = step.number
    read = tuple(each for each in read if each != number and each < number)
    routers = {gate.router for gate in step.gates}
    over = {each for other in (*read, *routers) for each in links.ancestors[other]}
    kept = (
        read if blocks_all(step, read) and not routers else tuple(e for e in read if e not in over)
    )
    links.parents[number] = kept
    links.gates[number] = ()
    links.ancestors[number] = frozenset(
        each for other in (*kept, *routers) for each in (other, *links.ancestors[other])
    )


def blocks_all(step: Step, read: tuple[int, ...]) -> bool:
    """Say whether a message is made of headed blocks, one for every step it reads."""
    parts = step.message.parts if isinstance(step.message, Text) else ()
    headed = [
        part.step
        for before, part in pairwise(parts)
        if isinstance(before, str) and isinstance(part, Output) and _is_heading(before)
    ]
    return len(read) > 1 and set(headed) == set(read)


def _is_heading(said: str) -> bool:
    return said.endswith("\n") and said.rstrip("\n").rpartition("\n")[2].startswith("## ")


def mentioned(draft: Draft, step: Step) -> Iterator[int]:
    """Yield the steps that a step reads, in the order in which it names them."""
    yield from steps_in(step.message)
    if step.loop is not None:
        yield from steps_in(draft.loops[step.loop].items)


def sources_of(links: Links, step: Step) -> list[tuple[int, str | None]]:
    """Return what leads to a step, routers with the branch: in the order it is read, if it is."""
    sources: list[tuple[int, str | None]] = [*links.gates[step.number]]
    sources += [(parent, None) for parent in links.parents[step.number]]
    if any(handed_in(step.message)):
        read = sources_in(step.message)
        sources.sort(key=lambda source: read.index(source[0]) if source[0] in read else len(read))
    return sources


def handed_in(value: Value) -> Iterator[Gate]:
    """Yield the branches along which routers hand on what stands in a value."""
    return (each.gate for each in leaves(value) if isinstance(each, Handed))


def sources_in(value: Value) -> list[int]:
    """Return the steps, and the routers that hand something on, in the order they are read."""
    found: dict[int, None] = {}
    for each in leaves(value):
        match each:
            case Output(step=number) | Handed(gate=Gate(router=number)):
                found[number] = None
            case _:
                pass
    return [*found]


def steps_in(value: Value) -> Iterator[int]:
    """Yield the steps whose outputs stand in a value."""
    for each in leaves(value):
        match each:
            case Output(step=step) | Result(step=step) | Chosen(router=step):
                yield step
            case _:
                pass


def _is_by_stage(draft: Draft, links: Links, works: list[int]) -> bool:
    """Say whether every agent waits for exactly those of the stages before its own."""
    if any(step.gates for step in draft.steps) or any(draft.races):
        return False
    level: dict[int, int] = {}
    for step in draft.steps:
        level[step.number] = 1 + max(
            (level[each] for each in links.parents[step.number]), default=0
        )
    return all(
        _waits(draft, each) == {other for other in works if level[other] < level[each]}
        for each in works
    )


def _in_order(draft: Draft) -> Links:
    """Link what is waited for without being read, too."""
    links = Links()
    for step in draft.steps:
        read = tuple(dict.fromkeys(mentioned(draft, step)))
        _link(links, step, read)
        if not step.is_work:
            continue
        missing = _waits(draft, step.number) - links.ancestors[step.number]
        last = [
            each
            for each in sorted(missing)
            if not any(each in links.ancestors[other] for other in missing)
        ]
        if last:
            _link(links, step, (*links.parents[step.number], *last))
    return links


def givens_in(value: Value) -> Iterator[str]:
    """Yield the inputs that stand in a value."""
    return (each.name for each in leaves(value) if isinstance(each, Given))
