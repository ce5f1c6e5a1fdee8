"""Value: an expression of the program with what is known of it: text, a class of ours, any JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Plain:
    """A type by its annotation: `str`, `int`, `Any`. `limited`: the same with its limits."""

    annotation: str
    is_text: bool = False
    limited: str = ""


@dataclass(frozen=True, slots=True)
class Class:
    """A class the program defines. `fields`: property → the attribute and its kind."""

    annotation: str
    fields: Mapping[str, tuple[str, Kind]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind. `at_most`: how many it can have, where that is known."""

    item: Kind
    at_most: int | None = None

    @property
    def annotation(self) -> str:
        """The type as it is written."""
        return f"list[{self.item.annotation}]"

    @property
    def limited(self) -> str:
        """The type with the limits of its items."""
        return f"list[{limited(self.item)}]"


Kind: TypeAlias = Plain | Class | ListOf

TEXT = Plain("str", is_text=True)
ANY = Plain("Any")


@dataclass(frozen=True, slots=True)
class Value:
    """An expression. `is_maybe`: it is None where there is nothing."""

    code: str
    kind: Kind = TEXT
    is_maybe: bool = False

    @property
    def annotation(self) -> str:
        """The type as it is written."""
        maybe = self.is_maybe and self.kind != ANY
        return f"{self.kind.annotation} | None" if maybe else self.kind.annotation


def is_text(kind: Kind) -> bool:
    """Say whether values of a kind are texts."""
    return isinstance(kind, Plain) and kind.is_text


def limited(kind: Kind) -> str:
    """Write a type with its limits, as a field of a class needs it."""
    return kind.annotation if isinstance(kind, Class) else kind.limited or kind.annotation
