"""SeveralFields: the inspector's form for several chosen nodes: what they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from components.field_change import DIFFERS
from components.form import Form
from components.node_fields import NEEDS
from components.policy_fields import ERRORS
from flows.document.model import AgentNode, InputNode, Node
from flows.document.policy import Fallback, FirstOf

_MIXED = "they differ"


def heading_of(nodes: Sequence[Node]) -> str:
    """Say what is chosen: "3 agents chosen", "2 agents, 1 join chosen"."""
    counts = Counter(node.type for node in nodes)
    kinds = (f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items())
    return f"{', '.join(kinds)} chosen"


def those_that_share(nodes: Sequence[Node]) -> list[Node]:
    """Return those of the chosen that have fields in common: the agents, else all steps."""
    agents: list[Node] = [node for node in nodes if isinstance(node, AgentNode)]
    return agents if len(agents) > 1 else [n for n in nodes if not isinstance(n, InputNode)]


def draw_shared(form: Form, nodes: Sequence[Node], models: Mapping[str, str]) -> None:
    """Draw the fields all of them have; a change of one is a change of each."""
    agents = [node for node in nodes if isinstance(node, AgentNode)]
    if not nodes:
        return
    if len(agents) == len(nodes):
        _choice(form, "model", "Model", {node.model or "" for node in agents}, options=models)
        _number(form, "retries", "Tries again", [node.retries for node in agents], least=0)
    _number(form, "timeout_s", "Time limit", [node.timeout_s for node in nodes], least=0.1)
    _choice(form, "on_error", "When it fails", {_on_error(node) for node in nodes}, options=ERRORS)
    texts = {node.on_error.fallback for node in nodes if isinstance(node.on_error, Fallback)}
    if all(isinstance(node.on_error, Fallback) for node in nodes):
        same = texts.pop() if len(texts) == 1 else ""
        form.line("fallback", "The text", same, most=2000, hint=_MIXED if texts else "")
    _choice(form, "needs", "Starts when", {_needs(node) for node in nodes}, options=NEEDS)
    firsts = [node.needs.first for node in nodes if isinstance(node.needs, FirstOf)]
    if len(firsts) == len(nodes):
        _number(form, "first", "How many", firsts, least=1)


def _choice(
    form: Form, name: str, label: str, values: set[str], *, options: Mapping[str, str]
) -> None:
    if len(values) == 1:
        form.choice(name, label, values.pop(), options, free=name == "model")
    else:
        form.choice(name, label, DIFFERS, {DIFFERS: "They differ", **options})


def _number(
    form: Form, name: str, label: str, values: Sequence[float | None], *, least: float
) -> None:
    same = len(set(values)) == 1
    value = values[0] if same else None
    if name == "timeout_s":
        hint = "seconds" if same else _MIXED
        form.number(name, label, value, least=least, step=5.0, hint=hint)
    else:
        form.count(name, label, value, least=int(least), hint="" if same else _MIXED)


def _on_error(node: Node) -> str:
    return "fallback" if isinstance(node.on_error, Fallback) else "fail"


def _needs(node: Node) -> str:
    return "first" if isinstance(node.needs, FirstOf) else node.needs
