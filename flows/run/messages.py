"""Message: what a browser is told, as it goes over the wire: an event's name and its JSON.

Every time inside a view is in seconds since the run's start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

import msgspec

from flows.ids import NodeId, NodeKey, RunId
from flows.run.titles import titles_of
from flows.trace.brief import say_brief, say_chain, say_used
from flows.trace.causes import say_causes
from flows.trace.duration import say_stretch
from flows.trace.ending import say_ending, say_flaw
from flows.trace.events import Json
from flows.trace.fold import NodeStatus, NodeTrace, RunStatus, RunTrace
from flows.trace.measured import say_measured
from flows.trace.spans import say_spans
from flows.trace.timing import has_barriers, measure, shown_chain, worked

_DIGITS = 4  # a tenth of a millisecond


class RetryView(msgspec.Struct, frozen=True):
    """A failed attempt. `at`: when it failed; `delay_s`: the wait after it."""

    at: float
    error: str
    delay_s: float


class NodeView(msgspec.Struct, frozen=True):
    """A node or item as it stands. `output` is there only when it ended; `tokens` None if unknown.

    `error` says why it failed, `reason` why it was skipped or cancelled, or what is wrong with what
    it gave. `items`: how many a for_each has, all told; `titles`: what they are.
    `branches`: which a router took, and `why`. `note`: what its result must not be shown without;
    `flaw`: what is to be known of it besides.
    `waited`: seconds of waiting for its connection. Until the embedded model is loaded for it, it
    is queued and has not `started`; `word` says so while that lasts, `loading` also afterwards.
    `took`: from when to when it worked, and how long, once it has ended.
    `reused`: its output is that of an earlier run. `spans`: the steps inside its work, a line each.
    """

    status: NodeStatus
    queued: float | None
    started: float | None
    ended: float | None
    error: str
    reason: str
    attempts: int
    tokens: int | None
    model: str
    output: Json
    retries: tuple[RetryView, ...]
    items: int | None = None
    branches: tuple[str, ...] = ()
    why: str = ""
    note: str = ""
    flaw: str = ""
    titles: tuple[str, ...] = ()
    waited: float = 0.0
    reused: bool = False
    spans: tuple[str, ...] = ()
    word: str = ""
    loading: str = ""
    took: str = ""


class EarlierView(msgspec.Struct, frozen=True):
    """The earlier run that a run goes back to, and what is to be said of that.

    `measures`: it is run one after another, and does not reuse anything.
    """

    run: RunId
    says: str
    measures: bool


class RunView(msgspec.Struct, frozen=True):
    """A run as it stands. `flow`: its name. `unsaved`: why its records are not kept, if so.

    `barriers`: each stage waited for the one before it.
    `earlier`: the run that it reuses or measures. Once it is over `why` says what its time went
    into, `brief` what it took and that, `chain` which steps waited for each other the longest, and
    `used` which models answered and with how many tokens.
    """

    id: RunId
    flow: str
    status: RunStatus
    started: float
    ended: float | None
    now: float
    wall_s: float
    sequential_s: float
    critical_path_s: float
    critical_path: tuple[NodeId, ...]
    overlap: float
    barrier_s: float
    limit_s: float
    retry_s: float
    outputs: Mapping[str, Json]
    errors: Mapping[str, str]
    error: str
    model: str
    unsaved: str = ""
    barriers: bool = False
    earlier: EarlierView | None = None
    why: str = ""
    brief: str = ""
    chain: str = ""
    used: str = ""


class Snapshot(msgspec.Struct, frozen=True):
    """Everything about the run that is shown; `run` is None when the flow never ran."""

    event: ClassVar[str] = "snapshot"
    run: RunView | None
    nodes: Mapping[NodeKey, NodeView]
    texts: Mapping[NodeKey, str]


class NodesChanged(msgspec.Struct, frozen=True):
    """Nodes that changed."""

    event: ClassVar[str] = "nodes"
    run: RunId
    nodes: Mapping[NodeKey, NodeView]


class TextCame(msgspec.Struct, frozen=True):
    """Text to append to what is there."""

    event: ClassVar[str] = "text"
    run: RunId
    texts: Mapping[NodeKey, str]


class RunChanged(msgspec.Struct, frozen=True):
    """The run's sums as they stand, or its end. Encoded as the run itself."""

    event: ClassVar[str] = "run"
    run: RunView


class FlowChanged(msgspec.Struct, frozen=True):
    """The document changed and is kept so.

    `client`: the browser tab the change came from, or empty; `seq`: its number there.
    """

    event: ClassVar[str] = "flow"
    rev: int
    client: str = ""
    seq: int = 0


