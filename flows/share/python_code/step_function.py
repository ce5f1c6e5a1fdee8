"""Step function: a step of a program as a function of its own: what it gives, when, and how."""

from __future__ import annotations

from flows.document.model import RouterNode
from flows.plan.plan import Step
from flows.share.python_code.askers import swallowing
from flows.share.python_code.scope import Condition, Scope
from flows.share.python_code.statements import If, Line, Statement, function
from flows.share.python_code.works import Work


def step_function(
    scope: Scope,
    step: Step,
    *,
    name: str,
    work: Work,
    condition: Condition | None,
    swallows: bool,
    is_maybe: bool,
) -> list[Statement]:
    """Write the function of a step that is more than one call.

    `condition`: when there is something to do. `swallows`: its failure becomes None. `is_maybe`:
    whether it can give nothing, for these reasons or since what it asks through can.
    """
    kind = annotation_of(scope, step).removesuffix(" | None")
    is_router = isinstance(step.node, RouterNode)
    maybe = " | None" if is_maybe and kind != "set[str]" else ""
    body = work.ending("return ")
    if swallows and not is_router:
        body = swallowing(scope, body)
    if condition is not None:
        body = [guard(condition, step), *body]
    return function(f"async def {name}() -> {kind}{maybe}:", body)


def guard(condition: Condition, step: Step) -> Statement:
    """Leave a step's function where there is nothing to do."""
    is_set = isinstance(step.node, RouterNode) and step.node.take == "all"
    nothing = Line("return set()" if is_set else "return None")
    return If(condition.fails, (nothing,), joined_by="and")


def annotation_of(scope: Scope, step: Step) -> str:
    """Return the type of what a step's function returns."""
    match step.node:
        case RouterNode(take="all"):
            return "set[str]"
        case RouterNode():
            return "str | None"
        case _:
            return scope.kinds[step.id].annotation
