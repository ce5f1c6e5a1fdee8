"""Reading: what there is to read about a node: its texts and settings, under plain headings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import assert_never

import msgspec

from flows.document.model import (
    AgentNode,
    ApprovalNode,
    Flow,
    InputNode,
    JoinNode,
    Node,
    RouterNode,
    When,
)
from flows.document.policy import Fallback, FirstOf, ForEach


class Passage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One text under its heading; `code`: every space in it counts."""

    title: str
    text: str
    code: bool = False


def passages_of(node: Node) -> tuple[Passage, ...]:
    """Return what can be read about a node, the most telling first; empty texts are left out."""
    match node:
        case InputNode():
            texts = [*_input(node)]
        case AgentNode():
            texts = [*_agent(node)]
        case RouterNode():
            texts = [*_router(node)]
        case JoinNode():
            texts = [Passage("Text", node.prompt, code=True)]
        case ApprovalNode():
            texts = [Passage("What is shown", node.prompt, code=True)]
        case _:
            assert_never(node)
    settings = Passage("Settings", "\n".join(_settings(node)))
    return tuple(each for each in (*texts, settings) if each.text.strip())


def policy_of(flow: Flow) -> str:
    """Say in a line how a run of the flow goes."""
    run = flow.run
    start = "Each node starts as soon as it is ready"
    parts = [start if run.start == "as_ready" else "Stage after stage", _ON_FAILURE[run.on_failure]]
    if run.max_concurrency is not None:
        parts.append(f"at most {run.max_concurrency} at once")
    if run.timeout_s is not None:
        parts.append(f"at most {run.timeout_s:g} s")
    return " · ".join(parts)


_ON_FAILURE = {
    "finish": "on a failure what has begun still comes to its end (gather)",
    "cancel": "on a failure the others are stopped (TaskGroup)",
    "collect": "failures are collected",
}


def _input(node: InputNode) -> Iterator[Passage]:
    yield Passage("What to type", node.description)
    yield Passage("Example", node.example)
    yield Passage("Choices", "\n".join(node.choices))


def _agent(node: AgentNode) -> Iterator[Passage]:
    yield Passage("Instructions", node.instructions)
    yield Passage("Message", node.prompt, code=True)
    if node.for_each is not None:
        yield Passage("Once for each item of", _items(node.for_each), code=True)
    if node.output_schema is not None:
        yield Passage("Answer as", json.dumps(node.output_schema, indent=2), code=True)
    yield Passage("Tools", ", ".join((*node.tools, *node.mcp)))
    yield Passage("Guardrails", ", ".join(node.guardrails))


def _router(node: RouterNode) -> Iterator[Passage]:
    if node.ask is not None:
        yield Passage("Question", node.ask)
        return
    lines = [f"{_condition(rule.when)} → {rule.branch}" for rule in node.rules]
    if node.otherwise:
        lines.append(f"otherwise → {node.otherwise}")
    yield Passage("Rules", "\n".join(line.removeprefix(" ") for line in lines))


def _condition(when: When) -> str:
    said = when.model_dump(exclude_none=True)
    place = said.pop("at", "")
    return " ".join([str(place), *(f"{name.replace('_', ' ')} {said[name]}" for name in said)])


def _items(for_each: ForEach) -> str:
    items = for_each.items
    return items if isinstance(items, str) else json.dumps(items, ensure_ascii=False, indent=1)


def _settings(node: Node) -> Iterator[str]:
    if isinstance(node, AgentNode) and node.model:
        yield f"Model: {node.model}"
    if node.needs != "all":
        count = node.needs.first if isinstance(node.needs, FirstOf) else 1
        yield f"Starts with the first {count} that are done; the others are stopped"
    if node.timeout_s is not None:
        yield f"Time limit: {node.timeout_s:g} s"
    if isinstance(node, AgentNode) and node.for_each and node.for_each.max_concurrency is not None:
        yield f"Items at once: {node.for_each.max_concurrency}"
    if isinstance(node, AgentNode) and node.retries != 2:
        yield f"Retries: {node.retries}"
    if isinstance(node, AgentNode) and node.model_settings:
        yield f"Model settings: {json.dumps(node.model_settings, ensure_ascii=False)}"
    if isinstance(node.on_error, Fallback):
        yield f"When it fails: {node.on_error.fallback}"
