"""Rules on nodes: what stands on the canvas at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.document.model import Flow, InputNode
from flows.document.policy import FirstOf
from flows.document.problem import Problem
from flows.plan.graph import attached_agents, data_edges, find_cycles, steps_of
from flows.plan.wording import called, did_you_mean, error, titled, warning


def duplicate_ids(flow: Flow) -> Iterator[Problem]:
    """An id names one node."""
    for node_id, count in Counter(node.id for node in flow.nodes).items():
        if count > 1:
            message = f'{count} nodes have the id "{node_id}". Give each its own.'
            yield error("duplicate_id", message, node_id)


def no_input(flow: Flow) -> Iterator[Problem]:
    """A run starts from at least one input."""
    if not flow.inputs:
        yield error("no_input", "The flow has no input. Add one and link it to the first agent.")


def no_steps(flow: Flow) -> Iterator[Problem]:
    """A run has something to do, and an end that gives its result."""
    if not steps_of(flow):
        yield error(
            "no_steps", "The flow has nothing to run. Add an agent and link the input to it."
        )


def unlinked(flow: Flow) -> Iterator[Problem]:
    """A node beside others is linked to them."""
    linked = {end for edge in data_edges(flow) for end in (edge.source, edge.target)}
    for node in steps_of(flow):
        if node.id not in linked and len(flow.nodes) > 1:
            message = (
                f"{titled(node)} is not linked to anything, so it runs in stage 1 with the input. "
                "Link it, or delete it."
            )
            yield warning("unlinked", message, node.id)


def no_parents(flow: Flow) -> Iterator[Problem]:
    """A node that others follow is itself led to."""
    edges = list(data_edges(flow))
    fed, followed = {edge.target for edge in edges}, {edge.source for edge in edges}
    for node in steps_of(flow):
        if node.id in followed and node.id not in fed and flow.inputs:
            message = (
                f"Nothing leads to {titled(node)}, so it runs in stage 1 with the input. "
                "Link the input to it."
            )
            yield warning("no_parents", message, node.id)


def unused_input(flow: Flow) -> Iterator[Problem]:
    """An input beside others is linked or named by a placeholder."""
    linked = {edge.source for edge in data_edges(flow)}
    for node in flow.inputs:
        named = any(f"inputs.{node.id}" in text for text in _templates(flow))
        if len(flow.inputs) > 1 and node.id not in linked and not named:
            message = (
                f"The input {titled(node)} is used nowhere. Link it to an agent, or delete it."
            )
            yield warning("unused_input", message, node.id)


def cycles(flow: Flow) -> Iterator[Problem]:
    """Data flows forward."""
    for cycle in find_cycles(flow):
        path = " → ".join(called(flow, node) for node in (*cycle, cycle[0]))
        message = f"The data edges loop: {path}. Remove one of them."
        yield error("cycle", message, *cycle)


def attached_with_children(flow: Flow) -> Iterator[Problem]:
    """An agent that only helps another is no step, so nothing can follow it."""
    attached = attached_agents(flow)
    for edge in data_edges(flow):
        if edge.source in attached:
            message = (
                f"{called(flow, edge.source)} is only reached by a handoff or as a tool, so it has "
                f"no output for {called(flow, edge.target)}. Link data to it, or remove that edge."
            )
            yield error("attached_with_children", message, edge.source)


def too_few_parents(flow: Flow) -> Iterator[Problem]:
    """`first: n` has n parents that work."""
    inputs = {node.id for node in flow.inputs}
    for node in steps_of(flow):
        if isinstance(node.needs, FirstOf):
            parents = {e.source for e in data_edges(flow) if e.target == node.id} - inputs
            if node.needs.first > len(parents):
                message = (
                    f"{titled(node)} needs the first {node.needs.first} of {len(parents)} parents. "
                    "Lower the number, or link more parents."
                )
                yield error("too_few_parents", message, node.id)


def stage_keys(flow: Flow) -> Iterator[Problem]:
    """A stage policy stands at a node that works."""
    steps = [node.id for node in steps_of(flow)]
    for key in flow.run.stages:
        if key not in steps:
            hint = did_you_mean(key, steps)
            message = f'The stage policy at "{key}" stands at no step.{hint} Key it by one.'
            yield error("unknown_stage", message, key)


def choices(flow: Flow) -> Iterator[Problem]:
    """A choice has something to choose from."""
    for node in flow.inputs:
        if node.kind == "choice" and not node.choices:
            message = f"The input {titled(node)} is a choice without choices. List them."
            yield error("no_choices", message, node.id)


def _templates(flow: Flow) -> Iterator[str]:
    for node in flow.nodes:
        if not isinstance(node, InputNode):
            yield str(node.model_dump())


RULES = (
    duplicate_ids,
    no_input,
    no_steps,
    unlinked,
    no_parents,
    unused_input,
    cycles,
    attached_with_children,
    too_few_parents,
    stage_keys,
    choices,
)
