"""Fold: the story of a run, built from its records and nothing else.

Live view, history, replay, command line and tests all use this one fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.document.files import read_values
from flows.errors import FlowFileError
from flows.ids import NodeId, NodeKey, RunId, item_index, node_of
from flows.plan.graph import parents_in_order
from flows.trace.events import (
    ApprovalGiven,
    ApprovalRequested,
    HandedOff,
    Json,
    LoadingBegan,
    LoadingEnded,
    Measured,
    NodeCancelled,
    NodeEvent,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    SpanEnded,
    TextDelta,
    ToolCalled,
    ToolReturned,
    Usage,
)
from flows.trace.spans import NodeSpan, span_at

NodeStatus: TypeAlias = Literal[
    "idle", "queued", "running", "finished", "failed", "skipped", "cancelled"
]
RunStatus: TypeAlias = Literal["running", "finished", "failed", "cancelled", "interrupted"]

_NO_RUN = RunId("")


@dataclass(frozen=True, slots=True)
class Retry:
    """A failed attempt of a model call. `at`: epoch seconds; `delay_s`: the wait after it."""

    at: float
    attempt: int
    error: str
    delay_s: float


@dataclass(frozen=True, slots=True)
class NodeTrace:
    """What happened to one node or item. Times in seconds since the epoch, None if not yet.

    `error` says why it failed (or why its output is a fallback); `reason` why it was skipped or
    cancelled; `warning` what is wrong with its output all the same; `branches` which of them a
    router took; `items` how many a for_each has, all told; `waited_s` how long it only waited for
    its connection, known once it has finished, and `loading_s` how much of that for the embedded
    model to be loaded; while it does so, `loading_since` is when it last began to.
    `reused`: its output is that of an earlier run.
    `spans`: the steps inside its work, as they ended, where they tell more than its own times.
    """

    key: NodeKey
    status: NodeStatus
    queued_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    message: str = ""
    text: str = ""
    output: Json = None
    error: str = ""
    reason: str = ""
    warning: str = ""
    retries: tuple[Retry, ...] = ()
    usage: Usage | None = None
    model: str = ""
    last_agent: str = ""
    branches: tuple[str, ...] = ()
    why: str = ""
    items: int | None = None
    waited_s: float = 0.0
    loading_s: float = 0.0
    loading_since: float | None = None
    reused: bool = False
    spans: tuple[NodeSpan, ...] = ()

    @property
    def attempts(self) -> int:
        """How many times its model was called at the most for one answer: 1 + retries seen."""
        return 0 if self.reused else 1 + len(self.retries)

    @property
    def begun_at(self) -> float | None:
        """When its own work began: its start, and where the model had to be loaded, after that."""
        if self.started_at is None or self.loading_since is not None:
            return None
        return self.started_at + self.loading_s

    def loaded_s(self, now: float) -> float:
        """Seconds it waited for the embedded model to be loaded so far."""
        return self.loading_s + self._loads_s(now)

    def busy_s(self, now: float) -> float:
        """Seconds of its own work so far: with waiting to retry, without waiting for others."""
        if self.started_at is None:
            return 0.0
        end = now if self.ended_at is None else self.ended_at
        return end - self.started_at - self.waited_s - self._loads_s(now)

    def queue_s(self, now: float) -> float:
        """Seconds until its start (or its end without one), and those it waited for its connection.

        They count from the moment in which its needs were met.
        """
        if self.queued_at is None:
            return 0.0
        ends = (each for each in (self.started_at, self.ended_at, now) if each is not None)
        return next(ends) - self.queued_at + self.waited_s + self._loads_s(now)

    def _loads_s(self, now: float) -> float:
        return 0.0 if self.loading_since is None else max(now - self.loading_since, 0.0)


@dataclass(frozen=True, slots=True)
class RunTrace:
    """The story of a run so far.

    `flow` is the frozen document as JSON; `nodes` holds every key that has an event: nodes in order
    of first mention, the items of a `for_each` under their node in item order; `parents` maps each
    step to the steps before it, in topological order. `reused_from` names the run whose results
    were reused, empty for none; `measures` the one that was to be measured.
    """

    run_id: RunId
    flow: Mapping[str, Json]
    inputs: Mapping[str, Json]
    versions: Mapping[str, str]
    model: str
    status: RunStatus
    started_at: float
    ended_at: float | None
    nodes: Mapping[NodeKey, NodeTrace]
    outputs: Mapping[str, Json]
    errors: Mapping[str, str]
    error: str
    parents: Mapping[NodeId, tuple[NodeId, ...]]
    reused_from: RunId = _NO_RUN
    measures: Measured | None = None


@dataclass(slots=True)
class _Draft:
    """A node's trace while it is being written: text as pieces, so that streaming stays linear."""

    key: NodeKey
    status: NodeStatus = "idle"
    queued_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    message: str = ""
    pieces: list[str] = field(default_factory=list)
    retries: list[Retry] = field(default_factory=list)
    spans: list[NodeSpan] = field(default_factory=list)
    end: NodeFinished | NodeFailed | NodeSkipped | NodeCancelled | None = None
    items: dict[int, _Draft] = field(default_factory=dict)
    frozen: NodeTrace | None = None
    is_mentioned: bool = False
    item_count: int | None = None
    loading_since: float | None = None
    loaded_s: float = 0.0

    def take(self, event: NodeEvent, at: float) -> None:  # noqa: C901 - one arm a member
        """Write down what happened to it; `at`: epoch seconds."""
        self.frozen = None
        match event:
            case NodeQueued():
                self.status, self.queued_at = "queued", at
            case NodeStarted():
                self.status, self.started_at, self.message = "running", at, event.message
                self.item_count = event.items
            case TextDelta():
                self.pieces.append(event.text)
            case NodeRetried():
                self.retries.append(Retry(at, event.attempt, event.error, event.delay_s))
                self.pieces.clear()
            case LoadingBegan():
                self.loading_since = at if self.loading_since is None else self.loading_since
            case LoadingEnded():
                self._end_loading(at)
            case SpanEnded():
                self.spans.append(span_at(event, at))
            case NodeFinished() | NodeFailed() | NodeSkipped() | NodeCancelled():
                self._end_loading(at)
                self.end, self.ended_at, self.status = event, at, _END_STATUS[type(event)]
            case (
                ToolCalled() | ToolReturned() | HandedOff() | ApprovalRequested() | ApprovalGiven()
            ):
                pass  # shown from the records themselves; they change no status

    def freeze(self) -> NodeTrace:
        """Return the trace so far; what has not changed since is not made anew."""
        if self.frozen is None:
            self.frozen = self._made()
        return self.frozen

    def family(self) -> Iterator[_Draft]:
        """Yield the node and then its items, in item order."""
        yield self
        for index in sorted(self.items):
            yield self.items[index]

    def _end_loading(self, at: float) -> None:
        if self.loading_since is not None:
            self.loaded_s += at - self.loading_since
            self.loading_since = None

    def _made(self) -> NodeTrace:
        done = self.end if isinstance(self.end, NodeFinished) else None
        loaded_s = (done.loading_s if done else 0.0) or self.loaded_s
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return NodeTrace(
            key=self.key,
            status=self.status,
            queued_at=self.queued_at,
            started_at=self.started_at,
            ended_at=self.ended_at,
            message=self.message,
            text="".join(self.pieces),
            output=done.output if done else None,
            error=self.end.error if isinstance(self.end, NodeFinished | NodeFailed) else "",
            reason=self.end.reason if isinstance(self.end, NodeSkipped | NodeCancelled) else "",
            warning=done.warning if done else "",
            retries=tuple(self.retries),
            usage=done.usage if done else None,
            model=done.model if done else "",
            last_agent=done.last_agent if done else "",
            branches=done.branches if done else (),
            why=done.why if done else "",
            items=self.item_count,
            waited_s=max(done.waited_s if done else 0.0, loaded_s),
            loading_s=loaded_s,
            loading_since=self.loading_since,
            reused=done.reused if done else False,
            spans=tuple(self.spans),
        )


