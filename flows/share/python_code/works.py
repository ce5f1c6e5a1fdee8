"""Work: what one step does, as statements and a last expression: a call, a for_each, a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.document.model import AgentNode, JoinNode, RouterNode
from flows.document.placeholders import sole_placeholder
from flows.document.policy import ForEach, OnFailure
from flows.plan.plan import Step
from flows.share.python_code.agents import literal
from flows.share.python_code.layout import Arg, Call, Code, Each, Expr, call, flat_of, items, text
from flows.share.python_code.messages import Messages
from flows.share.python_code.refusal import refusal
from flows.share.python_code.routers import are_about_fields
from flows.share.python_code.scope import Asker, Scope, fallback_of
from flows.share.python_code.statements import Block, Line, Say, Statement, function
from flows.share.python_code.values import ANY, TEXT, Class, ListOf, Value


@dataclass(slots=True)
class Work:
    """What a step does. `awaits`: the last expression is a coroutine. `can_fail`: before it is."""

    last: Expr
    before: list[Statement] = field(default_factory=list)
    awaits: bool = True
    can_fail: bool = False

    @property
    def is_one_call(self) -> bool:
        """Whether the expression alone is the work: it can stand in a gather."""
        return self.awaits and not self.before and not self.can_fail

    def ending(self, before: str) -> list[Statement]:
        """Write the work; `before` takes the value: `x = ` or `return `."""
        return [*self.before, Say(f"{before}{'await ' if self.awaits else ''}", self.last)]


def work_of(scope: Scope, step: Step, *, asker: Asker, notes: str = "") -> Work:
    """Write what a step does. `notes`: the list that hears of the first failure at once."""
    match step.node:
        case AgentNode(for_each=None):
            return _asking(scope, step, Messages(scope, step), asker)
        case AgentNode():
            return _Mapping(scope, step, notes=notes).work()
        case RouterNode(ask=None):
            return _routing(scope, step)
        case RouterNode():
            return _choosing(scope, step, asker)
        case JoinNode():
            return _folding(scope, step)
        case node:
            raise refusal(node, "waits for a person. Take it out to export the flow.")


def _asking(scope: Scope, step: Step, messages: Messages, asker: Asker) -> Work:
    said = messages.of_step()
    return Work(_ask(scope, step, said.expr, asker(step)), said.before, can_fail=said.can_fail)


def _ask(scope: Scope, step: Step, message: Expr, asker: str) -> Call:
    node = step.node
    args = [Arg(Code(scope.agents[step.id])), Arg(message)]
    if not scope.only_texts_asked:
        kind = scope.asked[step.id]
        args.append(Arg(Code(kind.annotation)))
    if node.timeout_s is not None:
        scope.uses.ask_options.add("seconds")
        args.append(Arg(Code(f"{node.timeout_s:g}"), "seconds="))
    if isinstance(node, AgentNode) and node.max_turns is not None:
        scope.uses.ask_options.add("max_turns")
        args.append(Arg(Code(str(node.max_turns)), "max_turns="))
    if isinstance(node, AgentNode) and node.output == "text_messages":
        scope.uses.ask_options.add("all_messages")
        args.append(Arg(Code("True"), "all_messages="))
    fallback = fallback_of(step)
    if fallback is not None:
        scope.uses.ask_options.add("fallback")
        args.append(Arg(text(fallback), "fallback="))
    return Call(f"{asker}(", tuple(args))


def _folding(scope: Scope, step: Step) -> Work:
    assert isinstance(step.node, JoinNode)
    if step.node.as_ == "list":
        values = [scope.from_parent(parent, step.id) for parent in step.parents]
        whole: Expr = items(*(Code(value.code) for value in values))
        if any(value.is_maybe for value in values):
            whole = Each(
                "[", Code("each"), (f"for each in {flat_of(whole)}", "if each is not None"), "]"
            )
        return Work(whole, awaits=False)
    said = Messages(scope, step).of_step()
    return Work(said.expr, said.before, awaits=False, can_fail=said.can_fail)


def _routing(scope: Scope, step: Step) -> Work:
    before = _route_message(scope, step)
    asked = _answer(scope, step) or scope.routes[step.id]
    return Work(call(scope.choosers[step.id], Code(asked.code)), before, awaits=False)


def _answer(scope: Scope, step: Step) -> Value | None:
    """Return the answer a router is asked about, where its rules can be about its fields."""
    if len(step.parents) != 1:
        return None
    parent = step.parents[0]
    value = scope.from_parent(parent, step.id)
    asked = scope.plan.steps[parent].node if parent in scope.plan.steps else None
    schema = asked.output_schema if isinstance(asked, AgentNode) else None
    needed = (schema or {}).get("required")
    assert isinstance(step.node, RouterNode)
    fields = {(rule.when.at or "").removeprefix("/") for rule in step.node.rules}
    if not isinstance(value.kind, Class) or value.is_maybe or not isinstance(needed, list):
        return None
    if not fields <= {str(each) for each in needed} or not are_about_fields(step.node, value.kind):
        return None
    scope.answers[step.id] = value.kind
    return value


def _choosing(scope: Scope, step: Step, asker: Asker) -> Work:
    before = _route_message(scope, step)
    assert isinstance(step.node, RouterNode)
    asked = _ask(scope, step, Code(scope.routes[step.id].code), asker(step))
    name = scope.names.derived(f"{scope.variables[step.id]}_choice")
    attribute = "branches" if step.node.take == "all" else "branch"
    before.append(Say(f"{name} = await ", asked))
    last = f"set({name}.{attribute})" if step.node.take == "all" else f"{name}.{attribute}"
    if asker(step).startswith("try_"):
        last = f"{last} if {name} else {'set()' if step.node.take == 'all' else 'None'}"
    return Work(Code(last), before, awaits=False)


def _route_message(scope: Scope, step: Step) -> list[Statement]:
    """Note how the children of a router read its message; give it a name where it needs one."""
    if step.id in scope.routes:
        return []
    said = Messages(scope, step).of_step()
    if isinstance(said.expr, Code) and not said.before:
        scope.routes[step.id] = Value(said.expr.text)
        return []
    name = scope.names.derived(f"{scope.variables[step.id]}_message")
    scope.routes[step.id] = Value(name)
    return [*said.before, Say(f"{name} = ", said.expr)]


class _Mapping:
    """Writes a for_each: a gather over its items, with what its policy and limits need."""

    def __init__(self, scope: Scope, step: Step, *, notes: str) -> None:
        assert isinstance(step.node, AgentNode)
        assert step.node.for_each is not None
        self._scope, self._step, self._node = scope, step, step.node
        self._each: ForEach = step.node.for_each
        self._notes = notes
        self._variable = variable = scope.variables[step.id]
        self._item_name = scope.names.derived(f"{variable}_item")
        self._own_slots = scope.names.derived(f"{variable}_slots")
        self._errors = scope.names.derived(f"{variable}_errors")
        self._policy: OnFailure = self._each.on_failure or scope.on_failure(step)
        if scope.on_failure(step) == "cancel" and self._policy == "finish":
            self._policy = "cancel"  # the stage cancels the items as soon as one has failed

    def work(self) -> Work:
        """Write it."""
        before, goes_over, item = self._items()
        said = Messages(self._scope, self._step, item=item).of_step()
        asked = _ask(self._scope, self._step, said.expr, "ask")
        numbered = "index" in flat_of(asked) or any("index" in str(each) for each in said.before)
        if said.before or self._slots:
            before += self._item_function(asked, said.before, numbered=numbered, item=item)
            args = [Code("index")] if numbered else []
            asked = call(self._item_name, *args, Code("item"))
        clause = f"for item in {goes_over}"
        if numbered:
            clause = f"for index, item in enumerate({goes_over})"
        return self._gathered(before, asked, clause)

    @property
    def _slots(self) -> tuple[str, ...]:
        """The semaphores an item takes, the narrowest first."""
        mine = (self._own_slots,) if self._each.max_concurrency is not None else ()
        return (*mine, *self._scope.limits(self._step))

    def _items(self) -> tuple[list[Statement], str, Value]:
        """Return what comes before, the list to go over, and an item of it."""
        said = self._each.items
        if not isinstance(said, str):
            name = self._scope.names.derived(f"{self._variable}_items")
            if len(said) > self._each.max_items:
                raise refusal(self._node, "has more items than its max_items. Raise it.")
            texts = all(isinstance(each, str) for each in said)
            listed = literal(list(said))
            annotation = "list[str]" if texts else "list[Any]"
            if not texts or not said:
                self._scope.uses.imports.add("typing.Any")
            return (
                [Say(f"{name}: {annotation} = ", listed)],
                name,
                Value("item", TEXT if texts else ANY),
            )
        messages = Messages(self._scope, self._step)
        sole = sole_placeholder(said)
        if sole is None:
            message = messages.of_template(said)
            return self._read(message.before, message.expr)
        value = messages.value(sole)
        if isinstance(value.kind, ListOf) and not value.is_maybe:
            name = value.code
            if value.kind.at_most is None or value.kind.at_most > self._each.max_items:
                return self._read(messages.said.before, Code(value.code), kind=value.kind)
            return list(messages.said.before), name, Value("item", value.kind.item)
        return self._read(messages.said.before, Code(value.code))

    def _read(
        self, before: Sequence[Statement], value: Expr, *, kind: ListOf | None = None
    ) -> tuple[list[Statement], str, Value]:
        self._scope.uses.helper("items_of")
        name = self._scope.names.derived(f"{self._variable}_items")
        read = call("items_of", value, at_most=Code(str(self._each.max_items)))
        target = f"{name}: {kind.annotation} = " if kind else f"{name} = "
        return [*before, Say(target, read)], name, Value("item", kind.item if kind else ANY)

    def _item_function(
        self, asked: Expr, before: Sequence[Statement], *, numbered: bool, item: Value
    ) -> list[Statement]:
        """Write the function for one item, with its semaphore."""
        index = "index: int, " if numbered else ""
        if item.kind == ANY:
            self._scope.uses.imports.add("typing.Any")
        kind = self._scope.asked[self._step.id].annotation
        head = f"async def {self._item_name}({index}item: {item.kind.annotation}) -> {kind}:"
        body: list[Statement] = [*before, Say("return await ", asked)]
        if not self._slots:
            return function(head, body)
        failed = self._errors
        lines: list[Statement] = []
        self._scope.uses.slots |= set(self._slots)
        if self._each.max_concurrency is not None:
            lines.append(
                Line(f"{self._slots[0]} = asyncio.Semaphore({self._each.max_concurrency})")
            )
        if self._policy == "finish":
            lines.append(Line(f"{failed}: list[Exception] = []"))
            body = first_failure_stops(body, failed, also=self._notes)
        return [
            *lines,
            *function(head, [Block(f"async with {', '.join(self._slots)}:", tuple(body))]),
        ]

    def _gathered(self, before: list[Statement], asked: Expr, clause: str) -> Work:
        scope = self._scope
        if self._policy == "cancel":
            tasks = scope.names.derived(f"{self._variable}_tasks")
            group = scope.names.derived(f"{self._variable}_group")
            create = call(f"{group}.create_task", asked)
            begin = Say(f"{tasks} = ", Each("[", create, (clause,), "]"))
            before.append(Block(f"async with asyncio.TaskGroup() as {group}:", (begin,)))
            return Work(Code(f"[task.result() for task in {tasks}]"), before, awaits=False)
        helper = "survivors" if self._policy == "collect" else "results_of"
        scope.uses.helper(helper)
        gather = Call(
            "asyncio.gather(",
            (Arg(Each("*(", asked, (clause,), ")")), Arg(Code("True"), "return_exceptions=")),
        )
        return Work(Call(f"{helper}(", (Arg(gather, "await "),)), before, awaits=False)


def first_failure_stops(
    body: Sequence[Statement], errors: str, *, also: str = ""
) -> list[Statement]:
    """Let nothing start after a failure, and note a failure; `also`: another list that hears it."""
    notes = [Line(f"{errors}.append(error)")]
    if also:
        notes.append(Line(f"{also}.append(error)"))
    return [
        Block(f"if {errors}:  # nothing new starts", (Line(f"raise {errors}[0]"),)),
        Block("try:", tuple(body)),
        Block("except Exception as error:", (*notes, Line("raise"))),
    ]
