"""Agent: what an `Agent(...)` of a program says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydantic import JsonValue

if TYPE_CHECKING:
    from flows.share.python_import.tools import Kind, Used


@dataclass(frozen=True, slots=True)
class Settings:
    """Model settings by the SDK's names. `retries`: None where nothing says so."""

    values: dict[str, JsonValue] = field(default_factory=dict)
    retries: int | None = None

    def with_those_of(self, other: Settings) -> Settings:
        """Return these, with what the others say instead."""
        retries = self.retries if other.retries is None else other.retries
        return replace(self, values=self.values | other.values, retries=retries)


@dataclass(eq=False, slots=True)
class AgentSpec:
    """An agent of the program, where it stands, and which agents it may hand over to or call.

    `written_by`: the function that makes its instructions anew for every run.
    """

    name: str
    line: int
    variable: str = ""
    instructions: str = ""
    model: str | None = None
    settings: Settings = field(default_factory=Settings)
    schema: dict[str, JsonValue] | None = None
    uses: tuple[Used, ...] = ()
    handoffs: list[AgentSpec] = field(default_factory=list)
    agents_as_tools: list[AgentSpec] = field(default_factory=list)
    written_by: object = None

    def named(self, kind: Kind) -> tuple[str, ...]:
        """Name the tools, servers or guardrails it uses."""
        return tuple(each.name for each in self.uses if each.kind == kind)
