"""Scope: what the program knows of every node: its variable, its kind, how others read it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from flows.document.model import AgentNode, JoinNode, RouterNode
from flows.document.placeholders import NodeOutput, Placeholder, placeholders
from flows.document.policy import Fallback, OnFailure
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.share.python_code.layout import flat_of, text
from flows.share.python_code.names import Names
from flows.share.python_code.values import ANY, TEXT, Class, Kind, ListOf, Plain, Value, is_text
from flows.share.python_code.ways import Way


@dataclass(slots=True)
class Uses:
    """What the program needs around its body: helpers, imports as `module.name`, semaphores."""

    helpers: dict[str, None] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    ask_options: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)

    def helper(self, name: str) -> None:
        """Note that a helper is called."""
        self.helpers[name] = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Terms of which one has to hold; each with its opposite."""

    terms: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        """The condition as an expression."""
        return " or ".join(term for term, _ in self.terms)

    @property
    def holds(self) -> tuple[str, ...]:
        """The terms."""
        return tuple(term for term, _ in self.terms)

    @property
    def fails(self) -> tuple[str, ...]:
        """The opposites, which hold together where the condition does not."""
        return tuple(opposite for _, opposite in self.terms)


@dataclass(slots=True)
class Scope:
    """The nodes of one flow as variables.

    `given`: how a step's output is read, once it is placed; `kinds`: what it is. `agents`: the
    variables of agents. `asked`: what one call of a step answers with. `routes`: a router's
    message, as its children read it. `reads`: the steps named since this was emptied.
    `choosers`: the functions of routers with rules; `answers`: the classes of what some of these
    are asked about. `unread`: the steps that nobody reads.
    `led`: the branches one of which a router has surely taken, where the next line is written.
    `is_on_its_way`: every step is written where it is surely done; `ways`: on which way that is.
    """

    plan: Plan
    names: Names
    uses: Uses
    variables: Mapping[NodeId, str]
    agents: Mapping[NodeId, str]
    kinds: Mapping[NodeId, Kind]
    asked: Mapping[NodeId, Kind]
    given: dict[NodeId, Value] = field(default_factory=dict)
    routes: dict[NodeId, Value] = field(default_factory=dict)
    reads: set[NodeId] = field(default_factory=set)
    choosers: dict[NodeId, str] = field(default_factory=dict)
    answers: dict[NodeId, Class] = field(default_factory=dict)
    unread: frozenset[NodeId] = frozenset()
    led: dict[NodeId, frozenset[str]] = field(default_factory=dict)
    is_on_its_way: bool = False
    ways: Mapping[NodeId, Way] = field(default_factory=dict)

    @property
    def ends_in_texts(self) -> bool:
        """Whether all that the program gives in the end is text."""
        return all(is_text(self.kinds[node]) for node in self.plan.ends)

    @property
    def only_texts_asked(self) -> bool:
        """Whether every call answers with a text."""
        return all(kind == TEXT for kind in self.asked.values())

    def on_failure(self, step: Step) -> OnFailure:
        """Return what a failure of a step means."""
        policy = self.plan.stage_policies[step.stage]
        return policy.on_failure or self.plan.flow.run.on_failure

    def limits(self, step: Step) -> tuple[str, ...]:
        """Name the semaphores a step's work takes, the narrowest first."""
        stage = self.plan.stage_policies[step.stage].max_concurrency
        mine = (f"stage_{step.stage + 1}_slots",) if stage is not None else ()
        return (*mine, "slots") if self.plan.flow.run.max_concurrency is not None else mine

    def output(self, node: NodeId) -> Value:
        """Return how a step's output is read."""
        if node in self.routes:
            return self.routes[node]
        self.reads.add(node)
        return self.given[node]

    def as_text(self, value: Value) -> str:
        """Write a value as text, with a helper only where it may be anything."""
        match value.kind:
            case Plain(is_text=True) if not value.is_maybe:
                return value.code
            case Plain(annotation="int") if not value.is_maybe:
                return f"str({value.code})"
            case Class() if not value.is_maybe:
                self.uses.helper("as_json")
                return f"as_json({value.code})"
            case ListOf(item=Plain(is_text=True)) if not value.is_maybe:
                self.uses.imports.add("json")
                return f"json.dumps({value.code}, ensure_ascii=False)"
            case _:
                self.uses.helper("as_text")
                return f"as_text({value.code})"

    def from_parent(self, parent: NodeId, child: NodeId) -> Value:
        """Return what a parent hands to a child: None where it hands nothing."""
        if parent not in self.plan.steps:
            return self.given[parent]
        if not isinstance(self.plan.steps[parent].node, RouterNode):
            return self.output(parent)
        condition = self.taken(parent, child)
        message = self.routes[parent]
        is_only = len(self.plan.steps[child].work_parents) == 1  # else the child would not run
        if condition is None or is_only:
            return message
        return Value(f"{message.code} if {condition.code} else None", message.kind, is_maybe=True)

    def arrives(self, parent: NodeId, child: NodeId) -> Condition | None:
        """Say when a parent gives a child something; None: always."""
        if isinstance(self.plan.steps[parent].node, RouterNode):
            return self.taken(parent, child)
        value = self.given[parent]
        said = (f"{value.code} is not None", f"{value.code} is None")
        return Condition((said,)) if value.is_maybe else None

    def taken(self, router: NodeId, child: NodeId) -> Condition | None:
        """Say when a router leads to a child; None: always."""
        branches = self.plan.steps[router].children[child]
        if branches is None or (router in self.led and self.led[router] <= branches):
            return None
        return self.on_branches(router, branches)

    def on_branches(self, router: NodeId, branches: Container[str]) -> Condition:
        """Say when a router takes one of these branches."""
        step = self.plan.steps[router]
        value = self.given[router].code
        quoted = [flat_of(text(each)) for each in step.branches if each in branches]
        assert isinstance(step.node, RouterNode)
        if step.node.take == "all":
            return Condition(
                tuple((f"{each} in {value}", f"{each} not in {value}") for each in quoted)
            )
        if len(quoted) == 1:
            return Condition(((f"{value} == {quoted[0]}", f"{value} != {quoted[0]}"),))
        said = f"({', '.join(quoted)})"
        return Condition(((f"{value} in {said}", f"{value} not in {said}"),))

    def taking(self, step: Step) -> str:
        """Write what takes the value of a step; nothing where nobody reads what an agent said."""
        is_agent = isinstance(step.node, AgentNode)
        return "" if is_agent and step.id in self.unread else f"{self.variables[step.id]} = "

    def runs_when(self, step: Step) -> Condition | None:
        """Say when a step has something to work on; None: always."""
        terms: list[tuple[str, str]] = []
        for parent in () if self.is_on_its_way else step.work_parents:
            condition = self.arrives(parent, step.id)
            if condition is None:
                return None
            terms += condition.terms
        return Condition(tuple(dict.fromkeys(terms))) if terms else None


