"""Router: its rules as plain conditions in a function of the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from flows.document.model import RouterNode, When
from flows.share.exact import exact_word
from flows.share.python_code.layout import (
    STEP,
    WIDTH,
    Code,
    call,
    flat_of,
    items,
    lines_of,
    text,
    width_of,
)
from flows.share.python_code.refusal import refusal
from flows.share.python_code.values import ANY, Class, is_text

Use = Callable[[str], None]
"""Tells the program that it needs a helper or an import."""


_SEARCH = "re.search("
_WALRUS = "(found := text_at(message, "

_Condition = tuple[str, ...]
"""The parts of a comparison, cut where a line may end."""

_Conditions = list[tuple[list[_Condition], str]]
"""Rules: what must hold all together, and the branch that is taken then."""


def router_function(
    name: str, router: RouterNode, use: Use, *, answer: Class | None = None
) -> list[str]:
    """Write the function that chooses the branches of a router with rules.

    `answer`: the class of what it is asked about, where its rules are about fields of that.
    """
    several = router.take == "all"
    conditions = [
        ([*_conditions_on(router, rule.when, use, answer)], rule.branch) for rule in router.rules
    ]
    if answer is None:
        is_folded = any(_folds(rule.when) for rule in router.rules)
        folded = ["text = message.casefold()"] if is_folded else []
    else:
        folded = _fold_once(conditions)
    returns = "set[str]" if several else "str | None" if router.otherwise is None else "str"
    asked = "message: str" if answer is None else f"answer: {answer.annotation}"
    head = [f"def {name}({asked}) -> {returns}:"]
    doc = ["Choose every branch whose rule holds." if several else "Choose the branch."]
    body = _all_body(router, conditions) if several else _first_body(router, conditions)
    inner = [f'"""{doc[0]}"""', *folded, *body]
    return [*head, *(f"{STEP}{line}" for line in inner), "", ""]


def _fold_once(conditions: _Conditions) -> list[str]:
    """Let a field that several rules compare without case be folded before; return that line."""
    parts = [part.removeprefix("in ") for said, _ in conditions for each in said for part in each]
    folded = [part for part in parts if part.endswith((".casefold()", ".casefold().strip()"))]
    fields = [part for part in folded if part.startswith("answer.")]
    (first, *others) = fields or [""]
    if not others or {*others} != {first}:
        return []
    for number, (said, branch) in enumerate(conditions):
        named = [tuple(_named(part, first) for part in each) for each in said]
        conditions[number] = (named, branch)
    return [f"text = {first}"]


def _named(part: str, folded: str) -> str:
    return {folded: "text", f"in {folded}": "in text"}.get(part, part)


def _first_body(router: RouterNode, conditions: _Conditions) -> list[str]:
    lines: list[str] = []
    for condition, branch in conditions:
        lines += [*_if(condition), *lines_of(text(branch), indent=1, before="return ")]
    otherwise = Code("None") if router.otherwise is None else text(router.otherwise)
    return [*lines, *lines_of(otherwise, indent=0, before="return ")]


def _all_body(router: RouterNode, conditions: _Conditions) -> list[str]:
    lines = ["branches = set()"]
    for condition, branch in conditions:
        lines += [*_if(condition)]
        lines += lines_of(call("branches.add", text(branch)), indent=1)
    if router.otherwise is None:
        return [*lines, "return branches"]
    otherwise = flat_of(items(text(router.otherwise)))
    return [*lines, f"return branches or {{{otherwise[1:-1]}}}"]


def _if(conditions: list[_Condition]) -> list[str]:
    """Write an `if`; conditions that are joined stand one a line where they are long."""
    condition = " and ".join(" ".join(each) for each in conditions)
    if width_of(condition) <= WIDTH - 8:
        return [f"if {condition}:"]
    within = _in_search(conditions) or _in_walrus(conditions) or _in_both(conditions)
    if within:
        return within
    inner: list[str] = []
    for first, *rest in conditions:
        begun = f"and {first}" if inner else first
        whole = " ".join((begun, *rest))
        inner += [whole] if width_of(whole) <= WIDTH - 8 else [*_broken(begun), *rest]
    return ["if (", *(f"{STEP}{each}" for each in inner), "):"]


def _broken(begun: str) -> list[str]:
    """Write the first part of a condition over several lines, where it is a long search."""
    if width_of(begun) <= WIDTH - 8 or not begun.startswith(_WALRUS):
        return [begun]
    return ["(", *(f"{STEP}{each}" for each in _assigned(begun, WIDTH - 12)), ")"]


def _assigned(walrus: str, room: int) -> list[str]:
    """Write what finds a text in an answer, its brackets off, in lines of at most `room`."""
    if width_of(walrus) - 2 <= room:
        return [walrus[1:-1]]
    path = walrus.removeprefix(_WALRUS).removesuffix("))")
    args = [f"message, {path}"]
    if width_of(args[0]) > room - 4:
        args = ["message,", *(f"{_said(step)}," for step in ast.literal_eval(f"({path},)"))]
    return ["found := text_at(", *(f"{STEP}{each}" for each in args), ")"]


def _in_search(conditions: list[_Condition]) -> list[str]:
    """Write conditions with a break in the brackets of the search at their end."""
    match conditions:
        case [(search,)] if search.startswith(_SEARCH):
            return [f"if {_SEARCH}", *_search_args(search), "):"]
        case [(first, *rest), (search,)] if search.startswith(_SEARCH):
            head = " ".join(("if", first, *rest, "and", _SEARCH))
            fits = width_of(head) <= WIDTH - 4
            return [head, *_search_args(search), "):"] if fits else []
        case _:
            return []


def _search_args(search: str) -> list[str]:
    inner = search.removeprefix(_SEARCH).removesuffix(")")
    if width_of(inner) <= WIDTH - 8:
        return [f"{STEP}{inner}"]
    return [f"{STEP}{each}," for each in inner.rsplit(", ", 2)]


def _in_walrus(conditions: list[_Condition]) -> list[str]:
    """Write two conditions with a break in the first one's own brackets, where that is enough."""
    match conditions:
        case [(first, *rest), ("number_in(found)", bound)] if _fits_before_number(first, rest):
            return [f"if {' '.join((first, *rest))} and number_in(", f"{STEP}found", f") {bound}:"]
        case [(first, *rest), second] if first.startswith("(found := "):
            last = " ".join((")", *rest, "and", *second)) + ":"
            if width_of(last) <= WIDTH - 4:
                return ["if (", *(f"{STEP}{each}" for each in _assigned(first, WIDTH - 8)), last]
            return []
        case _:
            return []


