"""Reference: what a run means, simulated step by step in the plainest way.

At every moment it looks at all nodes anew. Slow and obviously right; the scheduler must agree.
Durations and timeouts must be such that nothing falls on the same moment by chance.

A key is a node or an item of a `for_each`. A status of "ending" is that of a node that calls on
nobody and whose end is next to be heard.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.document.model import AgentNode, Flow, JoinNode, Node, RouterNode
from flows.document.policy import Fallback, FirstOf
from flows.plan.graph import stages_of

OVER = {"finished", "failed", "skipped", "cancelled"}


@dataclass
class Reference:
    """The end of a simulated run: what every key came to, what it was told and what it gave.

    `chosen`: the branches that the asked routers choose. `reused`: what keys gave in an earlier
    run, and `took_before`: the branches that the routers among them took.
    """

    flow: Flow
    seconds: Mapping[str, float]
    failing: Collection[str]
    chosen: Mapping[str, str] = field(default_factory=dict)
    reused: Mapping[str, Any] = field(default_factory=dict)
    took_before: Mapping[str, list[str]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    took: dict[str, list[str]] = field(default_factory=dict)
    branches: dict[str, list[str]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    starts_at: dict[str, float] = field(default_factory=dict)
    ends_at: dict[str, float] = field(default_factory=dict)
    stage_began: dict[int, float] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    due: set[str] = field(default_factory=set)
    to_come: dict[str, list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    doomed: set[str] = field(default_factory=set)
    stopped: str = ""
    now: float = 0.0

    def __post_init__(self) -> None:
        self.stages = [list(stage) for stage in stages_of(self.flow)]
        self.stage = {node: n for n, stage in enumerate(self.stages) for node in stage}
        self.nodes: dict[str, Node] = {n.id: n for n in self.flow.nodes if n.id in self.stage}
        self.order = list(self.nodes)
        self.status = dict.fromkeys(self.order, "waiting")
        links = dict.fromkeys((edge.source, edge.target) for edge in self.flow.edges)
        self.parents = {n: [s for s, t in links if t == n and s in self.stage] for n in self.order}
        self.children = {n: [t for s, t in links if s == n] for n in self.order}

    def play(self) -> Reference:
        """Simulate to the end."""
        self._settle()
        while running := [key for key in self.ends_at if self.status[key] == "running"]:
            moments = [self.ends_at[key] for key in running] + self._deadlines()
            self.now = min(moment for moment in moments if moment >= self.now)
            self.due = {key for key in running if self.ends_at[key] == self.now}
            if self.now == self.flow.run.timeout_s:
                self._stop("cancel")
            for stage in range(len(self.stages)):
                if self._stage_deadline(stage) == self.now:
                    self._fail_stage(stage)
            for key in sorted(self.due, key=list(self.starts_at).index):
                self.due.discard(key)
                self._end_call(key)
                self._settle()
            self._settle()
        return self

    @property
    def outcome(self) -> str:
        """How the run ended."""
        ends = [n for n in self.order if not self.children[n]]
        failed = "failed" in self.status.values()
        got = any(self.status[n] == "finished" for n in ends)
        return "failed" if self.stopped or (failed and not got) else "finished"

    # Time

    def _deadlines(self) -> list[float]:
        stages = [self._stage_deadline(stage) for stage in range(len(self.stages))]
        moments = [self.flow.run.timeout_s, *stages]
        return [moment for moment in moments if moment is not None and moment > self.now]

    def _stage_deadline(self, stage: int) -> float | None:
        seconds = self._policy(stage, "timeout_s")
        began = self.stage_began.get(stage)
        return None if seconds is None or began is None else began + seconds

    def _fail_stage(self, stage: int) -> None:
        late = [n for n in self.stages[stage] if self.status[n] not in OVER]
        for node in late:
            self._drop(node, "failed")
        for node in late:
            self._judge_failure(node)

    # Ends

    def _end_call(self, key: str) -> None:
        node = self.nodes[key.partition("[")[0]]
        late = node.timeout_s is not None and self.seconds[key] > node.timeout_s
        failed = key in self.failing or late
        output: Any = key
        if failed and isinstance(node.on_error, Fallback):
            failed, output = False, node.on_error.fallback
            self.branches[key] = [node.otherwise or ""] if isinstance(node, RouterNode) else []
        elif isinstance(node, RouterNode):
            output, self.branches[key] = self.messages[key], [self.chosen.get(key, "")]
        if "[" in key:
            self._end_item(node.id, key, output, failed=failed)
        else:
            self._end(key, output, failed=failed)

    def _end_item(self, node: str, key: str, output: Any, *, failed: bool) -> None:
        self.status[key] = "failed" if failed else "finished"
        if not failed:
            self.outputs[key] = output
        if self.status[node] in OVER:
            return
        if failed:
            self._judge_item(node)
        running = self._items(node, "running")
        if self.status[node] not in OVER and not self.to_come[node] and not running:
            self._end_map(node)

    def _judge_item(self, node: str) -> None:
        """A failed item fails its container, and what that means begins at once."""
        self.broken.add(node)
        policy = self._item_policy(node)
        if policy == "collect":
            return
        self.doomed.add(node)
        self.to_come[node] = []
        self.queue = [each for each in self.queue if each != node]
        if policy == "cancel":
            self._drop_items(node)
        self._judge_failure(node)

    def _end_map(self, node: str) -> None:
        if node in self.queue:
            self.queue.remove(node)
        done = self._items(node, "finished")
        policy = self._item_policy(node)
        failed = node in self.broken and (policy != "collect" or not done)
        outputs = [self.outputs[key] for key in sorted(done, key=_index)]
        self._end(node, outputs, failed=failed)

    def _end(self, node: str, output: Any, *, failed: bool) -> None:
        self.status[node] = "failed" if failed else "finished"
        if failed:
            self._judge_failure(node)
        else:
            self.outputs[node] = output
            self.finished.append(node)

    def _judge_failure(self, node: str) -> None:
        policy = self._policy(self.stage[node], "on_failure") or self.flow.run.on_failure
        if policy != "collect":
            self._stop(policy)

    def _stop(self, policy: str) -> None:
        self.stopped = self.stopped or policy
        for node in self.order:
            status = self.status[node]
            if status == "queued":
                self._drop(node, "cancelled" if policy == "cancel" else "skipped")
            elif status in {"waiting", "ready"}:
                self.status[node] = "skipped"
            elif status == "running" and policy == "cancel":
                self._drop(node, "cancelled")

    def _drop(self, node: str, status: str) -> None:
        """End a node from outside, unless its own end is due at this very moment."""
        if node in self.due or self.status[node] == "ending":
            return
        self._drop_items(node)
        if node in self.queue:
            self.queue.remove(node)
        if node in self.doomed:
            if not self._items(node, "running"):
                self.status[node] = "failed"
            return
        self.status[node] = status
        self.to_come[node] = []

    def _drop_items(self, node: str) -> None:
        for key in self._items(node, "running"):
            if key not in self.due:
                self.status[key] = "cancelled"

    # What follows

    def _settle(self) -> None:
        """Decide, let go, queue; hear all ends there are; then start what may."""
        while True:
            while not self.stopped and (self._decide() or self._let_go()):
                pass
            self._queue()
            if self.ending:
                self._end_at_once(self.ending.pop(0))
            elif not self._start_some():
                return

    def _decide(self) -> bool:
        for node in self.order:
            if self.status[node] == "waiting":
                verdict = self._verdict(node)
                if verdict:
                    self.status[node] = verdict
                    return True
        return False

    def _verdict(self, node: str) -> str:
        parents = self.parents[node]
        came = [n for n in self.finished if n in parents and self._leads(n, node)]
        still = [n for n in parents if self.status[n] not in OVER]
        needs = self.nodes[node].needs
        if needs == "all":
            if still:
                return ""
            self.took[node] = came
            return "ready" if came or not parents else "skipped"
        number = needs.first if isinstance(needs, FirstOf) else 1
        if not parents or len(came) >= number:
            self.took[node] = came[:number]
            return "ready"
        return "skipped" if len(came) + len(still) < number else ""

    def _leads(self, parent: str, child: str) -> bool:
        if not isinstance(self.nodes[parent], RouterNode):
            return True
        links = [e.branch for e in self.flow.edges if (e.source, e.target) == (parent, child)]
        return any(branch in self.branches[parent] for branch in links)

    def _let_go(self) -> bool:
        for node in self.order:
            status, children = self.status[node], self.children[node]
            if status in OVER or status == "ending" or node in self.due or not children:
                continue
            if node in self.doomed and self.due.issuperset(self._items(node, "running")):
                continue
            if all(self.status[child] != "waiting" for child in children):
                self._drop(node, "cancelled" if status in {"running", "queued"} else "skipped")
                return True
        return False

    def _queue(self) -> None:
        for node in self.order:
            before = [n for stage in self.stages[: self.stage[node]] for n in stage]
            held = self.flow.run.start == "by_stage" and any(
                self.status[n] not in OVER for n in before
            )
            if self.status[node] == "ready" and not held:
                self._queue_one(node)

    def _queue_one(self, node: str) -> None:
        if node in self.reused:
            self.status[node] = "ending"
            self.ending.append(node)
            return
        if _calls_nobody(self.nodes[node]):
            self._begin(node)
            self.status[node] = "ending"
            self.ending.append(node)
            return
        self.status[node] = "queued"
        if (items := _items_of(self.nodes[node])) is not None:
            self._begin(node)
            keys = [f"{node}[{n}]" for n in range(len(items))]
            self.to_come[node] = [key for key in keys if key not in self.reused]
            for key in keys:
                if key in self.reused:
                    self.status[key], self.outputs[key] = "finished", self.reused[key]
            if not self.to_come[node]:
                self.status[node] = "ending"
                self.ending.append(node)
                return
        self.queue.append(node)

    def _start_some(self) -> bool:
        for node in self.queue:
            is_map = _items_of(self.nodes[node]) is not None
            if self._is_free(node):
                key = self.to_come[node].pop(0) if is_map else node
                if not is_map or not self.to_come[node]:
                    self.queue.remove(node)
                self._begin(key)
                limit = self.nodes[node].timeout_s
                self.ends_at[key] = self.now + min(self.seconds[key], limit or 1e9)
                return True
        return False

    def _begin(self, key: str) -> None:
        node = key.partition("[")[0]
        self.status[key] = "running"
        self.starts_at[key] = self.now
        self.stage_began.setdefault(self.stage[node], self.now)
        items = _items_of(self.nodes[node])
        if items is None:
            self.messages[key] = self._message(node)
        else:
            self.messages[key] = "" if key == node else str(items[_index(key)])

    def _end_at_once(self, node: str) -> None:
        if node in self.reused:
            self.branches[node] = self.took_before.get(node, [])
            self._end(node, self.reused[node], failed=False)
            return
        match self.nodes[node]:
            case JoinNode(as_="list"):
                given = [self.outputs[n] for n in self.parents[node] if n in self.took[node]]
                self._end(node, given, failed=False)
            case RouterNode() as router:
                self.branches[node] = self._routes(router)
                self._end(node, self.messages[node], failed=False)
            case AgentNode():
                done = sorted(self._items(node, "finished"), key=_index)
                self._end(node, [self.outputs[key] for key in done], failed=False)
            case _:
                self._end(node, self.messages[node], failed=False)

    def _routes(self, router: RouterNode) -> list[str]:
        message = self.messages[router.id]
        held = [rule.branch for rule in router.rules if (rule.when.contains or "") in message]
        if not held:
            return [router.otherwise] if router.otherwise else []
        return held[:1] if router.take == "first" else held

    def _message(self, node: str) -> str:
        took = [parent for parent in self.parents[node] if parent in self.took[node]]
        texts = {n: _text(self.outputs[n]) for n in took}
        if not took:
            return "hi"
        if len(took) == 1:
            return texts[took[0]]
        return "\n\n".join(f"## {name}\n{text}" for name, text in texts.items())

    # Limits

    def _is_free(self, node: str) -> bool:
        running = [key for key in self.ends_at if self.status[key] == "running"]
        mates = self.stages[self.stage[node]]
        here = [key for key in running if key.partition("[")[0] in mates]
        mine = self._items(node, "running")
        counts = [
            (len(running), self.flow.run.max_concurrency),
            (len(here), self._policy(self.stage[node], "max_concurrency")),
            (len(mine), self._item_limit(node)),
        ]
        return all(limit is None or count < limit for count, limit in counts)

    def _policy(self, stage: int, name: str) -> Any:
        keys = [key for key in self.stages[stage] if key in self.flow.run.stages]
        return getattr(self.flow.run.stages[keys[0]], name) if keys else None

    def _item_policy(self, node: str) -> str:
        each = getattr(self.nodes[node], "for_each", None)
        own = each.on_failure if each is not None else None
        stage = self._policy(self.stage[node], "on_failure")
        return str(own or stage or self.flow.run.on_failure)

    def _item_limit(self, node: str) -> int | None:
        each = getattr(self.nodes[node], "for_each", None)
        return None if each is None else each.max_concurrency

    def _items(self, node: str, status: str) -> list[str]:
        return [k for k, has in self.status.items() if k.startswith(f"{node}[") and has == status]


def _calls_nobody(node: Node) -> bool:
    return isinstance(node, JoinNode) or (isinstance(node, RouterNode) and node.ask is None)


def _items_of(node: Node) -> Any:
    return node.for_each.items if isinstance(node, AgentNode) and node.for_each else None


def _index(key: str) -> int:
    return int(key.partition("[")[2][:-1])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
