"""Agent: the `Agent(...)` blocks of a program, with their settings and the models that answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from flows.document.model import AgentNode
from flows.errors import ConnectionsError
from flows.models.checks import MODEL_SETTINGS
from flows.models.connections import OPENAI, Connection, Connections
from flows.share.python_code.layout import (
    Arg,
    Call,
    Code,
    Expr,
    call,
    flat_of,
    items,
    lines_of,
    text,
)
from flows.share.python_code.names import Names
from flows.share.python_code.owners import own
from flows.share.python_code.refusal import refusal
from flows.share.python_code.running import LOCAL_ADDRESS, LOCAL_DEFAULT
from flows.share.python_code.values import TEXT, Class, ListOf

DEFAULT_MODEL = "gpt-5.6-luna"
"""What the SDK asks where nobody says: the default model of the connection `openai`."""

_POLICY = call(
    "retry_policies.any",
    Code("retry_policies.network_error()"),
    Code("retry_policies.http_status([408, 409, 429, *range(500, 600)])"),
    Code("retry_policies.retry_after()"),
)
_BACKOFF = Code('{"initial_delay": 0.5, "max_delay": 8}')


@dataclass(frozen=True, slots=True)
class Spec:
    """An agent of the program: its node, and how its variable and output type are called."""

    node: AgentNode
    variable: str
    output: Class | ListOf | object = TEXT
    is_strict: bool = True


@dataclass(slots=True)
class Agents:
    """The agents of one program. `others`: the connections they ask besides OpenAI."""

    connections: Connections
    names: Names
    specs: list[Spec] = field(default_factory=list)
    others: list[Connection] = field(default_factory=list)
    _clients: dict[str, list[str]] = field(default_factory=dict)
    _client_names: dict[str, str] = field(default_factory=dict)

    @property
    def uses_default(self) -> bool:
        """Whether an agent asks the default model."""
        return any(spec.node.model is None for spec in self.specs)

    @property
    def changed_default(self) -> Iterator[str]:
        """Say that the default model is another one here."""
        here = self.connections.default()
        if self.uses_default and here.name != OPENAI:
            yield (
                f'Agents without a model of their own ask "{here.name}" here; the program asks '
                f"OpenAI's {DEFAULT_MODEL}, or the server that OPENAI_BASE_URL names."
            )

    @property
    def asks_openai(self) -> bool:
        """Whether the SDK's own client asks for some of the agents."""
        models = (spec.node.model for spec in self.specs)
        return any(model is None or model.partition("/")[0] == OPENAI for model in models)

    @property
    def usual_retries(self) -> int:
        """How often most agents try again."""
        return Counter(spec.node.retries for spec in self.specs).most_common(1)[0][0]

    def blocks(self, imports: set[str]) -> tuple[list[str], list[str]]:
        """Write the agents; return what stands before them, and the agents themselves."""
        imports |= {"agents.Agent", "agents.ModelRetrySettings", "agents.ModelSettings"}
        written: list[str] = []
        for spec in self.specs:
            written += own(self._block(spec, imports), (spec.node.id,))
        before = self._settings(imports)
        for lines in self._clients.values():
            before += lines
        return before, written

    def _settings(self, imports: set[str]) -> list[str]:
        most = Code(str(self.usual_retries))
        when: dict[str, Expr] = {}
        if any(spec.node.retries for spec in self.specs):
            imports.add("agents.retry_policies")
            when = {"backoff": _BACKOFF, "policy": _POLICY}
        retry = call("ModelRetrySettings", max_retries=most, **when)
        lines = lines_of(retry, indent=0, before="RETRY = ")
        if self.uses_default:
            imports |= {"os", "agents.models.get_default_model_settings"}
            model = f'MODEL = os.environ.get("OPENAI_DEFAULT_MODEL", "{DEFAULT_MODEL}")'
            base = "get_default_model_settings(MODEL).resolve(ModelSettings(retry=RETRY))"
            lines = [model, *lines, f"SETTINGS = {base}"]
        return lines

    def _block(self, spec: Spec, imports: set[str]) -> list[str]:
        node = spec.node
        args = [Arg(text(node.name), "name=")]
        if node.instructions:
            args.append(Arg(text(node.instructions), "instructions="))
        args.append(Arg(self._model(node, imports), "model="))
        args.append(Arg(self._model_settings(node, imports), "model_settings="))
        if spec.output != TEXT:
            args.append(Arg(self._output(spec, imports), "output_type="))
        return _exploded(f"{spec.variable} = Agent(", args)

    def _output(self, spec: Spec, imports: set[str]) -> Expr:
        annotation = getattr(spec.output, "annotation", "str")
        if spec.is_strict:
            return Code(annotation)
        imports.add("agents.AgentOutputSchema")
        return call("AgentOutputSchema", Code(annotation), strict_json_schema=Code("False"))

    def _model(self, node: AgentNode, imports: set[str]) -> Expr:
        if node.model is None:
            return Code("MODEL")
        try:
            choice = self.connections.resolve(node.model)
        except ConnectionsError as error:
            raise refusal(node, f'asks "{node.model}": {error}') from error
        connection, model = choice.connection, choice.model_name
        if connection.name == OPENAI:
            return text(model)
        kind = "Responses" if connection.api == "responses" else "ChatCompletions"
        imports.add(f"agents.OpenAI{kind}Model")
        client = self._client(connection, imports)
        return call(f"OpenAI{kind}Model", text(model), Code(client))

    def _client(self, connection: Connection, imports: set[str]) -> str:
        """Write the client of a connection once: with the name of its key's variable, no key."""
        if connection.name in self._client_names:
            return self._client_names[connection.name]
        imports.add("openai.AsyncOpenAI")
        self.others.append(connection)
        name = self.names.constant(connection.name)
        key: Expr = text("none")
        if connection.key_env:
            imports.add("os")
            key = call("os.environ.get", text(connection.key_env), text("none"))
        client = call(
            "AsyncOpenAI",
            base_url=_address(connection, imports),
            api_key=key,
            max_retries=Code("0"),
            timeout=Code(f"{connection.timeout_s:g}"),
        )
        self._clients[connection.name] = lines_of(client, indent=0, before=f"{name} = ")
        self._client_names[connection.name] = name
        return name

    def _model_settings(self, node: AgentNode, imports: set[str]) -> Expr:
        own = [Arg(_setting(node, name, value, imports), f"{name}=") for name, value in _said(node)]
        usual = node.retries == self.usual_retries
        if node.model is None:
            if not usual:
                own.append(Arg(self._retries(node), "retry="))
            settings = Call("ModelSettings(", tuple(own))
            return call("SETTINGS.resolve", settings) if own else Code("SETTINGS")
        retry: Expr = Code("RETRY")
        if not usual:
            retry = call("replace", retry, max_retries=Code(str(node.retries)))
            imports.add("dataclasses.replace")
        settings = Call("ModelSettings(", (*own, Arg(retry, "retry=")))
        model = node.model.removeprefix(f"{OPENAI}/")
        if node.model.startswith(f"{OPENAI}/") and model.startswith("gpt-5"):
            imports.add("agents.models.get_default_model_settings")
            defaults = Call("get_default_model_settings(", (Arg(text(model)),))
            flat = lines_of(defaults, indent=0)[0]
            return call(f"{flat}.resolve", settings)
        return settings

    def _retries(self, node: AgentNode) -> Expr:
        return call("ModelRetrySettings", max_retries=Code(str(node.retries)))


