"""Policy: how a run, a stage, a mapped node and a node's own waiting go."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from flows.ids import NODE_ID_PATTERN, NodeId

NodeRef = Annotated[NodeId, StringConstraints(pattern=NODE_ID_PATTERN)]
"""A node's id as it stands in a file."""

Limit = Annotated[int, Field(json_schema_extra={"minimum": 1})]
"""How many at once. Values below 1 are read, and are a Problem."""

Seconds = Annotated[float, Field(allow_inf_nan=False, json_schema_extra={"exclusiveMinimum": 0})]
"""A duration in seconds. Values not above 0 are read, and are a Problem."""

Start = Literal["as_ready", "by_stage"]
OnFailure = Literal["finish", "cancel", "collect"]
Results = Literal["in_order", "as_completed"]


class Frozen(BaseModel):
    """A value of the flow document: immutable, and nothing in it that the format does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FirstOf(Frozen):
    """Start on the first `first` parents that succeed."""

    first: Limit = Field(description="How many have to succeed.")


Needs = Literal["all", "any"] | FirstOf


def quorum_of(needs: Needs) -> int | None:
    """Return how many parents have to succeed; None: all that will still come."""
    match needs:
        case "all":
            return None
        case "any":
            return 1
        case FirstOf(first=first):
            return first


class Fallback(Frozen):
    """Use this text as the node's output when its work fails."""

    fallback: str = Field(description="The output, word for word.")


OnError = Literal["fail"] | Fallback


class ForEach(Frozen):
    """Run the node once for every item (dynamic parallel)."""

    items: str | tuple[JsonValue, ...] = Field(
        description="A placeholder that gives a JSON list or lines of text, or the list itself."
    )
    max_concurrency: Limit | None = Field(default=None, description="How many items at once.")
    on_failure: OnFailure | None = Field(
        default=None, description="What a failed item means; null: as the stage says."
    )
    max_items: Limit = Field(default=1000, description="More items than this fail the node.")


class StagePolicy(Frozen):
    """The policy of the stage where the node stands that keys it."""

    on_failure: OnFailure | None = Field(default=None, description="null: as the run says.")
    max_concurrency: Limit | None = Field(default=None, description="How many nodes at once.")
    timeout_s: Seconds | None = Field(
        default=None, description="Seconds from the stage's first start to its last end."
    )


class RunPolicy(Frozen):
    """How a run of the flow goes."""

    start: Start = Field(
        default="as_ready",
        description="as_ready: a node starts when its own needs are met. "
        "by_stage: each stage waits for the one before.",
    )
    on_failure: OnFailure = Field(
        default="finish",
        description="finish: what has started runs to its end, nothing new starts. "
        "cancel: everything running is cancelled. collect: go on with what succeeded.",
    )
    max_concurrency: Limit | None = Field(default=None, description="How many nodes at once.")
    timeout_s: Seconds | None = Field(default=None, description="Seconds for the whole run.")
    results: Results = Field(default="in_order", description="How end results are handed out.")
    stages: dict[NodeRef, StagePolicy] = Field(
        default_factory=dict, description="Stage policies, keyed by a node of the stage."
    )
