"""Program: the whole file: imports, agents, helpers, the flow in plain asyncio, the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flows.document.model import AgentNode, ApprovalNode, Flow, InputNode, RouterNode
from flows.ids import NodeId
from flows.models.connections import Connections
from flows.plan.plan import Plan, Step, plan_flow
from flows.run.routes import asking_agent
from flows.share.python_code.agents import Agents, Spec
from flows.share.python_code.askers import Askers, parameters
from flows.share.python_code.classes import Classes
from flows.share.python_code.helpers import HELPERS, Helper, first_results
from flows.share.python_code.layout import (
    STEP,
    WIDTH,
    Arg,
    Call,
    Code,
    call,
    flat_of,
    items,
    lines_of,
    text,
    width_of,
)
from flows.share.python_code.names import Names
from flows.share.python_code.refusal import refuse
from flows.share.python_code.results import Results
from flows.share.python_code.routers import router_function
from flows.share.python_code.scope import Scope, Uses, fallback_of, is_call, join_kind
from flows.share.python_code.stages import Stages
from flows.share.python_code.statements import Block, Line, Say, Statement, render
from flows.share.python_code.tasks import Tasks
from flows.share.python_code.values import TEXT, Class, Kind, ListOf, Value
from flows.share.python_code.waves import Wave, waves_of


def python_code(flow: Flow, connections: Connections) -> str:
    """Write a flow as a Python program that needs only openai-agents.

    Raises FlowHasProblems when the flow has errors, NotSayableError where Python without a
    framework cannot say it yet. Keys are never written, only the names of their variables.
    """
    plan = plan_flow(flow)
    _refuse_unready(flow)
    return _Program(plan, connections).text()


def _refuse_unready(flow: Flow) -> None:
    for node in flow.nodes:
        if isinstance(node, ApprovalNode):
            refuse(node, "waits for a person. Take it out to export the flow.")
        for name in ("tools", "mcp", "guardrails", "session"):
            if getattr(node, name, None):
                refuse(node, f'uses "{name}". Take it out to export the flow.')
    if any(edge.kind != "data" for edge in flow.edges):
        refuse(None, "has handoffs or agents as tools. Take them out to export the flow.")


class _Program:
    """Writes one program: first the body, which says what stands around it."""

    def __init__(self, plan: Plan, connections: Connections) -> None:
        self._plan, self._names, self._uses = plan, Names(), Uses()
        self._classes = Classes(self._names)
        self._agents = Agents(connections, self._names)
        self._results = Results(plan)
        self._inputs: dict[NodeId, str] = {}
        self._routers: list[str] = []
        self._scope = self._known()

    def text(self) -> str:
        """Write the file."""
        body = self._body()
        settings, agents = self._agents.blocks(self._uses.imports)
        flow = self._run_flow(body)
        main = self._main()
        helpers = self._helpers()
        ask = self._ask()
        self._uses.imports |= {f"{_MODULES[name]}.{name}" for name in self._classes.imports}
        head = [self._docstring(), self._import_lines(), settings]
        functions = [self._classes.lines, agents, self._routers, ask, helpers, flow, main]
        if not self._classes.lines:
            head, functions = [*head, agents], functions[2:]
        told = ["\n".join(_stripped(part)) for part in head if part]
        defined = ["\n".join(_stripped(part)) for part in functions if part]
        return "\n\n\n".join(["\n\n".join(told), *defined]) + "\n"

    # What is known before anything is written

    def _known(self) -> Scope:
        plan = self._plan
        for node in plan.flow.inputs:
            self._inputs[node.id] = self._names.variable(node.name)
        variables = {step.id: self._names.variable(step.node.name) for step in plan.steps.values()}
        agents: dict[NodeId, str] = {}
        asked: dict[NodeId, Kind] = {}
        kinds: dict[NodeId, Kind] = dict.fromkeys(self._inputs, TEXT)
        for stage in plan.stages:
            for node in stage:
                step = plan.steps[node]
                if is_call(step):
                    agents[node], asked[node] = self._agent(step, variables[node])
                kinds[node] = _kind_of(step, asked, kinds)
        scope = Scope(
            plan, self._names, self._uses, variables=variables, agents=agents, kinds=kinds, asked=asked
        )
        for node, name in self._inputs.items():
            scope.given[node] = Value(name)
        for step in plan.steps.values():
            if isinstance(step.node, RouterNode) and step.node.ask is None:
                use = self._use
                self._routers += router_function(f"choose_{variables[step.id]}", step.node, use)
        return scope

    def _use(self, name: str) -> None:
        if name == "re":
            self._uses.imports.add("re")
        else:
            self._uses.helper(name)

    def _agent(self, step: Step, variable: str) -> tuple[str, Kind]:
        """Note a step's agent; return its variable and what one call of it gives."""
        node = step.node
        stem = variable if variable.endswith("_agent") else f"{variable}_agent"
        name = self._names.variable(stem)
        if isinstance(node, RouterNode):
            return name, self._router_agent(step, node, name)
        assert isinstance(node, AgentNode)
        if node.output_schema is None:
            self._agents.specs.append(Spec(node, name))
            return name, TEXT
        output = self._classes.output_type(node, node.output_schema)
        if fallback_of(step) is not None:
            refuse(node, "answers with a class and has a text as its fallback. Take one of them out.")
        if node.output == "text_messages":
            refuse(node, "gives its text messages and has an output schema. Take one of them out.")
        self._agents.specs.append(Spec(node, name, output.kind, is_strict=output.is_strict))
        return name, output.kind

    def _router_agent(self, step: Step, router: RouterNode, name: str) -> Kind:
        if fallback_of(step) is not None:
            refuse(router, "is asked of a model and has a fallback. Take the fallback out.")
        several = router.take == "all"
        options = f"Literal[{', '.join(flat_of(text(each)) for each in step.branches)}]"
        field = "branches" if several else "branch"
        annotation = options
        if several:
            self._classes.imports.add("Field")
            annotation = f"list[{options}] = Field(min_length=1, max_length={len(step.branches)})"
        said = f"{self._scope_free_name(router)} choice"
        output = self._classes.add_choice(
            said, field=field, options=annotation, doc="Where the message goes."
        )
        kind = Class(output, {field: (field, ListOf(TEXT) if several else TEXT)})
        self._agents.specs.append(Spec(asking_agent(step, router), name, kind))
        return kind

    def _scope_free_name(self, router: RouterNode) -> str:
        return router.name or router.id

    # The flow

    def _body(self) -> list[Statement]:
        scope = self._scope
        waves = self._waves()
        if waves is None:
            return Tasks(scope, askers=Askers(scope, is_tasks=True), results=self._results).body()
        askers = Askers(scope, is_tasks=False)
        return Stages(scope, waves, askers=askers, results=self._results).body()

    def _waves(self) -> tuple[Wave, ...] | None:
        waves = waves_of(self._plan)
        if waves is None or not all(_is_fatal(self._plan, wave) for wave in waves):
            return None
        return waves if not self._results.come_at_once or self._go_out(waves) else None

    def _go_out(self, waves: tuple[Wave, ...]) -> bool:
        return bool(waves) and self._results.are_handed_out(waves[-1])

    def _run_flow(self, body: list[Statement]) -> list[str]:
        flow = self._plan.flow
        args = [Arg(Code(f"{name}: str")) for name in self._inputs.values()]
        returns = self._results.annotation(self._scope)
        if "Any" in returns:
            self._uses.imports.add("typing.Any")
        if flow.run.timeout_s is not None:
            body = [Block(f"async with asyncio.timeout({flow.run.timeout_s:g}):", tuple(body))]
        self._uses.imports |= {"agents.trace", "asyncio"}
        traced = Block(Say("with trace(", text(flow.name), "):"), tuple(body))
        head = Call("async def run_flow(", tuple(args), f") -> {returns}:")
        doc = Line('"""Run the flow once; the error of what fails is raised."""')
        return [*_tidy(render([Block(Say("", head), (doc, traced))], indent=0)), "", ""]

    def _ask(self) -> list[str]:
        """Write the function that asks an agent, with the options that are used."""
        scope, options = self._scope, self._uses.ask_options
        if not scope.asked:
            return []
        self._uses.imports |= {"agents.Agent", "agents.Runner", "agents.ModelBehaviorError"}
        typed = not scope.only_texts_asked
        if typed:
            self._uses.imports.add("typing.TypeVar")
        turns = [Arg(Code("max_turns"), "max_turns=")] if "max_turns" in options else []
        run = Call("Runner.run(", (Arg(Code("agent")), Arg(Code("message")), *turns))
        body: list[Statement] = [Say("result = await ", run)]
        if "seconds" in options:
            body = [Block("async with asyncio.timeout(seconds):", tuple(body))]
        answer = f"result.final_output_as({'output_type' if typed else 'str'})"
        body += self._answer(answer, "all_messages" in options, typed=typed)
        body = self._told(body, falls_back="fallback" in options, typed=typed)
        body.append(Line("return answer"))
        returns = "T" if typed else "str"
        head = Call("async def ask(", tuple(Arg(Code(each)) for each in parameters(scope)), f") -> {returns}:")
        doc = Line('"""Run an agent on a message; an error says which one failed."""')
        return [*_tidy(render([Block(Say("", head), (doc, *body))], indent=0)), "", ""]

    def _answer(self, answer: str, all_messages: bool, *, typed: bool) -> list[Statement]:  # noqa: FBT001 - is the option used
        lines: list[Statement] = []
        if all_messages:
            self._uses.imports.add("agents.ItemHelpers")
            said = "ItemHelpers.text_message_outputs(result.new_items)"
            answer = f"{said} if all_messages else {answer}"
            if typed:
                refuse(None, "has agents with classes and others that give their text messages. "
                       "Take one of them out.")  # fmt: skip
        lines.append(Line(f"answer = {answer}"))
        empty = 'answer in (None, "")' if typed else "not answer"
        error = 'raise ModelBehaviorError("There is no answer.")'
        return [*lines, Block(f"if {empty}:", (Line(error),))]

    def _told(
        self, body: list[Statement], *, falls_back: bool, typed: bool
    ) -> list[Statement]:
        """Say whose failure it is; with a fallback there is none."""
        caught: list[Statement] = [
            Line('raise RuntimeError(f"{agent.name} failed: {error!r}") from error')
        ]
        if falls_back:
            self._uses.imports.add("sys")
            said = "fallback"
            if typed:
                self._uses.imports.add("typing.cast")
                said = "cast(T, fallback)"
            tell = Line('print(f"{agent.name} failed: {error!r}", file=sys.stderr)')
            taken = Block("if fallback is not None:", (tell, Line(f"return {said}")))
            caught.insert(0, taken)
        return [Block("try:", tuple(body)), Block("except Exception as error:", tuple(caught))]

    def _helpers(self) -> list[str]:
        """Write the helpers that are used, and those they use."""
        wanted = list(self._uses.helpers)
        for name in wanted:
            wanted += [each for each in _helper(name).needs if each not in wanted]
        has_classes = bool(self._classes.lines) and "BaseModel" in self._classes.imports
        lines: list[str] = []
        for name in sorted(dict.fromkeys(wanted), key=_helper_place):
            variant = f"{name} with classes"
            helper = _helper(variant if has_classes and variant in HELPERS else name)
            self._uses.imports |= set(helper.imports)
            lines += [*helper.source.strip("\n").split("\n"), "", ""]
        return lines

    # The command line

    def _main(self) -> list[str]:
        imports = self._uses.imports
        imports |= {"argparse", "asyncio"}
        body: list[Statement] = [*self._arguments()]
        if self._agents.uses_default or any(
            spec.node.model and spec.node.model.startswith("openai") for spec in self._agents.specs
        ):
            body += self._client()
        given = ", ".join(f"options.{name}" for name in self._inputs.values())
        body += self._printing(f"asyncio.run(run_flow({given}))")
        doc = Line('"""Read the input from the command line and print the result."""')
        lines = render([Block("def main() -> None:", (doc, *body))], indent=0)
        return [*lines, "", "", 'if __name__ == "__main__":', f"{STEP}main()", ""]

    def _arguments(self) -> list[Statement]:
        name = text(self._plan.flow.name or "A flow")
        lines: list[Statement] = [
            Say("parser = ", call("argparse.ArgumentParser", description=name))
        ]
        only = len(self._inputs) == 1
        for node in self._plan.flow.inputs:
            lines.append(Say("", self._argument(node, only=only)))
        return [*lines, Line("options = parser.parse_args()" if self._inputs else "parser.parse_args()")]

    def _argument(self, node: InputNode, *, only: bool) -> Call:
        variable = self._inputs[node.id]
        args = [Arg(text(variable if only else f"--{node.id}"))]
        if not only:
            args.append(Arg(text(variable), "dest="))
        is_needed = node.required and not node.example.strip()
        if only and not is_needed:
            args.append(Arg(text("?"), "nargs="))
        if is_needed and not only:
            args.append(Arg(Code("True"), "required="))
        if not is_needed:
            args.append(Arg(text(node.example), "default="))
        if node.kind == "choice" and node.choices:
            args.append(Arg(items(*map(text, node.choices)), "choices="))
        said = (node.description or node.name).replace("%", "%%")
        args.append(Arg(text(said), "help="))
        return Call("parser.add_argument(", tuple(args))

    def _client(self) -> list[Statement]:
        imports = self._uses.imports
        imports |= {"openai.AsyncOpenAI", "os", "agents.set_default_openai_client"}
        imports |= {"agents.set_default_openai_api", "agents.set_tracing_disabled"}
        retries = "RETRY says when a call is tried again"
        return [
            Line(f"# The client itself does not retry: {retries}."),
            Line("set_default_openai_client(AsyncOpenAI(max_retries=0, timeout=120))"),
            Block(
                'if os.environ.get("OPENAI_BASE_URL"):  # another server that speaks OpenAI\'s API',
                (
                    Line('set_default_openai_api("chat_completions")'),
                    Line("set_tracing_disabled(disabled=True)"),
                ),
            ),
        ]

    def _printing(self, run: str) -> list[Statement]:
        if self._results.come_at_once:
            return [Line(run)]
        scope = self._scope
        values = [scope.given[node] for node in self._plan.ends if node in scope.given]
        if len(self._plan.ends) > 1:
            scope.uses.helper("show" if scope.only_texts else "show any")
            return [Block(f"for name, output in {run}.items():", (Line("show(name, output)"),))]
        if scope.kinds[self._plan.ends[0]] == TEXT:
            if values and values[0].is_maybe:
                return [Line(f"print({run} or \"\")")]
            return [Line(f"print({run})")]
        scope.uses.helper("as_text")
        return [Line(f"print(as_text({run}))")]

    # Around it

    def _docstring(self) -> list[str]:
        flow = self._plan.flow
        said = [_plain_words(flow.name) or "A flow", *_paragraphs(flow.description)]
        for note in flow.notes:
            said += _paragraphs(note.text)
        first, *rest = said
        title = f"{first}." if first[-1] not in ".?!" else first
        lines = [f'"""{title}', *rest, "", "Made by Fanfold; it needs only openai-agents.", '"""', ""]
        return lines

    def _import_lines(self) -> list[str]:
        return import_lines(self._uses.imports)


