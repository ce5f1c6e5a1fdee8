"""Heading: the words above the answers of steps of which some may fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile

from flows.share.python_import.draft import Draft
from flows.share.python_import.values import Output, Text, Value

BLOCKS = "{{ parents }}"
"""What stands for the answers that came, each under its agent's name."""

_Part = str | Value


def may_fail(draft: Draft, steps: Sequence[int]) -> bool:
    """Say whether a message is told what came of several steps, whichever failed."""
    collected = {each for wave in draft.waves if wave.policy == "collect" for each in wave.steps}
    sure = {step.number for step in draft.steps if step.fallback is not None}
    return len(steps) > 1 and set(steps) <= collected - sure


def has_words_around(message: Value, steps: Sequence[int]) -> bool:
    """Say whether words stand before the answers, which stay where an answer does not come."""
    parts = message.parts if isinstance(message, Text) else ()
    between = [
        before
        for before, part in pairwise(parts)
        if isinstance(before, str) and isinstance(part, Output) and part.step in steps
    ]
    return any(_has_words(each) for each in between[1:])


def without_headings(
    message: Value, steps: Sequence[int], titles: Mapping[int, str]
) -> Value | None:
    """Put the placeholder for what came in place of answers that stand under their agents' names.

    None where they stand under other words, or other words stand between them.
    """
    parts = list(message.parts) if isinstance(message, Text) else []
    places = [place for place, part in enumerate(parts) if isinstance(part, Output)]
    if [parts[each] for each in places] != [Output(step) for step in steps] or 0 in places:
        return None
    leads = [
        _lead(parts[place - 1], titles[step]) for place, step in zip(places, steps, strict=True)
    ]
    first, *others = leads
    if first is None or any(each is None or _has_words(each) for each in others):
        return None
    mark = first.rpartition("\n")[2]
    if _has_words(mark):
        mark = _common_end([first, *map(str, others)])
    kept = first.removesuffix(mark)
    return Text((kept + BLOCKS, *parts[places[-1] + 1 :]))


def _lead(words: _Part, title: str) -> str | None:
    """Return what stands before a heading that is the title; None where it is another."""
    said = str(words)
    place = said.casefold().rfind(title.casefold())
    if place < 0 or _has_words(said[place + len(title) :]):
        return None
    return said[:place]


def _has_words(said: str) -> bool:
    return any(sign.isalnum() for sign in said)


def _common_end(said: Sequence[str]) -> str:
    ends = zip(*(each[::-1] for each in said), strict=False)
    return "".join(sign for sign, *_ in takewhile(lambda signs: len({*signs}) == 1, ends))[::-1]
