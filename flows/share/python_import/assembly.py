"""Assembly: a draft as a flow: nodes, edges, policies, places, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.document.edits import edge_key
from flows.document.model import (
    FORMAT,
    AgentNode,
    ApprovalNode,
    Edge,
    Flow,
    InputNode,
    JoinNode,
    Node,
    RouterNode,
)
from flows.document.policy import Fallback, FirstOf, ForEach, Needs, RunPolicy
from flows.ids import NodeId
from flows.models.checks import MODEL_SETTINGS
from flows.plan.graph import stages_of
from flows.plan.layout import arrange
from flows.share.python_import.agents import AgentSpec
from flows.share.python_import.draft import Draft, Entered, Remark, Step
from flows.share.python_import.guards import guarded
from flows.share.python_import.links import Links, links_of, sources_of
from flows.share.python_import.names import Names, name_agent, names_of
from flows.share.python_import.notes import notes_of
from flows.share.python_import.overview import KINDS, Overview, Part
from flows.share.python_import.places import node_at
from flows.share.python_import.policies import Policies, policies_of
from flows.share.python_import.prompts import Prompts


def assemble(draft: Draft, overview: Overview, *, name: str, filename: str) -> Flow:
    """Make the flow. `name`: what it is called where the program does not say.

    `filename`: the file that was read, which the notes name.
    """
    links = guarded(draft, links_of(draft))
    return _Assembly(draft, overview, links, names_of(draft, overview)).flow(name, filename)


@dataclass(slots=True)
class _Assembly:
    draft: Draft
    overview: Overview
    links: Links
    names: Names
    attached: dict[int, NodeId] = field(default_factory=dict)
    extra: list[Edge] = field(default_factory=list)
    helpers: list[AgentSpec] = field(default_factory=list)

    def flow(self, name: str, filename: str) -> Flow:
        """Make the flow."""
        edges = tuple(self._edges())
        policies = self._policies(edges)
        prompts = Prompts(self.draft, self.names, self.links)
        nodes = [
            *self._inputs(),
            *(self._node(step, prompts, policies) for step in self.draft.kept),
        ]
        nodes += [self._agent(self.attached[id(spec)], spec, {}) for spec in self.helpers]
        flow = Flow(
            fanfold=FORMAT,
            name=(self.draft.title or name)[:200],
            description=_description(self.overview, (self.draft.title or name)),
            nodes=tuple(self._ordered(nodes)),
            edges=edges,
            run=self._run(policies, edges),
        )
        layout = arrange(flow)
        notes = notes_of(
            self._placed(),
            layout,
            titles=self.names.titles,
            filename=filename,
            links=edges,
            earlier=[(said, self._called(each)) for said, each in self.overview.remarks],
        )
        return flow.model_copy(update={"layout": layout, "notes": notes})

    def _called(self, variable: str) -> NodeId | None:
        """Return the node that the program's list calls so, where it was read."""
        part = self.overview.parts.get(variable)
        known = {*self.names.inputs.values(), *self.names.steps.values()}
        return next((node for node in known if part and node == part.id), None)

    # Nodes

    def _ordered(self, nodes: list[Node]) -> list[Node]:
        """Put the nodes into the order of the list of steps; what it lacks stays where it was."""
        places = {part.id: place for place, part in enumerate(self.overview.parts.values())}
        known = sorted((n for n in nodes if n.id in places), key=lambda n: places[n.id])
        queue = iter(known)
        return [next(queue) if node.id in places else node for node in nodes]

    def _inputs(self) -> Iterator[Node]:
        for variable, node in self.names.inputs.items():
            entered, part = self.draft.inputs[variable], self.names.parts.get(node)
            kind = KINDS.get(part.kind, "text") if part else "text"
            if entered.choices and part is None:
                kind = "choice"
            title = self.names.titles[node]
            said = "" if entered.description == title else entered.description
            yield InputNode(
                id=node,
                type="input",
                name=title,
                example=entered.example,
                description=said,
                kind=kind,
                choices=entered.choices,
                required=_is_required(entered, part),
            )

    def _node(self, step: Step, prompts: Prompts, policies: Policies) -> Node:
        node = self.names.steps[step.number]
        common: dict[str, Any] = {"id": node, "name": self.names.titles[node]}
        common["needs"] = self._needs(step)
        match step.kind:
            case "router":
                return RouterNode(
                    **common,
                    type="router",
                    rules=tuple(step.rules),
                    otherwise=step.otherwise,
                    take="all" if step.takes_all else "first",
                    ask=step.ask,
                    model=None if step.ask is None else step.model,
                )
            case "join":
                prompt = "" if step.as_list else prompts.of(step)
                kind = "list" if step.as_list else "text"
                return JoinNode(**common, type="join", prompt=prompt, **{"as": kind})
            case "approval":
                return ApprovalNode(**common, type="approval", prompt=prompts.of(step))
            case _:
                assert step.agent is not None
                return self._agent(node, step.agent, common | self._said(step, prompts, policies))

    def _said(self, step: Step, prompts: Prompts, policies: Policies) -> dict[str, Any]:
        """Return what the call of an agent says of its node."""
        said: dict[str, Any] = {
            "prompt": prompts.of(step),
            "timeout_s": step.timeout_s,
            "max_turns": step.max_turns,
            "session": step.has_session,
            "output": "text_messages" if step.gives_messages else "final_output",
        }
        if step.fallback is not None:
            said["on_error"] = Fallback(fallback=step.fallback)
        if step.loop is not None:
            said["for_each"] = self._for_each(step, prompts, policies)
        if step.model is not None:
            said["model"] = step.model
        if step.retries is not None:
            said["retries"] = step.retries
        return said

    def _for_each(self, step: Step, prompts: Prompts, policies: Policies) -> ForEach:
        assert step.loop is not None
        own = policies.of_loops.get(step.number)
        is_own = own == "collect" or (own == "cancel" and policies.on_failure != "cancel")
        part = self.names.parts.get(self.names.steps[step.number])
        most = self.draft.most.get(repr(self.draft.loops[step.loop].items))
        return ForEach(
            items=prompts.items(step),
            max_concurrency=policies.limits.get(step.number),
            on_failure=own if is_own else None,
            max_items=most or (part.most if part and part.most else 1000),
        )

    def _agent(self, node: NodeId, spec: AgentSpec, said: dict[str, Any]) -> AgentNode:
        unknown = sorted(spec.settings.values.keys() - MODEL_SETTINGS)
        for name in unknown:
            self.draft.remark(spec.line, f"`{name}` is no model setting that a flow has.")
        settings = {key: v for key, v in spec.settings.values.items() if key in MODEL_SETTINGS}
        for each in spec.uses:
            self.draft.remark(spec.line, each.remark(spec.name))
        values: dict[str, Any] = {
            "id": node,
            "name": self.names.titles[node],
            "type": "agent",
            "instructions": spec.instructions,
            "model": spec.model,
            "model_settings": settings,
            "output_schema": spec.schema,
            "tools": spec.named("tool"),
            "mcp": spec.named("MCP server"),
            "guardrails": spec.named("guardrail"),
        }
        if spec.settings.retries is not None:
            values["retries"] = spec.settings.retries
        return AgentNode.model_validate(values | said)

    def _needs(self, step: Step) -> Needs:
        parents = frozenset(self.links.parents[step.number])
        for race in self.draft.races:
            if race.steps == parents:
                return "any" if race.count == 1 else FirstOf(first=race.count)
        return "all"

    # Edges

    def _edges(self) -> Iterator[Edge]:
        found: dict[object, Edge] = {}
        for edge in (*self._data_edges(), *self._attachments()):
            found.setdefault(edge_key(edge), edge)
        yield from found.values()

    def _data_edges(self) -> Iterator[Edge]:
        for step in self.draft.kept:
            target = self.names.steps[step.number]
            sources = sources_of(self.links, step)
            for source in self._entered(step) if not sources else ():
                yield Edge(source=source, target=target)
            for number, branch in sources:
                yield Edge(source=self.names.steps[number], target=target, branch=branch)

    def _entered(self, step: Step) -> list[NodeId]:
        """Return the inputs that lead to a step: those it reads, else the only one."""
        from flows.share.python_import.links import givens_in

        read = list(givens_in(step.message))
        if step.loop is not None:
            read += givens_in(self.draft.loops[step.loop].items)
        inputs = self.names.inputs
        named = [inputs[each] for each in dict.fromkeys(read) if each in inputs]
        return named or list(inputs.values())[:1]

    def _attachments(self) -> Iterator[Edge]:
        owners = [
            (self.names.steps[step.number], step.agent) for step in self.draft.kept if step.agent
        ]
        first = {id(spec): node for node, spec in reversed(owners)}
        seen: set[int] = set()
        while owners:
            node, spec = owners.pop(0)
            for kind, others in (("handoff", spec.handoffs), ("tool", spec.agents_as_tools)):
                for other in others:
                    target = first.get(id(other)) or self._attach(other)
                    if target != node:
                        yield Edge.model_validate({"source": node, "target": target, "kind": kind})
                    if id(other) not in seen and id(other) not in first:
                        seen.add(id(other))
                        owners.append((target, other))

    def _attach(self, spec: AgentSpec) -> NodeId:
        if id(spec) not in self.attached:
            self.attached[id(spec)] = name_agent(self.names, spec)
            self.helpers.append(spec)
        return self.attached[id(spec)]

    # Policies

    def _stages(self, edges: tuple[Edge, ...]) -> list[tuple[NodeId, ...]]:
        nodes = [*self._inputs()]
        nodes += [
            JoinNode(id=self.names.steps[step.number], type="join", name="")
            for step in self.draft.kept
        ]
        data = tuple(edge for edge in edges if edge.kind == "data")
        flow = Flow(fanfold=FORMAT, name="", nodes=tuple(self._ordered(nodes)), edges=data)
        return [tuple(stage) for stage in stages_of(flow)]

    def _policies(self, edges: tuple[Edge, ...]) -> Policies:
        numbers = {node: number for number, node in self.names.steps.items()}
        stages = [[numbers[node] for node in stage] for stage in self._stages(edges)]
        return policies_of(self.draft, stages, unsaid=self.overview.on_failure)

    def _run(self, policies: Policies, edges: tuple[Edge, ...]) -> RunPolicy:
        keys = [stage[0] for stage in self._stages(edges)]
        sources = Counter(edge.source for edge in edges if edge.kind == "data")
        ends = {number for number, node in self.names.steps.items() if node not in sources}
        came = bool(self.draft.came) and self.draft.came <= ends and len(ends) > 1
        return policies.run(
            keys,
            by_stage=self.links.by_stage,
            as_completed=came or (self.draft.come_as_completed and len(ends) > 1),
        )

    def _placed(self) -> list[tuple[Remark, NodeId | None]]:
        """Return every remark with the node it belongs to."""
        lines, heads = dict(self._lines()), self.draft.heads
        return [
            (each, node_at(heads.get(each.line, each.line), lines, self.draft.blocks))
            for each in sorted(self.draft.remarks)
        ]

    def _lines(self) -> Iterator[tuple[NodeId, list[int]]]:
        for step in self.draft.kept:
            lines = [step.line, *([step.agent.line] if step.agent else [])]
            yield self.names.steps[step.number], lines
        for spec in self.helpers:
            yield self.attached[id(spec)], [spec.line]


def _is_required(entered: Entered, part: Part | None) -> bool:
    return entered.required if part is None or part.required is None else part.required


def _description(overview: Overview, name: str) -> str:
    """Return what a docstring says besides the flow's name: all of it, where it says another."""
    same = name.removesuffix(".").casefold() == overview.title.casefold()
    return overview.description if same or not overview.whole else overview.whole
