"""Tasks: the body of a program in which every step is a task that waits for its own parents."""

from __future__ import annotations

from flows.document.model import RouterNode
from flows.document.policy import OnFailure
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.share.python_code.askers import Askers, swallowing
from flows.share.python_code.layout import Arg, Call, Code, Expr, call, items
from flows.share.python_code.messages import Messages
from flows.share.python_code.refusal import refusal
from flows.share.python_code.results import Results
from flows.share.python_code.scope import (
    Condition,
    Scope,
    fallback_of,
    is_call,
    named_in,
    quorum_of,
)
from flows.share.python_code.statements import Block, If, Line, Say, Statement, function, of
from flows.share.python_code.step_function import annotation_of, guard
from flows.share.python_code.values import Value
from flows.share.python_code.waves import is_race
from flows.share.python_code.works import Work, work_of


class Tasks:
    """Writes the steps of one flow as tasks, parents before children."""

    def __init__(self, scope: Scope, *, askers: Askers, results: Results) -> None:
        self._scope, self._askers, self._results = scope, askers, results
        self._policy = _only_policy(scope.plan)
        self._messages: list[str] = []
        _refuse_what_tasks_cannot(scope.plan)

    def body(self) -> list[Statement]:
        """Write everything from the first task to the results."""
        scope = self._scope
        written: list[Statement] = []
        for stage in scope.plan.stages:
            for node in stage:
                written += of(node, self._step(scope.plan.steps[node]))
        self._read_results()
        collects = self._policy == "collect"
        if collects:
            self._askers.note_errors()
        before = self._askers.before()
        if self._policy == "finish":
            return [*before, *written, *self._wait(), *self._results.ending(scope)]
        group = Block("async with asyncio.TaskGroup() as group:", tuple(written))
        return [
            *before,
            group,
            *self._shown_nothing(),
            *self._results.ending(scope, errors=collects),
        ]

    def _step(self, step: Step) -> list[Statement]:
        scope = self._scope
        variable = scope.variables[step.id]
        scope.reads.clear()
        race = self._race(step) if is_race(step) else []
        condition = None if race else scope.runs_when(step)
        routed = self._route_task(step) if isinstance(step.node, RouterNode) else []
        work = work_of(scope, step, asker=self._askers.of, notes=self._askers.notes(step))
        if not is_call(step) and not step.work_parents and not work.can_fail:
            scope.given[step.id] = Value(variable, scope.kinds[step.id])
            return [*routed, *self._said_at_once(step, work)]
        catches = self._policy == "collect" and fallback_of(step) is None
        maybe = condition is not None or (catches and (is_call(step) or work.can_fail))
        maybe = maybe or bool(race and self._policy == "collect")
        maybe = maybe and not isinstance(step.node, RouterNode)
        self._refuse_uncaught(step, work)
        created = self._created(step, work, race=race, condition=condition, maybe=maybe)
        scope.given[step.id] = Value(f"await {variable}", scope.kinds[step.id], is_maybe=maybe)
        return [*routed, *created]

    def _said_at_once(self, step: Step, work: Work) -> list[Statement]:
        """Write what takes no time and waits for nobody."""
        variable = self._scope.variables[step.id]
        lines = work.ending(f"{variable} = ")
        if self._results.come_at_once and step.id in self._scope.plan.ends:
            lines.append(self._show(step, variable))
        return lines

    def _show(self, step: Step, code: str) -> Say:
        """Hand an end out."""
        scope = self._scope
        scope.uses.helper("show" if scope.ends_in_texts else "show any")
        return Say("", call("show", self._results.name_of(step), Code(code)))

    def _route_task(self, step: Step) -> list[Statement]:
        """Give a router's message a task of its own, where it is more than a name."""
        scope = self._scope
        said = Messages(scope, step).of_step()
        if isinstance(said.expr, Code) and not said.before:
            scope.routes[step.id] = Value(said.expr.text)
            return []
        name = scope.names.derived(f"{scope.variables[step.id]}_message")
        run = scope.names.derived(f"run_{name}")
        scope.routes[step.id] = Value(f"await {name}")
        self._messages.append(name)
        body = [*self._unread_parents(step, None), *said.before, Say("return ", said.expr)]
        created = Say(f"{name} = ", self._task(Code(f"{run}()")))
        return [*function(f"async def {run}() -> str:", body), created]

    def _created(
        self,
        step: Step,
        work: Work,
        *,
        race: list[Statement],
        condition: Condition | None,
        maybe: bool,
    ) -> list[Statement]:
        scope = self._scope
        variable = scope.variables[step.id]
        can_fail = work.can_fail or (is_call(step) and not work.is_one_call)
        notes = self._policy == "finish" and can_fail
        if notes:
            scope.reads.clear()
        rest = [] if race else self._unread_parents(step, None if notes else condition)
        shows = self._results.come_at_once and step.id in scope.plan.ends
        if work.is_one_call and not (rest or condition or race or shows or step.work_parents):
            return [Say(f"{variable} = ", self._task(work.last))]
        body = [
            *([guard(condition, step)] if condition else []),
            *rest,
            *self._ended(step, work, maybe),
        ]
        if notes:
            stops = Block("if errors:  # nothing new starts", (Line("raise errors[0]"),))
            body = [*rest, stops, *(each for each in body if each not in rest)]
        body = [*race, *body]
        if self._policy == "collect" and (race or not work.is_one_call):
            body = swallowing(scope, body)
        if notes:
            self._askers.note_errors()
            noted = (Line("errors.append(error)"), Line("raise"))
            body = [Block("try:", tuple(body)), Block("except Exception as error:", noted)]
        name = scope.names.derived(f"run_{variable}")
        kind = f"{annotation_of(scope, step)}{' | None' if maybe else ''}"
        head = f"async def {name}() -> {kind}:"
        return [*function(head, body), Say(f"{variable} = ", self._task(Code(f"{name}()")))]

    def _ended(self, step: Step, work: Work, maybe: bool) -> list[Statement]:  # noqa: FBT001 - what is known of its value
        """Return the value; an end that is handed out at once is shown before."""
        if not self._results.come_at_once or step.id not in self._scope.plan.ends:
            return work.ending("return ")
        show: Statement = self._show(step, "output")
        if maybe:
            show = Block("if output is not None:", (show,))
        return [*work.ending("output = "), show, Line("return output")]

    def _task(self, coroutine: Expr) -> Call:
        maker = "asyncio.create_task" if self._policy == "finish" else "group.create_task"
        return Call(f"{maker}(", (Arg(coroutine),))

    def _unread_parents(self, step: Step, condition: Condition | None) -> list[Statement]:
        """Wait for the parents that neither the message nor a lone condition reads."""
        scope = self._scope
        asked = condition.code if condition and len(condition.terms) == 1 else ""
        given = [scope.given[node].code for node in step.work_parents if node not in scope.reads]
        return [Line(code) for code in given if code.startswith("await ") and code not in asked]

    def _race(self, step: Step) -> list[Statement]:
        """Wait for the first parents; read what they gave under names of their own."""
        scope = self._scope
        tasks = [scope.variables[parent] for parent in step.work_parents]
        helper = "tasks" if self._policy == "collect" else self._policy
        scope.uses.helper(f"first_results {helper}")
        names = [scope.names.derived(f"{task}_result") for task in tasks]
        for parent, name in zip(step.work_parents, names, strict=True):
            scope.given[parent] = Value(name, scope.kinds[parent], is_maybe=True)
        listed = items(*(Code(task) for task in tasks))
        first = call("first_results", Code(str(quorum_of(step))), listed)
        return [Say(f"{', '.join(names)} = await ", first)]

    def _refuse_uncaught(self, step: Step, work: Work) -> None:
        if fallback_of(step) is not None and work.can_fail:
            raise refusal(
                step.node,
                "has a fallback for a path into JSON. Give the agent before it an output schema.",
            )

    def _wait(self) -> list[Statement]:
        scope = self._scope
        scope.uses.helper("results_of")
        tasks = [
            scope.variables[node]
            for stage in scope.plan.stages
            for node in stage
            if scope.given[node].code != scope.variables[node]
        ]
        tasks = [*self._messages, *tasks]
        args = (*(Arg(Code(each)) for each in tasks), Arg(Code("True"), "return_exceptions="))
        gather = Arg(Call("asyncio.gather(", args), "await ")
        return [Say("", Call("results_of(", (gather,)))]

    def _read_results(self) -> None:
        """From here on all tasks have ended."""
        for node, value in self._scope.given.items():
            if node in self._scope.plan.steps and value.code.startswith("await "):
                done = f"{self._scope.variables[node]}.result()"
                self._scope.given[node] = Value(done, value.kind, is_maybe=value.is_maybe)

    def _shown_nothing(self) -> list[Statement]:
        if self._policy != "collect" or not self._results.come_at_once:
            return []
        ends = [self._scope.given[node].code for node in self._scope.plan.ends]
        terms = ("errors", *(f"{each} is None" for each in ends))
        return [If(terms, (Line("raise errors[0]"),), joined_by="and")]


