"""View: the plain values the canvas is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from flows.document.advice import Advice
from flows.document.model import Flow
from flows.document.problem import Problem
from flows.ids import FlowId, NodeId, RunId

PaletteType = Literal["input", "agent", "join", "router", "approval"]
"""A node type that can be put on the canvas."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the browser finds what Python serves; every address starts with a slash.

    `assets`: the folder of our modules, with its version and a last slash, so that
    `assets + "canvas/main.js"` is a file. `vis`: vis-network's script. `events`: the server-sent
    events. `runs`: where a run is asked for. `token`: what they all but the assets want to see.
    """

    assets: str
    vis: str
    events: str
    runs: str
    token: str


@dataclass(frozen=True, slots=True)
class RunOffer:
    """What the Run button says. `label`: the connection, as `local · demo quality`.

    `why_not` is the sentence shown when a run cannot start; empty when it can. `inputs` maps input
    nodes to what was last typed; inputs left out show their example.
    """

    label: str
    why_not: str = ""
    inputs: Mapping[NodeId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit of the browser that was not done, and why."""

    client: str
    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class PastRun:
    """The flow's newest run. `changed`: the nodes whose part of the flow is another one since.

    `told`: what happened in it, as the stream of events will say it again; None: wait for that.
    """

    id: RunId
    changed: tuple[NodeId, ...] = ()
    told: JsonValue = None


@dataclass(frozen=True, slots=True)
class CanvasView:
    """All the canvas shows, but what happens in a run: that comes as events.

    `problems` are all that is told; those that `advice` repeats can be mended by its edit.
    `models` maps agents to what stands under their name. `acks` maps browser clients to the last
    edit taken from each. `palette` lists what can be added. `selection` is used on the first sight
    of a flow, and whenever Python changes it; "stage:2" in it is the second stage. With `follow`
    set the canvas shows that one run and edits nothing; `reruns`: it can be run again in part.
    `presented`: it is shown to people who only look on.
    """

    flow_id: FlowId
    rev: int
    flow: Flow
    addresses: Addresses
    run: RunOffer
    problems: tuple[Problem, ...] = ()
    advice: tuple[Advice, ...] = ()
    palette: tuple[PaletteType, ...] = ("agent", "input", "join", "router")
    models: Mapping[NodeId, str] = field(default_factory=dict)
    acks: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    selection: tuple[NodeId, ...] = ()
    can_undo: bool = False
    can_redo: bool = False
    past: PastRun | None = None
    follow: RunId | None = None
    reruns: bool = True
    presented: bool = False
