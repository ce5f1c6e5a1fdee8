"""Toolbox: the helpers that a program takes along: those its lines call, and those they call."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flows.share.python_code.helpers import HELPERS, Helper, first_results
from flows.share.python_code.scope import Uses


def helper_functions(uses: Uses, callers: Sequence[str], *, has_classes: bool) -> list[str]:
    """Write the helpers that these lines call, and note what they import.

    `has_classes`: some agent answers with a class, which the helpers then have to know.
    """
    trees = ast.walk(ast.parse("\n".join(callers)))
    called = {each.id for each in trees if isinstance(each, ast.Name)}
    names = [each for each in uses.helpers if each.split()[0] in called]
    if {"fold", "blocks"} & {*names}:  # some write other things than texts
        names = [each.removesuffix(" of texts") for each in names]
    wanted = dict.fromkeys(_variant(each, has_classes=has_classes) for each in names)
    left = [*wanted]
    for name in left:
        needs = [_variant(each, has_classes=has_classes) for each in _helper(name).needs]
        left += [each for each in needs if each not in wanted]
        wanted |= dict.fromkeys(needs)
    lines: list[str] = []
    for name in sorted(wanted, key=_place):
        helper = _helper(name)
        uses.imports |= set(helper.imports)
        lines += [*helper.source.strip("\n").split("\n"), "", ""]
    return lines


def _helper(name: str) -> Helper:
    if name.startswith("first_results "):
        return first_results(name.removeprefix("first_results "))
    return HELPERS[name]


def _variant(name: str, *, has_classes: bool) -> str:
    variant = f"{name} with classes"
    return variant if has_classes and variant in HELPERS else name


def _place(name: str) -> int:
    return [*HELPERS].index(name) if name in HELPERS else len(HELPERS)