def _only_policy(plan: Plan) -> OnFailure:
    policies = {
        plan.stage_policies[step.stage].on_failure or plan.flow.run.on_failure
        for step in plan.steps.values()
    }
    if len(policies) > 1:
        raise refusal(
            None,
            "has stages with different failure policies that run at the same time. Give them one, "
            "or set the start to by_stage.",
        )
    return policies.pop()


def _refuse_what_tasks_cannot(plan: Plan) -> None:
    if any(policy.timeout_s is not None for policy in plan.stage_policies):
        raise refusal(
            None,
            "has a timeout on a stage whose steps start at different times. Give the steps "
            "timeouts of their own, or set the start to by_stage.",
        )
    if plan.flow.run.start == "by_stage":
        raise refusal(
            None,
            "goes stage by stage, with a race or with failures that are collected across stages. "
            "Set the start to as_ready.",
        )
    for step in plan.steps.values():
        if is_race(step):
            _refuse_tangled_race(plan, step)


def _refuse_tangled_race(plan: Plan, race: Step) -> None:
    """A cancelled task cancels what it waits for: right where that leads nowhere else."""
    loose = list(race.work_parents)
    seen: set[NodeId] = set()
    while loose:
        step = plan.steps[loose.pop()]
        tangled = len(step.children) > 1 or len(step.work_parents) > 1 or is_race(step)
        if tangled or isinstance(step.node, RouterNode) or not is_call(step):
            raise refusal(
                race.node,
                "starts on the first of its parents, and these, or what leads to them, lead to "
                "other steps too. Let each parent of it stand in a line of its own.",
            )
        seen.add(step.id)
        loose += step.work_parents
    for step in plan.steps.values():
        read = named_in(step) & seen
        if step.id not in seen and not (step is race and read <= set(race.work_parents)) and read:
            raise refusal(
                step.node,
                f'names "{min(read)}", which may be cancelled in a race. Name the step that races.',
            )