def _address(connection: Connection, imports: set[str]) -> Expr:
    if connection.base_url is not None:
        return text(connection.base_url)
    imports.add("os")
    return call("os.environ.get", text(LOCAL_ADDRESS), text(LOCAL_DEFAULT))


def _said(node: AgentNode) -> Sequence[tuple[str, JsonValue]]:
    """Return the settings of a node by name. A name that is the SDK's is no code."""
    for name in node.model_settings:
        if name not in MODEL_SETTINGS:
            raise refusal(node, f'sets "{name}", which is no model setting. Remove it.')
    return [(name, value) for name, value in node.model_settings.items() if value is not None]


def _setting(node: AgentNode, name: str, value: JsonValue, imports: set[str]) -> Expr:
    if name == "reasoning":
        if not isinstance(value, dict) or not value.keys() <= {"effort", "summary"}:
            raise refusal(node, 'has a "reasoning" with more than effort and summary. Simplify it.')
        imports.add("openai.types.shared.Reasoning")
        args = [Arg(literal(each), f"{key}=") for key, each in value.items()]
        return Call("Reasoning(", tuple(args))
    return literal(value)


def literal(value: JsonValue) -> Expr:
    """Write a JSON value as Python says it."""
    match value:
        case str():
            return text(value)
        case list():
            return items(*map(literal, value))
        case dict():
            pairs = tuple(
                Arg(literal(each), f"{flat_of(text(key))}: ") for key, each in value.items()
            )
            return Call("{", pairs, "}")
        case _:
            return Code(repr(value))


def _exploded(head: str, args: Sequence[Arg]) -> list[str]:
    """Write a call with one argument a line."""
    lines = [head]
    for arg in args:
        lines += lines_of(arg.value, indent=1, before=arg.before, after=",")
    return [*lines, ")"]
