"""Repair: text that UTF-8 cannot say, made sayable where it comes in.

A model's server may cut an emoji in two between pieces of text; JSON allows that, UTF-8 not: it
could be neither kept nor sent to the next model.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeVar

import msgspec

from flows.run.executor import NodeResult
from flows.trace.events import Json, NodeEvent, RunStarted

_ENCODER = msgspec.json.Encoder()
Fact = TypeVar("Fact", bound=NodeEvent | RunStarted)


def repair_event(event: Fact) -> Fact:
    """Return the event with halves of characters replaced by "?"."""
    if _is_sayable(event):
        return event
    return msgspec.convert(_repaired(msgspec.to_builtins(event)), type(event))


def repair_result(result: NodeResult) -> NodeResult:
    """Return what a node's work gave, with halves of characters replaced by "?"."""
    output = result.output
    if (type(output) is str and output.isascii()) or _is_sayable(output):
        return result
    return replace(result, output=_repaired(output))


def repair_text(text: str) -> str:
    """Return the text with halves of characters replaced by "?"."""
    return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")


def _is_sayable(value: object) -> bool:
    try:
        _ENCODER.encode(value)
    except UnicodeEncodeError:
        return False
    return True


def _repaired(value: Json) -> Json:
    return json.loads(repair_text(json.dumps(value, ensure_ascii=False)))
