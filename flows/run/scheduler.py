"""Scheduler: runs a plan. It asks the judge what is ready, hands out turns, and keeps the tasks.

No TaskGroup inside: it can say neither collect nor races nor pruning. Each piece of work is one
task whose end is heard through a done callback, since a task cancelled before its first step never
enters its own `try`. The reason of a cancellation is written down before `cancel()`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import Context, copy_context
from functools import partial
from typing import assert_never

from flows.document.files import flow_values
from flows.document.model import AgentNode, JoinNode
from flows.document.policy import OnFailure
from flows.errors import NodeError
from flows.ids import NodeId, NodeKey, RunId
from flows.plan.plan import Plan, Step
from flows.plan.wording import titled
from flows.run.deps import Deps
from flows.run.executor import NodeResult
from flows.run.handlers import fold_join, message_for, values_for, works_alone
from flows.run.judge import Decision, Judge, Prune, Ready, Skip
from flows.run.recorder import Recorder
from flows.run.stop import Stop
from flows.run.turns import Turns
from flows.run.work import do_work, end_of, failure
from flows.trace.events import (
    Json,
    NodeCancelled,
    NodeEnd,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    RunCancelled,
    RunEnd,
    RunFailed,
    RunFinished,
    RunStarted,
)


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
    ) -> None:
        self._plan, self._inputs, self._run_id, self._deps = plan, inputs, run_id, deps
        self._emit = recorder.emit
        self._policies = plan.stage_policies
        self._judge = Judge(plan)
        self._turns = Turns(
            run=plan.flow.run.max_concurrency,
            stages=[policy.max_concurrency for policy in self._policies],
        )
        self._barriers = plan.flow.run.start == "by_stage"
        self._open_stage = 0
        self._unended = [len(stage) for stage in plan.stages]
        self._held: dict[NodeId, Ready] = {}
        self._arrived: dict[NodeId, tuple[NodeId, ...]] = {}
        self._tasks: dict[NodeId, asyncio.Task[NodeResult]] = {}
        self._verdicts: dict[NodeId, NodeEnd] = {}
        self._ends: dict[NodeId, NodeEnd] = {}
        self._outputs: dict[NodeId, Json] = {}
        self._news: deque[tuple[NodeId, NodeEnd]] = deque()
        self._hearing = False
        self._stop: Stop | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._timed_stages: set[int] = set()
        self._context: Context = copy_context()
        self._over: asyncio.Future[None] | None = None

    async def run(self) -> RunEnd:
        """Run to the end, whatever happens on the way, and emit every event of it."""
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        with self._deps.open_trace(self._plan.flow.name, self._run_id):
            self._context = copy_context()
            self._begin(loop)
            await self._over
        for timer in self._timers:
            timer.cancel()
        end = self._judge_run()
        self._emit(end)
        return end

    def cancel(self, reason: str) -> None:
        """Stop everything that runs; the run ends cancelled. Nothing when it is over already."""
        if self._over is not None and not self._over.done():
            self._halt(Stop(how="cancel", reason=reason, end="cancelled"))
            self._hear()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        start = RunStarted(
            flow=flow_values(self._plan.flow),
            inputs={str(node): value for node, value in self._inputs.items()},
            versions=dict(self._deps.versions),
            model=self._deps.model,
        )
        self._emit(start)
        seconds = self._plan.flow.run.timeout_s
        if seconds is not None:
            self._timers.append(loop.call_later(seconds, self._run_too_long, seconds))
        self._follow(self._judge.begin())
        self._hear()

    # What the judge decides

    def _follow(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Ready(node=node):
                    if self._barriers and self._plan.steps[node].stage > self._open_stage:
                        self._held[node] = decision
                    else:
                        self._queue(decision)
                case Skip(node=node, reason=reason):
                    self._settle(node, NodeSkipped(NodeKey(node), reason))
                case Prune(node=node, reason=reason):
                    self._let_go(node, reason)
                case _:
                    assert_never(decision)

    def _queue(self, ready: Ready) -> None:
        key, step = NodeKey(ready.node), self._plan.steps[ready.node]
        self._arrived[ready.node] = ready.arrived
        self._emit(NodeQueued(key))
        if works_alone(step.node):
            self._start(step)
        else:
            self._turns.join_line(key, stage=step.stage)

    def _let_go(self, node: NodeId, reason: str) -> None:
        """End a step from outside: a running one is cancelled, a queued one too, others skipped."""
        if node in self._ends or node in self._verdicts:
            return
        key = NodeKey(node)
        if node in self._tasks:
            self._kill(node, NodeCancelled(key, reason))
        elif self._turns.leave(key):
            self._news.append((node, NodeCancelled(key, reason)))
        else:
            self._held.pop(node, None)
            self._settle(node, NodeSkipped(key, reason))

    # Starting and ending work

    def _let_start(self) -> None:
        """Open the stages whose turn it is, then hand out the turns there are."""
        while self._open_stage < len(self._unended) and not self._unended[self._open_stage]:
            self._open_stage += 1
            self._release_held()
        while (key := self._turns.next()) is not None:
            self._start(self._plan.steps[NodeId(key)])

    def _start(self, step: Step) -> None:
        node = step.node
        key = NodeKey(node.id)
        self._time_stage(step.stage)
        values = values_for(
            self._plan,
            step,
            inputs=self._inputs,
            outputs=self._outputs,
            arrived=self._arrived[node.id],
        )
        try:
            message = message_for(node, values)
            self._emit(NodeStarted(key, message))
            match node:
                case JoinNode():
                    self._news.append((node.id, NodeFinished(key, fold_join(node, values))))
                case AgentNode():
                    self._begin_task(node, key, message)
                case _:
                    raise NodeError(f"{titled(node)} cannot be run.")
        except NodeError as error:
            self._news.append((node.id, failure(step, str(error))))

    def _begin_task(self, node: AgentNode, key: NodeKey, message: str) -> None:
        work = do_work(
            self._deps.executor, self._run_id, key, node=node, message=message, emit=self._emit
        )
        loop = asyncio.get_running_loop()
        task = loop.create_task(work, name=key, context=self._context.copy())
        self._tasks[node.id] = task
        task.add_done_callback(partial(self._on_done, node.id))

    def _on_done(self, node: NodeId, task: asyncio.Task[NodeResult]) -> None:
        del self._tasks[node]
        end = end_of(task, self._plan.steps[node], verdict=self._verdicts.get(node))
        self._news.append((node, end))
        self._hear()

    def _hear(self) -> None:
        """Take in all ends there are, with what follows from them; then see whether it is over."""
        if self._hearing:
            return
        self._hearing = True
        self._let_start()
        while self._news:
            self._end(*self._news.popleft())
            self._let_start()
        self._hearing = False
        if not self._tasks and self._over is not None and not self._over.done():
            self._over.set_result(None)

    def _end(self, node: NodeId, end: NodeEnd) -> None:
        if node in self._ends:
            return
        self._turns.give_back(NodeKey(node))
        if isinstance(end, NodeFinished):
            self._outputs[node] = end.output
        self._settle(node, end)
        if isinstance(end, NodeFailed):
            self._judge_failure(node, end)
        decisions = self._judge.end(node, succeeded=isinstance(end, NodeFinished))
        if self._stop is None:  # at a stop every undecided step was given its end already
            self._follow(decisions)

    def _settle(self, node: NodeId, end: NodeEnd) -> None:
        self._ends[node] = end
        self._emit(end)
        self._unended[self._plan.steps[node].stage] -= 1

    def _release_held(self) -> None:
        ready = [node for node in self._held if self._plan.steps[node].stage <= self._open_stage]
        for node in self._plan.in_drawn_order(ready):
            self._queue(self._held.pop(node))

    # Stopping

    def _judge_failure(self, node: NodeId, end: NodeFailed) -> None:
        match self._on_failure(self._plan.steps[node].stage):
            case "collect":
                return
            case "finish" | "cancel" as how:
                name = self._plan.steps[node].node.name
                self._halt(Stop(how=how, reason=f'"{name}" failed', end="failed", error=end.error))

    def _on_failure(self, stage: int) -> OnFailure:
        return self._policies[stage].on_failure or self._plan.flow.run.on_failure

    def _halt(self, stop: Stop) -> None:
        """Stop the run: nothing new starts; under `cancel` what runs is cancelled too."""
        self._stop = stop if self._stop is None else self._stop.joined_by(stop)
        for key in self._turns.waiting():
            self._turns.leave(key)
            end = NodeCancelled if stop.how == "cancel" else NodeSkipped
            self._news.append((NodeId(key), end(key, stop.reason)))
        for node in [*self._held, *self._judge.undecided()]:
            if node not in self._ends and node not in self._verdicts:
                self._verdicts[node] = NodeSkipped(NodeKey(node), stop.reason)
                self._news.append((node, self._verdicts[node]))
        self._held.clear()
        if stop.how == "cancel":
            for node in list(self._tasks):
                self._kill(node, NodeCancelled(NodeKey(node), stop.reason))

    def _kill(self, node: NodeId, verdict: NodeEnd) -> None:
        if node not in self._verdicts:
            self._verdicts[node] = verdict
            self._tasks[node].cancel()

    # Time

    def _time_stage(self, stage: int) -> None:
        seconds = self._policies[stage].timeout_s
        if seconds is not None and stage not in self._timed_stages:
            self._timed_stages.add(stage)
            loop = asyncio.get_running_loop()
            self._timers.append(loop.call_later(seconds, self._stage_too_long, stage, seconds))

    def _stage_too_long(self, stage: int, seconds: float) -> None:
        error = (
            f"Stage {stage + 1} took longer than its {seconds:g} s. "
            "Raise the stage's timeout, or make its work smaller."
        )
        for node in self._plan.stages[stage]:
            if node in self._ends or node in self._verdicts:
                continue
            verdict = NodeFailed(NodeKey(node), error)
            if node in self._tasks:
                self._kill(node, verdict)
            else:
                self._held.pop(node, None)
                self._turns.leave(NodeKey(node))
                self._verdicts[node] = verdict
                self._news.append((node, verdict))
        self._hear()

    def _run_too_long(self, seconds: float) -> None:
        error = (
            f"The run took longer than its {seconds:g} s and was stopped. "
            "Raise the run's timeout, or make its work smaller."
        )
        self._halt(Stop(how="cancel", reason="the run took too long", end="failed", error=error))
        self._hear()

    # The end

    def _judge_run(self) -> RunEnd:
        outputs: dict[str, Json] = {
            node: self._outputs[node] for node in self._plan.ends if node in self._outputs
        }
        errors = {
            str(node): end.error for node, end in self._ends.items() if isinstance(end, NodeFailed)
        }
        match self._stop:
            case Stop(end="cancelled", reason=reason):
                return RunCancelled(reason, outputs, errors)
            case Stop(error=error):
                return RunFailed(error, outputs, errors)
            case None:
                pass
        if errors and not outputs:
            return RunFailed(next(iter(errors.values())), outputs, errors)
        return RunFinished(outputs, errors)
