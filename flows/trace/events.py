"""Event: a bare fact of a run. Record: the event with run id, sequence number and time.

One JSON object a record, one line a record in a run file (`*.fanfold-run.jsonl`):
`{"run": "…", "seq": 1, "at": 1765000000.25, "event": {"type": "node_started", "node": "pick"}}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

import msgspec

from flows.errors import RecordFileError
from flows.ids import NodeKey, RunId

Json: TypeAlias = Any
"""A JSON value: null, bool, number, string, list or object."""


class _Fact(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True, gc=False):
    pass


class Usage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What model calls used, in the SDK's terms; counts of requests and tokens."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0


class Measured(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run that is run once more, one call after another, to measure it.

    `model`: what stood for a model of null; `wall_s`: its wall time in seconds; `finished`: the
    nodes and items that did their work in it, sorted, without containers of items. `tokens` and
    `letters`: how much its models read and wrote, and how much they wrote; None where unknown.
    `loading_s`: how much of its time the embedded model was being loaded.
    """

    run: RunId
    model: str
    wall_s: float
    finished: tuple[NodeKey, ...]
    tokens: int | None = None
    letters: int | None = None
    loading_s: float = 0.0


class RunStarted(_Fact, frozen=True, tag="run_started"):
    """A run began, with everything needed to read it anywhere.

    `flow`: the frozen document as JSON. `inputs`: input node id → value. `versions`: package →
    version. `model`: what stands for a model of null, as connection/model. `reused_from`: the run
    whose results stand for what is not run again, if there is one. `measures`: the run that this
    one runs one after another.
    """

    flow: dict[str, Json]
    inputs: dict[str, Json]
    versions: dict[str, str] = {}
    model: str = ""
    reused_from: RunId = RunId("")
    measures: Measured | None = None


class NodeQueued(_Fact, frozen=True, tag="node_queued"):
    """A node's needs are met; it waits for its turn under the limits."""

    node: NodeKey


class NodeStarted(_Fact, frozen=True, tag="node_started"):
    """A node's own work began. `message`: what it is given, as sent. `items`: of a for_each."""

    node: NodeKey
    message: str = ""
    items: int | None = None


class TextDelta(_Fact, frozen=True, tag="text_delta"):
    """A piece of the model's answer came."""

    node: NodeKey
    text: str


class ToolCalled(_Fact, frozen=True, tag="tool_called"):
    """An agent called a tool. `arguments`: JSON text as the model wrote it."""

    node: NodeKey
    call: str
    tool: str
    arguments: str


class ToolReturned(_Fact, frozen=True, tag="tool_returned"):
    """A tool answered its call."""

    node: NodeKey
    call: str
    output: str


class HandedOff(_Fact, frozen=True, tag="handed_off"):
    """One agent handed the conversation to another; agents by their own names."""

    node: NodeKey
    source: str
    target: str


class ApprovalRequested(_Fact, frozen=True, tag="approval_requested"):
    """A node stopped and shows something to a person."""

    node: NodeKey
    shown: str


class ApprovalGiven(_Fact, frozen=True, tag="approval_given"):
    """A person answered. `decision`: approve, edit or reject; `text`: the edited text."""

    node: NodeKey
    decision: str
    text: str = ""


class NodeRetried(_Fact, frozen=True, tag="node_retried"):
    """A model call failed and is tried again after `delay_s` seconds. `attempt`: the failed one."""

    node: NodeKey
    attempt: int
    error: str
    delay_s: float


class LoadingBegan(_Fact, frozen=True, tag="loading_began"):
    """A node can do nothing until the embedded model is loaded: its time stands from here on."""

    node: NodeKey


class LoadingEnded(_Fact, frozen=True, tag="loading_ended"):
    """A node waits for that no more: the model is loaded, could not be, or the call was stopped."""

    node: NodeKey


SpanKind: TypeAlias = Literal["agent", "generation", "response", "function", "handoff", "guardrail"]
"""The SDK's spans that are told; a model call is a generation, or a response on that API."""


