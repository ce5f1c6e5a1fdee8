"""Given: what somebody hands over to be opened, read into what it holds. Nothing of it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flows.document.files import read_flow
from flows.document.model import Flow
from flows.errors import FlowsError
from flows.share.link import find_link, is_json, read_link
from flows.trace.events import Record
from flows.trace.run_file import read_run_file

_IN_JAVASCRIPT: Final = (
    "is a program in JavaScript or TypeScript. Give it as Python: Agent Builder exports that too, "
    "under Code, Agents SDK."
)
_OTHER_FILES: Final[Mapping[tuple[str, ...], str]] = {
    (".html", ".htm"): "is a page to look at, in a browser. Ask for the flow as JSON.",
    (".zip",): "holds several files. Unpack it, and add its folder on the Templates page, or open "
    "one flow of it at a time.",
    (
        ".svg",
        ".png",
        ".md",
        ".mmd",
    ): "is a picture or a text to read. Ask for the flow as JSON, or for its link.",
    (".ts", ".tsx", ".js", ".mjs"): _IN_JAVASCRIPT,
}
_IS_PYTHON: Final = re.compile(r"^(?:from|import)\s+agents\b", re.MULTILINE)
_IS_JAVASCRIPT: Final = re.compile(r"""from\s+["']@openai/agents""")
_IS_RUN: Final = re.compile(rb'\s*\{\s*"run":\s*"[^"]*",\s*"seq":')
_PASTED: Final = "pasted text"


@dataclass(frozen=True, slots=True)
class GivenFlow:
    """A flow that can be kept. `source`: what it comes from, as words in a sentence.

    `summary`: how much of a program was read; `remarks`: what the flow cannot say of it.
    """

    flow: Flow
    source: str
    summary: str = ""
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link that carries a flow."""

    text: str


@dataclass(frozen=True, slots=True)
class GivenRun:
    """A recorded run. `source`: what it comes from."""

    records: Sequence[Record]
    source: str


Given = GivenFlow | GivenLink | GivenRun


def read_file(name: str, content: bytes) -> Given:
    """Read a file. Raises FlowsError, of the kind that says most about what is wrong."""
    if not content.strip():
        raise FlowsError(f"{name} is empty. Download the flow anew, or ask for it again.")
    for endings, sentence in _OTHER_FILES.items():
        if name.lower().endswith(endings):
            raise FlowsError(f"{name} {sentence}")
    if name.lower().endswith(".jsonl") or _IS_RUN.match(content):
        return GivenRun(read_run_file(content), f"the file “{name}”")
    if name.endswith(".py"):
        return _read_python(content, name=name, source=f"the program “{name}”")
    return GivenFlow(read_flow(content), f"the file “{name}”")


def read_pasted(text: str) -> Given:
    """Read a pasted text: Python, a run, JSON or a link. Raises FlowsError."""
    content = text.encode(errors="replace")
    if _IS_PYTHON.search(text):
        return _read_python(content, name="pasted.py", source=_PASTED)
    if _IS_RUN.match(content):
        return GivenRun(read_run_file(content), _PASTED)
    if _IS_JAVASCRIPT.search(text):
        raise FlowsError(f"What was pasted {_IN_JAVASCRIPT}")
    if is_json(text):
        return GivenFlow(read_flow(text), _PASTED)
    link = find_link(text)
    read_link(link)
    return GivenLink(link)


def _read_python(content: bytes, *, name: str, source: str) -> GivenFlow:
    from flows.share.python_import import (  # most starts need none of it
        decode_source,
        import_python,
    )

    imported = import_python(decode_source(content, filename=name), filename=name)
    remarks = tuple(str(each) for each in imported.remarks)
    return GivenFlow(imported.flow, source, imported.summary, remarks)
