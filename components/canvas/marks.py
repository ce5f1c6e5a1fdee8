"""Mark: a small sign on a card for how its node waits, tries again and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.document.model import AgentNode, Node
from flows.document.policy import Fallback, FirstOf, ForEach

_USUAL_RETRIES = AgentNode.model_fields["retries"].default


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign. `icon`: a drawing's name, or empty; `word`: beside it; `hint`: the whole sentence."""

    icon: str
    word: str
    hint: str


def marks_of(node: Node) -> tuple[Mark, ...]:
    """Say what of a node's policy is not the usual, most telling first."""
    return (*_work(node), *_common(node))


def _work(node: Node) -> Iterator[Mark]:
    if not isinstance(node, AgentNode):
        return
    if node.for_each is not None:
        yield Mark("many", _each(node.for_each), "Runs once for every item of a list (for_each).")
    if node.retries != _USUAL_RETRIES:
        word = str(node.retries)
        yield Mark("redo", word, f"A failed model call is tried again {word} times (retries).")


def _each(mapped: ForEach) -> str:
    most = mapped.max_concurrency
    return "for each" if most is None else f"for each · {most} at once"


def _common(node: Node) -> Iterator[Mark]:
    match node.needs:
        case "all":
            pass
        case "any":
            yield Mark("race", "any", "Starts on the first parent that is done (needs).")
        case FirstOf(first=first):
            hint = f"Starts on the first {first} parents that are done (needs)."
            yield Mark("race", f"first {first}", hint)
    if node.timeout_s is not None:
        yield Mark("clock", f"{node.timeout_s:g} s", "May take so long at most (timeout_s).")
    if isinstance(node.on_error, Fallback):
        hint = f"When it fails, its output is “{_short(node.on_error.fallback)}” (on_error)."
        yield Mark("shield", "", hint)


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
