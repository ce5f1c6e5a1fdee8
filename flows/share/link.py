"""Link: a whole flow as the text of an address."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from urllib.parse import unquote

from flows.document.files import flow_values, read_flow
from flows.document.model import Flow
from flows.errors import FlowsError

MOST_CHARACTERS = 7_500
"""A longer text is refused: many servers and messengers cut addresses at 8,000 characters."""

MOST_BYTES = 1_000_000
"""No link unpacks to more: 7,500 characters could hold a bomb of five megabytes and more."""

_LONGEST_PASTED = 100_000
"""Longer texts are searched for no link; a link with a mail around it is shorter."""

_NOT_ONE = (
    "What was pasted is no link of a flow, no JSON and no Python program on the Agents SDK. "
    "Paste it whole, or ask for the flow as a file."
)
_FORM = "1"
_IN_ADDRESS = re.compile(r"(?<![A-Za-z0-9_])link=([A-Za-z0-9_-]*)")
_ADDRESS = re.compile(r"\s*<?https?://", re.IGNORECASE)
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t>]*")
_MOST_LINES = 200
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"\d])")
_PACKED = re.compile(r"[A-Za-z0-9_-]+")

# What the JSON of most flows holds; it makes a short flow's link a third shorter. zlib looks back
# from the end, so the most frequent stands last. Part of form 1: another one needs another form.
_COMMON = (
    b'"description":"","notes":[{"id":"text":"fanfold":1,"name":"otherwise":"","take":"all",'
    b'"ask":"","rules":[{"branch":"when":{"contains":"equals":"matches":"at_least":"at":"/'
    b'"for_each":{"items":"{{ nodes.planner.output.topics }}","max_items":"{{ item }}"'
    b'"output_schema":{"type":"object","properties":{"type":"string"},"required":["items":{'
    b'"model_settings":{"temperature":"max_tokens":"tools":["retries":"timeout_s":30'
    b'"on_error":{"fallback":"needs":{"first":"any","session":true,"max_turns":'
    b'"run":{"start":"by_stage","on_failure":"collect","cancel","results":"as_completed",'
    b'"stages":{"max_concurrency":2}}}}}},"layout":{"x":0,"y":320,"y":-140},"x":640,"y":140},'
    b'"kind":"handoff"},"kind":"tool"},"example":"","type":"input","type":"router","type":'
    b'"join","prompt":"{{ input }}","type":"approval","model":"local/","icon":"Answer in '
    b"one sentence. You are a the best of and nothing else. Write a short summary of it."
    b'","prompt":"{{ inputs.message }}{{ nodes.{{ parents }}","edges":[{"source":"message",'
    b'"target":"},{"id":"","type":"agent","name":"","instructions":"'
)


class LinkError(FlowsError):
    """A link cannot be made, or carries no flow; the text says what to do."""


def write_link(flow: Flow) -> str:
    """Return the flow as letters, digits, `-` and `_`. Raises LinkError when it is too large."""
    values = json.dumps(flow_values(flow), ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(level=9, zdict=_COMMON)
    packed = packer.compress(values) + packer.flush()
    text = _FORM + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    if len(text) > MOST_CHARACTERS or len(values) > MOST_BYTES:
        raise LinkError(
            f"This flow is too large for a link: it needs {len(text):,} characters, and a link "
            f"carries {MOST_CHARACTERS:,} at most. Download the flow and send the file."
        )
    return text


def read_link(text: str) -> Flow:
    """Read the flow in the text of a link; nothing of it is run, kept or asked for.

    Raises LinkError when the text is no link of ours, FlowFileError when what it carries is no
    flow.
    """
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise LinkError(
            f"The link has {len(text):,} characters; a flow's link has {MOST_CHARACTERS:,} at "
            "most. Ask for the flow as a file."
        )
    if text and not text.startswith(_FORM):
        raise LinkError(
            "The link does not begin as a flow's link does. Copy it whole; if it is whole, a newer "
            "Fanfold made it: ask for the flow as a file."
        )
    return read_flow(_unpack(text.removeprefix(_FORM)))


def find_link(text: str) -> str:
    """Return the link in what was pasted: in an address of any host, in words around it, or alone.

    An address that a mail program broke into lines is put together, and one that it hid in an
    address of its own is taken out. Raises LinkError, with what to do, where there is none.
    """
    if len(text) > _LONGEST_PASTED:
        raise LinkError(_NOT_ONE)
    for form in (text, unquote(text)):
        if found := _IN_ADDRESS.search(form):
            return _whole(form[found.start(1) :]) or found[1]
    alone = _LINE_END.sub("", text.strip())
    if alone[:1].isdigit() and _PACKED.fullmatch(alone):
        return alone
    if _ADDRESS.match(text):
        raise LinkError(
            "This address carries no flow: it names one on the machine it comes from. Ask for the "
            "link: Share flow, Copy link."
        )
    raise LinkError(_NOT_ONE)


def _whole(text: str) -> str:
    """Put lines together until they are a link; return an empty text where they become none."""
    joined = ""
    for line in _LINE_END.split(text, _MOST_LINES):
        begin = _PACKED.match(line)
        joined += begin[0] if begin else ""
        if _is_link(joined):
            return joined
        if begin is None or begin[0] != line or len(joined) > MOST_CHARACTERS:
            break
    return ""


def _is_link(text: str) -> bool:
    try:
        return bool(text.startswith(_FORM) and _unpack(text.removeprefix(_FORM)))
    except LinkError:
        return False


def is_json(text: str) -> bool:
    """Whether what was pasted is meant as the JSON of a flow."""
    return bool(_JSON.match(text))


def _unpack(packed: str) -> bytes:
    broken = "The link is cut off or damaged. Copy it whole, or ask for the flow as a file."
    if not _PACKED.fullmatch(packed):
        raise LinkError(broken)
    unpacker = zlib.decompressobj(zdict=_COMMON)
    try:
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        values = unpacker.decompress(data, MOST_BYTES)
    except (binascii.Error, zlib.error) as error:
        raise LinkError(broken) from error
    if unpacker.unconsumed_tail:
        raise LinkError(
            f"The link unpacks to more than {MOST_BYTES:,} bytes; no flow's link does. "
            "It was not opened."
        )
    if not unpacker.eof or unpacker.unused_data:
        raise LinkError(broken)
    return values
