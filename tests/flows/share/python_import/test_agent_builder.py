"""What OpenAI's Agent Builder exports comes in as a flow that asks and gives the same."""

import asyncio
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openai
import pytest
from agents import set_default_openai_client

from flows.document.model import ApprovalNode, Flow
from flows.models.connections import load_connections
from flows.plan.plan import plan_flow
from flows.run.deps import open_deps
from flows.run.run import Run
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from flows.trace.fold import build_trace
from tests.flows.run.over_http import connect, play
from tests.flows.share.python_code.exported import (
    NO_CONNECTIONS,
    load_program,
    shown,
    with_models_of_their_own,
)
from tests.flows.share.python_import.builder import agent, asked, indented, parsed, program
from tests.flows.share.python_import.outlines import links, remarks, said
from tests.model_server import Answer, Entry, ModelServer

CHAIN = program(
    agent("plan", "Plan the article.") + agent("write", "Write as planned."),
    asked("plan"),
    asked("write"),
    "return write_result",
)

DESK = program(
    "class Category(BaseModel):\n    category: str\n\n\n"
    "class Return(BaseModel):\n    order: str\n    refund: bool\n\n\n"
    "class AnswerContext:\n"
    "    def __init__(self, workflow_input_as_text: str):\n"
    "        self.workflow_input_as_text = workflow_input_as_text\n\n\n"
    "def answer_instructions(\n"
    "    run_context: RunContextWrapper[AnswerContext], _agent: Agent[AnswerContext]\n"
    "):\n"
    "    workflow_input_as_text = run_context.context.workflow_input_as_text\n"
    '    return f"""Answer politely: {workflow_input_as_text}"""\n\n\n'
    + agent("classify", "Sort the question.", "output_type=Category")
    + agent("returns", "Find the order.", "output_type=Return")
    + agent("letter", "Write a letter.")
    + 'answer = Agent(name="Answer", instructions=answer_instructions, model="answer")\n',
    asked("classify"),
    parsed("classify"),
    'classify_category = classify_result["output_parsed"]["category"]\n',
    'if classify_category == "return_item":\n',
    indented(asked("returns") + parsed("returns"), 1),
    indented('if returns_result["output_parsed"]["refund"] == True:', 1),
    indented(
        asked(
            "letter",
            '{"role": "user", "content": [{"type": "input_text", "text": f"Write in '
            "{state['language']} of {returns_result['output_parsed']['order']}.\"}]}",
        )
        + "return letter_result",
        2,
    ),
    indented('else:\n    return {"message": "No refund."}', 1),
    'elif classify_category == "information":\n',
    indented(
        asked(
            "answer",
            context='context=AnswerContext(workflow_input_as_text=workflow["input_as_text"])',
        )
        + "return answer_result",
        1,
    ),
    "else:\n    return classify_result\n",
    state='{"language": "English"}',
)

APPROVED = program(
    "def approval_request(message: str):\n    return True\n\n\n"
    + agent("draft", "Draft.")
    + agent("send", "Send."),
    asked("draft"),
    'approval_message = "Send it?"\nif approval_request(approval_message):\n',
    indented(asked("send") + "return send_result", 1),
    "else:\n    return draft_result\n",
)

Told = list[tuple[str, str]]
"""Who was asked, and all that was said to each, its instructions apart."""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def told(log: Sequence[Entry]) -> Told:
    return [(entry.model, "\n\n".join(_texts(entry.body))) for entry in log]


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    messages = body.get("messages", body.get("input"))
    if isinstance(messages, str):
        yield messages
        return
    for message in messages or ():
        if message.get("role") not in {"system", "developer"}:
            content = message["content"]
            yield content if isinstance(content, str) else "".join(p["text"] for p in content)


