"""Text: foreign words on the screen, and times as people say them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from flows.trace.duration import say_duration

Key = TypeVar("Key")

_SIGNS = "\\`*_{}[]()<>#+-!|~$:&"


def plain(text: str) -> str:
    """Write foreign text so that Markdown shows it as it is."""
    for sign in _SIGNS:
        text = text.replace(sign, f"\\{sign}")
    return text


def tell_apart(names: Mapping[Key, str]) -> dict[Key, str]:
    """Number names that stand there twice: Streamlit takes choices of one name for one choice."""
    apart: dict[Key, str] = {}
    seen: Counter[str] = Counter()
    for key, name in names.items():
        seen[name] += 1
        apart[key] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return apart


def moment(at: float, *, now: float) -> str:
    """Say when something was, in local time; both in seconds since the epoch."""
    then, today = time.localtime(at), time.localtime(now)
    if (then.tm_year, then.tm_yday) == (today.tm_year, today.tm_yday):
        return time.strftime("%H:%M:%S", then)
    if then.tm_year == today.tm_year:
        return time.strftime("%d %b %H:%M", then)
    return time.strftime("%d %b %Y %H:%M", then)


def span(seconds: float) -> str:
    """Say how long something took."""
    return say_duration(seconds)
