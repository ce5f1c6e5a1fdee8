"""Check: every rule a flow must keep; `find_problems` names all that are broken at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flows.document.model import Flow
from flows.document.problem import Problem
from flows.plan import (
    rules_edges,
    rules_limits,
    rules_nodes,
    rules_routers,
    rules_templates,
    rules_unready,
)
from flows.plan.memory import remembered

Rule = Callable[[Flow], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *rules_nodes.RULES,
    *rules_edges.RULES,
    *rules_routers.RULES,
    *rules_templates.RULES,
    *rules_limits.RULES,
    *rules_unready.RULES,
)

_WEIGHT = {"error": 0, "warning": 1, "advice": 2}


@remembered
def find_problems(flow: Flow) -> tuple[Problem, ...]:
    """Return everything that is wrong with a flow, errors first; () when nothing is."""
    found = dict.fromkeys(problem for rule in RULES for problem in rule(flow))
    return tuple(sorted(found, key=lambda problem: _WEIGHT[problem.severity]))
