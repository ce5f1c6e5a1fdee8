"""Text method: what methods of texts stand for."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Final

from flows.share.python_import.comparisons import starting, test_by
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.texts import leaves, parts_of, text_of
from flows.share.python_import.values import (
    Given,
    Item,
    Known,
    Listed,
    Listing,
    Merged,
    Output,
    Result,
    Text,
    Unclear,
    Value,
)

SAME = frozenset(
    {"strip", "rstrip", "lstrip", "casefold", "lower", "upper", "title", "capitalize", "copy"}
    | {"splitlines", "split", "model_dump", "model_dump_json", "dict", "json", "pop", "encode"}
    | {"removeprefix", "removesuffix", "format_map", "replace", "decode", "to_input_list"}
)
"""Methods after which a flow hands on the same value."""

_AS_JSON: Final = "The items are handed on as a JSON list,"


def call_on_text(machine: Machine, owner: Value, name: str, call: Call) -> Value:
    """Follow a call of a method of a text."""
    match name, call.args:
        case "join", [Listed(items=items)]:
            pieces = [piece for each in items for piece in (owner, each)]
            if len(items) > 1 and any(isinstance(each, Merged) and each.ways for each in items):
                machine.draft.remark(
                    call.tree.lineno,
                    "Where one of these does not come, what stands between them stays.",
                )
            return text_of(*pieces[1:])
        case "join", [Listing() as listing]:
            return _joined(machine, listing, call)
        case "join", [Output(path=[_, *_]) as listed]:
            machine.draft.remark(call.tree.lineno, f"{_AS_JSON} not joined to one text here.")
            return listed
        case "join", [only]:
            return only
        case "startswith", [Known(value=str() as said)]:
            return test_by(owner, "matches", starting(said))
        case "format", _:
            return _formatted(owner, call)
        case _:
            return _changed(machine, owner, name, call)


def _changed(machine: Machine, owner: Value, name: str, call: Call) -> Value:
    """Return what a method makes of a text: the same, as far as a flow can say."""
    match name, call.args:
        case "title" | "upper" | "lower" | "capitalize", [] if _is_nameless(owner):
            return Known(getattr(str(getattr(owner, "value", "")), name)())
        case "upper" | "lower" | "casefold", []:
            return folded(owner)
        case "split", [] | [Known(value="\n" | "\n\n" | None), *_]:
            return owner
        case _ if name in _CHANGING or (name in _STRIPPING and call.args):
            _remark_changed(machine, owner, name, call)
            return owner
        case _ if name in SAME or name == "get":
            return owner
        case _:
            return Unclear((owner, *call.args))


_STRIPPING = frozenset({"strip", "rstrip", "lstrip"})
_CHANGING = frozenset({"replace", "removeprefix", "removesuffix", "split", "title", "capitalize"})
"""Methods that make another text, which a flow does not."""


def folded(value: Value) -> Value:
    """Return a text whose letters' case is gone."""
    match value:
        case Output() | Given() | Item():
            return replace(value, is_folded=True)
        case Text(parts=(Output() | Given() | Item() as only,)):
            return replace(only, is_folded=True)
        case Merged(options=options):
            return replace(value, options=tuple(map(folded, options)))
        case _:
            return value


def _remark_changed(machine: Machine, owner: Value, name: str, call: Call) -> None:
    if any(isinstance(each, Output | Result | Item | Given) for each in leaves(owner)):
        machine.draft.remark(
            call.tree.lineno, f"`{name}` is left out: a flow hands the text on as it is."
        )


def _is_nameless(value: Value) -> bool:
    """Say whether a text is a literal that no variable holds, and so no input's example."""
    return isinstance(value, Known) and isinstance(value.value, str) and not value.name


def _joined(machine: Machine, listing: Listing, call: Call) -> Value:
    """Hand on a list whose items a program makes one text of, and say what is not said so."""
    if any(isinstance(part, str) for part in parts_of(listing.element)):
        machine.take_apart(Item(listing.loop))
        lost = "without the words this line puts around each."
    else:
        lost = "not joined to one text here."
    machine.draft.remark(call.tree.lineno, f"{_AS_JSON} {lost}")
    return text_of(listing)


def _formatted(owner: Value, call: Call) -> Value:
    """Fill a text with `{}` and `{name}`."""
    if not isinstance(owner, Known) or not isinstance(owner.value, str):
        return Unclear((owner, *call.args))
    pieces: list[str | Value] = []
    rest, count = owner.value, 0
    while "{" in rest and "}" in rest:
        before, _, tail = rest.partition("{")
        name, _, rest = tail.partition("}")
        value = call.get(name, count if not name else int(name) if name.isdecimal() else -1)
        count += not name
        pieces += [before, Unclear() if value is None else value]
    return text_of(*pieces, rest)


def is_split(tree: ast.expr) -> bool:
    """Say whether a text is cut into pieces, which a flow has no place for."""
    called = tree.func if isinstance(tree, ast.Call) else tree
    return isinstance(called, ast.Attribute) and called.attr in _SPLITTING


_SPLITTING = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})