async def of_program(source: str, server: ModelServer, given: str) -> tuple[object, Told]:
    """Run a program as its author does; return what it gives, and who was told what."""
    client = openai.AsyncOpenAI(base_url=server.base_url, api_key="none")
    set_default_openai_client(client, use_for_tracing=False)
    try:
        loaded = load_program(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # exports say `.json()`
            result = await loaded.run_workflow(loaded.WorkflowInput(input_as_text=given))
    finally:
        await client.close()
    return result, told(server.log)


async def of_flow(flow: Flow, server: ModelServer, home: Path, given: str) -> tuple[object, Told]:
    """Run the flow it is read as; return what it gives, and who was told what."""
    connect(server, home)
    seen = len(server.log)
    plan = plan_flow(with_models_of_their_own(flow))
    async with open_deps(load_connections(home, {}), model="test") as deps:
        inputs = {node.id: given for node in flow.inputs}
        trace = build_trace(await play(Run(plan, inputs, deps=deps)))
    return shown(plan, trace), told(server.log[seen:])


ANSWERS = {
    "a return with a refund": ('{"category": "return_item"}', True),
    "a return without": ('{"category": "return_item"}', False),
    "a question": ('{"category": "information"}', False),
    "something else": ('{"category": "weather"}', False),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_each_way_through_an_exported_desk_asks_and_gives_the_same(
    case: str, server: ModelServer, tmp_path: Path
) -> None:
    category, refund = ANSWERS[case]
    order = f'{{"order": "No. 7", "refund": {str(refund).lower()}}}'
    for name, text in {"classify": category, "returns": order, "letter": "Dear A,"}.items():
        server.script(name, Answer(text))
    server.script("answer", Answer("At nine."))
    flow = import_python(DESK).flow
    result, program_told = asyncio.run(of_program(DESK, server, "Where is it?"))
    outputs, flow_told = asyncio.run(of_flow(flow, server, tmp_path, "Where is it?"))
    heads = "Answer politely: Where is it?\n\n"
    assert [(model, text.removeprefix(heads)) for model, text in flow_told] == program_told
    assert isinstance(result, dict)
    assert isinstance(outputs, dict)
    (output,) = outputs.values()
    given = result.get("output_text", json.dumps(result))
    assert output.replace(" ", "") == given.replace(" ", "")  # JSON may be written with blanks


def test_a_desk_that_is_exported_as_a_program_comes_back_whole() -> None:
    flow = import_python(DESK).flow
    back = import_python(python_code(flow, NO_CONNECTIONS)).flow
    assert set(links(back)) == set(links(flow))
    assert {node.id: node for node in back.nodes} == {node.id: node for node in flow.nodes}


def test_a_router_or_join_that_the_list_of_steps_lacks_or_alone_has_is_said() -> None:
    code = python_code(import_python(DESK).flow, NO_CONNECTIONS)
    renamed = code.replace("- refund: a router, 'Refund'", "- refunds: a router, 'Refund'")
    assert [str(each) for each in import_python(renamed).remarks] == [
        'line 1: The program\'s list of steps does not name "Refund"; look at it.',
        'line 1: The program\'s list of steps names "Refund"; it is not read.',
    ]
    assert import_python(code).remarks == ()


def test_the_conversation_goes_on_with_every_answer(server: ModelServer, tmp_path: Path) -> None:
    server.script("plan", Answer("First, then."))
    flow = import_python(CHAIN).flow
    assert links(flow) == ["input_as_text > plan", "plan > write"]
    assert said(flow, "write")["prompt"] == "{{ input }}\n\n{{ nodes.plan.output }}"
    _, program_told = asyncio.run(of_program(CHAIN, server, "Bees"))
    _, flow_told = asyncio.run(of_flow(flow, server, tmp_path, "Bees"))
    assert flow_told == program_told == [("plan", "Bees"), ("write", "Bees\n\nFirst, then.")]
    (remark,) = remarks(CHAIN)
    assert "is sent the conversation as one text" in remark


def test_instructions_that_tell_of_the_run_head_the_message() -> None:
    answer = said(import_python(DESK).flow, "answer")
    conversation = "{{ input }}\n\n{{ nodes.classify.output }}"
    assert answer["prompt"] == f"Answer politely: {{{{ input }}}}\n\n{conversation}"
    assert "instructions" not in answer
    assert any("these stand at the head of the message" in each for each in remarks(DESK))


def test_instructions_that_a_function_always_writes_the_same_are_the_agents() -> None:
    fixed = DESK.replace("{workflow_input_as_text}", "in two sentences")
    answer = said(import_python(fixed).flow, "answer")
    assert answer["instructions"] == "Answer politely: in two sentences"
    assert not any("instructions" in each for each in remarks(fixed))


def test_an_approval_is_a_node_and_what_is_done_without_one_is_said() -> None:
    flow = import_python(APPROVED).flow
    assert isinstance(flow.node("approval"), ApprovalNode)
    assert said(flow, "approval")["prompt"] == "Send it?"
    assert links(flow) == ["input_as_text > draft", "draft > approval", "approval > send"]
    line = APPROVED.splitlines().index("            return draft_result") + 1
    assert (
        f"line {line}: Without an approval a flow stops: what the program does then is left out."
        in (remarks(APPROVED))
    )


def test_images_of_a_message_are_said_to_be_left_out() -> None:
    picture = '{"type": "input_image", "image_url": "u"}, '
    source = CHAIN.replace('[{"type": "input_text"', f'[{picture}{{"type": "input_text"')
    assert "prompt" not in said(import_python(source).flow, "plan")
    assert any("the image here is left out" in each for each in remarks(source))


def test_settings_are_kept_and_those_worked_out_are_said() -> None:
    kept = 'model_settings=ModelSettings(store=True, reasoning=Reasoning(effort="low"))'
    flow = import_python(CHAIN.replace('model="plan", ', f'model="plan", {kept}')).flow
    assert said(flow, "plan")["model_settings"] == {"store": True, "reasoning": {"effort": "low"}}
    worked_out = "model_settings=ModelSettings(temperature=len([1]) / 2)"
    source = CHAIN.replace('model="plan", ', f'model="plan", {worked_out}')
    assert any("`temperature` of these settings is worked out" in each for each in remarks(source))


def test_guardrails_are_said_to_be_left_out() -> None:
    check = "found = await run_guardrails(None, workflow['input_as_text'])\n"
    source = CHAIN.replace(
        "from pydantic import BaseModel",
        "from guardrails.runtime import run_guardrails\nfrom pydantic import BaseModel",
    ).replace("        plan_result_temp", f"        {check}        plan_result_temp", 1)
    assert any("This checks guardrails in Python" in each for each in remarks(source))