class SpanEnded(_Fact, frozen=True, tag="span_ended"):
    """A step inside a node's work ended, as the SDK's span tells it; only what adds to the node's.

    `name`: of the agent, function or guardrail; of a handoff, both agents. `lasted_s` seconds,
    `ago_s` seconds before this record. `model`: as the span has it. `triggered`: a guardrail's.
    `error`: the SDK's own words. What went in and came out is not told a second time.
    """

    node: NodeKey
    kind: SpanKind
    name: str = ""
    lasted_s: float = 0.0
    ago_s: float = 0.0
    model: str = ""
    usage: Usage | None = None
    triggered: bool = False
    error: str = ""


class NodeFinished(_Fact, frozen=True, tag="node_finished"):
    """A node's work succeeded. `error` is set when the output is its fallback.

    `warning`: what is wrong with the output all the same, such as an answer that was cut off.
    `branches`: those a router took; none for a router that took none, and for others. `why` it
    took them, or who was first, where a node does not wait for all its parents.
    `waited_s`: how long it only waited for its connection, in seconds; `loading_s`: how much of
    that while the embedded model was being loaded. `reused`: it did not work, its output is that
    of the run which `RunStarted.reused_from` names.
    """

    node: NodeKey
    output: Json
    usage: Usage | None = None
    model: str = ""
    last_agent: str = ""
    error: str = ""
    warning: str = ""
    branches: tuple[str, ...] = ()
    why: str = ""
    waited_s: float = 0.0
    reused: bool = False
    loading_s: float = 0.0


class NodeFailed(_Fact, frozen=True, tag="node_failed"):
    """A node's work failed, in a sentence with the remedy."""

    node: NodeKey
    error: str


class NodeSkipped(_Fact, frozen=True, tag="node_skipped"):
    """A node will not run, and why."""

    node: NodeKey
    reason: str


class NodeCancelled(_Fact, frozen=True, tag="node_cancelled"):
    """A queued or running node was stopped, and why."""

    node: NodeKey
    reason: str


class RunFinished(_Fact, frozen=True, tag="run_finished"):
    """The run ended well. `outputs`: end node id → value; `errors`: node key → sentence.

    `fallbacks`: the keys of those whose output is a fallback.
    """

    outputs: dict[str, Json]
    errors: dict[str, str] = {}
    fallbacks: tuple[str, ...] = ()


class RunFailed(_Fact, frozen=True, tag="run_failed"):
    """The run failed. `error` says why; `outputs` is what the end nodes gave all the same."""

    error: str
    outputs: dict[str, Json] = {}
    errors: dict[str, str] = {}


class RunCancelled(_Fact, frozen=True, tag="run_cancelled"):
    """The run was stopped from outside. `outputs` is what the end nodes had given by then."""

    reason: str
    outputs: dict[str, Json] = {}
    errors: dict[str, str] = {}


NodeEvent = (
    NodeQueued
    | NodeStarted
    | TextDelta
    | ToolCalled
    | ToolReturned
    | HandedOff
    | ApprovalRequested
    | ApprovalGiven
    | NodeRetried
    | LoadingBegan
    | LoadingEnded
    | SpanEnded
    | NodeFinished
    | NodeFailed
    | NodeSkipped
    | NodeCancelled
)
NodeEnd = NodeFinished | NodeFailed | NodeSkipped | NodeCancelled
RunEnd = RunFinished | RunFailed | RunCancelled
Event = RunStarted | NodeEvent | RunEnd


class Record(msgspec.Struct, frozen=True, gc=False):
    """An event as stored: `run` id, `seq` from 1 without gaps, `at` in seconds since the epoch.

    Inside one run `at` never runs backwards: it is one wall-clock reading plus a monotonic clock.
    """

    run: RunId
    seq: int
    at: float
    event: Event


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """Write a record as one line of JSON, without the line's end."""
    return _ENCODER.encode(record)


def decode_record(line: bytes | str) -> Record:
    """Read one line of a run file. Raises RecordFileError when it is not a record."""
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RecordFileError(f"This is not a record of a run: {error}.") from error
    except RecursionError as error:
        raise RecordFileError("This is not a record of a run: it nests too deeply.") from error


def decode_records(lines: Iterable[bytes | str]) -> Iterator[Record]:
    """Read the lines of a run file, empty ones left out. Raises RecordFileError with the line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield decode_record(line)
        except RecordFileError as error:
            raise RecordFileError(f"Line {number}: {error}") from error
