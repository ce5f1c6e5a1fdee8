"""RouterChange: what was typed into a router's fields, and the edit it means."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pydantic import JsonValue

from flows.document.edits import AddEdge, ChangeNode, Edit, Group, RemoveEdges
from flows.document.model import Edge, Flow, RouterNode, Rule
from flows.errors import EditRefused

QUESTION = "Which branch fits best?"
"""What a model is asked until the person asks something else."""

TESTS = {
    "contains": "contains",
    "equals": "equals",
    "matches": "matches the pattern (regex)",
    "above": "is above",
    "at_least": "is at least",
    "below": "is below",
    "at_most": "is at most",
}
"""The tests of a rule, and how they read."""

_NUMBERS = frozenset({"above", "at_least", "below", "at_most"})


def branches_of(flow: Flow, router: RouterNode) -> tuple[str, ...]:
    """Return every branch the router or its edges name, in that order."""
    said = [rule.branch for rule in router.rules] if router.ask is None else []
    drawn = [edge.branch for edge in edges_from(flow, router)]
    names = [*said, *([router.otherwise] if router.otherwise else []), *drawn]
    return tuple(dict.fromkeys(name for name in names if name))


def edges_from(flow: Flow, router: RouterNode) -> tuple[Edge, ...]:
    """Return the data edges that leave the router, in order."""
    return tuple(edge for edge in flow.edges if edge.source == router.id and edge.kind == "data")


def with_branch(flow: Flow, edge: Edge) -> Edge:
    """Give a new edge of a router the first branch that leads nowhere yet, or a new one."""
    router = next((node for node in flow.nodes if node.id == edge.source), None)
    if not isinstance(router, RouterNode) or edge.kind != "data" or edge.branch:
        return edge
    known, drawn = branches_of(flow, router), {each.branch for each in edges_from(flow, router)}
    free = (each for each in chain(known, _new_names()) if each not in drawn)
    return edge.model_copy(update={"branch": next(free)})


def first_test(rule: Rule) -> tuple[str, str]:
    """Return the test of a rule that is shown, and what it compares with."""
    said = rule.when.model_dump(exclude_none=True)
    name = next((each for each in TESTS if each in said), "contains")
    value = said.get(name, "")
    return name, f"{value:g}" if isinstance(value, float) else str(value)


def more_tests(rule: Rule) -> int:
    """Count the tests of a rule that are not shown."""
    said = rule.when.model_dump(exclude_none=True)
    return max(sum(name in said for name in TESTS) - 1, 0)


def change_router(flow: Flow, router: RouterNode, name: str, value: JsonValue) -> Edit:
    """Return the edit. Raises EditRefused when the value does not fit the field."""
    match name.split("-"):
        case ["way", number]:
            return _set_branch(flow, router, int(number), str(value or "").strip())
        case ["rule", *_]:
            return _set_rules(router, _changed_rules(router, name, value))
        case ["by"] if value == "ask":
            return _set(router, ask=router.ask or QUESTION, rules=[])
        case ["by"]:
            return _set(router, ask=None, model=None)
        case ["ask"]:
            return _set(router, ask=str(value or "").strip() or QUESTION)
        case ["otherwise" | "model"]:
            return _set(router, **{name: str(value or "").strip() or None})
        case _:
            return _set(router, **{name: value})


def _changed_rules(router: RouterNode, name: str, value: JsonValue) -> list[JsonValue]:
    rules: list[JsonValue] = [
        rule.model_dump(mode="json", exclude_none=True) for rule in router.rules
    ]
    match name.split("-"):
        case ["rule", "add"]:
            taken = {rule.branch for rule in router.rules}
            branch = next(each for each in _new_names() if each not in taken)
            return [*rules, {"branch": branch, "when": {"contains": ""}}]
        case ["rule", number, "remove"]:
            return rules[: int(number)] + rules[int(number) + 1 :]
        case ["rule", number, part] if int(number) < len(rules):
            rules[int(number)] = _changed_rule(router.rules[int(number)], part, value)
            return rules
        case _:
            raise EditRefused("That rule is not there any more.")


def _changed_rule(rule: Rule, part: str, value: JsonValue) -> JsonValue:
    test, compared = first_test(rule)
    when = rule.when.model_dump(exclude_none=True)
    text = str(value or "").strip()
    match part:
        case "branch":
            return {"branch": text or rule.branch, "when": when}
        case "at":
            when = {key: each for key, each in when.items() if key != "at"}
            return {"branch": rule.branch, "when": {"at": text, **when} if text else when}
        case "test":
            when.pop(test, None)
            return {"branch": rule.branch, "when": {text: _compared(text, compared, 0), **when}}
        case _:
            return {"branch": rule.branch, "when": when | {test: _compared(test, text, None)}}


def _compared(test: str, text: str, otherwise: float | None) -> JsonValue:
    if test not in _NUMBERS:
        return text
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        if otherwise is not None:
            return otherwise
        raise EditRefused(f'"{text}" is no number. This rule compares numbers.') from error


def _set_branch(flow: Flow, router: RouterNode, number: int, branch: str) -> Edit:
    """Put the edge with its branch where it stood: the order of edges is the order of parents."""
    edges = edges_from(flow, router)
    if number >= len(edges) or not branch:
        raise EditRefused("A link that leaves a router needs a branch.")
    old = edges[number]
    later = flow.edges[flow.edges.index(old) :]
    new = (old.model_copy(update={"branch": branch}), *later[1:])
    return Group(edits=(RemoveEdges(edges=later), *(AddEdge(edge=each) for each in new)))


def _set_rules(router: RouterNode, rules: list[JsonValue]) -> Edit:
    return _set(router, rules=rules)


def _set(router: RouterNode, **changes: JsonValue) -> Edit:
    return ChangeNode(id=router.id, changes=changes)


def _new_names() -> Iterator[str]:
    number = 1
    while True:
        yield f"branch {number}"
        number += 1
