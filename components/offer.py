"""Offer: who would answer for a flow, and whether it can run now."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flows.document.advice import Advice
from flows.document.model import AgentNode, Flow, RouterNode
from flows.document.problem import Problem
from flows.errors import ConnectionsError
from flows.ids import NodeId
from flows.models.checks import find_model_problems
from flows.models.connections import Connection, Connections, ModelChoice, status
from flows.models.instead import find_instead


@dataclass(frozen=True, slots=True)
class Offer:
    """`label`: the connections a run would use, for the Run button. `why_not`: what stops it.

    `models` maps agents to what is said of their model. `shared_processor`: the embedded model
    answers. `advice`: who could answer where what is drawn cannot be used here.
    """

    label: str = ""
    why_not: str = ""
    models: Mapping[NodeId, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    advice: tuple[Advice, ...] = ()
    shared_processor: bool = False


def make_offer(flow: Flow, problems: Sequence[Problem], connections: Connections) -> Offer:
    """Say what a run of the flow would use; `problems` are those of the flow itself."""
    choices = dict(_choices(flow, connections))
    lacking = find_model_problems(flow, connections)
    used = list({choice.connection.name: choice.connection for choice in choices.values()}.values())
    return Offer(
        label=" + ".join(_label(each) for each in used),
        why_not=_why_not([*problems, *lacking], used, connections),
        models={node: _short(choice, connections) for node, choice in choices.items()},
        problems=lacking,
        advice=tuple(find_instead(flow, connections)),
        shared_processor=any(each.is_embedded for each in used),
    )


def no_offer(sentence: str) -> Offer:
    """Say that no connection can be read, and why."""
    problem = Problem(code="connections", severity="error", message=sentence)
    return Offer(why_not=sentence, problems=(problem,))


def _choices(flow: Flow, connections: Connections) -> Iterator[tuple[NodeId, ModelChoice]]:
    for node in flow.nodes:
        if isinstance(node, AgentNode):
            with contextlib.suppress(ConnectionsError):  # one of the problems says so
                yield node.id, connections.resolve(node.model)


def _label(connection: Connection) -> str:
    return f"{connection.name} · {connection.label}" if connection.label else connection.name


def _why_not(
    problems: Sequence[Problem], used: Sequence[Connection], connections: Connections
) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        more = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
        return errors[0].message + more
    states = (status(each, connections.environ) for each in used)
    return next((state.brief or state.sentence for state in states if not state.usable), "")


def models_to_choose(flow: Flow, connections: Connections) -> dict[str, str]:
    """Map what an agent's model may be to what is shown of it; "" is the default.

    Those that the flow names elsewhere are among them.
    """
    models = {"": f"default ({_said(connections, None)})"}
    for connection in connections.all:
        said = _said(connections, connection.name)
        if connection.default_model is not None:
            models[said] = f"{said} · {connection.label}" if connection.label else said
    for named in models_in(flow):
        with contextlib.suppress(ConnectionsError):  # one of the problems says so
            said = str(connections.resolve(named))
            models.setdefault(said, f"{said} · in this flow")
    return models


def models_in(flow: Flow) -> tuple[str, ...]:
    """Return the models that the nodes of the flow name, each once, in their order."""
    named = [node.model for node in flow.nodes if isinstance(node, AgentNode | RouterNode)]
    return tuple(dict.fromkeys(model for model in named if model))


def _short(choice: ModelChoice, connections: Connections) -> str:
    """Say a model's name, with its connection where that is not the default one."""
    is_default = choice.connection == connections.default()
    return choice.model_name if is_default else str(choice)


def _said(connections: Connections, model: str | None) -> str:
    try:
        return str(connections.resolve(model))
    except ConnectionsError:
        return model or "none"