_MODULES = {
    "Annotated": "typing",
    "Any": "typing",
    "BaseModel": "pydantic",
    "ConfigDict": "pydantic",
    "Field": "pydantic",
    "Literal": "typing",
}


def import_lines(names: Iterable[str]) -> list[str]:
    """Write imports in order: the standard library, then packages; `module.name` or a module."""
    whole = {name for name in names if "." not in name}
    parts: dict[str, list[str]] = {}
    for name in names:
        module, dot, member = name.rpartition(".")
        if dot:
            parts.setdefault(module, []).append(member)
    lines: list[str] = []
    for is_package in (False, True):
        lines += [f"import {each}" for each in sorted(whole) if _is_package(each) == is_package]
        for module in sorted(parts):
            if _is_package(module) == is_package:
                lines += _from(module, parts[module])
        lines.append("")
    if "TypeVar" in parts.get("typing", []):
        lines += ['T = TypeVar("T")']
    return _stripped(lines)


def _from(module: str, members: list[str]) -> list[str]:
    ordered = sorted(members, key=_member_order)
    line = f"from {module} import {', '.join(ordered)}"
    if width_of(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"{STEP}{each}," for each in ordered), ")"]


def _member_order(member: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as isort has them."""
    rank = 0 if member.isupper() else 1 if member[0].isupper() else 2
    return rank, member


def _is_package(module: str) -> bool:
    return module.split(".")[0] in {"agents", "openai", "pydantic"}


def _helper(name: str) -> Helper:
    if name.startswith("first_results "):
        return first_results(name.removeprefix("first_results "))
    return HELPERS[name]


def _helper_place(name: str) -> int:
    return [*HELPERS].index(name) if name in HELPERS else len(HELPERS)


def _kind_of(step: Step, asked: dict[NodeId, Kind], kinds: dict[NodeId, Kind]) -> Kind:
    if isinstance(step.node, RouterNode):
        return TEXT
    if step.for_each is not None:
        return ListOf(asked[step.id])
    return asked[step.id] if step.id in asked else join_kind(step, kinds)


def _is_fatal(plan: Plan, wave: Wave) -> bool:
    """Say whether the failure of all of a wave leaves no result, so that raising it is right."""
    if wave.on_failure != "collect":
        return True
    failed = {wave.race.id} if wave.race is not None else {step.id for step in wave.steps}
    came: set[NodeId] = set()
    for stage in plan.stages:
        for node in stage:
            parents = plan.steps[node].work_parents
            if node not in failed and (not parents or came & set(parents)):
                came.add(node)
    return not came & set(plan.ends)


def _paragraphs(said: str) -> list[str]:
    """Write foreign text as lines of a docstring."""
    lines: list[str] = []
    for paragraph in said.splitlines():
        words = _plain_words(paragraph).split()
        line = ""
        for word in words:
            if line and width_of(f"{line} {word}") > WIDTH - 4:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line] if line else []
    return ["", *lines] if lines else []


def _plain_words(said: str) -> str:
    """Leave nothing of a text that could end a docstring or a comment."""
    plain = "".join(sign if sign.isprintable() else " " for sign in said)
    plain = plain.replace("\\", "/").replace('"', "'")
    return " ".join(word[: WIDTH - 10] for word in re.split(r"\s+", plain)).strip()


def _tidy(lines: list[str]) -> list[str]:
    """Leave no empty line at the start of a block, none twice, none before a dedent's end."""
    tidy: list[str] = []
    for line in lines:
        opens = bool(tidy) and tidy[-1].rstrip().endswith((":", '"""')) and not line
        if line or (tidy and tidy[-1] and not opens):
            tidy.append(line)
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy


def _stripped(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[:end]


