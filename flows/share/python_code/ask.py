"""Ask: the function through which a program runs an agent, with the options that are used."""

from __future__ import annotations

from flows.share.python_code.askers import parameters
from flows.share.python_code.layout import Arg, Call, Code, tidied
from flows.share.python_code.scope import Scope
from flows.share.python_code.statements import Block, Line, Say, Statement, render


def ask_function(scope: Scope) -> list[str]:
    """Write `ask`; nothing where no agent is asked."""
    if not scope.asked:
        return []
    options, typed = scope.uses.ask_options, not scope.only_texts_asked
    scope.uses.imports |= {"agents.Agent", "agents.Runner", "agents.ModelBehaviorError"}
    if typed:
        scope.uses.imports.add("typing.TypeVar")
    turns = [Arg(Code("max_turns"), "max_turns=")] if "max_turns" in options else []
    run = Call("Runner.run(", (Arg(Code("agent")), Arg(Code("message")), *turns))
    body: list[Statement] = [Say("result = await ", run)]
    if "seconds" in options:
        body = [Block("async with asyncio.timeout(seconds):", tuple(body))]
    body += _answer(scope)
    body = [Block("try:", tuple(body)), _caught(scope), Line("return answer")]
    args = tuple(Arg(Code(each)) for each in parameters(scope))
    head = Call("async def ask(", args, f") -> {'T' if typed else 'str'}:")
    doc = Line('"""Run an agent on a message; an error says which one failed."""')
    return tidied(render([Block(Say("", head), (doc, *body))], indent=0))


def _answer(scope: Scope) -> list[Statement]:
    typed = not scope.only_texts_asked
    answer = f"result.final_output_as({'output_type' if typed else 'str'})"
    lines: list[Statement] = [Line(f"answer = {answer}")]
    if "all_messages" in scope.uses.ask_options:
        scope.uses.imports.add("agents.ItemHelpers")
        said = "ItemHelpers.text_message_outputs(result.new_items)"
        if typed:
            scope.uses.imports.add("typing.cast")
            said = f"cast(T, {said})"
        lines.append(Block("if all_messages:", (Line(f"answer = {said}"),)))
    empty = 'answer in (None, "")' if typed else "not answer"
    error = 'raise ModelBehaviorError("There is no answer.")'
    return [*lines, Block(f"if {empty}:", (Line(error),))]


def _caught(scope: Scope) -> Block:
    """Say whose failure it is; with a fallback there is none."""
    caught: list[Statement] = [
        Line("reason = str(error) or repr(error)"),
        Line('raise RuntimeError(f"{agent.name} failed: {reason}") from error'),
    ]
    if "fallback" in scope.uses.ask_options:
        scope.uses.imports.add("sys")
        said = "fallback"
        if not scope.only_texts_asked:
            scope.uses.imports.add("typing.cast")
            said = "cast(T, fallback)"
        tell = Line('print(f"{agent.name} failed: {reason}", file=sys.stderr)')
        caught.insert(1, Block("if fallback is not None:", (tell, Line(f"return {said}"))))
    return Block("except Exception as error:", tuple(caught))