def quorum_of(step: Step) -> int | None:
    """Return how many parents a race waits for; None where it is none."""
    match step.node.needs:
        case "all":
            return None
        case "any":
            return 1
        case first:
            return first.first


def is_call(step: Step) -> bool:
    """Say whether a step asks a model; the others take no time."""
    match step.node:
        case AgentNode():
            return True
        case RouterNode(ask=ask):
            return ask is not None
        case _:
            return False


def named_in(step: Step) -> set[NodeId]:
    """Return the steps that the texts of a step name."""
    return {each.node for each in read_in(step) if isinstance(each, NodeOutput)}


def read_in(step: Step) -> list[Placeholder]:
    """Return the placeholders in the texts of a step."""
    node = step.node
    items = node.for_each.items if isinstance(node, AgentNode) and node.for_each else ""
    templates = [step.prompt, items if isinstance(items, str) else ""]
    return [each for template in templates for each in placeholders(template)]


def join_kind(step: Step, kinds: Mapping[NodeId, Kind]) -> Kind:
    """Return what a join gives, from what its parents give."""
    if isinstance(step.node, JoinNode) and step.node.as_ == "list":
        given = {kinds.get(parent, TEXT) for parent in step.parents}
        return ListOf(given.pop() if len(given) == 1 else ANY)
    return TEXT


def fallback_of(step: Step) -> str | None:
    """Return the text that stands in for a failure; None where a failure is one."""
    match step.node.on_error:
        case Fallback(fallback=said):
            return said
        case _:
            return None


Asker = Callable[[Step], str]
"""Names the function through which a step's agent is asked."""
