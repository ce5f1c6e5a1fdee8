"""Ways for tests to write a flow as a program, run it, and hold it against the engine's run."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel

from flows.document.model import AgentNode, Flow, RouterNode
from flows.document.placeholders import as_text
from flows.models.connections import Connections, load_connections
from flows.plan.plan import Plan, plan_flow
from flows.run.deps import open_deps
from flows.run.run import Run
from flows.share.python_code import python_code
from flows.trace.fold import RunTrace, build_trace
from tests.flows.run.over_http import connect, play
from tests.model_server import Entry, ModelServer

NO_CONNECTIONS = load_connections(Path("nowhere"), {})

ONLY = "the only one that came"
"""Stands for the name of an end where a program comes to one of several."""


@dataclass(frozen=True)
class Ran:
    """How a run went, the same words for both ways. `requests`: model and message of each."""

    status: str
    outputs: dict[str, str]
    requests: list[tuple[str, str]]
    closed: list[str]

    def when_cancelled(self) -> tuple[str, int]:
        """Say what does not depend on how many calls were out when the first one failed."""
        return self.status, len(self.requests) - len(self.closed)


def load_program(code: str) -> SimpleNamespace:
    """Load a program without running its `main`."""
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(code, "exported.py", "exec", dont_inherit=True), names)
    return SimpleNamespace(**names)


def with_models_of_their_own(flow: Flow) -> Flow:
    """Give all that ask the model of their own id, on the connection "test", and no retries.

    Their time limits let a call get out, on a machine at work too.
    """
    nodes = [
        node.model_copy(
            update={
                "model": f"test/{node.id}",
                "retries": 0,
                "timeout_s": node.timeout_s and max(node.timeout_s, 1.0),
            }
        )
        if isinstance(node, AgentNode)
        else node.model_copy(update={"model": f"test/{node.id}"})
        if isinstance(node, RouterNode) and node.ask
        else node
        for node in flow.nodes
    ]
    return flow.model_copy(update={"nodes": tuple(nodes)})


async def both(server: ModelServer, flow: Flow, home: Path, given: str = "hi") -> tuple[Ran, Ran]:
    """Run a flow in the engine, then as a program; say how both went."""
    connect(server, home)
    connections = load_connections(home, {})
    plan = plan_flow(flow)
    inputs = {node.id: given for node in flow.inputs}
    async with open_deps(connections, model="test") as deps:
        trace = build_trace(await play(Run(plan, inputs, deps=deps)))
    seen = len(await settled(server))
    program = await run_program(plan, connections, given)
    outputs = shown(plan, trace)
    engine = Ran(
        trace.status,
        outputs if trace.status == "finished" else {},
        asked(server.log[:seen]),
        closed(server.log[:seen]),
    )
    if ONLY in program[1]:  # it gives what it came to, and not by which name
        program = program[0], {next(iter(outputs)): only for only in program[1].values()}
    log = (await settled(server))[seen:]
    return engine, Ran(*program, asked(log), closed(log))


async def run_program(
    plan: Plan, connections: Connections, given: str
) -> tuple[str, dict[str, str]]:
    """Run the program in this process; return its status and what it gave, by end name."""
    program = load_program(python_code(plan.flow, connections))
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            given_by = [given for _ in plan.flow.inputs]
            result = await program.run_flow(*given_by)
    except Exception:  # noqa: BLE001 - whatever fails, the run has failed
        return "failed", {}
    finally:
        await program.TEST.close()
    if plan.flow.run.results == "as_completed" and len(plan.ends) > 1:
        blocks = printed.getvalue().split("## ")[1:]
        return "finished", {
            name: text.strip() for name, _, text in (b.partition("\n") for b in blocks)
        }
    write = getattr(program, "as_text", None) or _writing(program)
    if len(plan.ends) > 1 and isinstance(result, dict):
        return "finished", {name: write(output) for name, output in result.items()}
    name = plan.names[plan.ends[0]] if len(plan.ends) == 1 else ONLY
    return "finished", {} if result is None else {name: write(result)}


def _writing(program: SimpleNamespace) -> Callable[[Any], str]:
    """Return how a program writes what it gives, where that is of one kind."""
    return lambda value: program.as_json(value) if isinstance(value, BaseModel) else as_text(value)


def shown(plan: Plan, trace: RunTrace) -> dict[str, str]:
    """Return what a run's ends gave, by name."""
    return {plan.flow.node(node).name: as_text(value) for node, value in trace.outputs.items()}


def asked(log: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return model and message of every request, sorted."""
    return sorted((entry.model, entry.text) for entry in log)


def closed(log: Sequence[Entry]) -> list[str]:
    """Return the models whose requests were cancelled, sorted."""
    return sorted(entry.model for entry in log if entry.closed_early)


async def settled(server: ModelServer) -> tuple[Entry, ...]:
    """Wait until every request has ended."""
    return await asyncio.to_thread(
        server.wait_until, lambda log: all(entry.end is not None for entry in log), timeout_s=10
    )
