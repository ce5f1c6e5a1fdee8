"""Asking: whom each step asks: its agent of the program, and what one call of it gives."""

from __future__ import annotations

from flows.document.model import AgentNode, RouterNode
from flows.plan.plan import Step
from flows.run.routes import asking_agent
from flows.share.python_code.agents import Agents, Spec
from flows.share.python_code.classes import Classes
from flows.share.python_code.layout import flat_of, text
from flows.share.python_code.names import Names
from flows.share.python_code.refusal import refusal
from flows.share.python_code.scope import fallback_of
from flows.share.python_code.values import TEXT, Class, Kind, ListOf


class Asking:
    """Makes the agents of the steps of one flow, with the classes that they answer with."""

    def __init__(self, names: Names, *, agents: Agents, classes: Classes) -> None:
        self._names, self._agents, self._classes = names, agents, classes

    def note(self, step: Step, *, variable: str) -> tuple[str, Kind]:
        """Note a step's agent; return its variable and what one call of it gives.

        `variable`: the step's own. Raises NotSayableError where the answer has no type.
        """
        node = step.node
        variable = variable.lstrip("_")
        stem = variable if variable.endswith("_agent") else f"{variable}_agent"
        name = self._names.derived(stem)
        if isinstance(node, RouterNode):
            return name, self._router_agent(step, node, name=name)
        assert isinstance(node, AgentNode)
        if node.output_schema is None:
            self._agents.specs.append(Spec(node, name))
            return name, TEXT
        output = self._classes.output_type(node, node.output_schema)
        if fallback_of(step) is not None:
            raise refusal(
                node, "answers with a class and has a text as its fallback. Take one of them out."
            )
        if node.output == "text_messages":
            raise refusal(
                node, "gives its text messages and has an output schema. Take one of them out."
            )
        self._agents.specs.append(Spec(node, name, output.kind, is_strict=output.is_strict))
        return name, output.kind

    def _router_agent(self, step: Step, router: RouterNode, *, name: str) -> Kind:
        if fallback_of(step) is not None:
            raise refusal(router, "is asked of a model and has a fallback. Take the fallback out.")
        several = router.take == "all"
        options = f"Literal[{', '.join(flat_of(text(each)) for each in step.branches)}]"
        field = "branches" if several else "branch"
        annotation = options
        if several:
            self._classes.imports.add("Field")
            annotation = f"list[{options}] = Field(min_length=1, max_length={len(step.branches)})"
        output = self._classes.add_choice(
            router, field=field, options=annotation, doc="Where the message goes."
        )
        kind = Class(output, {field: (field, ListOf(TEXT) if several else TEXT)})
        self._agents.specs.append(Spec(asking_agent(step, router), name, kind))
        return kind
