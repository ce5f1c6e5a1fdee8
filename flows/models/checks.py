"""Check: what a flow asks of models that this machine's connections cannot give."""

from __future__ import annotations

from collections.abc import Iterator

from flows.document.model import AgentNode, Flow
from flows.document.problem import Problem
from flows.errors import ConnectionsError
from flows.models.connections import Connection, Connections
from flows.plan.wording import error, titled

MODEL_SETTINGS = frozenset(
    {
        "temperature",
        "top_p",
        "frequency_penalty",
        "presence_penalty",
        "tool_choice",
        "parallel_tool_calls",
        "truncation",
        "max_tokens",
        "reasoning",
        "verbosity",
        "metadata",
        "store",
        "prompt_cache_retention",
        "include_usage",
        "response_include",
        "top_logprobs",
        "extra_query",
        "extra_body",
        "extra_args",
        "prompt_cache_options",
    }
)
"""The fields of the SDK's ModelSettings that a flow may set. Retries and headers have no place
there: retries are the node's own field, headers carry keys. A test holds it against the SDK."""


def find_model_problems(
    flow: Flow, connections: Connections, *, default: str | None = None
) -> tuple[Problem, ...]:
    """Return every model, setting and capability of the flow that cannot be had here.

    `default`: what stands for a model of null, as connection/model; None: the connections' own.
    """
    found = (
        problem
        for node in flow.nodes
        if isinstance(node, AgentNode)
        for problem in _of_agent(flow, node, connections, default)
    )
    return tuple(dict.fromkeys(found))


def _of_agent(
    flow: Flow, node: AgentNode, connections: Connections, default: str | None
) -> Iterator[Problem]:
    for name in node.model_settings.keys() - MODEL_SETTINGS:
        message = f'{titled(node)} sets "{name}", which is no model setting. Remove it.'
        yield error("unknown_setting", message, node.id)
    try:
        connection = connections.resolve(node.model or default).connection
    except ConnectionsError as why:
        yield error("unknown_model", f"{titled(node)}: {why}", node.id)
        return
    yield from _too_much(flow, node, connection)


def _too_much(flow: Flow, node: AgentNode, connection: Connection) -> Iterator[Problem]:
    if connection.can_use_tools:
        return
    uses_tools = node.tools or node.mcp
    helpers = any(edge.source == node.id and edge.kind != "data" for edge in flow.edges)
    if uses_tools or helpers:
        message = (
            f"{titled(node)} uses tools or handoffs, which the embedded model of "
            f'"{connection.name}" cannot. Choose another connection\'s model, or take them out.'
        )
        yield error("model_cannot", message, node.id)
