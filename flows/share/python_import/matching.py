"""Matching: a `match` as the `if` and `elif` it stands for."""

from __future__ import annotations

import ast

from flows.share.python_import.machine import Machine, Signal


def match_statement(machine: Machine, tree: ast.Match) -> Signal:
    """Follow a `match` as the `if` and `elif` it stands for."""
    test: list[ast.stmt] = []
    for case in reversed(tree.cases):
        condition = _condition(tree.subject, case.pattern)
        if condition is None or case.guard is not None:
            if not isinstance(case.pattern, ast.MatchAs) or case.guard is not None:
                machine.draft.remark(
                    case.pattern.lineno,
                    "No rule of a router can ask this pattern: it is taken as `otherwise`.",
                )
            test = case.body
        else:
            test = [ast.copy_location(ast.If(condition, case.body, test), case.pattern)]
    return machine.execute(test)


def _condition(subject: ast.expr, pattern: ast.pattern) -> ast.expr | None:
    match pattern:
        case ast.MatchValue(value=value):
            made: ast.expr = ast.Compare(subject, [ast.Eq()], [value])
        case ast.MatchSingleton(value=value):
            made = ast.Compare(
                subject, [ast.Is()], [ast.copy_location(ast.Constant(value), pattern)]
            )
        case ast.MatchOr(patterns=patterns):
            options = [_condition(subject, each) for each in patterns]
            if any(each is None for each in options):
                return None
            made = ast.BoolOp(ast.Or(), [each for each in options if each is not None])
        case _:
            return None
    return ast.copy_location(made, pattern)