class TraceFold:
    """Folds records one by one; `trace` is the story so far. Not for several threads."""

    def __init__(self) -> None:
        self._run_id = RunId("")
        self._start = RunStarted(flow={}, inputs={})
        self._started_at = 0.0
        self._ended_at: float | None = None
        self._end: RunFinished | RunFailed | RunCancelled | None = None
        self._drafts: dict[NodeId, _Draft] = {}
        self._parents: dict[NodeId, tuple[NodeId, ...]] = {}

    def add(self, record: Record) -> NodeKey | None:
        """Take in the next record; return the key of the node it changed, or None."""
        match record.event:
            case RunStarted() as start:
                self._run_id, self._start, self._started_at = record.run, start, record.at
                self._parents = _parents(start)
                return None
            case RunFinished() | RunFailed() | RunCancelled() as end:
                self._end, self._ended_at = end, record.at
                return None
            case event:
                return self._add_to_node(event, record.at)

    def node(self, key: NodeKey) -> NodeTrace:
        """Return what happened to one node so far. Raises KeyError before its first event."""
        draft = self._drafts[node_of(key)]
        index = item_index(key)
        return (draft if index is None else draft.items[index]).freeze()

    @property
    def trace(self) -> RunTrace:
        """The whole story so far."""
        return RunTrace(
            run_id=self._run_id,
            flow=self._start.flow,
            inputs=self._start.inputs,
            versions=self._start.versions,
            model=self._start.model,
            status=_status(self._end),
            started_at=self._started_at,
            ended_at=self._ended_at,
            nodes={
                each.key: each.freeze()
                for draft in self._drafts.values()
                for each in draft.family()
                if each.is_mentioned
            },
            outputs=self._end.outputs if self._end else {},
            errors=self._end.errors if self._end else {},
            error=_error(self._end),
            parents=self._parents,
            reused_from=self._start.reused_from,
            measures=self._start.measures,
        )

    def _add_to_node(self, event: NodeEvent, at: float) -> NodeKey:
        draft = self._draft(event.node)
        draft.is_mentioned = True
        draft.take(event, at)
        if isinstance(event, LoadingBegan | LoadingEnded) and item_index(event.node) is not None:
            whole = self._draft(NodeKey(node_of(event.node)))
            whole.take(event, at)  # it waits with its items
        return event.node

    def _draft(self, key: NodeKey) -> _Draft:
        node, index = node_of(key), item_index(key)
        draft = self._drafts.get(node)
        if draft is None:
            draft = self._drafts[node] = _Draft(NodeKey(node))
        if index is None:
            return draft
        item = draft.items.get(index)
        if item is None:
            item = draft.items[index] = _Draft(key)
        return item


_END_STATUS: dict[type, NodeStatus] = {
    NodeFinished: "finished",
    NodeFailed: "failed",
    NodeSkipped: "skipped",
    NodeCancelled: "cancelled",
}


def build_trace(records: Iterable[Record]) -> RunTrace:
    """Fold the records of one run into its story."""
    fold = TraceFold()
    for record in records:
        fold.add(record)
    return fold.trace


def _parents(start: RunStarted) -> dict[NodeId, tuple[NodeId, ...]]:
    try:
        return parents_in_order(read_values(start.flow))
    except FlowFileError:  # a run file from elsewhere still shows its lanes, without its chain
        return {}


def _status(end: RunFinished | RunFailed | RunCancelled | None) -> RunStatus:
    match end:
        case None:
            return "running"
        case RunFinished():
            return "finished"
        case RunFailed():
            return "failed"
        case RunCancelled():
            return "cancelled"


def _error(end: RunFinished | RunFailed | RunCancelled | None) -> str:
    match end:
        case RunFailed(error=error):
            return error
        case RunCancelled(reason=reason):
            return reason
        case _:
            return ""
