"""Flow: the document. The only thing saved as "the flow"; how it is drawn never changes a run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from flows.document.policy import (
    ForEach,
    Frozen,
    Needs,
    NodeRef,
    OnError,
    RunPolicy,
    Seconds,
)
from flows.ids import NodeId

FORMAT = 1
"""The number of the flow format this Fanfold writes."""

Name = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=200_000)]
Coordinate = Annotated[float, Field(allow_inf_nan=False, ge=-1e7, le=1e7)]


class _Node(Frozen):
    id: NodeRef = Field(description="Unique in the flow; placeholders name it.")
    name: Name = Field(description="What people call the node.")
    icon: Annotated[str, StringConstraints(max_length=16)] | None = Field(
        default=None, description="An emoji."
    )
    needs: Needs = Field(default="all", description="Which of its parents it waits for.")
    timeout_s: Seconds | None = Field(
        default=None, description="Seconds for the node's own work, all attempts together."
    )
    on_error: OnError = Field(default="fail", description="What a failure of its work becomes.")


class InputNode(_Node):
    """A value a run is given."""

    type: Literal["input"] = Field(description="What kind of node it is.")
    example: Text = Field(default="", description="Used when a run is given nothing.")
    description: Text = Field(default="", description="What to type here.")
    kind: Literal["text", "long_text", "number", "choice", "file"] = Field(
        default="text", description="How it is typed in."
    )
    choices: tuple[Name, ...] = Field(default=(), description="What a choice is made from.")
    required: bool = Field(default=False, description="A run is not started without it.")


class AgentNode(_Node):
    """One agent of the OpenAI Agents SDK."""

    type: Literal["agent"] = Field(description="What kind of node it is.")
    instructions: Text = Field(default="", description="The agent's instructions.")
    prompt: Text = Field(
        default="", description="The message, with placeholders; empty: what its parents gave."
    )
    model: Name | None = Field(
        default=None, description="connection/model; null: the default connection's default model."
    )
    model_settings: dict[str, JsonValue] = Field(
        default_factory=dict, description="Fields of the SDK's ModelSettings."
    )
    output_schema: dict[str, JsonValue] | None = Field(
        default=None, description="A JSON Schema the answer must fit (the SDK's output_type)."
    )
    tools: tuple[Name, ...] = Field(default=(), description="Names from the tool catalogue.")
    mcp: tuple[Name, ...] = Field(default=(), description="Names of configured MCP servers.")
    guardrails: tuple[Name, ...] = Field(default=(), description="Names of guardrails.")
    retries: Annotated[int, Field(json_schema_extra={"minimum": 0})] = Field(
        default=2, description="How often a failed model call is tried again."
    )
    max_turns: Annotated[int, Field(json_schema_extra={"minimum": 1})] | None = Field(
        default=None, description="How many model turns at most; null: the SDK's default."
    )
    session: bool = Field(default=False, description="Keep the conversation between runs.")
    for_each: ForEach | None = Field(default=None, description="Run once for every item.")
    output: Literal["final_output", "text_messages"] = Field(
        default="final_output", description="Which of the SDK's results is the node's output."
    )


class When(Frozen):
    """A condition on the router's input; all that is said must hold."""

    at: str | None = Field(default=None, description="A JSON pointer into the input.")
    contains: str | None = Field(default=None, description="A text in it, whatever its case.")
    equals: str | float | bool | None = Field(
        default=None, description="What it is as a whole; texts whatever their case."
    )
    matches: str | None = Field(default=None, description="A regular expression.")
    above: float | None = Field(default=None, description="It is a number above this one.")
    below: float | None = Field(default=None, description="It is a number below this one.")
    at_least: float | None = Field(default=None, description="It is this number or above.")
    at_most: float | None = Field(default=None, description="It is this number or below.")


class Rule(Frozen):
    """Take this branch when the condition holds."""

    branch: Name = Field(description="The branch to take, as edges name it.")
    when: When = Field(description="The condition.")


