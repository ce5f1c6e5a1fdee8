"""Twins: a program and the flow that is read of it, both asked of one scripted model server."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents import set_default_openai_api, set_default_openai_client, set_tracing_disabled
from openai import AsyncOpenAI

from flows.document.model import AgentNode, Flow
from flows.document.placeholders import as_text
from flows.models.connections import load_connections
from flows.plan.plan import plan_flow
from flows.run.deps import open_deps
from flows.run.run import Run
from flows.share.python_import import import_python
from flows.trace.fold import build_trace
from tests.flows.run.over_http import connect, play
from tests.model_server import Answer, Behaviour, Entry, ModelServer

Asked = tuple[str, str]
"""Whose instructions, and the message."""


@dataclass(frozen=True)
class Twins:
    """What a program and its flow asked, sorted; what the one printed and the other gave."""

    program: Sequence[Asked]
    flow: Sequence[Asked]
    printed: str
    gave: Sequence[str]


def twins(script: str, home: Path, says: Mapping[str, str], *, flow: Flow | None = None) -> Twins:
    """Run both. `says`: what an agent answers, by its instructions; others tell their message.

    `flow`: the one that was written as this program, where it is not read of it.
    """
    with ModelServer(default=lambda entry: _answer(entry, says)) as server:
        printed = _run_program(script, server)
        seen = len(server.log)
        gave = asyncio.run(_run_flow(flow or import_python(script).flow, server, home))
        log = server.log
    return Twins(_asked(log[:seen]), _asked(log[seen:]), printed, gave)


def _answer(entry: Entry, says: Mapping[str, str]) -> Behaviour:
    who = _instructions(entry)
    return Answer(says.get(who, f"<{who} {entry.text}>"))


def _instructions(entry: Entry) -> str:
    messages = entry.body.get("messages")
    assert isinstance(messages, list)
    return next((str(each["content"]) for each in messages if each["role"] == "system"), "")


def _asked(log: Sequence[Entry]) -> Sequence[Asked]:
    return sorted((_instructions(entry), entry.text) for entry in log)


def _run_program(script: str, server: ModelServer) -> str:
    set_tracing_disabled(disabled=True)
    set_default_openai_api("chat_completions")
    set_default_openai_client(
        AsyncOpenAI(base_url=server.base_url, api_key="k", max_retries=0), use_for_tracing=False
    )
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, "script.py", "exec", dont_inherit=True), {"__name__": "__main__"})
    return printed.getvalue()


async def _run_flow(flow: Flow, server: ModelServer, home: Path) -> Sequence[str]:
    connect(server, home)
    nodes = [
        node.model_copy(update={"model": None, "retries": 0})
        if isinstance(node, AgentNode)
        else node
        for node in flow.nodes
    ]
    plan = plan_flow(flow.model_copy(update={"nodes": tuple(nodes)}))
    async with open_deps(load_connections(home, {}), model="test") as deps:
        given = {node.id: node.example for node in flow.inputs}
        trace = build_trace(await play(Run(plan, given, deps=deps)))
    return [as_text(value) for value in trace.outputs.values()]