def _fits_before_number(first: str, rest: list[str]) -> bool:
    return width_of(f"if {' '.join((first, *rest))} and number_in(") <= WIDTH - 4


def _in_both(conditions: list[_Condition]) -> list[str]:
    match conditions:
        case [(first, *rest), (search,)] if search.startswith(_SEARCH):
            between = " ".join((")", *rest, "and", _SEARCH))
            found = [f"{STEP}{each}" for each in _assigned(first, WIDTH - 8)]
            return ["if (", *found, between, *_search_args(search), "):"]
        case _:
            return []


def are_about_fields(router: RouterNode, answer: Class) -> bool:
    """Say whether each rule compares a field of an answer with what its type can be."""
    return all(_is_about_field(rule.when, answer) for rule in router.rules)


def _is_about_field(when: When, answer: Class) -> bool:
    said = when.model_dump(exclude_none=True).keys() - {"at"}
    _, kind = answer.fields.get((when.at or "").removeprefix("/"), ("", ANY))
    is_number = isinstance(when.equals, int | float) and not isinstance(when.equals, bool)
    if is_text(kind):
        return said <= {"contains", "matches", "equals"} and isinstance(when.equals, str | None)
    if kind.annotation in {"int", "float"}:
        return not said & {"contains", "matches"} and (when.equals is None or is_number)
    return kind.annotation == "bool" and said == {"equals"} and isinstance(when.equals, bool)