class RouterNode(_Node):
    """Hands its input on along the chosen branches."""

    type: Literal["router"] = Field(description="What kind of node it is.")
    rules: tuple[Rule, ...] = Field(default=(), description="Looked at in this order.")
    otherwise: Name | None = Field(default=None, description="The branch when no rule holds.")
    take: Literal["first", "all"] = Field(
        default="first", description="The first rule that holds, or every one."
    )
    ask: Text | None = Field(
        default=None,
        description="A question a model answers with a branch name, in place of rules.",
    )
    model: Name | None = Field(default=None, description="The model that is asked.")


class JoinNode(_Node):
    """Folds what its parents gave, without a model."""

    type: Literal["join"] = Field(description="What kind of node it is.")
    prompt: Text = Field(default="", description="A template; empty: a block for every parent.")
    as_: Literal["text", "list"] = Field(
        default="text", alias="as", description="list: the parents' outputs as a JSON list."
    )


class ApprovalNode(_Node):
    """Stops, shows, and waits for a person to approve, edit or reject."""

    type: Literal["approval"] = Field(description="What kind of node it is.")
    prompt: Text = Field(default="", description="What is shown; empty: what its parents gave.")


Node = Annotated[
    InputNode | AgentNode | RouterNode | JoinNode | ApprovalNode, Field(discriminator="type")
]


class Edge(Frozen):
    """A link. `data` orders the run; `handoff` and `tool` attach an agent to another agent."""

    source: NodeRef = Field(description="The id of the node it leads from.")
    target: NodeRef = Field(description="The id of the node it leads to.")
    kind: Literal["data", "handoff", "tool"] = Field(
        default="data",
        description="data: the target waits for the source. handoff: the source may hand over to "
        "the target. tool: the source may call the target.",
    )
    branch: Name | None = Field(default=None, description="The router branch it belongs to.")


class Position(Frozen):
    """Where a card's centre stands on the canvas, in pixels at zoom 1; y grows downwards."""

    x: Coordinate = Field(description="Pixels to the right.")
    y: Coordinate = Field(description="Pixels downwards.")


class Note(Frozen):
    """A text on the canvas that changes nothing."""

    id: NodeRef = Field(description="Unique among the notes.")
    text: Text = Field(description="What it says.")
    x: Coordinate = Field(description="Pixels to the right.")
    y: Coordinate = Field(description="Pixels downwards.")


class Flow(Frozen):
    """A flow: nodes, edges, run policy, and how they are drawn."""

    fanfold: Literal[1] = Field(description="The number of the flow format.")
    name: Name = Field(description="What people call the flow; need not be unique.")
    description: Text = Field(default="", description="What it is for.")
    nodes: tuple[Node, ...] = Field(description="In the order in which a stage starts them.")
    edges: tuple[Edge, ...] = Field(
        default=(), description="In the order in which a node's parents are folded."
    )
    run: RunPolicy = Field(default_factory=RunPolicy, description="How a run of it goes.")
    layout: dict[NodeRef, Position] = Field(
        default_factory=dict, description="Where the cards stand. Never changes what runs."
    )
    notes: tuple[Note, ...] = Field(default=(), description="Never change what runs.")

    def node(self, node_id: NodeId) -> Node:
        """Return the node of this id. Raises KeyError when there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    @property
    def inputs(self) -> tuple[InputNode, ...]:
        """The input nodes, in document order."""
        return tuple(node for node in self.nodes if isinstance(node, InputNode))


def empty_flow(name: str = "Untitled flow") -> Flow:
    """Return a flow with one input and nothing else: what "start empty" opens."""
    given = InputNode(id=NodeId("input"), type="input", name="Input", example="Good morning")
    return Flow(fanfold=FORMAT, name=name, nodes=(given,), layout={given.id: Position(x=0, y=0)})
