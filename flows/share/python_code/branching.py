"""Branching: the body of a program that goes one way or another: statements and `if`s in them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, takewhile

from flows.document.model import RouterNode
from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.share.python_code.askers import Askers
from flows.share.python_code.levels import Arms, Element, Level, Order, order_of
from flows.share.python_code.results import Results
from flows.share.python_code.scope import Scope, read_in
from flows.share.python_code.stages import Stages
from flows.share.python_code.statements import Block, If, Line, Statement, leaves, of, render
from flows.share.python_code.waves import Wave, is_fatal, is_race, waves_of
from flows.share.python_code.ways import all_branches, exclude


def branching_of(plan: Plan) -> Order | None:
    """Return the order of a flow with branches that statements and `if`s can say; else None."""
    run = plan.flow.run
    routed = any(isinstance(step.node, RouterNode) for step in plan.steps.values())
    timed = any(policy.timeout_s is not None for policy in plan.stage_policies)
    raced = any(is_race(step) for step in plan.steps.values())
    if timed or raced or run.start == "by_stage" or not (routed or waves_of(plan) is None):
        return None
    order = order_of(plan)
    if order is None or (run.results == "as_completed" and not has_one_result(order)):
        return None
    groups = [*order.all_groups(order.top)]
    return order if all(_is_sayable(order, group) for group in groups) else None


def has_one_result(order: Order) -> bool:
    """Say whether a run comes to one end at the most."""
    pairs = combinations(order.plan.ends, 2)
    return all(exclude(order.ways[one], order.ways[other]) for one, other in pairs)


def side_by_side(order: Order) -> frozenset[NodeId]:
    """Return the calls beside which others run."""
    groups = [group for group in order.all_groups(order.top) if len(group) > 1]
    return frozenset(node for group in groups for each in group for node in order.calls(each))


def in_lines(order: Order) -> frozenset[NodeId]:
    """Return the calls beside which others begin later."""
    groups = [order.lines(group) or [] for group in order.all_groups(order.top) if len(group) > 1]
    late = [lines for lines in groups if any(len(line) > 1 for line in lines)]
    return frozenset(node for lines in late for line in lines for node in line)


def _is_sayable(order: Order, group: Sequence[Element]) -> bool:
    steps = [order.plan.steps[node] for each in group for node in order.calls(each)]
    policies = {_policy(order.plan, step) for step in steps}
    if len(group) == 1:
        return "collect" not in policies or all(_ends_all(order, step) for step in steps)
    lines = order.lines(group)
    if lines is None or len(policies) > 1 or "collect" in policies:
        return False
    is_wave = all(len(line) == 1 for line in lines)
    return is_wave or "cancel" in policies or not any(map(_can_fail_besides, steps))


def _can_fail_besides(step: Step) -> bool:
    """Say whether a step may fail otherwise than in a call of its own."""
    paths = [getattr(each, "path", ()) for each in read_in(step)]
    return step.for_each is not None or any(paths)


def _policy(plan: Plan, step: Step) -> str:
    return plan.stage_policies[step.stage].on_failure or plan.flow.run.on_failure


def _ends_all(order: Order, failed: Step) -> bool:
    """Say whether nothing comes of a run in which a step fails."""
    ways = order.ways
    other = [order.plan.steps[node] for node in ways if exclude(ways[node], ways[failed.id])]
    return is_fatal(order.plan, [failed, *other])


class Branching:
    """Writes the levels of one flow, one inside another."""

    def __init__(self, scope: Scope, order: Order, *, askers: Askers, results: Results) -> None:
        self._scope, self._order, self._results = scope, order, results
        self._askers = askers
        self._stages = Stages(scope, (), askers=askers, results=results)
        self._placed: set[NodeId] = set()

    def body(self) -> list[Statement]:
        """Write everything from the first call to the results."""
        self._scope.is_on_its_way, self._scope.ways = True, self._order.ways
        results = self._results
        results.is_one_of_several = has_one_result(self._order) and len(self._scope.plan.ends) > 1
        body = self._level(self._order.top)
        if not leaves(body):
            results.may_be_none = results.is_one
            ending = [Line("return None")] if results.is_one else results.ending(self._scope)
            body += ending
        return [*self._askers.before(), *self._declared(body, frozenset())]

    def _level(self, level: Level) -> list[Statement]:
        statements = self._instants(level)
        for group in self._order.groups(level):
            statements += self._group(group)
            statements += self._instants(level)
        return statements

    def _instants(self, level: Level) -> list[Statement]:
        """Write what takes no time and has all it needs."""
        statements: list[Statement] = []
        for element in level.elements:
            if self._order.calls(element) or not self._can_begin(element):
                continue
            if isinstance(element, Arms):
                statements += self._arms(element)
            else:
                statements += of(element, self._stages.instant(self._scope.plan.steps[element]))
                self._placed.add(element)
        return statements

    def _can_begin(self, element: Element) -> bool:
        if isinstance(element, Arms):
            return element.router in self._placed and not self._placed.issuperset(element.nodes())
        parents = self._scope.plan.steps[element].work_parents
        return element not in self._placed and self._placed.issuperset(parents)

    def _group(self, group: Sequence[Element]) -> list[Statement]:
        (first, *others) = group
        if isinstance(first, Arms) and not others:
            return self._arms(first)
        lines = self._order.lines(group) or []
        steps = [[self._scope.plan.steps[node] for node in line] for line in lines]
        self._placed |= {node for line in lines for node in line}
        leads = {line[-1].id: tuple(line[:-1]) for line in steps if len(line) > 1}
        lasts = tuple(line[-1] for line in steps)
        wave = Wave(lasts, self._scope.on_failure(lasts[0]), None, leads=leads)
        return self._stages.wave(wave, is_last=not others)

    # Branches

    def _arms(self, arms: Arms) -> list[Statement]:
        """Write an `if` with what follows each branch; behind what returns no `else` is needed."""
        scope, router = self._scope, arms.router
        known = scope.led.get(router) or all_branches(scope.plan.steps[router])
        statements: list[Statement] = []
        taken: frozenset[str] = frozenset()
        left = True
        for branches, level in sorted(arms.levels.items(), key=self._place(router)):
            is_rest = bool(taken) and known is not None and known <= taken | branches
            body = tuple(self._arm(router, branches, level))
            if is_rest:
                statements += body if left else [Block("else:", body)]
            else:
                terms = scope.on_branches(router, branches).holds
                statements.append(If(terms, body, word="if" if left else "elif", node=router))
            taken, left = taken | branches, left and leaves(body)
        self._after(arms)
        return statements

    def _place(self, router: NodeId) -> Callable[[tuple[frozenset[str], Level]], tuple[bool, int]]:
        """Return where the branches of a router stand: in their order, the last resort behind."""
        step = self._scope.plan.steps[router]
        assert isinstance(step.node, RouterNode)
        last = step.node.otherwise

        def place(arm: tuple[frozenset[str], Level]) -> tuple[bool, int]:
            return last in arm[0], min(step.branches.index(each) for each in arm[0])

        return place

    def _arm(self, router: NodeId, branches: frozenset[str], level: Level) -> list[Statement]:
        led = self._scope.led
        before = led.get(router)
        led[router] = branches
        body = self._level(level)
        if before is None:
            del led[router]
        else:
            led[router] = before
        return body

    def _after(self, arms: Arms) -> None:
        """Note that nobody behind the branches knows which was taken."""
        given = self._scope.given
        for node in arms.nodes():
            if not isinstance(self._scope.plan.steps[node].node, RouterNode):
                given[node] = replace(given[node], is_maybe=True)

    # Names

    def _declared(self, body: Sequence[Statement], known: frozenset[str]) -> list[Statement]:
        """Begin with nothing for what only a branch gives, where it is read behind it."""
        nodes = {self._scope.variables[node]: node for node in self._order.ways}
        declared: list[Statement] = []
        for place, statement in enumerate(body):
            if isinstance(statement, If) and statement.word == "if":
                chain = _chain(body[place:])
                given, read = _names(chain, ast.Store), _names(body[place + len(chain) :], ast.Load)
                for name, node in nodes.items():
                    if name in (given & read) - known:
                        declared += of(node, [Line(self._nothing(node))])
                        known |= {name}
            if isinstance(statement, If | Block) and _is_arm(statement):
                inner = tuple(self._declared(statement.body, known))
                declared.append(replace(statement, body=inner))
            else:
                declared.append(statement)
        return declared

    def _nothing(self, node: NodeId) -> str:
        scope = self._scope
        return f"{scope.variables[node]}: {scope.kinds[node].annotation} | None = None"


def _is_arm(statement: Statement) -> bool:
    return isinstance(statement, If) or (isinstance(statement, Block) and statement.head == "else:")


def _chain(body: Sequence[Statement]) -> list[Statement]:
    """Return the `if` that a body begins with, and the `elif`s and the `else` of it."""
    more = takewhile(lambda each: _is_arm(each) and getattr(each, "word", "") != "if", body[1:])
    return [body[0], *more]


def _names(body: Sequence[Statement], context: type[ast.expr_context]) -> set[str]:
    """Return the names that statements read or give a value."""
    lines = render([Block("async def run():", (*body, Line("pass")))], indent=0)
    found = [each for each in ast.walk(ast.parse("\n".join(lines))) if isinstance(each, ast.Name)]
    return {each.id for each in found if isinstance(each.ctx, context)}
