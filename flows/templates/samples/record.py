"""Recording: a sample made by the real engine from written answers, on a clock that jumps."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping

import msgspec

from flows.document.model import AgentNode
from flows.ids import NodeKey, RunId
from flows.models.written import Script, WrittenConnections, WrittenModels
from flows.plan.plan import plan_flow
from flows.run.deps import Deps
from flows.run.executor import Emit, NodeResult
from flows.run.run import Run
from flows.run.sdk.agent_run import Models, SdkExecutor
from flows.run.sdk.spans import keep_traces_here
from flows.templates import load_template
from flows.templates.samples import FOLDER, sample_id
from flows.templates.samples.virtual_time import run_in_virtual_time
from flows.trace.events import Record, encode_record
from flows.trace.sample import WRITTEN

_DAY_S = 1_767_268_800.0  # the first of January 2026, at noon: a sample's date says nothing
_DIGITS = 3


class _WrittenExecutor:
    """Does the work of agents on the SDK's Runner, each node with a model of its own."""

    def __init__(self, scripts: Mapping[NodeKey, Script]) -> None:
        self._scripts = scripts

    async def call(
        self, run_id: RunId, key: NodeKey, *, spec: AgentNode, inputs: str, emit: Emit
    ) -> NodeResult:
        """Run the agent of this key on its script."""
        models = Models(WrittenConnections(WRITTEN), WrittenModels(self._scripts[key]))
        worker = SdkExecutor(models)
        return await worker.call(run_id, key, spec=spec, inputs=inputs, emit=emit)


def record_sample(name: str) -> bytes:
    """Run a template on its written answers and return the run file, the same each time."""
    keep_traces_here()
    records = [_rounded(each) for each in run_in_virtual_time(_play(name))]
    version = hashlib.sha256(b"".join(map(encode_record, records))).hexdigest()[:8]
    run_id = sample_id(name, version)
    lines = (encode_record(msgspec.structs.replace(each, run=run_id)) for each in records)
    return b"".join(line + b"\n" for line in lines)


async def _play(name: str) -> list[Record]:
    flow = load_template(name)
    written = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    scripts = msgspec.convert(written, dict[NodeKey, Script])
    deps = Deps(executor=_WrittenExecutor(scripts), model=WRITTEN, clock=lambda: _DAY_S)
    run = Run(plan_flow(flow), {}, deps=deps, run_id=RunId(name))
    return [record async for record in run.records()]


def _rounded(record: Record) -> Record:
    return msgspec.structs.replace(record, at=round(record.at, _DIGITS))
