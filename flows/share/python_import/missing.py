"""Missing: what a program puts in the place of an answer that did not come."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from flows.share.python_import.machine import Machine
from flows.share.python_import.several import step_of
from flows.share.python_import.values import Listed

_ERRORS = ("Exception", "Error")
_SHOWN = ("print", "logging", "logger", "log", "warnings", "console", "sys.stderr")
_KEPT_APART = ("err", "fail", "problem", "skipped")


def note_instead(machine: Machine, test: ast.expr, instead: ast.expr | Sequence[ast.stmt]) -> None:
    """Take a literal that stands for a failed answer as its step's; remark anything else.

    `test` asks whether an answer is an error; a test that asks anything else says nothing here.
    """
    asked = _asked(test)
    if asked is None:
        return
    given = [instead] if isinstance(instead, ast.expr) else [*_given(instead)]
    step = step_of(machine.evaluate(asked))
    for each in given:
        if isinstance(each, ast.Constant) and not each.value:
            continue
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and step is not None:
            machine.draft.steps[step].fallback = each.value
        else:
            machine.draft.remark(
                each.lineno,
                "What is put in the place of a failed answer is left out; what came is handed on.",
            )


def _asked(test: ast.expr) -> ast.expr | None:
    """Return what a test asks about: whether it is an error."""
    match test:
        case ast.UnaryOp(operand=operand):
            return _asked(operand)
        case ast.Call(func=ast.Name(id="isinstance"), args=[asked, kind]):
            kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
            return asked if any(ast.unparse(each).endswith(_ERRORS) for each in kinds) else None
        case _:
            return None


def _given(body: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    """Yield what statements hand on: what they append, assign or return, not what they show."""
    for each in body:
        match each:
            case ast.Assign(value=value) | ast.AugAssign(value=value):
                yield value
            case ast.Return(value=value) if value is not None:
                yield value
            case ast.Expr(value=ast.Call(func=called, args=[only])):
                said = ast.unparse(called)
                is_apart = any(word in said.lower() for word in _KEPT_APART)
                if not said.startswith(_SHOWN) and not is_apart:
                    yield only
            case _:
                pass


def raises_noted_errors(machine: Machine, tree: ast.If) -> bool:
    """Take back that failures are let go, where the first one is raised afterwards."""
    value = machine.evaluate(tree.test) if isinstance(tree.test, ast.Name) else None
    if not isinstance(value, Listed) or not isinstance(tree.body[-1], ast.Raise):
        return False
    for number in value.failed:
        machine.draft.steps[number].is_swallowed = False
    return True


def raises_failure(machine: Machine, tree: ast.If) -> bool:
    """Take back that failures are let go, where an answer that is an error is raised."""
    match tree:
        case ast.If(test=ast.Call(), body=[ast.Raise(exc=ast.Name(id=raised), cause=None)]):
            asked = _asked(tree.test)
            if not isinstance(asked, ast.Name) or asked.id != raised or tree.orelse:
                return False
            step = step_of(machine.evaluate(asked))
            waves = [wave for wave in machine.draft.waves if step in wave.steps]
            for wave in waves:
                wave.policy = "finish"
            return bool(waves)
        case _:
            return False
