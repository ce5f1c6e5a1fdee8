"""LiveRun: a run as it goes: its fold, and what its watchers have not been told yet."""

from __future__ import annotations

from typing import Final

from flows.ids import FlowId, NodeKey, RunId, node_of
from flows.run.messages import (
    Message,
    NodesChanged,
    NodeView,
    RunChanged,
    Snapshot,
    TextCame,
    snapshot_of,
    view_node,
    view_run,
)
from flows.run.titles import titles_of
from flows.trace.events import (
    LoadingBegan,
    LoadingEnded,
    NodeRetried,
    Record,
    RunEnd,
    RunStarted,
    TextDelta,
)
from flows.trace.fold import RunTrace, TraceFold

SUMS_EVERY_S: Final = 0.25
"""How often the sums of a run that goes on are told at the most."""


class LiveRun:
    """Takes records in and gives messages out. Not for several threads.

    `is_announced`: its first news are out; `is_told`: so is its end; `is_kept`: the store has all.
    """

    def __init__(self, run_id: RunId, flow_id: FlowId) -> None:
        self.id = run_id
        self.flow_id = flow_id
        self.started_at = 0.0
        self.has_started = False
        self.has_ended = False
        self.is_announced = False
        self.is_told = False
        self.is_kept = False
        self.unsaved = ""
        self._fold = TraceFold()
        self._anew = True
        self._changed: set[NodeKey] = set()
        self._texts: dict[NodeKey, list[str]] = {}
        self._spoke: set[NodeKey] = set()
        self._sums_due = False
        self._sums_at = 0.0

    @property
    def trace(self) -> RunTrace:
        """The story so far."""
        return self._fold.trace

    def add(self, record: Record) -> None:
        """Take in the next record."""
        key = self._fold.add(record)
        match record.event:
            case RunStarted():
                self.has_started, self.started_at = True, record.at
            case TextDelta(node=node, text=text):
                self._texts.setdefault(node, []).append(text)
                self._spoke.add(node)
            case LoadingBegan(node=node) | LoadingEnded(node=node):
                self._changed.add(NodeKey(node_of(node)))  # a node of items waits with them
            case NodeRetried(node=node) if node in self._spoke:
                self._anew = True  # the text shown so far is no part of the answer
            case event:
                self.has_ended = isinstance(event, RunEnd)
        if key is not None and not isinstance(record.event, TextDelta):
            self._changed.add(key)
            self._sums_due = True

    def snapshot(self, *, now: float) -> Snapshot:
        """Show everything so far; `now`: epoch seconds."""
        return snapshot_of(self._fold.trace, now=now, unsaved=self.unsaved)

    def sums(self, *, now: float) -> RunChanged:
        """Show the run without its nodes; `now`: epoch seconds."""
        return RunChanged(view_run(self._fold.trace, now=now, unsaved=self.unsaved))

    def news(self, *, now: float) -> list[Message]:
        """Return what changed since the last call; the first time that is everything."""
        if self._anew:
            told: list[Message] = [self.snapshot(now=now)]
            self._sums_due, self._sums_at = self.has_ended, now
        else:
            told = [*self._text_news(), *self._node_news()]
        if self.has_ended or (self._sums_due and now - self._sums_at >= SUMS_EVERY_S):
            told.append(self.sums(now=now))
            self._sums_due, self._sums_at = False, now
        self.forget_news()
        return told

    def forget_news(self) -> None:
        """Take all changes so far as told."""
        self._anew, self.is_announced, self.is_told = False, True, self.has_ended
        self._changed.clear()
        self._texts.clear()

    def _node_news(self) -> list[Message]:
        nodes = {key: self._view(key) for key in self._changed}
        return [NodesChanged(self.id, nodes)] if nodes else []

    def _view(self, key: NodeKey) -> NodeView:
        node = self._fold.node(key)
        titles = titles_of(self._fold.trace, key) if node.items else ()
        return view_node(node, start=self.started_at, titles=titles)

    def _text_news(self) -> list[Message]:
        texts = {key: "".join(pieces) for key, pieces in self._texts.items()}
        return [TextCame(self.id, texts)] if texts else []
