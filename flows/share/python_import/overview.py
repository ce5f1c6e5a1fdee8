"""Overview: what a program's docstring says of its flow: title, description, the list of steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from flows.document.model import Flow, InputNode, JoinNode, RouterNode
from flows.document.policy import OnFailure
from flows.share.python_code.docstrings import FAILURE, HEADING, MADE_BY
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
    r"(?:, at most (?P<most>\d+) items)?(?P<required>, required)?"
)


REMARKED = re.compile(r"\S.{0,200}?, line \d+: ")
"""Begins what a note says of a line of a file."""


@dataclass(frozen=True, slots=True)
class Part:
    """An input or a step, as the list says it. `kind`: "an agent", "a join", "a long text"."""

    variable: str
    kind: str
    name: str
    id: str
    most: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """A docstring taken apart. `parts`: by variable, in the order of the flow.

    `on_failure`: what a failure means where the code does not say it. `remarks`: what an earlier
    import remarked of the file it read, as its notes say it.
    """

    title: str = ""
    description: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    on_failure: OnFailure = "finish"
    remarks: tuple[str, ...] = ()

    @property
    def joins(self) -> frozenset[str]:
        """The variables of joins."""
        return frozenset(name for name, part in self.parts.items() if part.kind == "a join")


def read_overview(docstring: str) -> Overview:
    """Take a docstring apart; what is no list of ours stays description."""
    title, _, rest = docstring.strip().partition("\n")
    rest = f"{rest}\n".partition(f"\n{MADE_BY}\n")[0]
    said, _, listed = f"{rest}\n".partition(f"\n{HEADING}\n")
    parts = {part.variable: part for part in _parts(listed)}
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n\s*\n", said)]
    remarks = tuple(each for each in paragraphs if REMARKED.match(each))
    description = "\n\n".join(each for each in paragraphs if each and each not in remarks)
    told = [_POLICIES[line] for line in listed.splitlines() if line in _POLICIES]
    title = title.strip().removesuffix(".")
    return Overview(title, description, parts, told[-1] if told else "finish", remarks)


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


def _parts(listed: str) -> Iterator[Part]:
    for line in re.sub(r"\n  +", " ", listed).splitlines():
        found = _LINE.fullmatch(line.strip())
        if found is not None:
            yield Part(
                found["variable"],
                found["kind"],
                found["name"],
                found["id"] or found["variable"],
                most=int(found["most"]) if found["most"] else None,
                required=bool(found["required"]),
            )
