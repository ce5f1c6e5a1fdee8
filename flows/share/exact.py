"""Exact: words and patterns by which a rule asks with upper and lower case, and back."""

from __future__ import annotations

import re

_HEEDING = re.compile(r"\(\?-i:(.*)\)", re.DOTALL)
_SPECIAL = re.compile(r"([\\.^$*+?{}\[\]|()])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def literal(word: str) -> str:
    """Write a pattern that finds a word."""
    return _SPECIAL.sub(r"\\\1", word)


def heeding(pattern: str) -> str:
    """Write a pattern so that it heeds upper and lower case, where that makes a difference."""
    bare = _ESCAPED.sub("", pattern)
    return pattern if bare == bare.swapcase() else f"(?-i:{pattern})"


def exact_word(pattern: str | None) -> str | None:
    """Return the word that a pattern finds just as it is written; None where it says more."""
    found = _HEEDING.fullmatch(pattern or "")
    if found is None:
        return None
    word = _ESCAPED.sub(r"\1", found[1])
    return word if word and heeding(literal(word)) == pattern else None
