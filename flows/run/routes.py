"""Route: which branches a router takes, by its rules or by a model's choice."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from flows.document.model import AgentNode, RouterNode, When
from flows.document.placeholders import as_text
from flows.errors import NodeError
from flows.plan.plan import Step
from flows.plan.wording import titled
from flows.trace.events import Json

_NOTHING = object()
_LONGEST_SHOWN = 80
_PATTERN_S = 0.5
"""A pattern of a foreign flow holds the whole loop while it looks."""


class Choice(NamedTuple):
    """The branches a router takes, and why, in words."""

    branches: tuple[str, ...]
    why: str


def choose_by_rules(router: RouterNode, message: str) -> Choice:
    """Take the branches whose rules hold for the message, else `otherwise`, else none."""
    value = _parsed(message)
    held = [rule for rule in router.rules if holds(rule.when, message, value)]
    taken = held[:1] if router.take == "first" else held
    if not taken:
        return Choice(fallback_branches(router), "No rule holds.")
    why = "; ".join(f"{rule.branch}: {_said(rule.when)}" for rule in taken)
    return Choice(tuple(dict.fromkeys(rule.branch for rule in taken)), f"{why}.")


def fallback_branches(router: RouterNode) -> tuple[str, ...]:
    """Return where a router leads that could not choose."""
    return () if router.otherwise is None else (router.otherwise,)


def holds(when: When, message: str, value: Json) -> bool:
    """Say whether all that is said holds. `value`: the message as JSON, for `at`."""
    found = message if when.at is None else find(value, when.at)
    if found is _NOTHING:
        return False
    return all(_text_tests(when, found)) and all(_number_tests(when, found))


def find(value: Json, pointer: str) -> Json:
    """Follow a JSON pointer (RFC 6901) into a value; a sentinel when it leads nowhere."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return _NOTHING
    return value


def _said(when: When) -> str:
    conditions = when.model_dump(exclude_none=True, exclude={"at"})
    said = " and ".join(f"{name.replace('_', ' ')} {asked}" for name, asked in conditions.items())
    return said if when.at is None else f"{when.at} {said}"


def asking_agent(step: Step, router: RouterNode) -> AgentNode:
    """Make the agent that is asked which way to go, and can answer with nothing else."""
    listed = "\n".join(f"- {branch}" for branch in step.branches)
    several = router.take == "all"
    how = "every branch that fits, at least one" if several else "the one branch that fits best"
    return AgentNode(
        id=router.id,
        type="agent",
        name=router.name,
        instructions=f"{router.ask}\n\nChoose {how}:\n{listed}\n\nAnswer with JSON only.",
        model=router.model,
        output_schema=_choice_schema(step.branches, several=several),
        timeout_s=router.timeout_s,
    )


def chosen_branches(step: Step, answer: Json) -> tuple[str, ...]:
    """Read the branches from a model's answer. Raises NodeError when it names none that is."""
    said = answer.get("branch", answer.get("branches")) if isinstance(answer, dict) else answer
    names = said if isinstance(said, list) else [said]
    known = [name for name in names if isinstance(name, str) and name in step.branches]
    if known and len(known) == len(names):
        return tuple(dict.fromkeys(known))
    offered = ", ".join(f'"{branch}"' for branch in step.branches)
    shown = as_text(answer)[:_LONGEST_SHOWN]
    raise NodeError(
        f'{titled(step.node)} was to choose from {offered}, and the model answered "{shown}". '
        "Ask more clearly, or choose another model."
    )


def _choice_schema(branches: Sequence[str], *, several: bool) -> dict[str, Json]:
    one: Json = {"type": "string", "enum": list(branches)}
    many: Json = {"type": "array", "items": one, "minItems": 1, "maxItems": len(branches)}
    name = "branches" if several else "branch"
    return {
        "title": "choice",
        "type": "object",
        "properties": {name: many if several else one},
        "required": [name],
        "additionalProperties": False,
    }


def _text_tests(when: When, found: Json) -> Iterator[bool]:
    """Compare as text, without case."""
    if when.contains is not None:
        yield when.contains.casefold() in as_text(found).casefold()
    if when.matches is not None:
        yield _matches(when.matches, as_text(found))
    if when.equals is not None:
        yield _is_equal(found, when.equals)


def _matches(pattern: str, text: str) -> bool:
    try:
        return regex.search(pattern, text, regex.IGNORECASE, timeout=_PATTERN_S) is not None
    except TimeoutError as error:
        raise NodeError(
            f'The pattern "{pattern[:_LONGEST_SHOWN]}" took longer than {_PATTERN_S:g} s on this '
            "text. Write it without repetitions inside repetitions, or use `contains`."
        ) from error


def _number_tests(when: When, found: Json) -> Iterator[bool]:
    """Compare as numbers; what is no number is on no side of one."""
    number = _number(found)
    for bound, compare in (
        (when.above, operator.gt),
        (when.below, operator.lt),
        (when.at_least, operator.ge),
        (when.at_most, operator.le),
    ):
        if bound is not None:
            yield number is not None and compare(number, bound)


def _is_equal(found: Json, wanted: str | float | bool) -> bool:  # noqa: FBT001 - one of three kinds of value
    if isinstance(wanted, float | int) and not isinstance(wanted, bool):
        return _number(found) == wanted
    text = wanted if isinstance(wanted, str) else as_text(wanted)
    return as_text(found).strip().casefold() == text.strip().casefold()


def _number(found: Json) -> float | None:
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        return float(found)
    except (ValueError, OverflowError):
        return None


def _parsed(message: str) -> Json:
    try:
        return json.loads(message)
    except (ValueError, RecursionError):
        return message
