"""Reference: what a run means, simulated step by step in the plainest way.

At every moment it looks at all nodes anew. Slow and obviously right; the scheduler must agree.
Durations must be such that no two nodes end at the same moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flows.document.model import Flow
from flows.document.policy import FirstOf
from flows.plan.graph import stages_of

OVER = {"finished", "failed", "skipped", "cancelled"}


@dataclass
class Reference:
    """The end of a simulated run: status of every node, who each node took, how it ended."""

    flow: Flow
    seconds: Mapping[str, float]
    failing: Collection[str]
    status: dict[str, str] = field(default_factory=dict)
    took: dict[str, list[str]] = field(default_factory=dict)
    ends_at: dict[str, float] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    stopped: str = ""
    now: float = 0.0

    def __post_init__(self) -> None:
        self.stages = [list(stage) for stage in stages_of(self.flow)]
        self.stage = {node: n for n, stage in enumerate(self.stages) for node in stage}
        self.order = [node.id for node in self.flow.nodes if node.id in self.stage]
        self.status = dict.fromkeys(self.order, "waiting")
        links = [(edge.source, edge.target) for edge in self.flow.edges]
        self.parents = {n: [s for s, t in links if t == n and s in self.stage] for n in self.order}
        self.children = {n: [t for s, t in links if s == n] for n in self.order}

    def play(self) -> Reference:
        """Simulate to the end."""
        self._settle()
        while running := [n for n in self.order if self.status[n] == "running"]:
            node = min(running, key=self.ends_at.__getitem__)
            self.now = self.ends_at[node]
            self._end(node)
            self._settle()
        return self

    @property
    def outcome(self) -> str:
        """How the run ended."""
        ends = [n for n in self.order if not self.children[n]]
        failed = any(self.status[n] == "failed" for n in self.order)
        got = any(self.status[n] == "finished" for n in ends)
        return "failed" if self.stopped or (failed and not got) else "finished"

    def _end(self, node: str) -> None:
        if node not in self.failing:
            self.status[node] = "finished"
            self.finished.append(node)
            return
        self.status[node] = "failed"
        keys = [key for key in self.stages[self.stage[node]] if key in self.flow.run.stages]
        own = self.flow.run.stages[keys[0]].on_failure if keys else None
        policy = own or self.flow.run.on_failure
        if policy != "collect":
            self._stop(policy)

    def _stop(self, policy: str) -> None:
        self.stopped = self.stopped or policy
        for node, status in self.status.items():
            if status == "queued":
                self.status[node] = "cancelled" if policy == "cancel" else "skipped"
            elif status in {"waiting", "ready"}:
                self.status[node] = "skipped"
            elif status == "running" and policy == "cancel":
                self.status[node] = "cancelled"
        self.queue.clear()

    def _settle(self) -> None:
        """Decide, let go, queue and start until nothing changes."""
        while not self.stopped and (self._decide() or self._let_go()):
            pass
        for node in self.order:
            before = [n for stage in self.stages[: self.stage[node]] for n in stage]
            held = self.flow.run.start == "by_stage" and any(
                self.status[n] not in OVER for n in before
            )
            if self.status[node] == "ready" and not held:
                self.status[node] = "queued"
                self.queue.append(node)
        for next_one in list(self.queue):
            if self._is_free(next_one):
                self.queue.remove(next_one)
                self.status[next_one] = "running"
                self.ends_at[next_one] = self.now + self.seconds[next_one]

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
        came = [n for n in self.finished if n in parents]
        still = [n for n in parents if self.status[n] not in OVER]
        needs = self.flow.node(node).needs
        if needs == "all":
            if still:
                return ""
            self.took[node] = came
            return "ready" if came or not parents else "skipped"
        number = needs.first if isinstance(needs, FirstOf) else 1
        if not parents:
            self.took[node] = []
            return "ready"
        if len(came) >= number:
            self.took[node] = came[:number]
            return "ready"
        return "skipped" if len(came) + len(still) < number else ""

    def _let_go(self) -> bool:
        for node in self.order:
            status, children = self.status[node], self.children[node]
            if status in OVER or not children:
                continue
            if all(self.status[child] != "waiting" for child in children):
                self.status[node] = "cancelled" if status in {"running", "queued"} else "skipped"
                if node in self.queue:
                    self.queue.remove(node)
                return True
        return False

    def _is_free(self, node: str) -> bool:
        running = [n for n in self.order if self.status[n] == "running"]
        most = self.flow.run.max_concurrency
        if most is not None and len(running) >= most:
            return False
        mates = self.stages[self.stage[node]]
        policies = [self.flow.run.stages[key] for key in mates if key in self.flow.run.stages]
        limit = policies[0].max_concurrency if policies else None
        return limit is None or len([n for n in running if n in mates]) < limit
