"""Scheduler: runs a plan. It asks the judge what is ready, hands out turns, and hears ends.

No TaskGroup inside: it can say neither collect nor races nor pruning. The reason of a cancellation
is written down before `cancel()`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextvars import copy_context
from typing import assert_never

from flows.document.model import AgentNode, RouterNode
from flows.errors import NodeError
from flows.ids import NodeId, NodeKey, RunId
from flows.plan.plan import Plan, Step
from flows.run.board import Board
from flows.run.crew import Crew
from flows.run.crowd import Crowd
from flows.run.deps import Deps
from flows.run.executor import NodeResult
from flows.run.handlers import holds_slot, read_end, task_of
from flows.run.judge import Decision, Judge, Prune, Ready, Skip
from flows.run.maps import Maps
from flows.run.queued import Queued
from flows.run.recorder import Recorder
from flows.run.repair import repair_event
from flows.run.stages import Stages
from flows.run.stop import Stop, end_of_run
from flows.run.timers import Timers
from flows.run.turns import Turns
from flows.run.work import Work, failure
from flows.trace.events import (
    Json,
    Measured,
    NodeCancelled,
    NodeEnd,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    RunEnd,
    RunStarted,
)
from flows.trace.reuse import Reuse


class Scheduler:
    """One execution of a plan, on the running loop. `run()` once; `cancel()` at any moment."""

    def __init__(
        self,
        plan: Plan,
        inputs: dict[NodeId, Json],
        *,
        run_id: RunId,
        deps: Deps,
        recorder: Recorder,
        earlier: Reuse | Measured | None = None,
    ) -> None:
        self._plan, self._inputs, self._run_id, self._deps = plan, inputs, run_id, deps
        self._emit = recorder.emit
        self._earlier = earlier
        self._reused = earlier.ends if isinstance(earlier, Reuse) else {}
        self._judge, self._stages, self._board = Judge(plan), Stages(plan), Board(plan, inputs)
        self._turns = Turns(
            run=plan.flow.run.max_concurrency,
            stages=[policy.max_concurrency for policy in plan.stage_policies],
        )
        self._queued = Queued(self._turns)
        self._ended: set[NodeId] = set()
        self._ending: set[NodeId] = set()
        self._errors: dict[str, str] = {}
        self._fallbacks: list[str] = []
        self._news: deque[tuple[Work, NodeEnd]] = deque()
        self._hearing = False
        self._stop: Stop | None = None
        self._over: asyncio.Future[None] | None = None
        self._asked_to_stop: str | None = None

    async def run(self) -> RunEnd:
        """Run to the end, whatever happens on the way, and emit every event of it."""
        with self._deps.open_trace(self._plan.flow.name, self._run_id):
            self._crew = Crew(
                self._deps.executor,
                self._run_id,
                context=copy_context(),
                emit=self._emit,
                on_done=self._on_done,
            )
            self._crowd = Crowd(self._take_in)
            self._maps = Maps(
                turns=self._turns,
                crew=self._crew,
                emit=self._emit,
                tell=self._tell,
                reused=self._reused,
            )
            self._over = asyncio.get_running_loop().create_future()
            self._begin()
            if self._asked_to_stop is not None:
                self.cancel(self._asked_to_stop)
            await self._over
        self._crew.close()
        self._timers.close()
        outputs = self._board.outputs_of(self._plan.ends)
        end = end_of_run(self._stop, outputs, self._errors, fallbacks=self._fallbacks)
        self._emit(end)
        return end

    def cancel(self, reason: str) -> None:
        """Stop everything that runs; the run ends cancelled. Nothing when it is over already.

        Before `run` has begun it is noted, and stops what that begins.
        """
        if self._over is None:
            self._asked_to_stop = reason
        elif not self._over.done():
            self._halt(Stop(how="cancel", reason=reason, end="cancelled"))
            self._hear()

    def _begin(self) -> None:
        start = RunStarted(
            flow=self._plan.document,
            inputs={str(node): value for node, value in self._inputs.items()},
            versions=dict(self._deps.versions),
            model=self._deps.model,
            reused_from=self._earlier.run if isinstance(self._earlier, Reuse) else RunId(""),
            measures=self._earlier if isinstance(self._earlier, Measured) else None,
        )
        self._emit(repair_event(start))
        self._timers = Timers(
            self._plan, on_late_run=self._run_too_long, on_late_stage=self._stage_too_long
        )
        self._follow(self._judge.begin())
        self._hear()

    # What the judge decides

    def _follow(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Ready():
                    if self._stages.are_all_open or not self._stages.holds(decision):
                        self._queue(decision)
                case Skip(step=step, reason=reason):
                    self._settle(step, NodeSkipped(NodeKey(step.id), reason))
                case Prune(step=step, reason=reason):
                    self._let_go(step, reason)
                case _:
                    assert_never(decision)

    def _queue(self, ready: Ready) -> None:
        step = ready.step
        work = Work(step, NodeKey(step.id), ready.arrived)
        self._emit(NodeQueued(work.key))
        if work.key in self._reused:
            self._tell(work, self._reused[work.key])
            return
        if not holds_slot(step):
            self._start(work)
            return
        self._queued.join(work)

    def _let_go(self, step: Step, reason: str) -> None:
        """End a step from outside: a running one is cancelled, a queued one too, others skipped."""
        key = NodeKey(step.id)
        if step.id in self._ended or step.id in self._ending:
            return
        queued = self._queued.leave(key)
        if queued is not None:
            self._tell(queued, NodeCancelled(key, reason))
        elif not self._stop_work(key, NodeCancelled(key, reason), reason=reason):
            self._stages.let_go(step.id)
            self._settle(step, NodeSkipped(key, reason))

    # Starting work

    def _let_start(self) -> bool:
        """Start what may start; say whether something of it has ended at once."""
        for work in self._queued.take_startable():
            self._start(work)
        while self._turns.waiting and (turn := self._turns.next()) is not None:
            if not self._maps.take_turn(turn):
                self._start(self._queued.take_turn(turn))
        return bool(self._news)

    def _start(self, work: Work) -> None:
        step = work.step
        if self._timers.waiting:
            self._timers.begin_stage(step.stage)
        if step.for_each is not None:
            values = self._board.values(step, work.arrived)
            policy = self._stages.on_failure(step.stage)
            self._maps.open(work, step.for_each, values=values, on_failure=policy)
            return
        try:
            work.message = self._board.message(step, work.arrived)
            self._emit(NodeStarted(work.key, work.message))
            node = step.node
            task = node if type(node) is AgentNode else task_of(work, self._board)
        except NodeError as error:
            task = failure(step, work.key, str(error))
        if isinstance(task, AgentNode):
            self._crew.begin(work, task)
        else:
            self._tell(work, task)

    # Ending work

    def _on_done(self, work: Work, task: asyncio.Task[NodeResult]) -> None:
        end = work.end(task)
        step = work.step
        if step.races or type(step.node) is RouterNode:  # isinstance takes five times as long
            end = read_end(work, end, self._board)
        if self._maps.at_work:
            self._crowd.take(work, end)
        else:
            self._take_in(work, end)

    def _take_in(self, work: Work, end: NodeEnd) -> None:
        self._news.append((work, end))
        self._hear()

    def _tell(self, work: Work, end: NodeEnd) -> None:
        """Put an end among the news; until a step's is heard, nothing else can end the step."""
        if work.index is None:
            self._ending.add(work.step.id)
        self._news.append((work, end))

    def _hear(self) -> None:
        """Take in all ends there are, then start what may; at last see whether it is over."""
        if self._hearing:
            return
        self._hearing = True
        self._hear_news()
        while self._let_start():
            self._hear_news()
        self._hearing = False
        if self._crew.at_work or self._crowd or self._over is None or self._over.done():
            return
        self._over.set_result(None)

    def _hear_news(self) -> None:
        while True:
            while self._news:
                self._hear_one(*self._news.popleft())
            if self._stages.are_all_open:
                return
            freed = self._stages.open_next()
            if not freed:
                return
            for ready in freed:
                self._queue(ready)

    def _hear_one(self, work: Work, end: NodeEnd) -> None:
        slots = work.slots
        if slots is not None:
            slots.give_back()
        if work.index is None:
            self._end(work.step, end)
        else:
            self._emit_end(end)
            verdict = self._maps.end_item(work, end)
            if type(verdict) is NodeFailed:
                self._judge_failure(work.step, verdict)

    def _end(self, step: Step, end: NodeEnd) -> None:
        if step.id in self._ended:
            return
        branches: frozenset[str] | None = None
        succeeded = isinstance(end, NodeFinished)
        if isinstance(end, NodeFinished):
            self._board.outputs[step.id] = end.output
            if type(step.node) is RouterNode:
                branches = frozenset(end.branches)
        self._settle(step, end)
        if type(end) is NodeFailed:
            self._judge_failure(step, end)
        decisions = self._judge.end(step.id, succeeded=succeeded, branches=branches)
        if self._stop is None:  # at a stop every undecided step was given its end already
            self._follow(decisions)

    def _settle(self, step: Step, end: NodeEnd) -> None:
        self._ended.add(step.id)
        self._emit_end(end)
        if not self._stages.are_all_open:
            self._stages.end(step)

    def _emit_end(self, end: NodeEnd) -> None:
        if type(end) is NodeFailed:
            self._errors[end.node] = end.error
        elif type(end) is NodeFinished and end.error:
            self._fallbacks.append(end.node)
        self._emit(end)

    # Stopping

    def _stop_work(self, key: NodeKey, verdict: NodeEnd, *, reason: str) -> bool:
        """Stop a step at work, or a for_each with its items; say whether it was at work."""
        return self._maps.stop(key, verdict, reason=reason) or self._crew.stop(key, verdict)

    def _judge_failure(self, step: Step, end: NodeFailed) -> None:
        match self._stages.on_failure(step.stage):
            case "collect":
                return
            case "finish" | "cancel" as how:
                reason = f'"{step.node.name}" failed'
                self._halt(Stop(how=how, reason=reason, end="failed", error=end.error))

    def _halt(self, stop: Stop) -> None:
        """Stop the run: nothing new starts; under `cancel` what runs is cancelled too."""
        self._stop = stop if self._stop is None else self._stop.joined_by(stop)
        queued_end = NodeCancelled if stop.how == "cancel" else NodeSkipped
        for work in self._queued.leave_all():
            self._tell(work, queued_end(work.key, stop.reason))
        for step in [*self._stages.let_go_of_all(), *self._judge.undecided()]:
            if step.id not in self._ended and step.id not in self._ending:
                self._settle(step, NodeSkipped(NodeKey(step.id), stop.reason))
        if stop.how == "cancel":
            for key in [*self._maps.at_work, *(work.key for work in self._crew)]:
                self._stop_work(key, NodeCancelled(key, stop.reason), reason=stop.reason)

    def _stage_too_long(self, stage: int, error: str) -> None:
        for node in self._plan.stages[stage]:
            if node not in self._ended and node not in self._ending:
                self._fail_late(self._plan.steps[node], error)
        self._hear()

    def _fail_late(self, step: Step, error: str) -> None:
        key = NodeKey(step.id)
        verdict = NodeFailed(key, error)
        if self._stop_work(key, verdict, reason="its stage took too long"):
            return
        self._stages.let_go(step.id)
        queued = self._queued.leave(key)
        self._tell(Work(step, key) if queued is None else queued, verdict)

    def _run_too_long(self, error: str) -> None:
        self._halt(Stop(how="cancel", reason="the run took too long", end="failed", error=error))
        self._hear()
