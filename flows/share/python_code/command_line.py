"""Command line: the `main()` of a program: its inputs as arguments, its results printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.document.model import Flow, InputNode, JoinNode
from flows.ids import NodeId
from flows.share.python_code.layout import (
    STEP,
    WIDTH,
    Arg,
    Call,
    Code,
    call,
    flat_of,
    items,
    text,
    width_of,
)
from flows.share.python_code.results import Results
from flows.share.python_code.scope import Scope
from flows.share.python_code.statements import Block, Line, Say, Statement, of, render
from flows.share.python_code.values import TEXT, Value


def main_function(
    scope: Scope,
    results: Results,
    *,
    inputs: Mapping[NodeId, str],
    asks_openai: bool,
    keys: Iterable[str],
) -> list[str]:
    """Write `main`. `inputs`: their variables.

    `asks_openai`: the SDK's own client asks for some of its agents; `keys`: the environment
    variables with the keys of the others.
    """
    scope.uses.imports |= {"argparse", "asyncio", "sys"}
    flow = scope.plan.flow
    description = text(flow.name.replace("%", "%%") or "A flow")
    body: list[Statement] = [
        Line('"""Read the input from the command line and print the result."""'),
        Say("parser = ", call("argparse.ArgumentParser", description=description)),
    ]
    only = len(inputs) == 1
    for node in flow.inputs:
        body += of(node.id, [Say("", _argument(node, flow, inputs[node.id], only=only))])
    body.append(Line("options = parser.parse_args()" if inputs else "parser.parse_args()"))
    body += [_needed(key) for key in (*(["OPENAI_API_KEY"] if asks_openai else []), *keys)]
    if asks_openai:
        body += _client(scope.uses.imports)
    given = tuple(Arg(Code(f"options.{name}")) for name in inputs.values())
    run = call("asyncio.run", Call("run_flow(", given))
    body.append(Block("try:", tuple(_printed(scope, results, run))))
    body += _failed(scope)
    lines = render([Block("def main() -> None:", tuple(body))], indent=0)
    return [*lines, "", "", 'if __name__ == "__main__":', f"{STEP}main()"]


def is_asked_for(node: InputNode, flow: Flow) -> bool:
    """Say whether a program is not started without an input: it has no example, and is read."""
    if node.example.strip():
        return False
    return node.required or any(edge.source == node.id for edge in flow.edges)


def _argument(node: InputNode, flow: Flow, variable: str, *, only: bool) -> Call:
    args = [Arg(text(variable if only else f"--{node.id}"))]
    if not only:
        args.append(Arg(text(variable), "dest="))
    is_needed = is_asked_for(node, flow)
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


def _needed(key: str) -> Block:
    """End with a sentence where a key is missing, before anybody is asked."""
    missing = f"{key} is missing: export {key}='your key'\n"
    leave = Say("", call("parser.exit", Code("1"), text(missing)))
    return Block(f'if not os.environ.get("{key}"):', (leave,))


def _client(imports: set[str]) -> list[Statement]:
    imports |= {"openai.AsyncOpenAI", "os", "agents.set_default_openai_client"}
    imports |= {"agents.set_default_openai_api", "agents.set_tracing_disabled"}
    retries = "RETRY says when a call is tried again"
    return [
        Line(f"# The client itself does not retry: {retries}."),
        Line("set_default_openai_client(AsyncOpenAI(max_retries=0, timeout=120))"),
        Block(
            'if os.environ.get("OPENAI_BASE_URL"):  # another server that speaks OpenAI\'s API',
            (
                Line("set_tracing_disabled(disabled=True)"),
                Line("# All such servers know chat completions. If you add a hosted tool like"),
                Line("# WebSearchTool, which needs Responses, take this line out."),
                Line('set_default_openai_api("chat_completions")'),
            ),
        ),
    ]


def _failed(scope: Scope) -> list[Statement]:
    """End with one sentence where the flow fails: who failed, why, what to look at."""
    policies, run = scope.plan.stage_policies, scope.plan.flow.run
    body: list[Statement] = []
    if "cancel" in {run.on_failure, *(each.on_failure for each in policies)}:
        first = Line("error = error.exceptions[0]")
        body.append(Block("while isinstance(error, ExceptionGroup):", (first,)))
    if scope.asked:
        scope.uses.imports.add("openai.APIConnectionError")
        hint = Line('sys.exit(f"{error} Is {error.__cause__.request.url} up?")')
        body.append(Block("if isinstance(error.__cause__, APIConnectionError):", (hint,)))
    body.append(Line("sys.exit(str(error))"))
    ended = Block("except Exception as error:  # noqa: BLE001", tuple(body))
    stages = any(each.timeout_s is not None for each in policies)
    if run.timeout_s is None and not stages:
        return [ended]
    limit = "" if stages else f" of {run.timeout_s:g} seconds"
    late = Line(f'sys.exit("The flow was stopped: its time limit{limit} was over.")')
    return [Block("except TimeoutError:", (late,)), ended]


def _printed(scope: Scope, results: Results, run: Call) -> list[Statement]:
    """Run the flow and print what it gives; a long call stands on lines of its own."""
    said = _printing(scope, results, flat_of(run))
    if all(width_of(line) <= WIDTH for line in render(said, indent=1)):
        return said
    if results.come_at_once:
        return [Say("", run)]
    return [Say("results = ", run), *_printing(scope, results, "results")]


def _printing(scope: Scope, results: Results, run: str) -> list[Statement]:
    if results.come_at_once:
        return [Line(run)]
    if not results.is_one:
        scope.uses.helper("show" if scope.ends_in_texts else "show any")
        return [Block(f"for name, output in {run}.items():", (Line("show(name, output)"),))]
    if all(scope.kinds[node] == TEXT for node in scope.plan.ends):
        if results.annotation(scope).endswith("None"):
            return [Line(f'print({run} or "")')]
        return [Line(f"print({run})")]
    is_list = isinstance(scope.plan.steps[scope.plan.ends[0]].node, JoinNode)
    if len(scope.plan.ends) == 1 and not is_list and not results.annotation(scope).endswith("None"):
        said = scope.as_text(Value(run, scope.kinds[scope.plan.ends[0]]))
        return [Line(f"print({said})")]
    scope.uses.helper("as_text")
    return [Line(f"print(as_text({run}))")]