Message: TypeAlias = Snapshot | NodesChanged | TextCame | RunChanged | FlowChanged

NOTHING_RAN = Snapshot(run=None, nodes={}, texts={})
"""What is shown of a flow that never ran."""

_ENCODER = msgspec.json.Encoder()


def body_of(message: Message) -> Message | RunView:
    """Return what of a message is encoded beside its name."""
    return message.run if isinstance(message, RunChanged) else message


def encode_message(message: Message) -> bytes:
    """Write a message as one server-sent event."""
    return b"event: %b\ndata: %b\n\n" % (
        message.event.encode(),
        _ENCODER.encode(body_of(message)),
    )


def view_node(node: NodeTrace, *, start: float, titles: tuple[str, ...] = ()) -> NodeView:
    """Show a node; `start`: when its run started, epoch seconds; `titles`: of its items."""
    loads = node.loading_since is not None
    started, ended = _since(start, node.begun_at), _since(start, node.ended_at)
    return NodeView(
        status="queued" if loads else node.status,
        queued=_since(start, node.queued_at),
        started=started,
        ended=ended,
        error=node.error,
        reason=node.reason or node.warning,
        attempts=node.attempts,
        tokens=node.usage.total_tokens if node.usage else None,
        model=node.model,
        output=node.output,
        retries=tuple(
            RetryView(at=round(each.at - start, _DIGITS), error=each.error, delay_s=each.delay_s)
            for each in node.retries
        ),
        items=node.items,
        branches=node.branches,
        why=node.why,
        note=say_ending(node) or ("" if node.branches else node.why),
        flaw=say_flaw(node),
        titles=titles,
        waited=round(node.waited_s - node.loading_s, _DIGITS),
        reused=node.reused,
        spans=say_spans(node.spans, start=start),
        word="loading the model" if loads else "",
        loading=_say_loading(node),
        took="" if started is None or ended is None else say_stretch(started, ended),
    )


def _say_loading(node: NodeTrace) -> str:
    if node.loading_since is not None:
        return "the embedded model is being loaded"
    return "the embedded model was being loaded" if node.loading_s else ""


def view_run(trace: RunTrace, *, now: float, unsaved: str = "") -> RunView:
    """Show a run; `now`: epoch seconds."""
    timing = measure(trace, now=now)
    start = trace.started_at
    ended = _since(start, trace.ended_at)
    why = "" if trace.measures else say_causes(trace)
    brief = say_brief(trace)
    return RunView(
        id=trace.run_id,
        flow=str(trace.flow.get("name", "")),
        status=trace.status,
        started=0.0,
        ended=ended,
        now=round(max(now - start, 0.0), _DIGITS) if ended is None else ended,
        wall_s=round(timing.wall_s, _DIGITS),
        sequential_s=round(timing.sequential_s, _DIGITS),
        critical_path_s=round(timing.critical_path_s, _DIGITS),
        critical_path=shown_chain(trace, timing),
        overlap=round(timing.overlap, _DIGITS),
        barrier_s=round(timing.barrier_s, _DIGITS),
        limit_s=round(timing.limit_s, _DIGITS),
        retry_s=round(timing.retry_s, _DIGITS),
        outputs=trace.outputs,
        errors=trace.errors,
        error=trace.error,
        model=trace.model,
        unsaved=unsaved,
        barriers=has_barriers(trace),
        earlier=_view_earlier(trace),
        why=why,
        brief=f"{brief}. {why}" if brief and why else brief,
        chain=say_chain(trace),
        used=say_used(trace),
    )


def _view_earlier(trace: RunTrace) -> EarlierView | None:
    if trace.measures is not None:
        says = say_measured(trace) or "One after another, to measure it"
        return EarlierView(trace.measures.run, says, measures=True)
    if not trace.reused_from:
        return None
    reused = sum(node.reused for node in worked(trace))
    return EarlierView(trace.reused_from, f"{reused} reused", measures=False)


def snapshot_of(trace: RunTrace, *, now: float, unsaved: str = "") -> Snapshot:
    """Show everything of a run; `now`: epoch seconds."""
    start = trace.started_at
    return Snapshot(
        run=view_run(trace, now=now, unsaved=unsaved),
        nodes={
            key: view_node(node, start=start, titles=titles_of(trace, key))
            for key, node in trace.nodes.items()
        },
        texts={key: node.text for key, node in trace.nodes.items() if node.text},
    )


def _since(start: float, at: float | None) -> float | None:
    return None if at is None else round(at - start, _DIGITS)
