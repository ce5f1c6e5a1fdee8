"""Program: the whole file: imports, agents, helpers, the flow in plain asyncio, `main()`."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.document.model import AgentNode, Flow, RouterNode
from flows.ids import NodeId
from flows.models.connections import Connections
from flows.plan.plan import Plan, Step, plan_flow
from flows.share.python_code.agents import Agents
from flows.share.python_code.ask import ask_function
from flows.share.python_code.askers import Askers
from flows.share.python_code.asking import Asking
from flows.share.python_code.branching import (
    Branching,
    branching_of,
    in_lines,
    side_by_side,
)
from flows.share.python_code.classes import Classes
from flows.share.python_code.command_line import main_function
from flows.share.python_code.docstrings import docstring
from flows.share.python_code.drawing import drawing
from flows.share.python_code.imports import import_lines
from flows.share.python_code.layout import (
    Arg,
    Call,
    Code,
    stripped,
    text,
    tidied,
)
from flows.share.python_code.names import Names
from flows.share.python_code.owners import lines_by_node, own
from flows.share.python_code.refusal import refuse_unready
from flows.share.python_code.results import Results
from flows.share.python_code.routers import router_function
from flows.share.python_code.running import LOCAL_SAID, running
from flows.share.python_code.scope import Scope, Uses, is_call, join_kind
from flows.share.python_code.stages import Stages
from flows.share.python_code.statements import Block, Line, Say, Statement, render
from flows.share.python_code.tasks import Tasks
from flows.share.python_code.toolbox import helper_functions
from flows.share.python_code.values import TEXT, Kind, ListOf, Value
from flows.share.python_code.waves import Wave, waves_of


@dataclass(frozen=True, slots=True)
class Program:
    """A flow as Python. `lines`: the numbers of the lines that say each node; the first is 1.

    `remarks`: where it does not what the flow does here, and what to do about it.
    """

    text: str
    lines: Mapping[NodeId, tuple[int, ...]]
    remarks: tuple[str, ...] = ()


def python_code(flow: Flow, connections: Connections) -> str:
    """Write a flow as a Python program that needs only openai-agents. Raises as `write_program`."""
    return write_program(flow, connections).text


def write_program(flow: Flow, connections: Connections) -> Program:
    """Write a flow as a Python program that needs only openai-agents, and tell whose lines are.

    Raises FlowHasProblems when the flow has errors, NotSayableError where Python without a
    framework cannot say it yet. Keys are never written, only the names of their variables.
    """
    plan = plan_flow(flow)
    refuse_unready(flow)
    writer = _Writer(plan, connections)
    lines = writer.lines()
    if unread := writer.unread(lines):
        writer = _Writer(plan, connections, unread=unread)
        lines = writer.lines()
    return Program("\n".join([*lines, ""]), lines_by_node(lines), writer.remarks)


class _Writer:
    """Writes one program: first the body, which says what stands around it."""

    def __init__(
        self, plan: Plan, connections: Connections, *, unread: frozenset[NodeId] = frozenset()
    ) -> None:
        self._plan, self._names, self._uses = plan, Names(), Uses()
        self._unread = unread
        self._classes = Classes(self._names)
        self._agents = Agents(connections, self._names)
        self._results = Results(plan)
        self._inputs: dict[NodeId, str] = {}
        self._in_row = all(len(stage) == 1 for stage in plan.stages)
        self._scope = self._known()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is not as it is here."""
        said = [LOCAL_SAID] if any(each.is_embedded for each in self._agents.others) else []
        return (*said, *self._agents.changed_default)

    def unread(self, lines: list[str]) -> frozenset[NodeId]:
        """Return the steps whose variables the written flow gives values to, and reads nowhere."""
        trees = ast.parse("\n".join(lines)).body
        (flow,) = [each for each in trees if getattr(each, "name", "") == "run_flow"]
        names = [each for each in ast.walk(flow) if isinstance(each, ast.Name)]
        read = {each.id for each in names if isinstance(each.ctx, ast.Load)}
        put = {each.id for each in names} - read
        return frozenset(node for node, name in self._scope.variables.items() if name in put)

    def lines(self) -> list[str]:
        """Write the lines of the file."""
        scope, imports = self._scope, self._uses.imports
        body = self._body()
        settings, agents = self._agents.blocks(imports)
        flow = self._run_flow(body)
        asks_openai = self._agents.asks_openai
        keys = [each.key_env for each in self._agents.others if each.key_env]
        main = main_function(
            scope,
            self._results,
            inputs=self._inputs,
            asks_openai=asks_openai,
            keys=dict.fromkeys(keys),
        )
        routers = self._routers()
        has_classes = bool(self._classes.lines) and "BaseModel" in self._classes.imports
        helpers = helper_functions(self._uses, [*routers, *flow, *main], has_classes=has_classes)
        ask = ask_function(scope)
        imports |= {f"{_MODULES[name]}.{name}" for name in self._classes.imports}
        variables = self._inputs | dict(scope.variables)
        capped = self._capped(flow)
        how = running(
            self._plan.flow,
            self._agents.others,
            asks_openai=asks_openai,
            uses_default=self._agents.uses_default,
        )
        said = docstring(self._plan.flow, running=how)
        drawn = drawing(self._plan.flow, variables, capped=capped, in_row=self._in_row)
        head = [said, import_lines(imports), settings]
        functions = [self._classes.lines, agents, routers, ask, helpers, flow, main]
        if not self._classes.lines:
            head, functions = [*head, agents], functions[2:]
        return _apart([_apart([_apart(head, by=1), *functions], by=2), drawn], by=1)

    # What is known before anything is written

    def _known(self) -> Scope:
        plan = self._plan
        for given in plan.flow.inputs:
            self._inputs[given.id] = self._names.variable(given.name, kind="text")
        variables = {step.id: self._variable(step) for step in plan.steps.values()}
        asking = Asking(self._names, agents=self._agents, classes=self._classes)
        agents: dict[NodeId, str] = {}
        asked: dict[NodeId, Kind] = {}
        kinds: dict[NodeId, Kind] = dict.fromkeys(self._inputs, TEXT)
        for stage in plan.stages:
            for node in stage:
                step = plan.steps[node]
                if is_call(step):
                    agents[node], asked[node] = asking.note(step, variable=variables[node])
                kinds[node] = _kind_of(step, asked, kinds)
        scope = Scope(
            plan,
            self._names,
            self._uses,
            variables=variables,
            agents=agents,
            kinds=kinds,
            asked=asked,
            unread=self._unread,
        )
        scope.given |= {each: Value(name) for each, name in self._inputs.items()}
        for step in plan.steps.values():
            if isinstance(step.node, RouterNode) and step.node.ask is None:
                name = self._names.derived(f"choose_{variables[step.id].lstrip('_')}")
                scope.choosers[step.id] = name
        return scope

    def _variable(self, step: Step) -> str:
        """Name a step's variable; that of a router or join which nobody reads begins with `_`."""
        kind = _KINDS.get(step.node.type, "answer")
        name = self._names.variable(step.node.name, kind=kind)
        is_told = step.id in self._unread and not isinstance(step.node, AgentNode)
        return self._names.derived(f"_{name}") if is_told else name

    def _routers(self) -> list[str]:
        """Write the functions of routers with rules."""
        lines: list[str] = []
        for node, name in self._scope.choosers.items():
            router = self._plan.steps[node].node
            assert isinstance(router, RouterNode)
            answer = self._scope.answers.get(node)
            lines += own(router_function(name, router, self._use, answer=answer), (node,))
        return lines

    def _use(self, name: str) -> None:
        if name in {"json", "re"}:
            self._uses.imports.add(name)
        else:
            self._uses.helper(name)

    # The flow

    def _body(self) -> list[Statement]:
        scope = self._scope
        order = branching_of(self._plan)
        if order is not None:
            beside = side_by_side(order)
            self._in_row = not beside
            alone, late = order.ways.keys() - beside, in_lines(order)
            askers = Askers(scope, is_tasks=False, alone=alone, in_lines=late)
            return Branching(scope, order, askers=askers, results=self._results).body()
        waves = self._waves()
        if waves is None:
            return Tasks(scope, askers=Askers(scope, is_tasks=True), results=self._results).body()
        goes_on = {step.id for wave in waves if wave.goes_on for step in wave.steps}
        alone = {wave.steps[0].id for wave in waves if len(wave.steps) == 1}
        askers = Askers(scope, is_tasks=False, goes_on=goes_on, alone=alone)
        return Stages(scope, waves, askers=askers, results=self._results).body()

    def _waves(self) -> tuple[Wave, ...] | None:
        waves = waves_of(self._plan)
        if waves is None:
            return None
        return waves if not self._results.come_at_once or self._go_out(waves) else None

    def _go_out(self, waves: tuple[Wave, ...]) -> bool:
        return bool(waves) and self._results.are_handed_out(waves[-1])

    def _run_flow(self, body: list[Statement]) -> list[str]:
        flow = self._plan.flow
        args = [Arg(Code(f"{name}: str"), node=node) for node, name in self._inputs.items()]
        returns = self._results.annotation(self._scope)
        if "Any" in returns:
            self._uses.imports.add("typing.Any")
        if flow.run.timeout_s is not None:
            body = [Block(f"async with asyncio.timeout({flow.run.timeout_s:g}):", tuple(body))]
        self._uses.imports |= {"agents.trace", "asyncio"}
        traced = Block(Say("", Call("with trace(", (Arg(text(flow.name)),), "):")), tuple(body))
        head = Call("async def run_flow(", tuple(args), f") -> {returns}:")
        doc = Line('"""Run the flow once; the error of what fails is raised."""')
        return [*tidied(render([Block(Say("", head), (doc, traced))], indent=0)), "", ""]

    def _capped(self, lines: list[str]) -> set[NodeId]:
        """Return the nodes whose code says how many items there may be."""
        read = [line.strip() for line in lines if "items_of(" in line]
        return {
            node
            for node, variable in self._scope.variables.items()
            if any(line.startswith(f"{variable}_items") for line in read)
        }


def _apart(parts: Sequence[Sequence[str]], *, by: int) -> list[str]:
    """Put what there is of the parts one under the other, with so many empty lines between."""
    first, *others = (stripped(part) for part in parts if part)
    return [*first, *(line for part in others for line in ([""] * by + part))]


_MODULES = {
    "Annotated": "typing",
    "Any": "typing",
    "BaseModel": "pydantic",
    "ConfigDict": "pydantic",
    "Field": "pydantic",
    "Literal": "typing",
}

_KINDS = {"router": "choice", "join": "result"}


def _kind_of(step: Step, asked: dict[NodeId, Kind], kinds: dict[NodeId, Kind]) -> Kind:
    if isinstance(step.node, RouterNode):
        return TEXT
    if step.for_each is not None:
        return ListOf(asked[step.id])
    return asked[step.id] if step.id in asked else join_kind(step, kinds)
