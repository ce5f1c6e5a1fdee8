"""The SDK's spans: told of the node in whose work they were, where they add to its own times."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    RunConfig,
    Runner,
    Span,
    Trace,
    TracingProcessor,
    add_trace_processor,
    function_tool,
    set_trace_processors,
    trace,
)
from agents.testing import ModelStep, ScriptedModel, assistant_message, function_call
from agents.tracing import custom_span, function_span

from flows.ids import NodeKey
from flows.plan.plan import plan_flow
from flows.run.run import Run
from flows.run.sdk.spans import (
    MOST_SPANS,
    keep_traces_here,
    read_spans,
    upload_traces,
)
from flows.trace.events import NodeEvent, Record, SpanEnded, Usage, encode_record
from flows.trace.fold import build_trace
from tests.flows.run.over_http import APIS, deps_on, hold_laws, play, run_on
from tests.model_server import Answer, Gate, Hang, ModelServer, Refuse
from tests.shapes import shape

KEY = NodeKey("a")


class Seen(TracingProcessor):
    """Notes what reaches another processor."""

    def __init__(self) -> None:
        self.spans = 0

    def on_trace_start(self, trace: Trace) -> None: ...
    def on_trace_end(self, trace: Trace) -> None: ...
    def on_span_start(self, span: Span[Any]) -> None: ...
    def on_span_end(self, span: Span[Any]) -> None:
        self.spans += 1

    def shutdown(self) -> None: ...
    def force_flush(self) -> None: ...


@contextmanager
def told() -> Iterator[list[SpanEnded]]:
    """Collect what is told of one node while a trace is open."""
    keep_traces_here()
    events: list[SpanEnded] = []

    def hear(event: NodeEvent) -> None:
        assert isinstance(event, SpanEnded)
        events.append(event)

    with trace("test"), read_spans(KEY, hear):
        yield events


def spans_in(records: list[Record]) -> list[SpanEnded]:
    return [each.event for each in records if isinstance(each.event, SpanEnded)]


async def test_one_call_that_went_well_says_nothing_new(tmp_path):
    with ModelServer() as server:
        _, records = await run_on(server, shape("in > a b > c"), tmp_path)
    assert spans_in(records) == []


@pytest.mark.parametrize("api, kind", [*zip(APIS, ["generation", "response"], strict=True)])
async def test_every_attempt_of_a_retried_call_is_told(api, kind, tmp_path):
    script = [Refuse(429, retry_after_s=0.0), Refuse(500), Answer("At last.")]
    with ModelServer(plain=script) as server:
        told, records = await run_on(server, shape("in > a", a={"retries": 2}), tmp_path, api=api)
    spans = told.nodes["a"].spans
    assert [(span.kind, bool(span.error)) for span in spans] == [
        (kind, True),
        (kind, True),
        (kind, False),
    ]
    assert spans[-1].usage == Usage(1, 10, 2, 12)
    times = [moment for span in spans for moment in (span.started_at, span.ended_at)]
    assert times == sorted(times)
    start, end = told.nodes["a"].started_at, told.nodes["a"].ended_at
    assert start is not None
    assert end is not None
    assert start - 0.01 <= times[0] <= times[-1] <= end + 0.01
    hold_laws(records)


async def test_two_runs_at_once_do_not_mix(tmp_path):
    gate = Gate()
    flows = [shape("in > a b", a={"model": f"test/{name}"}) for name in ("one", "two")]
    fine = Answer("Fine.", gate=gate)
    with ModelServer(one=[Refuse(500), fine], two=[Refuse(500), fine], plain=fine) as server:
        async with deps_on(server, tmp_path) as deps:
            runs = [Run(plan_flow(flow), "hi", deps=deps) for flow in flows]
            playing = [asyncio.create_task(play(run)) for run in runs]
            await asyncio.to_thread(server.wait_until, lambda log: len(log) == 6)
            gate.open()
            stories = [build_trace(records) for records in await asyncio.gather(*playing)]
    models = [
        {key: [span.model for span in node.spans] for key, node in each.nodes.items()}
        for each in stories
    ]
    assert models == [{"a": ["one", "one"], "b": []}, {"a": ["two", "two"], "b": []}]


async def test_nothing_is_told_of_a_node_that_was_stopped_after_its_end(tmp_path):
    flow = shape("in > a", a={"timeout_s": 0.4})
    with ModelServer(default=Hang(after=1)) as server:
        _, records = await run_on(server, flow, tmp_path)
    hold_laws(records)
    assert spans_in(records) == []


async def test_tools_handoffs_guardrails_and_agents_are_told():
    @function_tool
    def look_up(word: str) -> str:
        return f"secret of {word}"

    second = Agent(
        name="Second", model=ScriptedModel([[assistant_message("Done.")]], emit_traces=True)
    )
    first = Agent(
        name="First",
        model=ScriptedModel(
            [
                [function_call("look_up", {"word": "private"}, call_id="1")],
                [function_call("transfer_to_second", {}, call_id="2")],
            ],
            emit_traces=True,
        ),
        tools=[look_up],
        handoffs=[second],
        input_guardrails=[InputGuardrail(_pass, name="Polite")],
    )
    with told() as events:
        run = Runner.run_streamed(first, "private input", run_config=RunConfig())
        async for _ in run.stream_events():
            pass
    names = sorted((event.kind, event.name) for event in events)
    assert names == [
        ("agent", "First"),
        ("agent", "Second"),
        ("function", "look_up"),
        ("generation", ""),
        ("generation", ""),
        ("generation", ""),
        ("guardrail", "Polite"),
        ("handoff", "First → Second"),
    ]
    assert "private" not in repr(events)
    assert "secret" not in repr(events)


async def _pass(_context: object, _agent: object, _given: object) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)


async def test_of_an_error_only_the_words_of_the_sdk_are_told():
    model = ScriptedModel([ModelStep.raise_error(ValueError("sk-secret"))], emit_traces=True)
    with told() as events, pytest.raises(ValueError, match="sk-secret"):
        await Runner.run(Agent(name="A", model=model), "hi")
    assert [(event.kind, event.error) for event in events] == [("generation", "Error")]


async def test_a_long_name_is_cut_and_their_number_is_bounded():
    with told() as events:
        for _ in range(MOST_SPANS + 5):
            with function_span("n" * 1000, input="i" * 1000, output="o" * 1000):
                pass
    assert len(events) == MOST_SPANS
    assert max(len(encode_record(Record("r", 1, 0.0, event))) for event in events) < 400


async def test_what_began_inside_and_ends_after_the_work_is_nobodys():
    with told() as events:
        late = function_span("late")
        late.start()
    late.finish()
    assert events == []


async def test_what_is_the_programs_own_is_left_alone():
    with told() as events, custom_span("mine", {"key": "value"}):
        pass
    assert events == []


async def test_a_span_of_another_thread_is_left_alone():
    def work() -> None:
        with function_span("elsewhere"):
            pass

    with told() as events:
        await asyncio.to_thread(work)
    assert events == []


def test_without_the_switch_nobody_else_hears_of_spans():
    uploader = Seen()
    set_trace_processors([uploader])
    keep_traces_here()
    with trace("test"), function_span("a"):
        pass
    assert uploader.spans == 0


async def test_with_the_switch_the_uploader_stays_and_each_span_is_told_once(tmp_path):
    uploader = Seen()
    keep_traces_here()
    add_trace_processor(uploader)
    upload_traces()
    upload_traces()
    events: list[NodeEvent] = []
    with trace("test"), read_spans(KEY, events.append), function_span("a"):
        pass
    keep_traces_here()
    assert uploader.spans == 1
    assert len(events) == 1
