"""Agents on the SDK, against a real server that speaks both of OpenAI's APIs."""

import asyncio
import json

import pytest

from flows.run.run import Run
from flows.trace.events import Record, TextDelta, Usage
from tests.flows.run.over_http import APIS, closed_early, run_on
from tests.model_server import Answer, Break, Garbage, Gate, Hang, ModelServer, Refuse
from tests.shapes import shape


@pytest.mark.parametrize("api", APIS)
async def test_agents_of_one_stage_ask_at_the_same_time(api, tmp_path):
    gate = Gate()
    flow = shape("in > a b c > pick")
    with ModelServer(default=Answer("Fine.", gate=gate)) as server:
        running = asyncio.create_task(run_on(server, flow, tmp_path, api=api))
        await asyncio.to_thread(server.wait_for, 3)
        gate.open()
        trace, _ = await running
        assert server.max_at_once() == 3
        assert len(server.log) == 4
    assert trace.status == "finished"
    assert trace.outputs == {"pick": "Fine."}
    assert trace.nodes["pick"].message == "## a\nFine.\n\n## b\nFine.\n\n## c\nFine."


@pytest.mark.parametrize("api", APIS)
async def test_text_streams_and_usage_model_and_agent_are_kept(api, tmp_path):
    with ModelServer(default=Answer("One two three.")) as server:
        trace, records = await run_on(server, shape("in > a"), tmp_path, api=api)
    texts = [each.event.text for each in records if isinstance(each.event, TextDelta)]
    node = trace.nodes["a"]
    assert len(texts) > 1
    assert "".join(texts) == node.output == node.text == "One two three."
    assert (node.model, node.last_agent) == ("test/plain", "a")
    assert isinstance(node.usage, Usage)
    assert node.usage.requests == 1
    assert node.usage.total_tokens == node.usage.input_tokens + node.usage.output_tokens > 0


async def test_the_message_and_the_instructions_reach_the_model(tmp_path):
    flow = shape("in > a", a={"instructions": "Be kind.", "prompt": "Say {{ input }}"})
    with ModelServer() as server:
        await run_on(server, flow, tmp_path)
        (entry,) = server.log
    messages = entry.body["messages"]
    assert isinstance(messages, list)
    assert [(each["role"], each["content"]) for each in messages] == [
        ("system", "Be kind."),
        ("user", "Say hi"),
    ]


async def test_model_settings_reach_the_model(tmp_path):
    flow = shape("in > a", a={"model_settings": {"temperature": 0.25, "max_tokens": 9}})
    with ModelServer() as server:
        await run_on(server, flow, tmp_path)
        (entry,) = server.log
    assert (entry.body["temperature"], entry.body["max_tokens"]) == (0.25, 9)


async def test_every_retry_is_in_the_trace(tmp_path):
    script = [Refuse(429, retry_after_s=0.0), Refuse(500), Answer("At last.")]
    with ModelServer(plain=script) as server:
        trace, _ = await run_on(server, shape("in > a", a={"retries": 2}), tmp_path)
        assert len(server.log) == 3
    node = trace.nodes["a"]
    assert (node.status, node.output, node.attempts) == ("finished", "At last.", 3)
    assert [retry.attempt for retry in node.retries] == [1, 2]
    assert node.retries[0].delay_s == 0.0
    assert all('"test"' in retry.error for retry in node.retries)


async def test_there_are_no_hidden_retries(tmp_path):
    with ModelServer(default=Refuse(500)) as server:
        trace, _ = await run_on(server, shape("in > a", a={"retries": 0}), tmp_path)
        assert len(server.log) == 1
    assert trace.nodes["a"].attempts == 1


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    "script,words",
    [
        (Refuse(401), "key"),
        (Refuse(404, "The model `plain` does not exist", "model_not_found"), "plain"),
        (Refuse(429), "Wait a little"),
        (Refuse(500), "Run again later."),
        (Garbage(), "test"),
        (Break(after=1), "test"),
        (Answer(""), "no answer"),
    ],
    ids=["401", "404", "429", "500", "garbage", "broken", "empty"],
)
async def test_a_failure_is_a_sentence_that_names_node_and_connection(api, script, words, tmp_path):
    with ModelServer(default=script) as server:
        trace, _ = await run_on(server, shape("in > a", a={"retries": 0}), tmp_path, api=api)
    error = trace.nodes["a"].error
    assert trace.status == "failed"
    assert error.startswith('"a"')
    assert '"test"' in error
    assert words in error
    assert "Traceback" not in error


