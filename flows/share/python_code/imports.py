"""Import: the import lines of a program, in the order of the house."""

from __future__ import annotations

from collections.abc import Iterable

from flows.share.python_code.layout import STEP, WIDTH, stripped, width_of


def import_lines(names: Iterable[str]) -> list[str]:
    """Write imports in order: the standard library, then packages; `module.name` or a module."""
    whole = {name for name in names if "." not in name}
    parts: dict[str, list[str]] = {}
    for name in names:
        module, dot, member = name.rpartition(".")
        if dot:
            parts.setdefault(module, []).append(member)
    lines: list[str] = []
    for is_package in (False, True):
        lines += [f"import {each}" for each in sorted(whole) if _is_package(each) == is_package]
        for module in sorted(parts):
            if _is_package(module) == is_package:
                lines += _from(module, parts[module])
        lines.append("")
    if "TypeVar" in parts.get("typing", []):
        lines += ['T = TypeVar("T")']
    return stripped(lines)


def _from(module: str, members: list[str]) -> list[str]:
    ordered = sorted(members, key=_member_order)
    line = f"from {module} import {', '.join(ordered)}"
    if width_of(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"{STEP}{each}," for each in ordered), ")"]


def _member_order(member: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as isort has them."""
    rank = 0 if member.isupper() else 1 if member[0].isupper() else 2
    return rank, member


def _is_package(module: str) -> bool:
    return module.partition(".")[0] in {"agents", "openai", "pydantic"}
