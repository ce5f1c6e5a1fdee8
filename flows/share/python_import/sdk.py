"""SDK: `Agent(...)`, `Runner.run(...)` and the settings around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from flows.share.python_import.agents import AgentSpec
from flows.share.python_import.arms import branched, narrowed
from flows.share.python_import.conversation import message_of
from flows.share.python_import.gates import Way
from flows.share.python_import.instructions import with_instructions
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.models import model_of
from flows.share.python_import.schemas import schema_of
from flows.share.python_import.settings import (
    default_settings,
    model_settings,
    replaced,
    retry_settings,
)
from flows.share.python_import.texts import parts_of
from flows.share.python_import.tools import told, used
from flows.share.python_import.values import (
    NOTHING,
    AgentValue,
    EitherAgent,
    Function,
    Given,
    Known,
    Library,
    Listed,
    Made,
    Output,
    Result,
    SettingsValue,
    Unclear,
    Value,
)

_KEPT = frozenset(
    {"name", "instructions", "model", "model_settings", "output_type", "tools", "handoffs"}
    | {"mcp_servers", "input_guardrails", "output_guardrails"}
)


def _agent(machine: Machine, call: Call) -> Value:
    spec = AgentSpec(
        plain_text(machine, call.get("name", 0) or Known("Agent"), call), call.tree.lineno
    )
    machine.draft.agents.append(spec)
    _fill(machine, spec, call)
    return AgentValue(spec)


def cloned(machine: Machine, old: AgentSpec, call: Call) -> Value:
    """Return a copy of an agent, with what is said instead."""
    spec = replace(old, variable="", line=call.tree.lineno, handoffs=list(old.handoffs))
    if "name" in call.options:
        spec.name = plain_text(machine, call.options["name"], call)
    machine.draft.agents.append(spec)
    _fill(machine, spec, call)
    return AgentValue(spec)


def _fill(machine: Machine, spec: AgentSpec, call: Call) -> None:
    options = call.options
    machine.take_apart(Unclear((*call.args, *options.values())))
    if "instructions" in options:
        _instruct(machine, spec, options["instructions"], call)
    if "model" in options:
        spec.model = model_of(machine, options["model"], call)
    if isinstance(settings := options.get("model_settings"), SettingsValue):
        spec.settings = settings.settings
    if "output_type" in options:
        spec.schema = _schema(machine, options["output_type"], call)
    for tool in _listed(options.get("tools")):
        _add_tool(spec, tool)
    for target in _listed(options.get("handoffs")):
        add_handoff(spec, target)
    spec.uses += tuple(used("MCP server", each) for each in _listed(options.get("mcp_servers")))
    for name in ("input_guardrails", "output_guardrails"):
        spec.uses += tuple(used("guardrail", each) for each in _listed(options.get(name)))
    remark_rest(machine, call, "Agent", _KEPT)


def remark_rest(machine: Machine, call: Call, called: str, kept: frozenset[str]) -> None:
    """Say which options of a call a flow has no place for."""
    options = [each for each in call.tree.keywords if each.arg is not None and each.arg not in kept]
    if options:
        machine.draft.remark(
            min(each.value.lineno for each in options),
            f"`{', '.join(map(told, options))}` of this {called} has no place in a flow; it is "
            "left out.",
        )


def _instruct(machine: Machine, spec: AgentSpec, value: Value, call: Call) -> None:
    is_written = isinstance(value, Function)
    spec.written_by = value if is_written else None
    spec.instructions = "" if is_written else plain_text(machine, value, call)


def plain_text(machine: Machine, value: Value, call: Call) -> str:
    """Return a text as it stands; what only a run knows is left open, with a remark."""
    said = ""
    if isinstance(value, Unclear) and parts_of(value):
        machine.draft.remark(
            call.tree.lineno, "This text is worked out in Python; what it is made of stands there."
        )
    for part in parts_of(value) or (value,):
        constant = machine.constants.get(part.name) if isinstance(part, Given) else None
        if isinstance(part, str):
            said += part
        elif constant is not None:
            said += constant
        else:
            machine.draft.remark(
                call.tree.lineno, "A part of this text is known only when it runs; it is left out."
            )
    return said


def _schema(machine: Machine, value: Value, call: Call) -> dict[str, JsonValue] | None:
    if isinstance(value, Made) and value.args:
        value = value.args[0]
    if isinstance(value, Library) and value.name == "str":
        return None
    option = next((each for each in call.tree.keywords if each.arg == "output_type"), None)
    if option is None:
        return None
    return schema_of(machine, option.value)


def _listed(value: Value | None) -> list[Value]:
    return value.items if isinstance(value, Listed) else []


def _add_tool(spec: AgentSpec, tool: Value) -> None:
    if isinstance(tool, AgentValue):
        spec.agents_as_tools.append(tool.spec)
    else:
        spec.uses += (used("tool", tool),)


def add_handoff(spec: AgentSpec, target: Value) -> None:
    """Note an agent that another may hand over to."""
    match target:
        case AgentValue(spec=other):
            spec.handoffs.append(other)
        case Made(kind="handoff", args=[AgentValue(spec=other), *_]):
            spec.handoffs.append(other)
        case Made(kind="handoff", options=options):
            if isinstance(agent := options.get("agent"), AgentValue):
                spec.handoffs.append(agent.spec)
        case _:
            pass


# Runs

_RUN_KEPT = frozenset({"starting_agent", "input", "max_turns", "session", "run_config"})


def _run(machine: Machine, call: Call) -> Value:
    return machine.later(lambda: _begun(machine, call))


def _begun(machine: Machine, call: Call) -> Value:
    """Note the step that a call of the runner is."""
    agent = call.get("starting_agent", 0)
    if not isinstance(agent, EitherAgent):
        return _one_begun(machine, agent, call)
    begun, ended = machine.after, machine.after
    results: list[tuple[Way, Value]] = []
    for way, option in agent.options:
        machine.after = begun
        with machine.at(way):
            results.append((way, _one_begun(machine, option, call)))
        ended |= machine.after
    machine.after = ended
    return branched(results)


def _one_begun(machine: Machine, agent: Value | None, call: Call) -> Value:
    said = call.get("input", 1)
    said = None if said is None else narrowed(machine, said)
    message = message_of(machine, said, line=call.tree.lineno)
    if isinstance(message, Unclear) and parts_of(message):
        machine.draft.remark(
            call.tree.lineno,
            "This message is worked out in Python; a flow hands on what it is made of.",
        )
    step = machine.add_step("agent", message, line=call.tree.lineno)
    if isinstance(agent, AgentValue):
        step.agent = agent.spec
        step.message = with_instructions(machine, agent.spec, step.message, call)
    else:
        step.agent = AgentSpec("Agent", call.tree.lineno)
        machine.take_apart(Unclear() if agent is None else agent)
        machine.draft.remark(
            call.tree.lineno, "Which agent runs is known only when it runs; write it in."
        )
    turns, config = call.get("max_turns"), call.get("run_config")
    if isinstance(turns, Known) and isinstance(turns.value, int) and turns.value != 10:
        step.max_turns = turns.value
    session = call.get("session")
    step.has_session = session is not None and session != NOTHING
    if isinstance(config, Made) and "model" in config.options:
        step.model = model_of(machine, config.options["model"], call)
    is_told = step.agent.written_by is not None
    remark_rest(machine, call, "run", _RUN_KEPT | {"context"} if is_told else _RUN_KEPT)
    return Result(step.number)


def _run_sync(machine: Machine, call: Call) -> Value:
    value = _begun(machine, call)
    if machine.followed.is_outermost:
        machine.draft.ends.append(value)
    return value


def _messages(machine: Machine, call: Call) -> Value:
    """Read `ItemHelpers.text_message_outputs`: all that the agent said."""
    match call.args:
        case [Listed(items=[Made(kind="run_item", args=[Output(step=step)])])] | [
            Unclear(parts=[Output(step=step)])
        ]:
            machine.draft.steps[step].gives_messages = True
            return Output(step)
        case [Made(kind="event" | "run_item", args=[said])]:
            return said
        case [only, *_]:
            return only
        case _:
            return Unclear()


def _handoff(machine: Machine, call: Call) -> Value:
    remark_rest(machine, call, "handoff", frozenset({"agent"}))
    return Made("handoff", tuple(call.args), call.options)


def _made(kind: str) -> Callable[[Machine, Call], Value]:
    def make(_machine: Machine, call: Call) -> Value:
        return Made(kind, tuple(call.args), call.options)

    return make


SDK: Mapping[str, Callable[[Machine, Call], Value]] = {
    "Agent": _agent,
    "Runner.run": _run,
    "Runner.run_sync": _run_sync,
    "Runner.run_streamed": _run_sync,
    "ModelSettings": model_settings,
    "ModelRetrySettings": retry_settings,
    "models.get_default_model_settings": default_settings,
    "get_default_model_settings": default_settings,
    "replace": replaced,
    "dataclasses.replace": replaced,
    "ItemHelpers.text_message_outputs": _messages,
    "ItemHelpers.text_message_output": _messages,
    "openai.AsyncOpenAI": _made("AsyncOpenAI"),
    "AsyncOpenAI": _made("AsyncOpenAI"),
    "trace": _made("trace"),
    "custom_span": _made("span"),
    "handoff": _handoff,
    "RunConfig": _made("RunConfig"),
    "openai.types.shared.Reasoning": _made("Reasoning"),
    "reasoning.Reasoning": _made("Reasoning"),
    "Reasoning": _made("Reasoning"),
    "SQLiteSession": _made("session"),
}