async def test_a_model_that_declines_is_a_sentence(tmp_path):
    choice = (
        '{"index":0,"delta":{"role":"assistant","refusal":"I will not."},"finish_reason":"stop"}'
    )
    chunk = f'{{"id":"c","object":"chat.completion.chunk","created":1,"choices":[{choice}]}}'
    declining = Garbage(f"data: {chunk}\n\ndata: [DONE]\n\n", "text/event-stream")
    with ModelServer(default=declining) as server:
        trace, _ = await run_on(server, shape("in > a", a={"retries": 0}), tmp_path)
    assert trace.error == (
        '"a": The model "plain" of the connection "test" declined to answer. '
        "Change the instructions or the input."
    )


async def test_an_unreachable_address_is_a_sentence(tmp_path):
    with ModelServer() as server:
        pass  # its port is closed now
    trace, _ = await run_on(server, shape("in > a", a={"retries": 0}), tmp_path)
    assert '"test"' in trace.nodes["a"].error
    assert str(server.port) in trace.nodes["a"].error


async def test_a_timeout_closes_the_connection_of_a_hung_server(tmp_path):
    with ModelServer(default=Hang()) as server:
        trace, _ = await run_on(server, shape("in > a", a={"timeout_s": 0.5}), tmp_path)
        (entry,) = await asyncio.to_thread(server.wait_until, closed_early)
    assert entry.closed_early
    assert "took longer than its 0.5 s" in trace.nodes["a"].error


async def test_cancel_closes_all_connections(tmp_path):
    def stop(run: Run, record: Record) -> None:
        if isinstance(record.event, TextDelta) and record.event.node == "b":
            run.cancel("enough")

    flow = shape("in > a b > c")
    with ModelServer(default=Hang(after=1)) as server:
        trace, _ = await run_on(server, flow, tmp_path, watch=stop)
        await asyncio.to_thread(server.wait_until, closed_early)
    assert trace.status == "cancelled"
    assert {key: node.status for key, node in trace.nodes.items()} == {
        "a": "cancelled",
        "b": "cancelled",
        "c": "skipped",
    }
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_output_schema_makes_the_output_json_and_holds_it(tmp_path):
    schema = {
        "title": "Score",
        "type": "object",
        "properties": {"score": {"type": "integer"}},
        "required": ["score"],
    }
    flow = shape(
        "in > a > b",
        a={"output_schema": schema, "model": "test/json"},
        b={"prompt": "Got {{ nodes.a.output.score }}"},
    )
    with ModelServer(json=Answer('{"score": 7}')) as server:
        trace, _ = await run_on(server, flow, tmp_path)
    assert trace.nodes["a"].output == {"score": 7}
    assert trace.nodes["b"].message == "Got 7"


async def test_an_output_that_does_not_fit_its_schema_is_a_failure(tmp_path):
    flow = shape("in > a", a={"output_schema": {"type": "object", "required": ["x"]}, "retries": 0})
    with ModelServer(default=Answer('{"score": 7}')) as server:
        trace, _ = await run_on(server, flow, tmp_path)
    assert "does not fit the output schema at $: 'x' is a required property" in trace.error


async def test_a_flow_on_two_models_asks_each_for_its_own(tmp_path):
    flow = shape("in > a b", a={"model": "test/one"}, b={"model": "test/two"})
    with ModelServer(one=Answer("1"), two=Answer("2")) as server:
        trace, _ = await run_on(server, flow, tmp_path)
    assert trace.outputs == {"a": "1", "b": "2"}


@pytest.mark.parametrize("api", APIS)
async def test_an_answer_that_filled_its_limit_is_told_as_cut_off(api, tmp_path):
    flow = shape("in > a", a={"model_settings": {"max_tokens": 1}})
    with ModelServer(default=Answer("One two three four.")) as server:
        trace, _ = await run_on(server, flow, tmp_path, api=api)
    node = trace.nodes["a"]
    assert node.status == "finished"
    assert node.warning.startswith("the answer was cut off at 1 tokens.")


@pytest.mark.parametrize("api", APIS)
async def test_a_router_asks_its_model_with_the_branches_as_an_enum(api, tmp_path):
    router = {"type": "router", "ask": "Which team answers?"}
    flow = shape("in > r; r.sales > a; r.support > b", r=router)
    with ModelServer(plain=[Answer('{"branch": "support"}'), Answer("Done.")]) as server:
        trace, _ = await run_on(server, flow, tmp_path, api=api)
        asked = json.dumps(server.log[0].body)
    assert '"enum": ["sales", "support"]' in asked
    assert (trace.nodes["r"].branches, trace.outputs) == (("support",), {"b": "Done."})
    assert trace.nodes["r"].usage is not None


@pytest.mark.parametrize("api", APIS)
async def test_a_model_that_names_no_branch_fails_its_router(api, tmp_path):
    router = {"type": "router", "ask": "Which team answers?"}
    with ModelServer(plain=Answer('{"branch": "kitchen"}')) as server:
        trace, _ = await run_on(server, shape("in > r; r.sales > a", r=router), tmp_path, api=api)
    assert "'kitchen' is not one of ['sales']" in trace.error
    assert trace.nodes["a"].status == "skipped"
