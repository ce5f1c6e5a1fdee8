"""Stages: the body of a program whose calls go in waves: gather, TaskGroup, one after another."""

from __future__ import annotations

from collections.abc import Sequence

from flows.document.model import RouterNode
from flows.ids import NodeId
from flows.plan.plan import Step
from flows.share.python_code.as_completed import shown_as_completed
from flows.share.python_code.askers import Askers
from flows.share.python_code.layout import Arg, Call, Code, Expr, call
from flows.share.python_code.refusal import refusal
from flows.share.python_code.results import Results
from flows.share.python_code.scope import Condition, Scope, fallback_of, is_call, quorum_of
from flows.share.python_code.statements import Block, If, Line, Say, Statement, function, of
from flows.share.python_code.step_function import annotation_of, step_function
from flows.share.python_code.values import Value
from flows.share.python_code.waves import Wave
from flows.share.python_code.works import Work, work_of


class Stages:
    """Writes the waves of one flow, each after the one before."""

    def __init__(
        self, scope: Scope, waves: Sequence[Wave], *, askers: Askers, results: Results
    ) -> None:
        self._scope, self._waves, self._askers, self._results = scope, waves, askers, results
        self._placed: set[NodeId] = set()

    def body(self) -> list[Statement]:
        """Write everything from the first call to the results."""
        body = self._instants()
        for number, wave in enumerate(self._waves):
            is_last = number == len(self._waves) - 1
            body += self.wave(wave, is_last=is_last)
            self._placed |= {step.id for step in wave.steps}
            body += self._instants()
        goes_on = any(wave.goes_on for wave in self._waves)
        if goes_on:
            self._askers.note_errors()
        ending = self._results.ending(self._scope, errors=goes_on)
        return [*self._askers.before(), *body, *ending]

    def _instants(self) -> list[Statement]:
        """Write what takes no time and has all it needs."""
        statements: list[Statement] = []
        for stage in self._scope.plan.stages:
            for node in stage:
                step = self._scope.plan.steps[node]
                waits = set(step.work_parents) - self._placed
                if node not in self._placed and not is_call(step) and not waits:
                    statements += of(node, self.instant(step))
                    self._placed.add(node)
        return statements

    def instant(self, step: Step) -> list[Statement]:
        """Write a step that takes no time."""
        scope = self._scope
        variable = scope.variables[step.id]
        condition = self._runs_when(step)
        work = work_of(scope, step, asker=self._askers.of)
        if work.can_fail and (scope.on_failure(step) == "collect" or fallback_of(step) is not None):
            raise refusal(
                step.node,
                "may fail on a path into JSON, and the flow goes on then. Give the "
                "agent before it an output schema.",
            )
        is_router = isinstance(step.node, RouterNode)
        scope.given[step.id] = Value(
            variable, scope.kinds[step.id], is_maybe=condition is not None and not is_router
        )
        if condition is None and self._results.is_only(step) and not self._results.come_at_once:
            self._results.is_returned = True
            return work.ending("return ")
        if condition is None:
            return work.ending(f"{variable} = ")
        return self._if(variable, condition, work.ending(f"{variable} = "), step)

    def _if(
        self, variable: str, condition: Condition, body: Sequence[Statement], step: Step
    ) -> list[Statement]:
        """Write work that is done on a condition; else there is nothing."""
        if isinstance(step.node, RouterNode):
            several = step.node.take == "all"
            nothing = (
                f"{variable}: set[str] = set()" if several else f"{variable}: str | None = None"
            )
        else:
            nothing = f"{variable}: {self._scope.kinds[step.id].annotation} | None = None"
        return [Line(nothing), If(condition.holds, tuple(body))]

    def _runs_when(self, step: Step) -> Condition | None:
        """Write when a step runs; None: always, also since something of the wave before came."""
        scope = self._scope
        mine = set(step.work_parents)
        for wave in self._waves:
            collected = wave.on_failure == "collect" and len(wave.steps) > 1 and not wave.goes_on
            if collected and {each.id for each in wave.steps} <= mine and self._always(wave):
                return None
        return scope.runs_when(step)

    def _always(self, wave: Wave) -> bool:
        """Say whether at least one of a wave gives something, or the run has failed."""
        return any(self._scope.runs_when(step) is None for step in wave.steps)

    # Waves

    def wave(self, wave: Wave, *, is_last: bool) -> list[Statement]:
        """Write calls side by side. `is_last`: what they give is the result."""
        if wave.race is not None:
            return self._timed(wave, self._raced(wave, wave.race))
        if len(wave.steps) == 1:
            (step,) = wave.steps
            return self._timed(wave, of(step.id, self._single(wave, step, is_last=is_last)))
        if is_last and self._results.are_handed_out(wave):
            return self._timed(wave, self._as_completed(wave))
        if wave.on_failure == "cancel":
            return self._timed(wave, self._grouped(wave))
        return self._gathered(wave)

    def _timed(self, wave: Wave, body: list[Statement]) -> list[Statement]:
        if wave.timeout_s is None:
            return body
        return [Block(f"async with asyncio.timeout({wave.timeout_s:g}):", tuple(body))]

    def _single(self, wave: Wave, step: Step, *, is_last: bool) -> list[Statement]:
        scope = self._scope
        variable = scope.variables[step.id]
        condition = self._runs_when(step)
        work = work_of(scope, step, asker=self._askers.of, notes=self._askers.notes(step))
        is_router = isinstance(step.node, RouterNode)
        maybe = condition is not None or wave.goes_on
        scope.given[step.id] = Value(
            variable, scope.kinds[step.id], is_maybe=maybe and not is_router
        )
        if wave.goes_on and not work.is_one_call:
            name, run = self._function(step, work, condition, swallows=True)
            return [*run, Line(f"{variable} = await {name}()")]
        if condition is not None:
            return self._if(variable, condition, work.ending(scope.taking(step)), step)
        if is_last and wave.timeout_s is None and self._results.is_only(step):
            self._results.is_returned = True
            return work.ending("return ")
        return work.ending(scope.taking(step))

    def _calls(self, wave: Wave) -> tuple[list[Statement], list[Expr]]:
        """Write each step of a wave as one call; what needs more becomes a function before."""
        before: list[Statement] = []
        calls: list[Expr] = []
        for step in wave.steps:
            if step.id in wave.leads:
                name = self._name(step)
                before += self._line(wave, step, name)
                calls.append(Code(f"{name}()"))
                continue
            condition = self._runs_when(step)
            work = work_of(self._scope, step, asker=self._askers.of, notes=self._askers.notes(step))
            if condition is None and work.is_one_call:
                calls.append(work.last)
                continue
            swallows = wave.goes_on and not work.is_one_call
            name, written = self._function(step, work, condition, swallows=swallows)
            before += of(step.id, written)
            calls.append(Code(f"{name}()"))
        return before, calls

    def _line(self, wave: Wave, step: Step, name: str) -> list[Statement]:
        """Write a function that makes one call after another."""
        body: list[Statement] = []
        for each in wave.leads[step.id]:
            body += of(each.id, self._single(wave, each, is_last=False))
        work = work_of(self._scope, step, asker=self._askers.of, notes=self._askers.notes(step))
        body += of(step.id, work.ending("return "))
        return function(f"async def {name}() -> {annotation_of(self._scope, step)}:", body)

    def _function(
        self, step: Step, work: Work, condition: Condition | None, *, swallows: bool
    ) -> tuple[str, list[Statement]]:
        """Write a step as a function; return its name, too."""
        name = self._name(step)
        is_maybe = condition is not None or swallows or self._askers.of(step).startswith("try_")
        written = step_function(
            self._scope,
            step,
            name=name,
            work=work,
            condition=condition,
            swallows=swallows,
            is_maybe=is_maybe,
        )
        return name, written

    def _name(self, step: Step) -> str:
        return self._scope.names.derived(f"run_{self._scope.variables[step.id]}")

    def _put(self, wave: Wave, *, result: str = "", all_maybe: bool = False) -> list[str]:
        """Note how the results of a wave are read; return its variables."""
        scope = self._scope
        variables = [scope.variables[step.id] for step in wave.steps]
        for step, variable in zip(wave.steps, variables, strict=True):
            maybe = all_maybe or self._runs_when(step) is not None
            is_router = isinstance(step.node, RouterNode)
            if is_router and all_maybe:
                raise refusal(
                    step.node,
                    "is asked side by side with others, and the run goes on without "
                    "what fails. Ask it alone.",
                )
            scope.given[step.id] = Value(
                f"{variable}{result}", scope.kinds[step.id], is_maybe=maybe
            )
        return [
            f"_{name.lstrip('_')}" if step.id in scope.unread else name
            for step, name in zip(wave.steps, variables, strict=True)
        ]

    def _gathered(self, wave: Wave) -> list[Statement]:
        collects = wave.on_failure == "collect"
        helper = "successes" if collects else "results_of"
        is_mixed = not collects and len({annotation_of(self._scope, s) for s in wave.steps}) > 1
        if not wave.goes_on and not is_mixed:
            self._scope.uses.helper(helper)
        before, calls = self._calls(wave)
        if collects and wave.timeout_s is not None:
            seconds = Code(f"{wave.timeout_s:g}")
            calls = [call("asyncio.wait_for", each, seconds) for each in calls]
        args = _args_of(wave, calls)
        variables = self._put(wave, all_maybe=collects)
        if wave.goes_on:
            gathered = Call("asyncio.gather(", args)
            return [*before, Say(f"{', '.join(variables)} = await ", gathered)]
        args = (*args, Arg(Code("True"), "return_exceptions="))
        if is_mixed:
            gathered = Call("asyncio.gather(", args)
            said = Say(f"{', '.join(variables)} = await ", gathered)
            return [*before, *self._timed(wave, [said]), *map(_raised, variables)]
        gather = Arg(Call("asyncio.gather(", args), "await ")
        said = Say(f"{', '.join(variables)} = ", Call(f"{helper}(", (gather,)))
        if collects:
            return [*before, said]
        return [*before, *self._timed(wave, [said])]

    def _grouped(self, wave: Wave) -> list[Statement]:
        before, calls = self._calls(wave)
        self._put(wave, result=".result()")
        created: list[Statement] = []
        for step, each in zip(wave.steps, calls, strict=True):
            said = Say(self._scope.taking(step), call("group.create_task", each))
            created += of(step.id, [said])
        return [*before, Block("async with asyncio.TaskGroup() as group:", tuple(created))]

    def _raced(self, wave: Wave, race: Step) -> list[Statement]:
        self._scope.uses.helper(f"first_results {wave.on_failure}")
        before, calls = self._calls(wave)
        created = [call("asyncio.create_task", each) for each in calls]
        tasks = Call("[", _args_of(wave, created), "]")
        variables = self._put(wave, all_maybe=True)
        count = Code(str(quorum_of(race)))
        first = call("first_results", count, tasks)
        return [*before, Say(f"{', '.join(variables)} = await ", first)]

    def _as_completed(self, wave: Wave) -> list[Statement]:
        """Hand each result out the moment it is there."""
        scope = self._scope
        self._results.is_returned = True
        scope.uses.helper("named")
        before, calls = self._calls(wave)
        self._put(wave)
        scope.uses.helper("show" if scope.ends_in_texts else "show any")
        named = [
            call("named", self._results.name_of(step), each)
            for step, each in zip(wave.steps, calls, strict=True)
        ]
        listed = Call("[", _args_of(wave, named), "]")
        return [*before, *shown_as_completed(listed, on_failure=wave.on_failure)]


def _raised(variable: str) -> Block:
    """Raise what a call gave as an error; from here on its type is known."""
    return Block(f"if isinstance({variable}, BaseException):", (Line(f"raise {variable}"),))


def _args_of(wave: Wave, values: Sequence[Expr]) -> tuple[Arg, ...]:
    """Write what the steps of a wave do side by side, each as its own."""
    return tuple(Arg(each, node=step.id) for step, each in zip(wave.steps, values, strict=True))
