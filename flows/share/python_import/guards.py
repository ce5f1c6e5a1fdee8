"""Guard: links that let a step be done on its branches, and there alone.

A step is done as soon as one of its parents gave something and the others have ended. So what
stands on a branch may have no parent beside it: whatever else it reads, its router waits for. And
what is done on every branch has a parent on each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.gates import Gate, Way, branches_of, otherwise_of
from flows.share.python_import.links import Links, handed_in, mentioned
from flows.share.python_import.unled import end_unled
from flows.share.python_import.values import Given, Output

_Place: TypeAlias = tuple[tuple[int, frozenset[str]], ...]
"""The branches of routers, one inside the other, on which a step is done."""


def guarded(draft: Draft, links: Links) -> Links:
    """Mend the links, so that every step is done where the program does it."""
    for step in draft.kept:
        step.gates = _narrowed(draft, step.gates)
        step.any_of = tuple(_narrowed(draft, way) for way in step.any_of)
    guards = _Guards(draft, links)
    for step in [*draft.kept]:
        guards.guard(step)
    for step in [*draft.kept]:
        guards.let_see(step)
    for step in [*draft.kept]:
        end_unled(draft, links, step)
    return links


def _narrowed(draft: Draft, way: Way) -> Way:
    """Let a gate right inside another of its router stand for both."""
    narrow: list[Gate] = []
    for gate in way:
        if narrow and narrow[-1].router == gate.router:
            outer, router = narrow.pop(), draft.steps[gate.router]
            left = branches_of(outer, router)
            gate = Gate(gate.router, tuple(b for b in branches_of(gate, router) if b in left))  # noqa: PLW2901
        narrow.append(gate)
    return tuple(narrow)


class _Guards:
    def __init__(self, draft: Draft, links: Links) -> None:
        self._draft, self._links = draft, links
        self._places = {step.number: self._place(step) for step in draft.kept}
        self._waits: dict[int, list[int]] = {}
        self._copies: dict[tuple[int, Way], list[int]] = {}

    def _place(self, step: Step) -> _Place:
        steps = self._draft.steps
        return tuple((g.router, frozenset(branches_of(g, steps[g.router]))) for g in step.gates)

    # On a branch alone

    def guard(self, step: Step) -> None:
        """Give a step the parents by which it is done where it stands."""
        links, place = self._links, self._places[step.number]
        parents = tuple(each for each in links.parents[step.number] if each in self._places)
        if any(race.steps == frozenset(parents) for race in self._draft.races):
            return
        if handed := self._handed(step):
            self._lead(step, parents, handed)
            return
        inside = tuple(each for each in parents if _is_in(self._places[each], place))
        gates: list[tuple[int, str]] = []
        if step.any_of:
            inside = self._on_any(step, parents)
            gates = self._ways_besides(step, inside)
        elif place:
            led_by = self._router(step, [each for each in parents if each not in inside])
            gates = self._missing_inside(place, inside)
            if led_by != place[-1][0]:
                gates = [(led_by, branch) for branch in self._in_order(*place[-1])]
                self._waits[led_by] += inside
                inside = ()
        elif inside:
            missing = self._missing(place, inside)
            again = self._read_again(step, inside) if missing else ()
            inside, gates = (again, []) if again else (inside, missing)
        self._lead(step, inside, gates)

    def _lead(self, step: Step, parents: tuple[int, ...], gates: Sequence[tuple[int, str]]) -> None:
        self._links.parents[step.number] = parents
        self._links.gates[step.number] = tuple(dict.fromkeys(gates))
        for at, branch in gates:
            router = self._draft.steps[at]
            if branch == otherwise_of(router) and router.ask is None:
                router.otherwise = branch

    def _handed(self, step: Step) -> list[tuple[int, str]]:
        """Return the branches that lead straight to a step, as what it reads says."""
        return [
            (gate.router, branch)
            for gate in handed_in(step.message)
            for branch in branches_of(gate, self._draft.steps[gate.router])
        ]

    def _missing_inside(self, place: _Place, inside: tuple[int, ...]) -> list[tuple[int, str]]:
        router, branches = place[-1]
        return [
            gate
            for branch in self._in_order(router, branches)
            for gate in self._missing((*place[:-1], (router, frozenset({branch}))), inside)
        ]

    def _any_places(self, step: Step) -> list[_Place]:
        steps = self._draft.steps
        return [
            tuple((g.router, frozenset(branches_of(g, steps[g.router]))) for g in way)
            for way in step.any_of
        ]

    def _on_any(self, step: Step, parents: Sequence[int]) -> tuple[int, ...]:
        """Return the parents that are on the ways of a step; its routers wait for the others."""
        places = self._any_places(step)
        inside = [p for p in parents if any(_is_in(self._places[p], each) for each in places)]
        loose = [each for each in parents if each not in inside]
        for router in {place[-1][0] for place in places if place}:
            for each in loose:
                known = each in self._ancestors(router)
                if not known and router not in self._ancestors(each):
                    self._waits.setdefault(router, []).append(each)
        return tuple(inside)

    def _ways_besides(self, step: Step, inside: Sequence[int]) -> list[tuple[int, str]]:
        """Return the branches of those on which a step is done, on which no parent of it is."""
        places = self._any_places(step)
        own = [self._places[each] for each in inside]
        besides = [place[-1] for place in places if place and place not in own]
        return [(at, branch) for at, branches in besides for branch in self._in_order(at, branches)]

    def _missing(self, place: _Place, parents: Sequence[int]) -> list[tuple[int, str]]:
        """Return the branches on which none of the parents is done, from a place on."""
        matching = [each for each in parents if _is_in(place, self._places[each][: len(place)])]
        if any(len(self._places[each]) == len(place) for each in matching):
            return []
        deeper = [each for each in matching if len(self._places[each]) > len(place)]
        if not deeper:
            router, branches = place[-1]
            return [(router, branch) for branch in branches]
        router, _ = self._places[deeper[0]][len(place)]
        return [
            gate
            for branch in self._in_order(router, None)
            for gate in self._missing((*place, (router, frozenset({branch}))), deeper)
        ]

    def _in_order(self, number: int, chosen: frozenset[str] | None) -> Iterator[str]:
        """Yield the branches of a router, those of its rules first."""
        router = self._draft.steps[number]
        every = [rule.branch for rule in router.rules]
        every += [otherwise_of(router)] if router.ask is None else []
        every += self._named(number)
        for branch in dict.fromkeys(every):
            if chosen is None or branch in chosen:
                yield branch

    def _named(self, number: int) -> list[str]:
        """Return the branches of a router on which anything is done."""
        places = [gate for place in self._places.values() for gate in place]
        return sorted({b for router, branches in places if router == number for b in branches})

    def _read_again(self, step: Step, inside: tuple[int, ...]) -> tuple[int, ...]:
        """Return the parents with what a step reads and surely comes; nothing without that."""
        place, read = self._places[step.number], [*dict.fromkeys(mentioned(self._draft, step))]
        sure = [each for each in read if self._places.get(each) == place and each < step.number]
        both = {*inside, *sure}
        ordered = [*(each for each in read if each in both), *inside]
        return tuple(dict.fromkeys(ordered)) if sure else ()

    # What a router waits for

    def _router(self, step: Step, loose: Sequence[int]) -> int:
        """Let the router of a step wait for what the step reads besides; return it, or a copy."""
        gate, outer = step.gates[-1], step.gates[:-1]
        router = self._draft.steps[gate.router]
        extra = [each for each in loose if each not in self._ancestors(router.number)]
        late = [each for each in extra if router.number in self._ancestors(each)]
        if not late and router.gates == outer:
            self._waits.setdefault(router.number, []).extend(extra)
            return router.number
        if router.ask is not None or router.number == step.number:
            self._draft.remark(
                step.line,
                "This is done on a branch and reads what comes later; a flow cannot "
                "wait for both. Look at its links.",
            )
            return router.number
        copies = self._copies.setdefault((router.number, outer), [])
        free = [each for each in copies if not any(each in self._ancestors(p) for p in loose)]
        number = free[0] if free else self._copy(router, step)
        copies += [] if free else [number]
        self._waits.setdefault(number, []).extend(loose)
        return number

    def _copy(self, router: Step, step: Step) -> int:
        """Ask a router's question again, at a later place."""
        draft, number = self._draft, len(self._draft.steps)
        draft.steps.append(
            replace(router, number=number, gates=step.gates[:-1], rules=[*router.rules])
        )
        copy = draft.steps[number]
        self._places[number] = self._place(copy)
        read = tuple(each for each in mentioned(draft, copy))
        self._links.parents[number], self._links.gates[number] = read, ()
        self.guard(copy)
        return number

    def _ancestors(self, number: int) -> set[int]:
        found: set[int] = set()
        waiting = [number]
        while waiting:
            for each in self._before(waiting.pop()):
                if each not in found:
                    found.add(each)
                    waiting.append(each)
        return found

    def _before(self, number: int) -> list[int]:
        routers = [gate.router for gate in self._draft.steps[number].gates]
        led = [router for router, _ in self._links.gates[number]]
        return [*self._links.parents[number], *routers, *led, *self._waits.get(number, [])]

    # What a router sees

    def let_see(self, router: Step) -> None:
        """Put a join before a router that would see more, or other, than it asks about."""
        links, number = self._links, router.number
        waits = [each for each in self._waits.get(number, []) if each not in links.parents[number]]
        if router.kind != "router" or (not waits and self._sees_its_own(router)):
            return
        if self._waits_before(router, waits):
            return
        draft, join = self._draft, len(self._draft.steps)
        draft.steps.append(
            replace(router, number=join, kind="join", rules=[], otherwise=None, variable="")
        )
        draft.steps[join].name = f"{self._said(router)} only"
        read = [each for each in mentioned(draft, router) if each in self._places]
        kept = [] if links.gates[number] else read
        links.parents[join] = tuple(dict.fromkeys((*links.parents[number], *kept, *waits)))
        links.gates[join] = links.gates[number]
        links.parents[number], links.gates[number] = (join,), ()

    def _waits_before(self, router: Step, waits: list[int]) -> bool:
        """Let a join wait that stands before a router, and leads nowhere else."""
        parents = self._links.parents
        join = parents[router.number][0] if len(parents[router.number]) == 1 else router.number
        readers = [number for number, each in parents.items() if join in each]
        is_join = self._draft.steps[join].kind == "join" and self._sees_its_own(router)
        if not is_join or readers != [router.number]:
            return False
        parents[join] = tuple(dict.fromkeys((*parents[join], *waits)))
        return True

    def _sees_its_own(self, router: Step) -> bool:
        parents, gates = self._links.parents[router.number], self._links.gates[router.number]
        if router.ask is not None or not isinstance(router.message, Output | Given):
            return True
        leading = {self._draft.steps[number].message for number, _ in gates}
        if gates:
            return not parents and leading == {router.message}
        own = (router.message.step,) if isinstance(router.message, Output) else ()
        return parents == own

    def _said(self, router: Step) -> str:
        """Name what a router asks about."""
        match router.message:
            case Output(step=step):
                asked = self._draft.steps[step]
                return asked.agent.name if asked.agent else asked.name or "Answer"
            case Given(name=name):
                return name.replace("_", " ").capitalize()
            case _:
                return "Text"


def _is_in(place: _Place, outer: _Place) -> bool:
    """Say whether what is done at a place is done only where the outer place is."""
    pairs = zip(place, outer, strict=False)
    return len(place) >= len(outer) and all(
        mine[0] == its[0] and mine[1] <= its[1] for mine, its in pairs
    )
