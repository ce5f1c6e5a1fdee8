"""Rules on templates: every placeholder names something that is there by then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from pydantic import JsonValue

from flows.document.model import AgentNode, ApprovalNode, Flow, InputNode, JoinNode, Node
from flows.document.placeholders import (
    Index,
    InputValue,
    Item,
    NodeOutput,
    Parents,
    Placeholder,
    Unknown,
    placeholders,
    sole_placeholder,
)
from flows.document.problem import Problem
from flows.ids import NodeId
from flows.plan.graph import ancestors_in
from flows.plan.wording import did_you_mean, error, titled

_FORMS = (
    "{{ input }}, {{ inputs.ID }}, {{ nodes.ID.output }}, {{ parents }}, {{ item }} or {{ index }}"
)

_NONE: frozenset[NodeId] = frozenset()
_SINGLE = frozenset({"object", "number", "integer", "boolean"})


def unknown_placeholders(flow: Flow) -> Iterator[Problem]:
    """A placeholder names an input, an upstream node, the parents, the item or the index."""
    ancestors = ancestors_in(flow)
    for node in flow.nodes:
        for template, mapped in _templates(node):
            for placeholder in placeholders(template):
                upstream = ancestors(node.id) if isinstance(placeholder, NodeOutput) else _NONE
                said = _mistake(flow, placeholder, upstream, mapped=mapped)
                if said:
                    yield error("placeholder", f"In {titled(node)}, {said}", node.id)


def mapped_items(flow: Flow) -> Iterator[Problem]:
    """`for_each` goes over a list: one placeholder, lines of text, or the list itself."""
    for node in flow.nodes:
        if isinstance(node, AgentNode) and node.for_each is not None:
            items = node.for_each.items
            sole = sole_placeholder(items) if isinstance(items, str) else None
            if isinstance(sole, Index | Item):
                message = f"In {titled(node)}, for_each cannot go over its own item. Name a list."
                yield error("not_a_list", message, node.id)
            elif isinstance(items, str) and not items.strip():
                message = f"In {titled(node)}, for_each has no items. Name a list, or write one."
                yield error("not_a_list", message, node.id)
            elif isinstance(sole, NodeOutput) and (kind := _schema_type(flow, sole)):
                message = (
                    f"In {titled(node)}, for_each cannot go over {_said(sole)}: the output schema "
                    f"makes it one {kind}. Name a list in it, or make it an array."
                )
                yield error("not_a_list", message, node.id)


def _schema_type(flow: Flow, output: NodeOutput) -> str:
    """Return the type an agent's output schema gives a value, where that is no list; else ""."""
    source = next((node for node in flow.nodes if node.id == output.node), None)
    schema: JsonValue = source.output_schema if isinstance(source, AgentNode) else None
    for step in output.path:
        fields = schema.get("properties") if isinstance(schema, dict) else None
        schema = fields.get(step) if isinstance(fields, dict) else None
    kind = schema.get("type") if isinstance(schema, dict) else None
    return kind if isinstance(kind, str) and kind in _SINGLE else ""


def _said(output: NodeOutput) -> str:
    return "{{ " + ".".join(("nodes", output.node, "output", *output.path)) + " }}"


def _templates(node: Node) -> Iterator[tuple[str, bool]]:
    """Yield a node's templates, and whether each is filled once an item."""
    if isinstance(node, AgentNode):
        yield node.prompt, node.for_each is not None
        if node.for_each is not None and isinstance(node.for_each.items, str):
            yield node.for_each.items, False
    elif isinstance(node, JoinNode | ApprovalNode):
        yield node.prompt, False


def _mistake(
    flow: Flow, placeholder: Placeholder, upstream: frozenset[NodeId], *, mapped: bool
) -> str:
    match placeholder:
        case InputValue(node=node):
            return _ambiguous_input(flow) if node is None else _unknown_input(flow, node)
        case NodeOutput(node=source):
            return _not_upstream(flow, source, upstream)
        case Item() | Index():
            return "" if mapped else "{{ item }} and {{ index }} need a for_each. Add one."
        case Parents():
            return ""
        case Unknown(text=text):
            hint = _meant_by_name(flow, text)
            return f"{{{{ {text} }}}} is no placeholder. {hint}Write {_FORMS}."
        case _:
            assert_never(placeholder)


def _ambiguous_input(flow: Flow) -> str:
    if len(flow.inputs) > 1:
        ids = ", ".join(f"{{{{ inputs.{node.id} }}}}" for node in flow.inputs)
        return f"{{{{ input }}}} could be any of {len(flow.inputs)} inputs. Write one of {ids}."
    return ""


def _unknown_input(flow: Flow, node: NodeId) -> str:
    known = [each.id for each in flow.inputs]
    if node in known:
        return ""
    hint = did_you_mean(node, known)
    return f"{{{{ inputs.{node} }}}} names no input.{hint} Inputs: {', '.join(known) or 'none'}."


def _not_upstream(flow: Flow, node: NodeId, upstream: frozenset[NodeId]) -> str:
    if node in upstream:
        return ""
    if any(each.id == node for each in flow.nodes):
        return (
            f"{{{{ nodes.{node}.output }}}} names a node that does not run before it. "
            f'Link "{node}" to it, directly or over others.'
        )
    hint = _meant_by_name(flow, node) or did_you_mean(node, upstream).lstrip()
    return f"{{{{ nodes.{node}.output }}}} names no node. {hint or 'Correct the id.'}".rstrip()


def _meant_by_name(flow: Flow, text: str) -> str:
    """Say what to write where a node is named by its name and not by its id; else nothing."""
    name = text.removeprefix("nodes.").removesuffix(".output").strip().casefold()
    for node in flow.nodes:
        if node.name.casefold() == name and not isinstance(node, InputNode):
            return f'"{node.name}" is {{{{ nodes.{node.id}.output }}}}. '
    return ""


RULES = (unknown_placeholders, mapped_items)
