"""Overview: what a program says of its flow, in its docstring and in the comments at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from flows.document.model import Flow, InputNode, JoinNode, RouterNode
from flows.document.policy import OnFailure
from flows.share.python_code.docstrings import NEEDED, RUN, unwrapped
from flows.share.python_code.drawing import FAILURE, HEADING, NOTE
from flows.share.python_import.draft import Remark

InputKind = Literal["text", "long_text", "number", "choice", "file"]
KINDS: Mapping[str, InputKind] = {
    f"a {kind.replace('_', ' ')}": kind
    for kind in get_args(InputNode.model_fields["kind"].annotation)
}
_POLICIES: Mapping[str, OnFailure] = {
    f"{FAILURE}{policy}.": policy for policy in get_args(OnFailure)
}
_LINE = re.compile(
    r"- (?P<variable>\w+): (?P<kind>an? [\w ]+?), '(?P<name>.*)'(?: \((?P<id>\w+)\))?"
    r"(?:, at most (?P<most>\d+) items)?(?P<required>, required)?(?P<optional>, optional)?"
)
_SAME = re.compile(r"- (\w+(?:, \w+)*)")
_NOTE = re.compile(rf"- {NOTE}(?: at (?P<variable>\w+))?: (?P<said>.*)")
_LISTS = re.compile(r"\s*[-*•>]|\s*\d+[.)]|\s{2}")
_EARLIER = re.compile(r"\nInputs and steps:\n(.*?)(?:\nMade by Fanfold.*)?\Z", re.DOTALL)
"""The list as it stood in the docstring of programs that were exported before."""

REMARKED = re.compile(r"\S.{0,200}?, line \d+: ")
"""Begins what a note says of a line of a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """An input or a step, as the list says it.

    `kind`: "an agent", "a join", "a long text"; empty, as is `name`, where the code says it.
    `required`: None where the code says that too.
    """

    variable: str
    kind: str
    name: str
    id: str
    most: int | None = None
    required: bool | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What a program says, taken apart. `parts`: by variable, in the order of the flow.

    `whole`: title and description as they stand there; empty where the program was exported.
    `on_failure`: what a failure means where the code does not say it. `remarks`: the lines of the
    drawing's notes, among them what an earlier import remarked of the file it read, each with the
    variable whose card it stands beneath, or "".
    """

    title: str = ""
    description: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    on_failure: OnFailure = "finish"
    remarks: tuple[tuple[str, str], ...] = ()
    whole: str = ""

    @property
    def joins(self) -> frozenset[str]:
        """The variables of joins."""
        return frozenset(name for name, part in self.parts.items() if part.kind == "a join")


def read_overview(docstring: str, source: str = "") -> Overview:
    """Take apart what a program says of its flow. What is no list of ours stays description."""
    if f"\n# {HEADING}\n" in source:
        return _ours(docstring, source.rpartition(f"\n# {HEADING}\n")[2])
    earlier = _EARLIER.search(f"\n{docstring}")
    said = docstring[: max(earlier.start() - 1, 0)] if earlier else docstring
    said = _without_running(said)
    title, _, rest = said.strip().partition("\n")
    paragraphs = _paragraphs(rest)
    remarks = tuple((each, "") for each in paragraphs if REMARKED.match(each))
    description = "\n\n".join(each for each in paragraphs if not REMARKED.match(each))
    whole = "" if earlier else "\n\n".join(_paragraphs(said))
    listed = earlier[1] if earlier else ""
    title = title.strip().removesuffix(".")
    return Overview(title, description, _listed(listed), _policy(listed), remarks, whole)


def _ours(docstring: str, comments: str) -> Overview:
    title, _, rest = _without_running(docstring).strip().partition("\n")
    said = "\n".join(line.removeprefix("# ") for line in comments.splitlines())
    joined = re.sub(r"\n  +", " ", said)
    lines = (_NOTE.fullmatch(line) for line in joined.splitlines())
    notes = ((line["said"], line["variable"] or "") for line in lines if line)
    title = title.strip().removesuffix(".")
    return Overview(title, unwrapped(rest), _listed(said), _policy(said), tuple(notes))


def _without_running(docstring: str) -> str:
    """Leave out what an exported program says of how it is run."""
    before, run, after = docstring.rpartition(f"\n{RUN}")
    return before if run and NEEDED in " ".join(after.split()) else docstring


def _paragraphs(said: str) -> list[str]:
    """Split words into paragraphs; the lines of a list stay lines."""
    found: list[str] = []
    for each in re.split(r"\n\s*\n", said.strip("\n")):
        lines = each.splitlines()
        is_list = any(_LISTS.match(line) for line in lines)
        found.append("\n".join(lines).rstrip() if is_list else " ".join(each.split()))
    return [each for each in found if each]


def _policy(listed: str) -> OnFailure:
    told = [_POLICIES[line] for line in listed.splitlines() if line in _POLICIES]
    return told[-1] if told else "finish"


def unlike(flow: Flow, overview: Overview) -> Iterator[Remark]:
    """Say which routers and joins are read that a program's own list does not name, or not read.

    An agent more or less is an edit; these can also be the reader's mistake.
    """
    if not overview.parts:
        return
    listed = {each.id for each in overview.parts.values()}
    read = {node.id for node in flow.nodes}
    for node in flow.nodes:
        if isinstance(node, RouterNode | JoinNode) and node.id not in listed:
            said = f'The program\'s list of steps does not name "{node.name}"; look at it.'
            yield Remark(1, said)
    for part in overview.parts.values():
        if part.kind in {"a router", "a join"} and part.id not in read:
            yield Remark(1, f'The program\'s list of steps names "{part.name}"; it is not read.')


def _listed(said: str) -> Mapping[str, Part]:
    return {part.variable: part for part in _parts(said)}


def _parts(listed: str) -> Iterator[Part]:
    for line in re.sub(r"\n  +", " ", listed).splitlines():
        if _NOTE.fullmatch(line):
            continue
        if (same := _SAME.fullmatch(line.strip())) is not None:
            yield from (Part(each, "", "", each) for each in same[1].split(", "))
        found = _LINE.fullmatch(line.strip())
        if found is not None:
            needed = True if found["required"] else False if found["optional"] else None
            yield Part(
                found["variable"],
                found["kind"],
                found["name"],
                found["id"] or found["variable"],
                most=int(found["most"]) if found["most"] else None,
                required=needed,
            )
