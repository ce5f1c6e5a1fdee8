"""Programs of the kind that OpenAI's Agent Builder exports: one conversation, handed on."""

_HEAD = """
from agents import (
    Agent,
    FileSearchTool,
    ModelSettings,
    RunConfig,
    RunContextWrapper,
    Runner,
    TResponseInputItem,
    trace,
)
from openai.types.shared.reasoning import Reasoning
from pydantic import BaseModel


class WorkflowInput(BaseModel):
    input_as_text: str

"""

_CONVERSATION = """
workflow = workflow_input.model_dump()
conversation_history: list[TResponseInputItem] = [
    {"role": "user", "content": [{"type": "input_text", "text": workflow["input_as_text"]}]}
]
"""


def agent(name: str, instructions: str, more: str = "") -> str:
    """Write an agent that asks the model of its own name."""
    said = f'name="{name.title()}", instructions="{instructions}", model="{name}"'
    return f"{name} = Agent({said}, {more})\n"


def asked(name: str, more: str = "", context: str = "") -> str:
    """Write a run of an agent on the conversation so far, which goes on with its answer."""
    return f"""
{name}_result_temp = await Runner.run(
    {name},
    input=[*conversation_history, {more}],
    run_config=RunConfig(trace_metadata={{"workflow_id": "wf_1"}}),
    {context}
)
conversation_history.extend([item.to_input_item() for item in {name}_result_temp.new_items])
{name}_result = {{"output_text": {name}_result_temp.final_output_as(str)}}
"""


def parsed(name: str) -> str:
    """Write what is kept of an agent's answer that has a schema."""
    return f"""
{name}_result = {{
    "output_text": {name}_result_temp.final_output.json(),
    "output_parsed": {name}_result_temp.final_output.model_dump(),
}}
"""


def program(above: str, *body: str, state: str = "{}") -> str:
    """Write a program of agents and the function that runs them."""
    inside = "".join((f"state = {state}", _CONVERSATION, *body))
    return (
        f"{_HEAD}{above}\n\nasync def run_workflow(workflow_input: WorkflowInput):\n"
        f'    with trace("Desk"):\n{indented(inside, 2)}'
    )


def indented(code: str, levels: int) -> str:
    """Write code further in."""
    return "".join(f"{'    ' * levels}{line}\n" for line in code.splitlines() if line.strip())