def _conditions_on(
    router: RouterNode, when: When, use: Use, answer: Class | None
) -> Iterator[_Condition]:
    """Write what a rule says of a message, or of a field of an answer."""
    if answer is None:
        yield from _conditions(router, when, use)
        return
    attribute, kind = answer.fields[(when.at or "").removeprefix("/")]
    field = f"answer.{attribute}"
    if isinstance(when.equals, bool):
        yield (field if when.equals else f"not {field}",)
    elif not is_text(kind):
        bounds = _bounds(when) if when.equals is None else [("==", when.equals), *_bounds(when)]
        yield from ((field, f"{sign} {bound!r}") for sign, bound in bounds)
    elif isinstance(when.equals, str) and _said(when.equals) in kind.annotation:
        yield field, f"== {_said(when.equals)}"  # one of a few words, and no other
    else:
        yield from _of_text(router, when, use, found=field, folded=f"{field}.casefold()")


def _bounds(when: When) -> list[tuple[str, float]]:
    signs = ((when.above, ">"), (when.below, "<"), (when.at_least, ">="), (when.at_most, "<="))
    return [(sign, bound) for bound, sign in signs if bound is not None]


def _conditions(router: RouterNode, when: When, use: Use) -> Iterator[_Condition]:
    found, folded = "message", "text"
    if when.at == "":
        raise refusal(router, "looks at the whole of its message as JSON. Leave `at` empty.")
    if when.at is not None:
        path = [_pointed(step) for step in when.at.split("/")[1:]]
        args = ", ".join(["message", *(_said(step) for step in path)])
        use("text_at")
        yield f"(found := text_at({args}))", "is not None"
        found, folded = "found", "found.casefold()"
    yield from _of_text(router, when, use, found=found, folded=folded)
    for sign, bound in _bounds(when):
        use("number_in")
        yield f"number_in({found})", f"{sign} {bound!r}"


def _of_text(
    router: RouterNode, when: When, use: Use, *, found: str, folded: str
) -> Iterator[_Condition]:
    if when.contains is not None:
        yield _folded(when.contains), f"in {folded}"
    if when.matches is not None:
        yield _found(router, when.matches, found, use)
    if when.equals is not None:
        yield _equals(when.equals, found, folded, use)


def _equals(wanted: str | float | bool, found: str, folded: str, use: Use) -> _Condition:  # noqa: FBT001 - one of three kinds of value
    if isinstance(wanted, bool):
        use("json")
        return f"{folded}.strip()", f"== json.dumps({wanted})"
    if isinstance(wanted, float | int):
        use("number_in")
        return f"number_in({found})", f"== {wanted!r}"
    return f"{folded}.strip()", f"== {_folded(wanted, stripped=True)}"


def _folded(word: str, *, stripped: bool = False) -> str:
    """Write a word as its flow does, and let the program fold it where that changes it."""
    strip = ".strip()" if stripped and word.strip() != word else ""
    fold = ".casefold()" if word.casefold() != word else ""
    return f"{_said(word)}{strip}{fold}"


def _found(router: RouterNode, pattern: str, found: str, use: Use) -> _Condition:
    word = exact_word(pattern)
    if word is not None:
        return _said(word), f"in {found}"
    return (f"re.search({_pattern(router, pattern, use)}, {found}, re.IGNORECASE)",)


def _pattern(router: RouterNode, pattern: str, use: Use) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise refusal(
            router,
            f'has the pattern "{pattern}", which Python\'s re cannot read ({error}). Write it '
            "without what only the regex package knows.",
        ) from error
    use("re")
    return _said(pattern)


def _folds(when: When) -> bool:
    """Say whether the message is compared as text, without case."""
    is_text = when.contains is not None or isinstance(when.equals, str | bool)
    return when.at is None and is_text


def _pointed(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _said(value: str) -> str:
    return flat_of(text(value))
